"""Facts about engine/composing/reduce.py."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine.composing.reduce import Reduction, clustered, reduced

ROWS, COLUMNS = np.mgrid[:96, :128]
ART = Image.fromarray(
    np.stack([ROWS * 2, COLUMNS, (ROWS // 8 + COLUMNS // 8) % 2 * 200], -1).clip(0, 255).astype(np.uint8)
)


@pytest.mark.parametrize("tones", [2, 6, 20])
def test_a_reduced_picture_has_no_more_colors_than_asked(tones: int) -> None:
    image = reduced(ART, Reduction(48, tones, 0.0))
    assert image.size == ART.size
    assert len(np.unique(np.asarray(image).reshape(-1, 3), axis=0)) <= tones


def test_light_is_kept_as_far_as_asked() -> None:
    flat, lit = (reduced(ART, Reduction(48, 3, light)) for light in (0.0, 1.0))
    small = ART.resize((8, 6), Image.Resampling.BOX)
    gaps = [
        np.abs(np.asarray(each.resize((8, 6), Image.Resampling.BOX), int) - small).mean()
        for each in (flat, lit)
    ]
    assert gaps[1] < gaps[0]


def test_a_box_is_the_same_part_of_the_whole() -> None:
    how = Reduction(48, 6, 0.4)
    whole, part = reduced(ART, how), reduced(ART, how, (32, 16, 96, 80), (64, 64))
    gap = np.abs(np.asarray(whole.crop((32, 16, 96, 80)), int) - np.asarray(part)).mean()
    assert gap < 3


def test_a_larger_size_is_the_same_picture() -> None:
    how = Reduction(48, 6, 0.4)
    large = reduced(ART, how, size=(512, 384)).resize(ART.size, Image.Resampling.BOX)
    assert np.abs(np.asarray(large, int) - np.asarray(reduced(ART, how))).mean() < 4


def test_clusters_are_the_colors_of_their_pixels() -> None:
    image = Image.fromarray(np.array([[[255, 0, 0], [0, 0, 255]] * 8] * 16, np.uint8))
    colors, labels = clustered(image, 2)
    assert np.abs(colors[labels].astype(int) - np.asarray(image)).max() <= 2

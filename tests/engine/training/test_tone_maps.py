"""Facts about engine/training/tone_maps.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.composing.learned_light import SIDE, TONES
from engine.training.data import find_styles, load_art
from engine.training.tone_maps import MapSampler, tone_map
from tests.support.made_up_art import make_art


def halves(width: int = 256, height: int = 256) -> np.ndarray:
    picture = np.full((height, width, 3), 20, np.uint8)
    picture[:, width // 2 :] = 230
    return picture


def test_tones_stand_from_dark_to_light_where_they_are_in_the_picture() -> None:
    made = tone_map(halves())
    assert (np.diff(made.lightness) >= 0).all()
    assert (made.shares[0, :, : SIDE // 2 - 1] == 1).all()
    assert (made.shares[1, :, SIDE // 2 + 1 :] == 1).all()


@pytest.mark.parametrize(("width", "height"), [(256, 256), (512, 256), (250, 601)])
def test_the_shorter_side_has_as_many_places_as_are_composed(width: int, height: int) -> None:
    shares = tone_map(halves(width, height)).shares
    assert min(shares.shape[1:]) == SIDE
    assert np.allclose(shares.sum(0), 1)


def test_a_batch_is_square_and_tells_style_and_lightness(tmp_path: Path) -> None:
    root = make_art(tmp_path / "art", 2)
    styles = find_styles(root)
    sampler = MapSampler(load_art(root, styles, root / "layouts"), styles)
    batch = sampler.draw(6, np.random.default_rng(0))
    assert batch.shares.shape == (6, TONES, SIDE, SIDE)
    assert (batch.style.sum(1) == 1).all()
    assert batch.lightness.shape == (6, TONES)
    assert sampler.typical_lightness().shape == (len(styles), TONES)
    assert len(sampler.of_style(styles[0])) == 2

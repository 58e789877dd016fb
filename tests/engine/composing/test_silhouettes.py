"""Facts about engine/composing/silhouettes.py."""

from __future__ import annotations

import numpy as np
import pytest

from engine.composing.silhouettes import names, proportions, silhouette, smooth
from engine.vocabulary import load_vocabulary

SHAPES = names()


def test_every_shape_of_the_vocabulary_has_a_silhouette() -> None:
    assert set(SHAPES) == {word.name for word in load_vocabulary().words("shape")}


def test_a_silhouette_is_neither_empty_nor_full_and_fits_its_frame() -> None:
    assert not [shape for shape in SHAPES if not fits_its_frame(shape)]


def fits_its_frame(shape: str) -> bool:
    """Whether the mask is as large as fits: it reaches two opposite sides, and not beyond."""
    mask = silhouette(shape, 72, 64)
    assert (mask.shape, str(mask.dtype)) == ((64, 72), "float32")
    wide, high = proportions(shape)
    tight = mask.max(0) if wide / 72 > high / 64 else mask.max(1)
    reaches = min(tight[:2].max(), tight[-2:].max()) > 0.05
    return bool(reaches and 0 <= mask.min() <= 0.01 and 0.9 < mask.max() <= 1 and 0.05 < mask.mean() < 0.9)


@pytest.mark.parametrize("shape", ["fish", "wave", "circle", "cat", "bus", "panda"])
def test_a_silhouette_is_the_same_form_at_any_size(shape: str) -> None:
    small, large = silhouette(shape, 64, 64), silhouette(shape, 512, 512)
    assert np.abs(large.reshape(64, 8, 64, 8).mean((1, 3)) - small).mean() < 0.04


@pytest.mark.parametrize(("width", "height"), [(1, 1), (2, 300), (300, 2), (31, 17), (2048, 512)])
def test_any_frame_is_filled(width: int, height: int) -> None:
    mask = silhouette("fish", width, height)
    assert mask.shape == (height, width)
    assert mask.max() > 0


def test_a_silhouette_is_not_distorted() -> None:
    circle = silhouette("circle", 300, 100)
    across, down = (np.nonzero(circle.max(axis) > 0.5)[0] for axis in (0, 1))
    assert abs(np.ptp(across) - np.ptp(down)) <= 2
    assert abs(across.mean() - 149.5) <= 1


def test_the_longer_side_of_every_shape_is_one() -> None:
    assert all(max(proportions(shape)) == 1 and min(proportions(shape)) > 0.1 for shape in SHAPES)


def test_no_two_shapes_are_the_same_picture() -> None:
    masks = {shape: silhouette(shape, 48, 48).tobytes() for shape in SHAPES}
    assert len(set(masks.values())) == len(masks)


def test_an_unknown_shape_is_refused() -> None:
    with pytest.raises(KeyError, match="blorp"):
        silhouette("blorp", 64, 64)


@pytest.mark.parametrize("size", [(0, 64), (64, 0), (-1, 5)])
def test_a_frame_without_pixels_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="at least one pixel"):
        silhouette("fish", *size)


def test_a_smooth_curve_passes_through_its_points() -> None:
    points = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]])
    for closed in (True, False):
        curve = smooth(points, closed=closed)
        assert all(np.hypot(*(curve - point).T).min() < 1e-9 for point in points)
    assert tuple(smooth(points, closed=False)[-1]) == (0.0, 10.0)

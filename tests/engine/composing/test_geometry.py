"""Facts about engine/composing/geometry.py."""

from __future__ import annotations

import numpy as np
import pytest

from engine.composing.geometry import SHAPES, SIDE, silhouette


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_silhouette_is_cropped_to_itself(name: str) -> None:
    mask = silhouette(name)
    assert max(mask.shape) <= SIDE
    assert all(edge.max() > 0.1 for edge in (mask[0], mask[-1], mask[:, 0], mask[:, -1]))


def test_a_ring_is_hollow_and_a_circle_is_not() -> None:
    for name, middle in (("ring", 0.0), ("circle", 1.0)):
        mask = silhouette(name)
        assert mask[mask.shape[0] // 2, mask.shape[1] // 2] == middle


def test_a_heart_is_the_same_on_both_sides_and_pointed_below() -> None:
    mask = silhouette("heart")
    assert np.abs(mask - mask[:, ::-1]).mean() < 0.02
    assert mask[-1].sum() < 0.1 * mask[len(mask) // 3].sum()


def test_an_unknown_shape_is_an_error() -> None:
    with pytest.raises(KeyError):
        silhouette("blorp")

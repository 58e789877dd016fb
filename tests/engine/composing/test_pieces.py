"""Facts about engine/composing/pieces.py."""

from __future__ import annotations

import numpy as np
import pytest

from engine.composing.atlas import load_atlas
from engine.composing.pieces import Frame, cut, join_pieces, matched, seam, sky_of

ATLAS = load_atlas()


def halves(above: float, below: float, size: tuple[int, int] = (64, 64)) -> np.ndarray:
    """A light field over a darker one, with a little grain."""
    lab = np.random.default_rng(1).normal(0, 0.02, (*size, 3)).astype(np.float32)
    lab[: size[0] // 2, :, 0] += above
    lab[size[0] // 2 :, :, 0] += below
    return lab


@pytest.mark.parametrize("place", ATLAS[::70], ids=lambda place: place.name)
@pytest.mark.parametrize("size", [(128, 128), (128, 300), (300, 128)])
def test_a_piece_is_as_high_as_the_frame(place, size: tuple[int, int]) -> None:
    piece = cut(place, Frame(*size, size[0] // 2), np.random.default_rng(0))
    assert piece.shape[0] == size[0]
    assert np.isfinite(piece).all()


def test_pieces_overlap_where_they_are_joined() -> None:
    left, right = halves(0.8, 0.3), halves(0.7, 0.4)
    both = join_pieces(left, right, 20, seam(left, right, 20).path)
    assert both.shape == (64, 108, 3)
    assert np.abs(both[:, :30] - left[:, :30]).mean() < 0.03
    assert np.abs(both[:, -30:] - right[:, -30:]).mean() < 0.03


def test_a_seam_costs_less_between_pictures_that_are_alike() -> None:
    left = halves(0.8, 0.3)
    costs = [seam(left, right, 20).cost for right in (halves(0.8, 0.3), halves(0.7, 0.4), halves(0.3, 0.8))]
    assert costs == sorted(costs)
    assert costs[0] < costs[2] / 4


def test_matched_colors_are_nearer_to_their_neighbours() -> None:
    one, other = halves(0.9, 0.2), halves(0.5, 0.5)
    moved = matched(other, one, 32, 0.85)
    assert abs(moved[:24, :, 0].mean() - 0.9) < 0.1
    assert abs(moved[40:, :, 0].mean() - 0.2) < 0.1


def test_a_light_sky_is_told_from_the_land_and_an_even_picture_has_none() -> None:
    sky = sky_of(halves(0.9, 0.3), 32)
    assert sky is not None
    assert sky[:24].mean() > 0.9
    assert sky[40:].max() == 0
    assert sky_of(halves(0.5, 0.5), 32) is None

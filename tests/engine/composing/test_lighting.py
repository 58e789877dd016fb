"""Facts about engine/composing/lighting.py."""

from __future__ import annotations

import numpy as np
import pytest

from engine.composing.lighting import (
    GAP,
    Light,
    immersed,
    lost_edges,
    modelled,
    ragged_foot,
    reflected,
    set_off,
    shadowed,
)

ROWS, COLUMNS = np.mgrid[:64, :64]
BALL = (np.hypot(ROWS - 32, COLUMNS - 32) < 16).astype(np.float32)
GRAY = np.full((64, 64, 3), [0.5, 0.0, 0.0], np.float32)
RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_the_lit_side_is_lighter(side: float) -> None:
    light = modelled(GRAY, BALL, Light(side), 0.1)[..., 0]
    left, right = light[32, 18:24].mean(), light[32, 40:46].mean()
    assert (right - left) * side > 0.02


@pytest.mark.parametrize("figure", [0.2, 0.5, 0.85])
def test_a_figure_is_set_off_from_what_is_around_it(figure: float) -> None:
    lab = set_off(GRAY, BALL, figure)
    ring = (np.hypot(ROWS - 32, COLUMNS - 32) > 16) & (np.hypot(ROWS - 32, COLUMNS - 32) < 19)
    assert abs(float(lab[..., 0][ring].mean()) - figure) > 0.6 * GAP


def test_the_ground_is_darkest_under_the_foot() -> None:
    lab = shadowed(GRAY, BALL, 48, Light(1))
    assert lab[48:50, 30:34, 0].mean() < 0.45
    assert lab[5, 5, 0] == 0.5


def test_water_mirrors_what_is_over_it() -> None:
    red = GRAY.copy()
    red[..., 1] = 0.2
    lab = reflected(GRAY, red, BALL, 48, RANDOM)
    assert lab[50:54, 28:36, 1].mean() > 0.03
    assert np.array_equal(lab[:48], GRAY[:48])


@pytest.mark.parametrize(("cut", "depth"), [(immersed, 0.3), (ragged_foot, 6)], ids=["water", "grass"])
def test_a_foot_loses_its_lower_edge_alone(cut, depth: float) -> None:
    left = cut(BALL, depth, RANDOM)
    assert left.sum() < BALL.sum()
    assert np.array_equal(left[:36], BALL[:36])


def test_edges_are_lost_outwards_never() -> None:
    assert (lost_edges(BALL, RANDOM) <= BALL + 1e-6).all()

"""Facts about engine/composing/grids.py."""

from __future__ import annotations

import numpy as np
import pytest

from engine.composing.grids import blended, blurred, cheapest_path, resized, smooth_noise

RANDOM = np.random.default_rng(0)
PICTURE = RANDOM.uniform(0, 1, (24, 31, 3)).astype(np.float32)


@pytest.mark.parametrize("size", [(12, 9), (48, 62), (24, 31)])
def test_a_grid_takes_any_size_and_keeps_its_channels(size: tuple[int, int]) -> None:
    assert resized(PICTURE, size).shape == (*size, 3)
    assert resized(PICTURE[..., 0], size).shape == size


def test_a_blur_keeps_the_mean_and_takes_the_spread() -> None:
    soft = blurred(PICTURE, 4)
    assert abs(soft.mean() - PICTURE.mean()) < 0.02
    assert soft.std() < PICTURE.std() / 3


def test_an_even_grid_stays_even_under_a_blur() -> None:
    assert np.allclose(blurred(np.full((9, 9), 0.4, np.float32), 3), 0.4, atol=1e-5)


def test_a_blend_is_the_first_where_the_share_is_none_and_the_second_where_it_is_whole() -> None:
    first, second = np.zeros((64, 64, 3), np.float32), np.ones((64, 64, 3), np.float32)
    share = np.zeros((64, 64), np.float32)
    share[:, 32:] = 1
    both = blended(first, second, share)
    assert both[:, 0].max() < 0.2
    assert both[:, -1].min() > 0.8
    assert (np.diff(both[32, :, 0]) > -1e-4).all()


def test_the_cheapest_path_goes_through_the_gap() -> None:
    cost = np.ones((9, 9), np.float32)
    cost[:, 4] = 0
    cost[5, 4], cost[5, 5] = 1, 0
    assert cheapest_path(cost).tolist() == [4, 4, 4, 4, 4, 5, 4, 4, 4]


def test_a_path_never_jumps() -> None:
    path = cheapest_path(RANDOM.uniform(0, 1, (40, 17)).astype(np.float32))
    assert np.abs(np.diff(path)).max() <= 1


def test_smooth_noise_is_the_same_for_the_same_seed() -> None:
    one, two = (smooth_noise(np.random.default_rng(3), (20, 40), 4) for _ in range(2))
    assert np.array_equal(one, two)
    assert one.shape == (20, 40)

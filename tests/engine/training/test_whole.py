"""Facts about engine/training/whole.py."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from engine.painting.features import Features
from engine.training.whole import (
    FEWEST,
    RealPictures,
    averaged_styles,
    described_whole,
    distances,
    figure_of,
    middle_square,
    real_distances,
    split_in_two,
)


def rows(count: int, shift: float = 0.0, seed: int = 0) -> torch.Tensor:
    return torch.randn((count, 472), generator=torch.Generator().manual_seed(seed)) + shift


def real(count: int, shift: float = 0.0) -> RealPictures:
    return RealPictures(rows(count, shift), tuple(str(number // 2) for number in range(count)))


def test_styles_with_little_art_and_drawn_styles_are_not_averaged() -> None:
    assert averaged_styles({"oil": FEWEST, "ink": FEWEST - 1, "poster": 500}) == {"oil"}


def test_a_figure_is_the_mean_of_the_averaged_styles_and_has_them_all() -> None:
    found = figure_of({"oil": 1.0, "ink": 2.0, "poster": 9.0}, frozenset({"oil", "ink"}))
    assert found.mean == 1.5
    assert found.by_style == {"oil": 1.0, "ink": 2.0, "poster": 9.0}
    assert math.isnan(figure_of({"oil": 1.0}, frozenset()).mean)


@pytest.mark.parametrize("size", [(300, 200), (200, 300), (90, 120)])
def test_the_middle_square_is_the_middle(size: tuple[int, int]) -> None:
    picture = np.zeros((*size, 3), np.uint8)
    picture[size[0] // 2 - 10 : size[0] // 2 + 10, size[1] // 2 - 10 : size[1] // 2 + 10] = 255
    square = middle_square(picture, 64)
    assert square.shape == (64, 64, 3)
    assert square[32, 32].min() > 200
    assert square[0].max() == square[:, 0].max() == 0


def test_compositions_are_described_without_fine_texture() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (256, 256, 3)).astype(np.uint8)
    even = np.full((256, 256, 3), 127, np.uint8)
    features = Features()
    apart = [torch.dist(*described_whole([noise, even], features, side)).item() for side in (256, 64)]
    assert apart[1] < apart[0]


def test_the_distance_is_about_nothing_to_like_pictures_and_grows() -> None:
    kind = {"oil": real(60)}
    unit = kind["oil"].rows
    near, far = (distances({"oil": rows(60, shift, 1)}, kind, unit)["oil"] for shift in (0.0, 1.0))
    assert abs(near) < 0.1 < far


def test_a_style_of_one_picture_has_no_distance() -> None:
    assert distances({"oil": rows(5)}, {"oil": real(1)}, rows(9)) == {}
    assert real_distances({"oil": real(2)}, rows(9)) == {}


def test_real_against_real_is_about_nothing_when_artworks_do_not_differ() -> None:
    assert abs(real_distances({"oil": real(80)}, rows(80))["oil"]) < 0.1


def test_no_artwork_is_in_both_halves() -> None:
    originals = [str(number // 3) for number in range(30)]
    first, second = split_in_two(originals, np.random.default_rng(0))
    assert sorted(first + second) == list(range(30))
    assert not {originals[place] for place in first} & {originals[place] for place in second}

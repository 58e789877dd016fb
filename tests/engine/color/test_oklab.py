"""Facts about engine/color/oklab.py."""

from __future__ import annotations

import numpy as np
import pytest
from coloraide import Color
from hypothesis import given
from hypothesis import strategies as st

from engine.color.oklab import (
    BRIGHTEST,
    DARKEST,
    is_shown,
    linear_from_oklab,
    oklab_from_srgb,
    srgb_from_oklab,
)

channels = st.integers(0, 255)


@pytest.mark.parametrize(
    ("pixel", "lab"),
    [
        ((255, 255, 255), (1.0, 0.0, 0.0)),
        ((0, 0, 0), (0.0, 0.0, 0.0)),
        ((255, 0, 0), (0.628, 0.2249, 0.1258)),
        ((0, 255, 0), (0.8664, -0.2339, 0.1795)),
        ((0, 0, 255), (0.452, -0.0325, -0.3115)),
    ],
)
def test_white_black_and_the_primaries_are_where_ottosson_puts_them(
    pixel: tuple[int, ...], lab: tuple[float, ...]
) -> None:
    assert oklab_from_srgb(np.array(pixel, np.uint8)) == pytest.approx(np.array(lab), abs=2e-3)


@given(channels, channels, channels)
def test_single_colours_agree_with_coloraide(red: int, green: int, blue: int) -> None:
    expected = Color("srgb", [red / 255, green / 255, blue / 255]).convert("oklab").coords()
    assert oklab_from_srgb(np.array([red, green, blue], np.uint8)) == pytest.approx(expected, abs=2e-3)


def test_every_gray_and_a_spread_of_colours_survive_the_way_there_and_back() -> None:
    steps = np.array([*range(0, 256, 15)], np.uint8)
    cube = np.stack(np.meshgrid(steps, steps, steps), -1)
    grays = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    for pixels in (cube, grays):
        back = srgb_from_oklab(oklab_from_srgb(pixels))
        assert (str(back.dtype), back.shape) == ("uint8", pixels.shape)
        # The table of the way back has 8192 steps: too few for the darkest bytes.
        assert np.abs(back.astype(int) - pixels).max() <= 1


def test_what_the_screen_cannot_show_is_out_of_range_and_clipped() -> None:
    lab = np.array([0.7, 0.4, 0.0], np.float32)
    linear = linear_from_oklab(lab)
    assert linear.max() > 1 or linear.min() < 0
    assert srgb_from_oklab(lab).dtype == np.uint8


def test_one_colour_is_shown_when_none_of_its_channels_is_out_of_range() -> None:
    rng = np.random.default_rng(0)
    lab = rng.uniform((0, -0.3, -0.3), (1, 0.3, 0.3), (500, 3)).astype(np.float32)
    linear = linear_from_oklab(lab)
    fits = ((linear > DARKEST) & (linear < BRIGHTEST)).all(1)
    assert 0 < fits.sum() < 500
    assert [is_shown(*color) for color in lab.tolist()] == fits.tolist()


def test_the_shape_of_an_array_is_kept() -> None:
    assert oklab_from_srgb(np.zeros((2, 3, 4, 3), np.uint8)).shape == (2, 3, 4, 3)

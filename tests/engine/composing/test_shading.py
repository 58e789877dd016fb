"""Facts about engine/composing/shading.py."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.color.palette import GRAY, HUE_REACH, hue_distance, palette, tone
from engine.composing.regions import Region
from engine.composing.shading import SHADOW, Key, inked, is_free, key_of, tone_of, tones_for
from engine.vocabulary import load_vocabulary
from tests.support.scene_fixtures import box, simple_scene, style_on

GROUNDS = ("full", "flat", "woodblock", "paper", "drawing", "print", "pixel")
COLORS = [word.name for word in load_vocabulary().words("color")]
HUES = [color for color in COLORS if not tone(color).is_gray]
grounds, words = st.sampled_from(GROUNDS), st.sampled_from(COLORS)


def region(role: str, depth: float = 0.5) -> Region:
    return box(role, 0, 0, 256, 256, depth)


@given(words, st.lists(words, max_size=4), grounds)
def test_there_is_room_between_the_figure_and_its_surroundings(
    first: str, others: list[str], ground: str
) -> None:
    key = key_of([tone(color) for color in (first, *others)], style_on(ground))
    low, high = key.surroundings
    assert 0 < key.figure < 1
    assert 0.15 < low < high < 1
    gap = key.figure - high if key.dark else low - key.figure
    assert gap > 0.15


@pytest.mark.parametrize(
    ("color", "dark"), [("yellow", True), ("white", True), ("navy", False), ("black", False), ("red", False)]
)
@pytest.mark.parametrize("ground", GROUNDS)
def test_light_colours_are_seen_against_the_dark_and_dark_ones_against_the_light(
    color: str, dark: bool, ground: str
) -> None:
    assert key_of([tone(color)], style_on(ground)).dark is dark


def test_the_hour_decides_between_day_and_night_for_colours_of_middle_lightness() -> None:
    early, late = (key_of([tone("orange")], style_on("full"), hour=hour).dark for hour in (-0.13, 0.13))
    assert (early, late) == (True, False)
    assert key_of([tone("yellow")], style_on("full"), hour=0.13).dark
    assert not key_of([tone("navy")], style_on("full"), hour=-0.13).dark


@pytest.mark.parametrize(("color", "sign"), [("navy", -1), ("red", -1), ("yellow", 1)])
def test_a_strong_figure_is_farther_from_what_is_around_it(color: str, sign: int) -> None:
    usual, strong = (key_of([tone(color)], style_on("full"), strength=strength) for strength in (0.0, 0.08))
    assert strong.figure - usual.figure == pytest.approx(sign * 0.08)


@pytest.mark.parametrize("ground", GROUNDS)
def test_black_beside_a_colour_is_the_dark_it_is_seen_against(ground: str) -> None:
    key = key_of([tone("red"), tone("black")], style_on(ground))
    assert key.dark is (ground not in ("paper", "drawing", "print"))


@given(st.sampled_from(HUES), grounds, st.floats(0, 1), st.sampled_from(["sky", "band", "echo", "figure"]))
def test_a_region_in_a_colour_counts_as_that_colour(color: str, ground: str, depth: float, role: str) -> None:
    asked = tone(color)
    key = key_of([asked], style_on(ground))
    painted = tone_of(region(role, depth), asked, key, free=role != "echo")
    assert painted.chroma >= GRAY
    assert hue_distance(painted.hue, asked.hue) < HUE_REACH


@given(words, grounds)
def test_the_figure_is_as_light_as_the_key_says(color: str, ground: str) -> None:
    key = key_of([tone(color)], style_on(ground))
    painted = tone_of(region("figure"), tone(color), key, free=True)
    assert painted.lightness == pytest.approx(key.figure)


@pytest.mark.parametrize("gray", ["black", "white", "gray"])
def test_an_asked_gray_stays_what_it_is(gray: str) -> None:
    key = Key(False, 0.5, False)
    painted = tone_of(region("band"), tone(gray), key, free=False)
    assert painted.is_gray
    assert painted.lightness == pytest.approx(tone(gray).lightness, abs=0.02)


@pytest.mark.parametrize("color", ["blue", "green"])
def test_what_is_near_is_stronger_than_what_is_far(color: str) -> None:
    key = key_of([tone(color)], style_on("full"))
    far, near = (tone_of(region("band", depth), tone(color), key, free=True) for depth in (0.0, 1.0))
    assert abs(near.lightness - key.figure) < abs(far.lightness - key.figure)


@pytest.mark.parametrize(
    ("color", "asked", "free"), [(0, 1, True), (0, 2, True), (1, 2, False), (2, 2, True), (3, 2, True)]
)
def test_companions_and_the_figures_own_hue_may_take_any_lightness(
    color: int, asked: int, free: bool
) -> None:
    tones = palette(["blue", "red"], np.random.default_rng(0))
    assert is_free(tones, color, asked) is free


def test_an_asked_black_figure_is_not_free() -> None:
    assert not is_free(palette(["black"], np.random.default_rng(0)), 0, 1)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("colors", [("blue",), ("yellow", "black"), ("white", "red", "green")])
def test_every_region_gets_a_tone_and_shadows_their_own(ground: str, colors: tuple[str, ...]) -> None:
    tones = palette(colors, np.random.default_rng(0))
    regions = [*simple_scene(), region("accent"), region("cloud"), region("shade")]
    key = key_of(tones[: len(colors)], style_on(ground))
    painted = tones_for(regions, [0, *range(len(colors)), *[0] * 9][: len(regions)], tones, len(colors), key)
    assert len(painted) == len(regions)
    assert painted[-1] == SHADOW
    assert all(0 < each.lightness < 1 for each in painted)


@pytest.mark.parametrize("color", ["pink", "sky", "red", "navy"])
@pytest.mark.parametrize("role", ["figure", "echo", "front"])
def test_the_ink_of_a_printed_figure_is_strong_whatever_its_colour(color: str, role: str) -> None:
    (printed,) = inked([region(role)], [tone(color)], Key(False, 0.5, True))
    assert printed.lightness < 0.5
    assert hue_distance(printed.hue, tone(color).hue) < 1


@pytest.mark.parametrize("around", ["sky", "band", "accent"])
def test_a_printed_figure_is_darker_than_what_is_around_it(around: str) -> None:
    figure, land = inked([region("figure"), region(around)], [tone("red")] * 2, Key(False, 0.5, True))
    assert land.lightness - figure.lightness > 0.15


def test_white_is_not_printed_and_a_dark_block_keeps_its_lights() -> None:
    assert inked([region("figure")], [tone("white")], Key(False, 0.5, True)) == [tone("white")]
    assert inked([region("figure")], [tone("yellow")], Key(True, 0.9, True)) == [tone("yellow")]


@given(st.sampled_from(HUES), grounds)
def test_another_shape_far_off_is_seen_against_what_is_around_and_behind_the_figure(
    color: str, ground: str
) -> None:
    key = key_of([tone(color)], style_on(ground))
    far = region("band", 0.85)
    far.guest = True
    shape = tone_of(far, tone(color), key, free=True)
    around = [tone_of(region(role), tone(color), key, free=True) for role in ("sky", "wall", "band")]
    assert all(abs(shape.lightness - each.lightness) > 0.08 for each in (tone(color).at(key.figure), *around))

"""Facts about engine/color/palette.py."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.color.oklab import linear_from_oklab, oklab_from_srgb
from engine.color.palette import (
    GRAY,
    HUE_REACH,
    Tone,
    color_hit,
    hue_distance,
    palette,
    resolve,
    shares_of,
    tone,
)
from engine.layout import Pixels
from engine.vocabulary import load_vocabulary

NAMES = [word.name for word in load_vocabulary().words("color")]
words = st.sampled_from(NAMES)
hexes = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")
colors = st.lists(words | hexes, min_size=1, max_size=5)
tones = st.builds(Tone, st.floats(0.15, 0.95), st.floats(0, 0.4), st.floats(0, 360, exclude_max=True))


def shares(image, colors):
    """Return each asked color's share of the colored pixels of `image`."""
    return shares_of(oklab_from_srgb(image.reshape(-1, 3)), [tone(color) for color in colors])[0]


def sheet(*parts: tuple[str, float]) -> Pixels:
    """Return (1, 1000, 3): shares of colors side by side."""
    rows = [np.full((round(share * 1000), 3), list(bytes.fromhex(color[1:]))) for color, share in parts]
    return np.concatenate(rows).astype(np.uint8)[None]


def fits_the_screen(color: Tone) -> bool:
    linear = linear_from_oklab(color.lab)
    return bool((linear > -0.01).all() and (linear < 1.01).all())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("#102030", "#102030"),
        ("#ABC", "#aabbcc"),
        ("rebeccapurple", "#663399"),
        ("hsl(0 100% 50%)", "#ff0000"),
        ("蓝", resolve("blue")),
        ("Blue", resolve("blue")),
    ],
)
def test_a_colour_is_resolved_from_words_names_and_css(text: str, value: str) -> None:
    assert resolve(text) == value


@pytest.mark.parametrize("text", ["", "blurple", "#12", "transparent", "url(x)"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="unknown color"):
        resolve(text)


@pytest.mark.parametrize(
    ("text", "gray"), [("black", True), ("white", True), ("gray", True), ("red", False), ("#7a7b7a", True)]
)
def test_grays_have_no_hue_to_speak_of(text: str, gray: bool) -> None:
    assert tone(text).is_gray is gray


@given(hexes)
def test_a_tone_is_the_colour_it_was_made_of(text: str) -> None:
    asked = np.array(list(bytes.fromhex(text[1:])))
    assert np.abs(np.array(tone(text).rgb) - asked).max() <= 1


@given(tones, st.floats(0, 1), st.floats(-180, 180))
def test_a_tone_stays_on_the_screen_wherever_it_is_put(color: Tone, lightness: float, turn: float) -> None:
    moved = color.at(lightness, turn=turn)
    assert fits_the_screen(moved)
    assert moved.chroma <= color.chroma + 1e-6
    assert 0 <= moved.hue <= 360
    assert moved.lightness == pytest.approx(min(max(lightness, 0.02), 0.985))


@given(tones)
def test_what_is_shown_keeps_its_lightness_and_hue(color: Tone) -> None:
    shown = color.shown()
    assert (shown.lightness, shown.hue) == (color.lightness, color.hue)
    lab = oklab_from_srgb(np.array(shown.rgb, np.uint8))
    assert lab[0] == pytest.approx(color.lightness, abs=0.02)
    if np.hypot(lab[1], lab[2]) > 2 * GRAY:
        assert hue_distance(float(np.degrees(np.arctan2(lab[2], lab[1]))), color.hue) < 5


@given(colors, st.integers(0, 2**32 - 1), st.integers(0, 100))
def test_a_palette_is_what_was_asked_and_two_companions_on_the_screen(
    asked: list[str], seed: int, chaos: int
) -> None:
    drawn = palette(asked, np.random.default_rng(seed), chaos)
    assert drawn[: len(asked)] == tuple(tone(color) for color in asked)
    assert len(drawn) == len(asked) + 2
    assert all(fits_the_screen(color.at(color.lightness)) for color in drawn)
    assert drawn == palette(asked, np.random.default_rng(seed), chaos)


@given(words, st.integers(0, 2**32 - 1))
def test_the_companions_of_a_colour_are_a_neighbour_and_an_accent_far_from_it(color: str, seed: int) -> None:
    first, neighbour, accent = palette([color], np.random.default_rng(seed))
    if not first.is_gray:
        near = float(hue_distance(neighbour.hue, first.hue))
        assert neighbour.is_gray or near < HUE_REACH
        assert hue_distance(accent.hue, first.hue) > 60


@given(words, st.integers(0, 2**32 - 1))
def test_in_one_ink_the_accent_is_of_the_colors_own_hue(color: str, seed: int) -> None:
    first, _, accent = palette([color], np.random.default_rng(seed), one_ink=True)
    assert accent.is_gray == first.is_gray or accent.chroma < first.chroma
    assert first.is_gray or accent.is_gray or hue_distance(accent.hue, first.hue) < 1


@pytest.mark.parametrize(
    ("one", "other", "degrees"), [(10, 350, 20), (350, 10, 20), (0, 180, 180), (90, 90, 0), (-10, 10, 20)]
)
def test_hues_are_apart_the_short_way_round(one: float, other: float, degrees: float) -> None:
    assert hue_distance(one, other) == pytest.approx(degrees)


@given(st.floats(-720, 720), st.floats(-720, 720))
def test_distances_between_hues_are_even_handed_and_at_most_half_a_turn(one: float, other: float) -> None:
    assert 0 <= hue_distance(one, other) <= 180
    assert hue_distance(one, other) == pytest.approx(float(hue_distance(other, one)), abs=1e-3)


@given(hexes | words)
def test_a_sheet_of_one_colour_is_that_colour(color: str) -> None:
    image = sheet((resolve(color), 1.0))
    assert shares(image, [color]) == (1.0,)
    assert color_hit(image, [color])


def test_shares_are_those_of_the_coloured_part() -> None:
    image = sheet(("#2563c9", 0.3), ("#d7263d", 0.1), ("#ffffff", 0.6))
    assert shares(image, ["blue", "red"]) == pytest.approx((0.75, 0.25))


def test_white_counts_only_where_it_was_asked_for() -> None:
    image = sheet(("#2563c9", 0.4), ("#ffffff", 0.6))
    assert shares(image, ["blue", "white"]) == pytest.approx((0.4, 0.6))
    assert shares(image, ["blue"]) == (1.0,)


@pytest.mark.parametrize(
    ("image", "asked", "hit"),
    [
        (sheet(("#2563c9", 0.8), ("#d7263d", 0.2)), ["blue"], True),
        (sheet(("#2563c9", 0.4), ("#d7263d", 0.6)), ["blue"], False),
        (sheet(("#2563c9", 0.8), ("#d7263d", 0.2)), ["blue", "red"], True),
        (sheet(("#2563c9", 0.9), ("#d7263d", 0.1)), ["blue", "red"], False),
        (sheet(("#2563c9", 0.3), ("#d7263d", 0.3), ("#2f9e44", 0.4)), ["blue", "red"], False),
        (sheet(("#ffffff", 1.0)), ["blue"], False),
        (sheet(("#000000", 0.5), ("#ffffff", 0.5)), ["black"], True),
        (sheet(("#000000", 0.5), ("#ffffff", 0.5)), ["white"], True),
        (sheet(("#808080", 1.0)), ["black"], False),
        (sheet(("#808080", 1.0)), ["gray"], True),
    ],
)
def test_a_hit_is_when_each_asked_colour_shows_and_one_rules(
    image: Pixels, asked: list[str], hit: bool
) -> None:
    assert color_hit(image, asked) is hit


@pytest.mark.parametrize(("one", "other"), [*combinations(("red", "green", "blue", "black", "white"), 2)])
def test_no_plain_colour_passes_for_another(one: str, other: str) -> None:
    assert not color_hit(sheet((resolve(one), 1.0)), [other])
    assert not color_hit(sheet((resolve(other), 1.0)), [one])

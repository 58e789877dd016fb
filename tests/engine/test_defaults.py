"""Facts about engine/defaults.py."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.color.palette import hue_distance, tone
from engine.composing.subjects import load_subjects
from engine.conditions import MAX_SEED, NAMED_SCENES, SCENES, Asked, Other
from engine.defaults import SeededDefaults
from engine.styles import style_named
from engine.vocabulary import load_vocabulary

WORDS = load_vocabulary()
CHOOSER = SeededDefaults(WORDS)
OPEN = Asked()
seeds = st.integers(0, MAX_SEED)


def names(kind: str) -> set[str]:
    return {word.name for word in WORDS.words(kind)}


@given(seeds)
def test_every_choice_is_a_word_of_its_kind(seed: int) -> None:
    ((style, weight),) = CHOOSER.style(OPEN, seed)
    assert style in names("style")
    assert weight == 1
    assert set(CHOOSER.colors(OPEN, seed)) <= names("color")
    assert CHOOSER.shape(OPEN, seed) in names("shape")
    assert CHOOSER.scene(OPEN, seed) in names("scene")


@given(seeds)
def test_a_seed_always_chooses_the_same(seed: int) -> None:
    again = SeededDefaults(WORDS)
    for part in ("style", "colors", "shape", "scene"):
        assert getattr(CHOOSER, part)(OPEN, seed) == getattr(again, part)(OPEN, seed)


@given(seeds)
def test_chosen_colours_are_told_apart_at_a_glance(seed: int) -> None:
    tones = [tone(color) for color in CHOOSER.colors(OPEN, seed)]
    assert len(tones) <= 3
    assert sum(each.is_gray for each in tones) <= 1
    hues = [each.hue for each in tones if not each.is_gray]
    assert all(hue_distance(one, other) > 25 for one, other in combinations(hues, 2))


@pytest.mark.parametrize(("kind", "enough"), [("style", 1.0), ("scene", 1.0), ("color", 0.9), ("shape", 0.2)])
def test_over_many_seeds_little_is_left_out(kind: str, enough: float) -> None:
    chosen = {
        "style": {CHOOSER.style(OPEN, seed)[0][0] for seed in range(400)},
        "scene": {CHOOSER.scene(OPEN, seed) for seed in range(400)},
        "color": {color for seed in range(900) for color in CHOOSER.colors(OPEN, seed)},
        "shape": {CHOOSER.shape(OPEN, seed) for seed in range(400)},
    }[kind]
    assert len(chosen) >= enough * len(names(kind))


def test_the_scenes_are_those_of_the_vocabulary() -> None:
    assert set(SCENES) == names("scene")


@pytest.mark.parametrize(("style", "scene"), [("ink", "landscape"), ("abstract", "abstract")])
def test_a_style_is_mostly_given_the_scenes_of_its_art(style: str, scene: str) -> None:
    asked = Asked(style=((style, 1.0),))
    assert sum(CHOOSER.scene(asked, seed) == scene for seed in range(200)) > 80


def test_an_asked_style_changes_about_every_second_scene_at_most() -> None:
    asked = [Asked(style=((style, 1.0),)) for style in ("ink", "abstract")]
    same = sum(CHOOSER.scene(asked[0], seed) == CHOOSER.scene(asked[1], seed) for seed in range(200))
    assert same > 80


@pytest.mark.parametrize("style", ["ink", "sketch", "poster"])
def test_a_style_of_its_own_colors_is_given_them_every_second_time(style: str) -> None:
    asked = Asked(style=((style, 1.0),))
    chosen = [colors for seed in range(400) if (colors := CHOOSER.colors(asked, seed))]
    grays = sum(tone(colors[0]).is_gray for colors in chosen) / len(chosen)
    assert (0.25 < grays < 0.6) if style_named(style).subjects.palettes else grays == 0


@given(seeds)
def test_colours_do_not_depend_on_a_style_of_any_colours(seed: int) -> None:
    chosen = [CHOOSER.colors(Asked(style=((style, 1.0),)), seed) for style in ("poster", "pixel")]
    assert chosen[0] == chosen[1]


OIL = (("oil", 1.0),)


@pytest.mark.parametrize(
    ("asked", "scenes"),
    [
        (Asked(), set(SCENES)),
        (Asked(shape="apple", style=OIL), {"portrait", "landscape", "still-life"}),
        (Asked(shape="horse", number=2, style=OIL), {"portrait", "landscape"}),
        (Asked(shape="apple", style=(("abstract", 1.0),)), set(NAMED_SCENES)),
        (
            Asked(shape="apple", others=(Other("tree", 1, "under"),), style=OIL),
            {"portrait", "landscape", "still-life"},
        ),
        (Asked(shape="fox", place="forest"), {"portrait", "landscape"}),
        (Asked(shape="", place="beach"), {"landscape"}),
        (Asked(shape=""), {"landscape", "abstract"}),
    ],
)
def test_chance_paints_what_was_named_and_makes_no_pattern_of_it(asked: Asked, scenes: set[str]) -> None:
    assert {CHOOSER.scene(asked, seed) for seed in range(300)} == scenes


@given(seeds)
def test_many_pictures_keep_their_natural_colors(seed: int) -> None:
    chosen = [CHOOSER.colors(OPEN, (seed + k) % MAX_SEED) for k in range(60)]
    assert 15 < sum(not colors for colors in chosen) < 55


def test_a_still_life_only_shows_what_lies_on_tables() -> None:
    assert "still-life" not in {CHOOSER.scene(Asked(shape="castle"), seed) for seed in range(200)}


@given(seeds, st.sampled_from([word.name for word in WORDS.words("style") if word.category != "digital"]))
def test_chance_chooses_no_emoji_but_in_a_digital_style(seed: int, style: str) -> None:
    shape = CHOOSER.shape(Asked(style=((style, 1.0),)), seed)
    assert any(each.realistic for each in load_subjects()[shape])

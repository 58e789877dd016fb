"""Facts about engine/styles.py and the files of the styles."""

from __future__ import annotations

import tomllib
from importlib import resources
from itertools import combinations

import pytest

from engine.color.palette import hue_distance, tone
from engine.styles import Recipe, load_styles, read_style, style_named
from engine.training.data import CROP, recipe_for
from engine.vocabulary import check_words, load_vocabulary, style_tables

WORDS = load_vocabulary()
STYLES = load_styles()
SMALLEST = """
order = 15
group = "print"
medium = "poster"
[words]
en = ["crayons"]
zh = ["蜡笔"]
[subjects]
scenes = ["portrait"]
shapes = ["fish"]
"""


def test_the_styles_are_those_of_the_files_and_of_the_vocabulary() -> None:
    files = {file.name for file in (resources.files("engine") / "data" / "styles").iterdir()}
    assert {f"{name}.toml" for name in STYLES} == files
    assert list(STYLES) == [word.name for word in WORDS.words("style")]


def test_each_style_has_a_place_of_its_own() -> None:
    assert [style.order for style in STYLES.values()] == list(range(1, len(STYLES) + 1))


def test_a_file_needs_only_words_and_subjects() -> None:
    style = read_style("crayon", tomllib.loads(SMALLEST), WORDS)
    assert (style.name, style.group, style.medium, style.order) == ("crayon", "print", "poster", 15)
    assert style.subjects.shapes == ("fish",)
    assert style.training == Recipe()


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ('medium = "poster"\nmeduim = 3', "crayon.toml: meduim = 3: no such key"),
        ('medium = "wax"', "crayon.toml: medium = 'wax': expected among"),
        ('medium = "poster"\ncomposing = 3', "crayon.toml: composing = 3: expected a table"),
        ('medium = "poster"\ncomposing.light = 1.5', "crayon.toml: composing.light = 1.5: expected most 1"),
        ('medium = "poster"\ncomposing.light = true', "crayon.toml: composing.light = True: expected float"),
        ('medium = "poster"\ncomposing.hew = 3', "crayon.toml: composing.hew = 3: no such key"),
        ('medium = "poster"\ncomposing.figure_tones = 2.5', "composing.figure_tones = 2.5: expected int"),
        ('medium = "poster"\ncomposing.figure_tones = 1', "composing.figure_tones = 1: expected least 2"),
        ('medium = "poster"\ncomposing.palette = ["red"]', "expected a list of colors as '#rrggbb'"),
        ('medium = "poster"\ntraining.reduce = "x"', "crayon.toml: training.reduce = 'x': expected among"),
        (
            'medium = "poster"\ntraining.clusters = [9, 5]',
            r"crayon.toml: training.clusters = \[9, 5\]: expected 2 numbers in order",
        ),
        (
            'medium = "poster"\ntraining.shading = [0]',
            r"crayon.toml: training.shading = \[0\]: expected 2 numbers in order",
        ),
    ],
)
def test_a_wrong_value_is_refused_by_file_key_and_value(line: str, error: str) -> None:
    table = tomllib.loads(SMALLEST.replace('medium = "poster"', line))
    with pytest.raises(ValueError, match=error):
        read_style("crayon", table, WORDS)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('["fish"]', '["blorp"]', "crayon.toml: subjects.shapes = 'blorp': no such word"),
        ('["portrait"]', "[]", r"crayon.toml: subjects.scenes = \[\]: expected a list of words"),
        (
            '["fish"]',
            '["fish"]\npalettes = ["red"]',
            "crayon.toml: subjects.palettes = 'red': expected a list",
        ),
        ('scenes = ["portrait"]', "", "crayon.toml: subjects = .*: expected scenes, shapes"),
    ],
)
def test_wrong_subjects_are_refused_by_file_key_and_value(old: str, new: str, error: str) -> None:
    with pytest.raises(ValueError, match=error):
        read_style("crayon", tomllib.loads(SMALLEST.replace(old, new)), WORDS)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("order = 15", "", "crayon.toml: order = None: expected int"),
        ('group = "print"', "group = 3", "crayon.toml: group = 3: expected str"),
        ('["crayons"]', '"crayons"', "crayon.toml: words.en = 'crayons': expected a list of words"),
    ],
)
def test_wrong_words_are_refused_by_file_key_and_value(old: str, new: str, error: str) -> None:
    with pytest.raises(ValueError, match=error):
        check_words("crayon", tomllib.loads(SMALLEST.replace(old, new)))


def test_a_style_cannot_be_changed_and_an_unknown_one_is_an_error() -> None:
    with pytest.raises(AttributeError):
        style_named("ink").medium = "paint"  # type: ignore[misc]  # what must fail
    with pytest.raises(KeyError):
        style_named("crayon")


def test_a_category_stands_for_all_its_shapes() -> None:
    animals = [word.name for word in WORDS.words("shape") if word.category == "animals"]
    assert "animals" in style_tables()["sketch"]["subjects"]["shapes"]
    assert set(animals) <= set(style_named("sketch").subjects.shapes)


def test_the_hues_of_a_palette_differ_at_a_glance() -> None:
    for style in STYLES.values():
        for palette in style.subjects.palettes:
            hues = [tone(color).hue for color in palette if not tone(color).is_gray]
            assert all(hue_distance(one, other) > 35 for one, other in combinations(hues, 2)), style.name


def test_a_folder_of_no_known_style_is_trained_as_a_painting_of_many_colors() -> None:
    assert recipe_for("crayon-of-mine") == Recipe()


def test_a_crop_fits_into_the_scaled_picture_and_its_layout_is_coarser() -> None:
    for style in STYLES.values():
        assert style.training.short_side[0] >= CROP, style.name
        assert style.training.texel[0] > 1, style.name


@pytest.mark.parametrize("style", ["ink", "ukiyo-e", "watercolor"])
def test_scans_that_show_no_brush_are_not_trained_on(style: str) -> None:
    assert style_named(style).training.least_side == 150

"""Facts about engine/composing/lettering.py."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.captions import describe
from engine.composer import compose
from engine.composing.lettering import lettered, letters_known
from engine.conditions import Conditions
from engine.layout import Layout
from engine.styles import load_styles

WISH = Conditions(
    (("poster", 1.0),), ("teal", "gold"), "fox", "landscape", 3, size=256, text="See you in Paris"
)


def layout(height: int = 200, width: int = 300, figure: slice = slice(0, 100)) -> Layout:
    where = np.zeros((height, width), np.float32)
    where[figure] = 1
    return Layout(np.full((height, width, 3), 120, np.uint8), where, ("#000080", "#10108a", "#ffd700"))


def changed(made: Layout, before: Layout) -> np.ndarray:
    """Rows that are other than they were."""
    return np.flatnonzero((made.image != before.image).any((1, 2)))


@pytest.mark.parametrize("style", [name for name, style in load_styles().items() if style.letters])
@pytest.mark.parametrize("aspect", [(1, 1), (4, 1), (1, 4), (3, 2)])
def test_a_text_is_lettered_in_two_colors_that_the_painter_leaves_alone(
    style: str, aspect: tuple[int, int]
) -> None:
    wish = replace(WISH, style=((style, 1.0),), aspect=aspect)
    made, plain = compose(wish), compose(replace(wish, text=""))
    rows = changed(made, plain)
    assert made.image.shape == plain.image.shape
    assert 0.03 < len(rows) / len(made.image) < 0.45
    assert made.preserve is not None
    assert made.preserve[rows].min() >= 0.79
    assert made.preserve[rows].max() == 1


def test_a_style_that_does_not_letter_is_composed_without_the_text() -> None:
    oil = replace(WISH, style=(("oil", 1.0),))
    assert np.array_equal(compose(oil).image, compose(replace(oil, text="")).image)


@pytest.mark.parametrize(("figure", "is_below"), [(slice(0, 100), True), (slice(100, 200), False)])
def test_the_band_is_where_the_fewest_figures_are(figure: slice, is_below: bool) -> None:
    plain = layout(figure=figure)
    rows = changed(lettered(plain, "Hello"), plain)
    assert bool(rows[-1] == 199) is is_below
    assert bool(rows[0] == 0) is not is_below


def test_letters_have_the_colors_of_the_picture_that_are_set_off() -> None:
    found = lettered(layout(), "Hello").image.reshape(-1, 3)
    assert {(0, 0, 128), (255, 215, 0)} <= {tuple(map(int, each)) for each in np.unique(found, axis=0)}


def test_the_font_has_the_letters_of_european_languages_and_no_others() -> None:
    assert set("Fête d’automne ÅØßñłЖΩ 2024!?") <= letters_known()
    assert not set("你好あ한@<>&*_`") & letters_known()


@pytest.mark.parametrize(("style", "is_named"), [("poster", True), ("oil", False)])
def test_the_alt_text_names_the_words_where_they_are_lettered(style: str, is_named: bool) -> None:
    wish = replace(WISH, style=((style, 1.0),))
    assert ("See you in Paris" in describe(wish)) is is_named
    assert ("See you in Paris" in describe(wish, "zh-CN")) is is_named

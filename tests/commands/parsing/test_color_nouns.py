"""Colors in the names of things."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from commands.parsing.color_nouns import thing, tint
from commands.parsing.line import parse
from engine.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
DATA = tomllib.loads((resources.files("commands") / "sentences.toml").read_text("utf-8"))
COLORS = {term for _, term in VOCABULARY.terms("color")}
NOT_OF_THAT_COLOR = {
    *(
        "plum blossom",
        "jet fighter",
        "lime fruit",
        "ice cream",
        "ice cream cone",
        "hot chocolate",
        "sand timer",
    ),
    *("青蛙", "棕榈树", "棕榈", "冬青", "郁金香", "银行", "金字塔", "热咖啡", "橄榄球", "红绿灯"),
}


def _names_a_color(term: str) -> bool:
    if term.isascii():
        return not COLORS.isdisjoint(term.split()) and term not in COLORS
    return term not in COLORS and any(color in term for color in COLORS)


def test_every_color_in_the_name_of_a_shape_counts_or_means_another_thing() -> None:
    terms = {term for _, term in VOCABULARY.terms("shape") if _names_a_color(term)}
    assert {term for term in terms if not tint(term)} == NOT_OF_THAT_COLOR


@pytest.mark.parametrize("color", DATA["tinted"])
def test_a_tint_is_a_color_and_belongs_to_a_shape(color: str) -> None:
    assert VOCABULARY.word("color", color)
    for term in DATA["tinted"][color]:
        assert VOCABULARY.find("shape", term)
        assert tint(term) == color


@pytest.mark.parametrize("shape", DATA["things"])
def test_a_color_that_may_be_a_thing_is_painted_as_a_shape(shape: str) -> None:
    assert VOCABULARY.word("shape", shape)
    for term in DATA["things"][shape]:
        assert VOCABULARY.find("color", term)
        assert not VOCABULARY.find("shape", term)
        assert thing(term) == shape


def test_several_of_them_have_the_color_too() -> None:
    assert (tint("Blue Whales"), thing("rubies")) == ("blue", "gem")


@pytest.mark.parametrize(
    ("line", "colors"),
    [
        ("shape=blue-whale", ("blue",)),
        ("形状=金鱼", ("gold",)),
        ("shape=goldfish color=teal", ("teal",)),
        ("shape=whale", None),
        ("color=teal, a goldfish", ("teal",)),
    ],
)
def test_a_shape_given_by_key_has_the_color_in_its_name(line: str, colors: tuple[str, ...] | None) -> None:
    assert parse(line, VOCABULARY).colors == colors

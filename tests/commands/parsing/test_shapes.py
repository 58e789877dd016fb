"""The values of `shape=`."""

from __future__ import annotations

import pytest

from commands.chat import UserError
from commands.parsing.lexicon import Lexicon
from commands.parsing.reading import Mention
from commands.parsing.shapes import read_shapes, value_of
from engine.conditions import Conditions, Other
from engine.vocabulary import load_vocabulary

LEXICON = Lexicon(load_vocabulary())


def mention(name: str, number: int | None = None, relation: str = "", color: str = "") -> tuple[object, ...]:
    return name, number, relation, [color] if color else []


def told(mentions: list[Mention]) -> list[tuple[object, ...]]:
    return [(each.name, each.number, each.relation, each.colors) for each in mentions]


@pytest.mark.parametrize(
    ("text", "mentions", "rest"),
    [
        ("fishes", [mention("fish")], ""),
        ("bird:2+mountain", [mention("bird", 2), mention("mountain")], ""),
        ("bird:2-over-mountain seed", [mention("bird", 2), mention("mountain", None, "over")], " seed"),
        ("two birds over a mountain", [mention("bird", 2), mention("mountain", None, "over")], ""),
        ("bird:2 over ink", [mention("bird", 2)], " over ink"),
        ("a bird, in ink", [mention("bird")], ", in ink"),
        ("bird × 2", [mention("bird", 2)], ""),
        ("两只鸟、三座山", [mention("bird", 2), mention("mountain", 3)], ""),
        ("fox(red)-behind-tree:3", [mention("fox", None, "", "red"), mention("tree", 3, "behind")], ""),
        (
            "fox(#ff0000):2-riding-horse",
            [mention("fox", 2, "", "#ff0000"), mention("horse", None, "riding")],
            "",
        ),
        ("zorro", [mention("fox")], ""),
    ],
)
def test_the_shapes_at_the_start_are_read_and_the_rest_is_left(text, mentions, rest):
    found, left = read_shapes(text, LEXICON)
    assert (told(found), left) == (mentions, rest)


@pytest.mark.parametrize("text", ["bird:0", "bird:13", "bird:two", "bird:", "bird:-1", "13 birds", "bird:٣"])
def test_a_number_that_cannot_be_painted_is_refused(text):
    with pytest.raises(UserError, match="a number from 1 to 12, for example shape=bird:2"):
        read_shapes(text, LEXICON)


def test_a_color_that_is_none_is_refused():
    with pytest.raises(UserError, match="I know no color"):
        read_shapes("fox(blurple)", LEXICON)


def test_a_value_says_how_many_and_where_only_where_it_must():
    others = (Other("tree", 1, "beside"), Other("moon", 3))
    picture = Conditions((("ink", 1.0),), ("blue",), "bird", "flock", 1, number=2, others=others)
    assert value_of(picture) == "bird:2-beside-tree+moon:3"


def test_a_value_says_the_colors_of_figures_and_that_there_is_none():
    picture = Conditions((("ink", 1.0),), ("blue",), "fox", "portrait", 1, color="red")
    assert value_of(picture) == "fox(red)"
    assert value_of(Conditions((("ink", 1.0),), ("blue",), "", "landscape", 1, place="sea")) == "none"

"""Which shapes are asked for, and how many of each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.chat import UserError
from commands.parsing.lexicon import Lexicon
from commands.parsing.shapes import Mention, gathered, read_shapes, value_of
from engine.conditions import MAX_FIGURES, MAX_NUMBER, MAX_SHAPES, RELATIONS, Conditions, Other
from engine.vocabulary import load_vocabulary

LEXICON = Lexicon(load_vocabulary())
BIRD, MOUNTAIN = Mention("bird", 2), Mention("mountain", None, "over")


@pytest.mark.parametrize(
    ("text", "mentions", "rest"),
    [
        ("fishes", [Mention("fish")], ""),
        ("bird:2+mountain", [BIRD, Mention("mountain")], ""),
        ("bird:2-over-mountain seed", [BIRD, MOUNTAIN], " seed"),
        ("two birds over a mountain", [BIRD, Mention("mountain", 1, "over")], ""),
        ("bird:2 over ink", [BIRD], " over ink"),
        ("a bird, in ink", [Mention("bird", 1)], ", in ink"),
        ("bird × 2", [BIRD], ""),
        ("两只鸟、三座山", [BIRD, Mention("mountain", 3)], ""),
        ("horse-behind-horse-head:2", [Mention("horse"), Mention("horse-head", 2, "behind")], ""),
    ],
)
def test_the_shapes_at_the_start_are_read_and_the_rest_is_left(text, mentions, rest):
    assert read_shapes(text, LEXICON) == (mentions, rest)


@pytest.mark.parametrize("text", ["bird:0", "bird:13", "bird:two", "bird:", "bird:-1", "13 birds", "bird:٣"])
def test_a_number_that_cannot_be_painted_is_refused(text):
    with pytest.raises(UserError, match="a number from 1 to 12, for example shape=bird:2"):
        read_shapes(text, LEXICON)


@pytest.mark.parametrize(
    ("numbers", "total"),
    [([None], 1), ([1], 1), ([None, 1, None], 1), ([2, 1], 3), ([2, None], 2), ([None, 4], 4), ([4, 5], 9)],
)
def test_what_is_counted_in_several_places_is_added_up(numbers, total):
    asked = gathered([Mention("bird", number) for number in numbers])
    assert asked == {"shape": "bird", "number": total, "others": ()}


def test_nothing_mentioned_leaves_everything_open():
    assert gathered([]) == {}


MENTIONS = st.builds(
    Mention,
    st.sampled_from(["bird", "mountain", "tree", "moon"]),
    st.none() | st.integers(1, MAX_NUMBER),
    st.sampled_from(["", *RELATIONS]),
)


@given(st.lists(MENTIONS, min_size=1, max_size=6))
def test_whatever_is_mentioned_can_be_painted_or_is_refused(mentions):
    try:
        asked = gathered(mentions)
    except UserError:
        shapes = {each.shape for each in mentions}
        assert len(shapes) > MAX_SHAPES or sum(each.number or 1 for each in mentions) > MAX_NUMBER
    else:
        picture = Conditions((("ink", 1.0),), ("blue",), scene="flock", seed=1, **asked)
        assert picture.shape == mentions[0].shape
        assert picture.number + sum(each.number for each in picture.others) <= MAX_FIGURES
        read, rest = read_shapes(value_of(picture), LEXICON)
        assert (gathered(read), rest) == (asked, "")


def test_a_value_says_how_many_and_where_only_where_it_must():
    others = (Other("tree", 1, "beside"), Other("moon", 3))
    picture = Conditions((("ink", 1.0),), ("blue",), "bird", "flock", 1, number=2, others=others)
    assert value_of(picture) == "bird:2-beside-tree+moon:3"

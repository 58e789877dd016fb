"""What is mentioned becomes figures that fit into a picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.parsing.figures import gathered
from commands.parsing.reading import Mention
from engine.conditions import MAX_FIGURES, MAX_NUMBER, MAX_SHAPES, RELATIONS


@pytest.mark.parametrize(
    ("numbers", "total"),
    [([None], 1), ([1], 1), ([None, 1, None], 1), ([2, 1], 3), ([2, None], 2), ([None, 4], 4), ([4, 5], 9)],
)
def test_what_is_counted_in_several_places_is_added_up(numbers, total):
    (subject,) = gathered([Mention("bird", "bird", number=number) for number in numbers]).subjects
    assert (subject.name, subject.number) == ("bird", total)


def test_nothing_mentioned_is_no_subject():
    assert gathered([]).subjects == ()


MENTIONS = st.builds(
    Mention,
    st.sampled_from(["bird", "mountain", "tree", "moon"]),
    st.just("it"),
    number=st.none() | st.integers(1, MAX_NUMBER),
    colors=st.lists(st.sampled_from(["red", "blue"]), max_size=2, unique=True),
    relation=st.sampled_from(["", *RELATIONS]),
    plural=st.booleans(),
)


@given(st.lists(MENTIONS, min_size=1, max_size=6))
def test_whatever_is_mentioned_fits_or_is_told(mentions):
    told = gathered(mentions)
    assert told.subjects[0].name == mentions[0].name
    assert len(told.subjects) <= MAX_SHAPES
    assert sum(each.number for each in told.subjects) <= MAX_FIGURES
    assert all(1 <= each.number <= MAX_NUMBER for each in told.subjects)
    assert len(told.subjects) + len(told.crowded_out) == len({each.name for each in mentions})

"""Typing errors."""

from __future__ import annotations

import pytest

from commands.parsing.spelling import corrected
from commands.parsing.tables import load_tables
from tests.support.parsed_lines import VOCABULARY, told

ENGLISH = load_tables(VOCABULARY).languages["en"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("foxx", "fox"),
        ("hosre", "horse"),
        ("watercolr", "watercolor"),
        ("impresionsm", "impressionism"),
        ("buterfly", "butterfly"),
        ("blu", None),
        ("zzzz", None),
        ("fo1x", None),
    ],
)
def test_one_letter_may_be_wrong_and_two_in_a_long_word(word, meant):
    assert corrected(word, ENGLISH, ENGLISH) == meant


@pytest.mark.parametrize(
    "word", ["boxes", "moose", "hose", "pose", "fixed", "crown", "running", "darkly", "rosa"]
)
def test_a_word_that_is_known_is_no_typing_error(word):
    assert word not in told(f"a fox, {word}")["read_as"] or told(word)["read_as"].get(word) != "fox"
    assert not [said for said in told(f"a fox and {word}")["left_out"] if said != word]

"""Words that name nothing by themselves."""

from __future__ import annotations

import pytest

from commands.parsing import function_words
from commands.parsing.function_words import Little, little_word, relation_after
from engine.conditions import RELATIONS


@pytest.mark.parametrize(
    ("text", "little"),
    [
        ("two", Little("two", 3, 2)),
        ("An", Little("an", 2, 1)),
        ("7", Little("7", 1, 7)),
        ("9999999999", Little("9999999999", 10, 13)),
        ("under", Little("under", 5, relation="under")),
        ("front", Little("front", 5, relation="before")),
        ("please", Little("please", 6)),
        ("fish", None),
    ],
)
def test_a_word_counts_tells_a_relation_or_says_nothing(text, little):
    assert little_word(text, 0, len(text)) == little


@pytest.mark.parametrize(
    ("text", "little"),
    [
        ("两只", Little("两", 1, 2)),
        ("一对鸟", Little("一对", 2, 2)),
        ("一只鸟", Little("一只", 2, 1)),
        ("的鸟", Little("的", 1)),
    ],
)
def test_a_chinese_word_is_as_long_as_it_can_be(text, little):
    assert little_word(text, 0, 1) == little


@pytest.mark.parametrize(
    ("text", "relation", "end"), [("上面有", "over", 2), ("的旁边", "beside", 3), ("后", "behind", 1)]
)
def test_a_chinese_relation_stands_after_what_it_is_about(text, relation, end):
    told = relation_after(text, 0)
    assert told is not None
    assert (told.relation, told.end) == (relation, end)


def test_there_are_words_for_every_relation_in_both_languages():
    for words in (function_words.RELATIONS, function_words.RELATIONS_AFTER):
        assert {"over", "under", "beside", "before", "behind"} <= set(words.values()) <= set(RELATIONS)

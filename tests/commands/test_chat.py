"""Test commands/chat.py."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest

from commands.chat import Answer, Ask, Picture, UserError
from tests.support.fakes import FISH

PICTURE = Picture("p-1", b"x" * 10_000, "image/png", 256, 256, "Generated picture: blue fish.", FISH)


def test_a_user_error_says_its_sentence_and_keeps_what_a_translation_needs():
    error = UserError("{key} is given twice; say it once.", key="seed")
    assert str(error) == "seed is given twice; say it once."
    assert (error.sentence, error.values) == ("{key} is given twice; say it once.", {"key": "seed"})


def test_a_sentence_with_a_field_that_is_not_filled_is_found_where_it_is_raised():
    with pytest.raises(KeyError, match="key"):
        UserError("{key} is given twice; say it once.")


def test_braces_in_what_a_person_typed_stay_text():
    assert str(UserError("I cannot read {word}.", word="{0.__class__}")) == "I cannot read {0.__class__}."


@pytest.mark.parametrize(
    "value",
    [Ask("k", "p", "s", "c", "paint"), Answer("x"), PICTURE],
    ids=lambda value: type(value).__name__,
)
def test_what_crosses_the_border_cannot_be_changed(value):
    with pytest.raises(FrozenInstanceError):
        setattr(value, fields(value)[0].name, "other")


def test_a_picture_in_a_log_does_not_bring_its_bytes():
    assert len(repr(PICTURE)) < 500


def test_two_asks_share_no_reply():
    first, second = (Ask("k", "p", "s", "c", "paint") for _ in range(2))
    assert first.reply == {}
    assert first.reply is not second.reply


def test_an_answer_says_no_more_than_its_text_unless_told():
    answer = Answer("Hello.")
    assert (answer.pictures, answer.private, answer.job, answer.refused) == ((), False, None, False)

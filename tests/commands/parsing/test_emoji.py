"""Lines of nothing but symbols."""

from __future__ import annotations

import pytest

from commands.chat import UserError
from commands.parsing.line import parse
from engine.conditions import Asked, Other
from engine.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("🦊", Asked(shape="fox")),
        (" 🐈\ufe0f! ", Asked(shape="cat")),
        ("🦊🦊", Asked(shape="fox", number=2, counted=True)),
        ("🌹🐟🌹", Asked(shape="rose", number=2, counted=True, others=(Other("fish"),))),
        ("a fox 🔥", Asked(shape="fox", counted=True)),
        ("shape=fox 🔥!!!", Asked(shape="fox")),
    ],
)
def test_an_emoji_is_a_shape_where_nothing_else_is_said(line: str, asked: Asked) -> None:
    assert parse(line, VOCABULARY) == asked


@pytest.mark.parametrize(
    "line", ["!!!", "===", "\0", "\u200b", "\U0001f9ff", "🦊\U0001f9ff", "、，。！", "()"]
)
def test_a_line_without_a_word_is_refused(line: str) -> None:
    with pytest.raises(
        UserError, match=r"^I can read no word in that; say for example shape=fish, or surprise"
    ):
        parse(line, VOCABULARY)


def test_more_of_an_emoji_than_can_be_painted_are_refused() -> None:
    with pytest.raises(UserError, match="a number from 1 to 12"):
        parse("🦊" * 300, VOCABULARY)


@pytest.mark.parametrize("line", ["", "  \n"])
def test_an_empty_line_leaves_everything_open(line: str) -> None:
    assert parse(line, VOCABULARY) == Asked()

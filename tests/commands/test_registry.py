"""Test that every command is found by each of its words."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.chat import TALK, UserError
from commands.command import NAMING, VOCABULARY_KINDS
from commands.registry import COMMANDS, find, split_line

KINDS = {*VOCABULARY_KINDS, *NAMING, "number", "choice", "text"}


def test_these_are_the_commands():
    assert list(COMMANDS) == [
        *("paint", "change", "reroll", "vary", "upscale", "blend"),
        *("info", "favourite", "send", "spoiler", "delete"),
        *("verify", "report", "cancel", "gallery"),
        *("taste", "link", "mydata", "quota", "settings", "audit", "block", "help"),
    ]


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_command_has_a_chinese_word_a_summary_and_examples_that_begin_with_it(command):
    assert any(not alias.isascii() for alias in command.aliases)
    assert command.summary.endswith(".")
    assert all(split_line(example)[0] == command.name for example in command.examples)
    assert command.examples
    assert inspect.iscoroutinefunction(command.run)


@pytest.mark.parametrize(
    "option",
    [
        pytest.param(option, id=f"{command.name}-{option.name}")
        for command in COMMANDS.values()
        for option in command.options
    ],
)
def test_an_option_is_of_a_known_kind_and_has_what_its_kind_needs(option):
    assert option.kind in KINDS
    assert option.summary
    assert (option.kind == "number") == (option.low < option.high)
    assert option.choices or option.kind != "choice"
    assert not option.choices or option.kind in ("choice", "number")


def test_no_word_means_two_commands():
    words = [word for command in COMMANDS.values() for word in (command.name, *command.aliases)]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("paint", "paint"),
        ("PAINT", "paint"),
        ("/help", "help"),
        ("画", "paint"),
        ("ｐａｉｎｔ", "paint"),
        ("配额", "quota"),
    ],
)
def test_a_command_is_found_by_its_word_in_any_language(word, name):
    assert find(word).name == name


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("", "A command comes after the slash; /help lists all."),
        ("pant", "There is no command pant; did you mean /paint?"),
        ("xyzzy", "There is no command xyzzy; /help lists all."),
        ("<@1>helo", "There is no command 1 helo; did you mean /help?"),
    ],
)
def test_an_unknown_command_is_answered_with_the_nearest(word, sentence):
    with pytest.raises(UserError) as refusal:
        find(word)
    assert str(refusal.value) == sentence


@given(st.text(max_size=40))
def test_any_word_is_a_command_or_a_user_error(word):
    try:
        found = find(word)
    except UserError:
        return
    assert found in COMMANDS.values()


@pytest.mark.parametrize(
    ("line", "command", "words"),
    [
        ("/paint style=ink", "paint", "style=ink"),
        ("  /Paint\tstyle=ink  ", "paint", "style=ink"),
        ("／paint　水墨 鱼", "paint", "水墨 鱼"),
        ("/画水墨鱼 颜色=蓝", "画", "水墨鱼 颜色=蓝"),
        ("/ paint a fish", "paint", "a fish"),
        ("a blue fish", TALK, "a blue fish"),
        ("/", "", ""),
        ("", TALK, ""),
    ],
)
def test_a_typed_line_is_a_command_with_words_or_talk(line, command, words):
    assert split_line(line) == (command, words)

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


def is_whole(command):
    named = [split_line(example)[0] == command.name for example in command.examples]
    is_chinese = any(not alias.isascii() for alias in command.aliases)
    told = command.summary.endswith(".") and named and all(named)
    return told and is_chinese and inspect.iscoroutinefunction(command.run)


def test_a_command_has_a_chinese_word_a_summary_and_examples_that_begin_with_it():
    assert not [command.name for command in COMMANDS.values() if not is_whole(command)]


def fits_its_kind(option):
    has_range = (option.kind == "number") == (option.low < option.high)
    has_choices = option.kind in ("choice", "number") if option.choices else option.kind != "choice"
    return option.kind in KINDS and option.summary and has_range and has_choices


def test_an_option_is_of_a_known_kind_and_has_what_its_kind_needs():
    options = [(command.name, each) for command in COMMANDS.values() for each in command.options]
    assert not [(name, option.name) for name, option in options if not fits_its_kind(option)]


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

"""Test /help."""

from __future__ import annotations

import pytest

from commands.chat import Answer, UserError
from commands.command import Command, Option
from commands.help import help_command
from commands.registry import COMMANDS, split_line
from tests.support.fake_services import FakeServices, ask

HELP = COMMANDS["help"]


async def said(words="", locale="en", command=HELP, **changes):
    answer = await command.run(ask("help", words, locale=locale, **changes), FakeServices(locale))
    assert (answer.private, answer.refused) == (True, False)
    return answer.text


async def test_the_overview_has_a_line_for_every_command_and_one_to_try():
    *lines, last = (await said(is_admin=True)).splitlines()
    assert lines == [f"/{each.name} – {each.summary}" for each in COMMANDS.values()]
    assert last == f"Try: {COMMANDS['paint'].examples[0]}"


async def test_a_command_is_explained_with_every_option_and_example():
    for command in COMMANDS.values():
        first, *lines = (await said(command.name, is_admin=True)).splitlines()
        examples = [f"For example: {example}" for example in command.examples]
        assert first == f"/{command.name} – {command.summary}"
        assert [line for line in lines if not line.startswith("  ")] == examples, command.name
        assert len([line for line in lines if line.startswith("  ")]) == len(command.options), command.name


async def test_an_option_says_how_it_is_written_and_what_it_takes():
    text = await said("paint")
    assert "\n  words – What to paint, in plain words\n" in text
    assert "\n  style= – How it is painted\n" in text
    assert "\n  count= – How many pictures (1–4)\n" in text
    assert "\n  command – The command to explain (paint, " in await said("help")


@pytest.mark.parametrize("words", ["/paint", "PAINT", " ｐａｉｎｔ ", "画", "/画"])
async def test_a_command_is_found_as_people_write_it(words):
    assert (await said(words)).startswith("/paint – ")


async def test_the_help_is_in_the_readers_language():
    assert (await said(locale="zh-CN")).startswith("/paint – 画一幅画。没有说的由我来选。\n")
    assert "例如：/paint 水墨 蓝色 鱼" in await said("画", "zh-CN")


@pytest.mark.parametrize(
    ("words", "shown"),
    [("nonsense", "nonsense"), ("<@1>", "1"), ("@@", "?"), ("paint me", "paint me")],
)
async def test_an_unknown_command_is_refused_in_one_sentence(words, shown):
    with pytest.raises(UserError) as refusal:
        await said(words)
    assert str(refusal.value) == f"There is no command {shown}; /help lists all."


async def _run(ask, services):
    return Answer("Done.")


async def test_what_only_admins_may_say_is_shown_to_them_alone():
    paint = Command("paint", "Paints.", _run, (Option("words", "text", "What"),), examples=("/paint a fish",))
    command = help_command((paint, Command("reign", "Reigns.", _run, admin_only=True)))
    assert "/reign" not in await said(command=command)
    assert "/reign – Reigns." in await said(command=command, is_admin=True)
    with pytest.raises(UserError, match="no command reign"):
        await said("reign", command=command)


@pytest.mark.parametrize("example", HELP.examples)
async def test_the_examples_of_the_help_work_as_they_stand(example):
    name, words = split_line(example)
    assert name == "help"
    assert (await said(words)).startswith("/")

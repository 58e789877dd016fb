"""Test that Easel answers hostile lines without a fault, and repeats nothing that is active anywhere.

The strings are those of tests/support/hostile_input.py, and what hypothesis makes of them.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import running
from bot.config import BotConfig, Config, QuotaConfig, StorageConfig, Tokens, WebConfig
from commands.chat import TALK, UserError
from commands.i18n import translator
from commands.parsing.line import parse
from commands.registry import COMMANDS, split_line
from commands.talk import talk
from commands.text.refusals import FAULT, NO_MEMORY
from engine.vocabulary import load_vocabulary
from tests.support.fake_services import FakeServices
from tests.support.fake_services import ask as asking
from tests.support.fakes import FakeClock, FakePaintingClient, ask
from tests.support.hostile_input import HOSTILE

VOCABULARY = load_vocabulary()
ACTIVE = set('@<>&`*_~|[]{}\\"#\n\r\x00')
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
LINES = st.one_of(st.text(), st.sampled_from(HOSTILE), st.lists(st.sampled_from(HOSTILE)).map(" ".join))


def harm(said):
    """Characters and markup that must not stand in a sentence that repeats a person's words."""
    return set(said) & ACTIVE | {each for each in said if unicodedata.category(each) in INVISIBLE}


def test_there_are_more_than_five_hundred_strings_and_no_two_are_the_same():
    assert len(HOSTILE) == len(set(HOSTILE)) >= 500


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_the_parser_reads_each_or_refuses_it_in_one_harmless_sentence(locale):
    harmful = {}
    for line in HOSTILE:
        try:
            parse(line, VOCABULARY, locale)
        except UserError as error:
            said = translator(locale)(error.sentence, **error.values)
            if harm(said) or not 0 < len(said) < 300:
                harmful[line] = said
    assert not harmful


@settings(max_examples=60)
@given(
    st.sampled_from([*sorted(COMMANDS), TALK]),
    LINES,
    st.booleans(),
    st.sampled_from(["en", "zh-CN", "", "\x00-x"]),
)
def test_any_line_after_any_command_is_answered_or_refused(command, words, admin, locale):
    said = asking(command, words, is_admin=admin, locale=locale)
    text, refused = asyncio.run(answered(said, FakeServices(locale)))
    assert text
    assert not (refused and harm(text))


async def answered(said, services):
    """Return the answer, and whether it is a refusal."""
    try:
        run = talk if said.command == TALK else COMMANDS[said.command].run
        return (await run(said, services)).text, False
    except UserError as error:
        return without_names(str(error)), True


def without_names(text):
    """Return whether it is a refusal without internal names."""
    return re.sub("per_minute|child_safe|keep_days", "", text)


@given(LINES)
def test_any_line_has_a_command_and_words(line):
    command, words = split_line(line)
    assert command == command.casefold()
    assert words == words.strip()


@pytest.fixture
async def easel(tmp_path):
    """Run all of Easel without limits, with paintings that never finish."""
    painting_client, free = FakePaintingClient(), QuotaConfig(None, None, None, None)
    painting_client.gate.clear()
    storage = StorageConfig(tmp_path / "easel.db", tmp_path / "pictures")
    config = Config(bot=BotConfig(0), web=WebConfig(port=0), storage=storage, quotas=free)
    async with running(config, Tokens(), painting_client, FakeClock()) as easel:
        yield easel


@pytest.mark.parametrize("command", [*COMMANDS, TALK])
async def test_every_command_answers_each_over_a_real_memory_without_a_fault(easel, command, caplog):
    wrong = {}
    for number, words in enumerate(HOSTILE):
        said = {"channel": "web:x", "is_admin": True, "command": command, "key": f"key-{number}"}
        answer = await easel.service.handle(ask(words, **said))
        refusal = without_names(answer.text) if answer.refused else ""
        if not answer.text or answer.text in (FAULT, NO_MEMORY) or harm(refusal):
            wrong[words] = answer.text
    assert not wrong
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_word_that_is_no_command_is_answered_without_a_fault(easel, caplog):
    answers = [await easel.service.handle(ask("x", command=word, channel="web:x")) for word in HOSTILE]
    assert not {answer.text for answer in answers} & {FAULT, NO_MEMORY}
    assert not [answer.text for answer in answers if answer.refused and harm(answer.text)]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]

"""Test /paint."""

from __future__ import annotations

import pytest

from commands.chat import UserError
from commands.paint import COMMAND
from commands.parsing.options import KEYS
from commands.parsing.written import line_of_request
from commands.registry import split_line
from engine.conditions import MAX_CHAOS, MAX_COUNT, MAX_SEED, MAX_SIZE, MIN_SIZE
from tests.support.fake_services import SEED, FakeJobs, FakeServices, ask


async def painted(words, services=None, **changes):
    """Return the answer, and what was accepted."""
    services = services or FakeServices()
    answer = await COMMAND.run(ask("paint", words, **changes), services)
    [accepted] = services.jobs.accepted
    return answer, accepted


async def test_a_request_is_accepted_with_a_sentence_and_answered_with_its_job():
    answer, (asked, says, pictures) = await painted("style=ink color=blue shape=fish scene=flock seed=3")
    assert says == "A flock of fish, in blue, in ink."
    assert (answer.text, answer.job) == (f"Painting: {says}", "job-1")
    assert line_of_request(pictures) == "style=ink color=blue shape=fish scene=flock seed=3"
    assert (answer.refused, answer.private, answer.pictures) == (False, False, ())
    assert [each.seed for each in pictures] == [3]
    assert asked.key == "event-1"


async def test_what_is_left_open_is_filled_from_a_fresh_seed():
    _, (_, says, [picture]) = await painted("a fish")
    assert picture.seed == SEED
    assert picture.shape == "fish"
    assert says.startswith("A fish")


@pytest.mark.parametrize(
    ("words", "seeds"),
    [("a fish", [99]), ("a fish seed=3", [3]), ("a fish count=2", [SEED, SEED + 1])],
)
async def test_one_picture_of_which_nobody_named_the_seed_has_the_best(words, seeds):
    services = FakeServices(jobs=FakeJobs(best_seed=99))
    _, (_, _, pictures) = await painted(words, services)
    assert [each.seed for each in pictures] == seeds


async def test_each_of_several_pictures_has_the_next_seed():
    _, (_, _, pictures) = await painted("a fish count=3 seed=4294967295")
    assert [each.seed for each in pictures] == [4294967295, 0, 1]
    assert line_of_request(pictures).endswith("count=3")


async def test_jobs_ahead_are_told_when_there_are_some():
    answer, _ = await painted("a fish", FakeServices(jobs=FakeJobs(ahead=3)))
    assert answer.text.endswith("\nJobs ahead of yours: 3.")
    assert "ahead" not in (await painted("a fish"))[0].text


async def test_the_answer_is_in_the_readers_language():
    answer, _ = await painted("水墨 鱼", FakeServices("zh-CN", FakeJobs(ahead=2)), locale="zh-CN")
    first, second = answer.text.splitlines()
    assert first.startswith("正在画：")
    assert second == "前面还有 2 份。"


@pytest.mark.parametrize("words", ["style=inc", "count=0", "seed=1 seed=2", "x" * 5000])
async def test_words_that_cannot_be_read_are_refused_before_anything_is_accepted(words):
    services = FakeServices()
    with pytest.raises(UserError):
        await COMMAND.run(ask("paint", words), services)
    assert services.jobs.accepted == []


async def test_a_limit_is_passed_on_to_who_asked():
    services = FakeServices(jobs=FakeJobs(refusal=UserError("That is enough for today.")))
    with pytest.raises(UserError, match="enough for today"):
        await COMMAND.run(ask("paint", "a fish"), services)


def test_the_options_are_the_keys_that_are_understood_with_their_ranges():
    assert {each.name for each in COMMAND.options if not each.bare} == set(KEYS)
    ranges = {each.name: (each.low, each.high) for each in COMMAND.options if each.kind == "number"}
    assert ranges == {
        "seed": (0, MAX_SEED),
        "size": (MIN_SIZE, MAX_SIZE),
        "count": (1, MAX_COUNT),
        "chaos": (0, MAX_CHAOS),
        "width": (1, MAX_SIZE),
        "height": (1, MAX_SIZE),
    }


@pytest.mark.parametrize("example", COMMAND.examples)
async def test_an_example_works_as_it_stands(example):
    name, words = split_line(example)
    assert name == "paint"
    assert (await painted(words))[0].job

"""Test a line without a slash: small talk, a change of the picture there, or a new request."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.chat import TALK, UserError
from commands.talk import talk
from engine.conditions import Other
from tests.support.fake_services import FISH, RECORD, SEED, FakeJobs, FakePictures, FakeServices, ask


async def painted(words, services, **changes):
    """Return what was accepted."""
    answer = await talk(ask(TALK, words, **changes), services)
    [(asked, _, pictures)] = services.jobs.accepted
    assert answer.job == "job-1"
    return asked, pictures


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("hello", "Hello! Tell me what to paint"),
        ("Hola!", "Hello! Tell me what to paint"),
        ("help", "/paint – "),
        ("帮助", "/paint – "),
        ("what can you do?", "/paint – "),
        ("", "/paint – "),
        ("thanks!", "You are welcome! Tell me what to change"),
    ],
)
async def test_small_talk_is_answered_and_nothing_is_painted(words, begins):
    services = FakeServices()
    answer = await talk(ask(TALK, words), services)
    assert answer.text.startswith(begins)
    assert not answer.refused
    assert not services.jobs.accepted


async def test_a_greeting_proposes_lines_to_press():
    answer = await talk(ask(TALK, "hello"), FakeServices())
    first = answer.buttons[0]
    assert (first.verb, first.words) == ("paint", "two birds over a mountain")


async def test_words_that_change_the_picture_there_do_and_the_seed_stays():
    services = FakeServices()
    _, [picture] = await painted("make it night, and add two trees", services)
    assert picture == replace(FISH, time="night", others=(Other("tree", 2),))
    assert services.tastes.reactions == [("fake:ann", "reroll", True, ("p7",))]


async def test_another_one_has_another_seed():
    services = FakeServices(pictures=FakePictures((replace(RECORD, conditions=replace(FISH, seed=41)),)))
    _, [picture] = await painted("another one", services)
    assert picture == replace(FISH, seed=SEED)


async def test_whoever_changes_anothers_picture_asks_for_a_new_one():
    asked, [picture] = await painted("bigger", FakeServices(), person="fake:bob")
    assert asked.person == "fake:bob"
    assert picture.scale == "large"


@pytest.mark.parametrize(
    ("words", "shape"), [("a red fox", "fox"), ("paint a red fox", "fox"), ("something blue", None)]
)
async def test_a_plain_request_after_a_picture_is_a_new_one(words, shape):
    _, [picture] = await painted(words, FakeServices())
    assert shape in (picture.shape, None)
    assert not picture.others
    assert picture.size == 512


async def test_surprise_me_paints_whatever_comes():
    _, [picture] = await painted("surprise me", FakeServices())
    assert picture.shape


@pytest.mark.parametrize("words", ["bluer", "make it cozier"])
async def test_where_there_is_no_picture_yet_a_change_is_told_so(words):
    with pytest.raises(UserError, match="There is no picture here yet; ask me for one first"):
        await talk(ask(TALK, words), FakeServices(pictures=FakePictures(())))


async def test_where_there_is_no_picture_yet_a_style_or_an_hour_is_a_request():
    _, [picture] = await painted("night", FakeServices(pictures=FakePictures(())))
    assert picture.time == "night"


async def test_words_that_nobody_knows_are_refused_as_a_request_is():
    with pytest.raises(UserError, match="I can paint nothing of flurbl"):
        await talk(ask(TALK, "flurbl"), FakeServices())


async def test_a_blocked_word_changes_nothing():
    services = FakeServices()
    services.settings.kept["fake:studio"] = {"blocked": "skull"}
    with pytest.raises(UserError, match="A rule of this server blocks"):
        await talk(ask(TALK, "add a skull"), services)
    assert not services.jobs.accepted


async def test_who_asked_a_moment_ago_speaks_of_what_is_being_painted():
    services = FakeServices(jobs=FakeJobs(waiting=replace(FISH, shape="fox")))
    _, [picture] = await painted("at night", services)
    assert picture == replace(FISH, shape="fox", time="night")
    assert not services.tastes.reactions


async def test_a_reply_speaks_of_the_picture_that_it_answers():
    services = FakeServices(jobs=FakeJobs(waiting=replace(FISH, shape="fox")))
    _, [picture] = await painted("at night", services, about="fake:post:7")
    assert picture == replace(FISH, time="night")

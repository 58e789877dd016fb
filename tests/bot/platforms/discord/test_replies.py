"""Facts about bot/platforms/discord/replies.py."""

from __future__ import annotations

import asyncio

from bot.platforms.discord.replies import FirstReplies


async def test_a_key_is_new_once():
    answers = FirstReplies()
    assert [answers.begin("a"), answers.begin("a"), answers.begin("b")] == [True, False, True]


async def test_a_result_waits_for_the_first_answer_and_finds_its_message():
    answers = FirstReplies()
    answers.begin("a")
    waiting = asyncio.ensure_future(answers.find("a"))
    await asyncio.sleep(0)
    assert not waiting.done()
    answers.end("a", 77)
    assert await waiting == 77
    assert await answers.find("a") == 77


async def test_an_answer_that_could_not_be_said_has_no_message():
    answers = FirstReplies()
    answers.begin("a")
    answers.end("a", None)
    assert await answers.find("a") is None


async def test_nothing_is_known_of_answers_of_before_a_restart():
    assert await FirstReplies().find("a") is None


async def test_the_oldest_are_forgotten_first():
    answers = FirstReplies(most=2)
    for key in "abc":
        answers.begin(key)
        answers.end(key, ord(key))
    assert [await answers.find(key) for key in "abc"] == [None, ord("b"), ord("c")]


async def test_nobody_waits_for_an_answer_that_was_forgotten():
    answers = FirstReplies(most=1)
    answers.begin("a")
    waiting = asyncio.ensure_future(answers.find("a"))
    await asyncio.sleep(0)
    answers.begin("b")
    async with asyncio.timeout(5):
        assert await waiting is None
    answers.end("a", 77)
    assert await answers.find("a") is None


async def test_a_preview_that_is_given_up_leaves_the_answer_to_others():
    answers = FirstReplies()
    answers.begin("a")
    preview = asyncio.ensure_future(answers.find("a"))
    await asyncio.sleep(0)
    preview.cancel()
    await asyncio.wait([preview])
    answers.end("a", 77)
    assert await answers.find("a") == 77

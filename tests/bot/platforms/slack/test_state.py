"""Facts about bot/platforms/slack/state.py."""

from __future__ import annotations

from bot.platforms.slack.messages import SlackMessage
from bot.platforms.slack.state import Announcements, PendingEvents, RecentKeys
from tests.support.fakes import HERE


def test_a_key_is_new_once():
    recent = RecentKeys()
    assert [recent.add("a"), recent.add("a")] == [True, False]


def test_the_oldest_keys_are_forgotten_first():
    recent = RecentKeys(most=2)
    for key in "abc":
        recent.add(key)
    assert [key in recent for key in "abc"] == [False, True, True]


async def test_a_result_finds_the_announcement_of_its_job():
    announcements = Announcements()
    announcements.open("job").set_result(SlackMessage("C1", "1.1"))
    assert await announcements.find("job") == SlackMessage("C1", "1.1")
    assert await announcements.find("another") is None


async def test_a_job_is_announced_once():
    announcements = Announcements()
    assert announcements.open("job") is not None
    assert announcements.open("job") is None


async def test_a_result_finds_what_took_the_place_of_an_announcement():
    announcements = Announcements()
    announcements.move("job", None)
    assert await announcements.find("job") is None
    announcements.move("job", SlackMessage("C1", "2.2"))
    assert await announcements.find("job") == SlackMessage("C1", "2.2")
    assert announcements.open("job") is None


async def test_a_job_that_ended_is_not_announced():
    announcements = Announcements()
    announcements.end("job")
    assert announcements.open("job") is None


async def test_an_event_that_comes_again_ends_with_the_first():
    under_way = PendingEvents()
    first, again = under_way.begin("a"), under_way.begin("a")
    assert [first[1], again[1]] == [True, False]
    assert [under_way.end("a", HERE), under_way.end("a")] == [True, False]
    assert first[0].result() is HERE
    assert again[0] is first[0]
    assert under_way.begin("a")[1]

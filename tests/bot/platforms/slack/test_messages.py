"""Facts about bot/platforms/slack/messages.py: a message a second in a channel, and a few more at once."""

from __future__ import annotations

import pytest

from bot.platforms.slack import messages as slack_pace
from bot.platforms.slack.messages import AT_ONCE, GAP, Pace, ReplyTarget
from tests.support.fakes import NOON, PAINTED, delivery_of

pytestmark = pytest.mark.platform("slack")


@pytest.fixture
def pace(clock):
    async def sleep(seconds):
        clock.advance(seconds)

    return Pace(clock, sleep)


async def test_a_few_messages_come_at_once_and_then_one_a_second(pace, clock):
    at = []
    for _ in range(AT_ONCE + 3):
        await pace.turn("C1")
        at.append(clock.now - NOON)
    assert at == [0.0] * AT_ONCE + [GAP, 2 * GAP, 3 * GAP]


async def test_a_channel_waits_for_no_other(pace, clock):
    for _ in range(AT_ONCE):
        await pace.turn("C1")
    await pace.turn("C2")
    assert clock.now == NOON


async def test_after_a_rest_a_few_may_come_at_once_again(pace, clock):
    for _ in range(AT_ONCE):
        await pace.turn("C1")
    clock.advance(AT_ONCE * GAP)
    for _ in range(AT_ONCE):
        await pace.turn("C1")
    assert clock.now == NOON + AT_ONCE * GAP


async def test_a_clock_that_was_set_back_holds_nobody_up(pace, clock):
    await pace.turn("C1")
    clock.advance(-86_400)
    await pace.turn("C1")
    assert clock.now == NOON - 86_400


async def test_channels_that_may_speak_at_once_are_forgotten(pace, clock, monkeypatch):
    monkeypatch.setattr(slack_pace, "MOST_KEPT", 2)
    for channel in ("C1", "C2"):
        await pace.turn(channel)
    clock.advance(GAP)
    await pace.turn("C3")
    assert set(pace._even) == {"C3"}


async def test_results_in_a_busy_channel_come_a_second_apart(platform, server, clock):
    place = ReplyTarget("C1", "U1")
    for _ in range(AT_ONCE + 2):
        await platform.post(delivery_of("slack:T1-U1", "slack:T1", "slack:C1", place.to_reply()), PAINTED)
    assert (len(server.messages), clock.now) == (AT_ONCE + 2, NOON + 2 * GAP)

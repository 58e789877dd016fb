"""Facts about bot/platforms/connection.py, over real sockets to a twin of Discord."""

from __future__ import annotations

import discord
import pytest

from bot.config import Secret
from bot.platforms.discord import connection
from bot.platforms.discord.adapter import DiscordPlatform
from bot.platforms.discord.connection import WINDOW
from bot.platforms.discord.messages import ReplyTarget
from tests.support.discord.discord_app import ANN, command
from tests.support.discord.gateway import CHANNEL, IDENTIFY, TOKEN
from tests.support.fakes import PAINTED, delivery_of

pytestmark = pytest.mark.platform("discord")

DELIVERY = delivery_of(
    "discord:1", "discord:100", f"discord:{CHANNEL}", ReplyTarget(CHANNEL, ANN, 55).to_reply()
)
SHARED = {"Via": "1.1 google", "X-RateLimit-Scope": "shared"}
LIMITED = {"message": "You are being rate limited.", "retry_after": 0.01, "global": False}


@pytest.fixture
async def joined(server, house, clock, monkeypatch):
    """An adapter that takes two bad answers for too many, with the pauses it made."""
    monkeypatch.setattr(connection, "MOST", 2)
    pauses = []

    async def sleep(seconds):
        pauses.append(seconds)
        clock.advance(seconds)

    places = f"{server.address}/api", server.gateway
    platform = DiscordPlatform(Secret(TOKEN), *places, clock=clock, sleep=sleep)
    await platform.start(house)
    yield platform, pauses
    await platform.stop()


async def test_long_before_a_ban_easel_says_so_and_leaves_discord_alone_for_as_long(joined, server, caplog):
    platform, pauses = joined
    server.closed.add(CHANNEL)
    server.shy.add(ANN)
    with pytest.raises(discord.HTTPException):
        await platform.post(DELIVERY, PAINTED)
    await server.until(lambda: len(server.said(IDENTIFY)) == 2)
    assert pauses == [WINDOW]
    assert caplog.text.count("Discord gave 2 bad answers within 10 minutes, the last one 403") == 1
    await server.interact(command("help", {}))
    await server.written()


async def test_bad_answers_that_are_far_apart_are_let_be(joined, server, clock):
    platform, pauses = joined
    server.closed.add(CHANNEL)
    for _ in range(3):
        clock.advance(WINDOW)
        await platform.post(DELIVERY, PAINTED)
    assert pauses == []


async def test_other_mistakes_are_not_counted(joined, server):
    platform, pauses = joined
    server.scripted["send"] = [(400, {}, {"code": 50035, "message": "Invalid Form Body"})] * 3
    for _ in range(3):
        with pytest.raises(discord.HTTPException):
            await platform.post(DELIVERY, PAINTED)
    assert pauses == []


async def test_a_limit_that_others_share_is_not_ones_own_fault(joined, server):
    platform, pauses = joined
    server.scripted["send"] = [(429, SHARED, LIMITED)] * 3
    await platform.post(DELIVERY, PAINTED)
    assert (pauses, len(server.messages)) == ([], 1)

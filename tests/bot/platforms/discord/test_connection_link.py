"""Facts about bot/platforms/connection.py: how Easel joins Discord, and what keeps it from it."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager

import aiohttp
import discord
import pytest

from bot.config import Secret
from bot.platforms.discord import connection
from bot.platforms.discord.adapter import DiscordPlatform
from bot.platforms.discord.connection import PAUSES, RedirectingConnector
from bot.platforms.discord.messages import ReplyTarget
from bot.ports import TokenRejected
from tests.support.discord.discord_app import ANN, command
from tests.support.discord.gateway import (
    BAD_TOKEN,
    CHANNEL,
    GUILDS,
    HEARTBEAT,
    IDENTIFY,
    INTENTS,
    INVALID_SESSION,
    PRIVILEGED,
    RECONNECT,
    RESUME,
    TOKEN,
)
from tests.support.discord.server import GUIDE, PERMISSIONS
from tests.support.fakes import PAINTED, delivery_of

pytestmark = pytest.mark.platform("discord")

AWAY = (503, {}, {"message": "Service Unavailable"})
REJECTED = "Discord does not accept EASEL_DISCORD_TOKEN; under Bot of your application, choose Reset Token"
BITS = {
    **{"GUILDS": GUILDS, "GUILD_MESSAGES": 1 << 9, "DIRECT_MESSAGES": 1 << 12},
    **{"GUILD_MESSAGE_REACTIONS": 1 << 10, "DIRECT_MESSAGE_REACTIONS": 1 << 13},
}
"""https://docs.discord.com/developers/events/gateway#list-of-intents"""


@pytest.fixture
def pauses():
    """How long was waited between attempts."""
    return []


@pytest.fixture
def unconnected(server, pauses):
    """An adapter that was not started, and waits for nothing but notes it."""

    async def sleep(seconds):
        pauses.append(seconds)

    return DiscordPlatform(Secret(TOKEN), f"{server.address}/api", server.gateway, sleep=sleep)


class Listener(logging.Handler):
    """heard: set once this is logged"""

    def __init__(self, text):
        super().__init__()
        self.text, self.heard = text, asyncio.Event()

    def emit(self, record):
        if self.text in record.getMessage():
            self.heard.set()


@asynccontextmanager
async def logged(text):
    """Goes on when this is logged."""
    listener, log = Listener(text), logging.getLogger(connection.__name__)
    log.addHandler(listener)
    try:
        yield
        async with asyncio.timeout(10):
            await listener.heard.wait()
    finally:
        log.removeHandler(listener)


async def answers(server):
    """Somebody types a slash command, and is answered."""
    asked = await server.interact(command("help", {}))
    await server.until(lambda: asked.kind)


def explained(what):
    """The first cells of the guide's table of that."""
    table = GUIDE.split(f"| {what} |")[1].split("\n\n")[0]
    return [name.strip(" `") for row in table.splitlines()[2:] for name in row.split("|")[1].split(",")]


async def test_easel_asks_to_hear_of_what_the_guide_explains_and_of_nothing_privileged(platform, server):
    [identified] = server.said(IDENTIFY)
    assert identified["intents"] == sum(BITS[name] for name in explained("intent"))
    assert not identified["intents"] & PRIVILEGED
    assert all(identified["intents"] & bits for pair in INTENTS.values() for bits in pair)


def test_the_invitation_asks_for_what_the_guide_explains():
    assert f"scope={'+'.join(explained('scope'))}&" in GUIDE
    names = explained("permission")
    flags = [name.lower().replace(" ", "_").replace("channels", "channel") for name in names]
    assert discord.Permissions(PERMISSIONS) == discord.Permissions(**dict.fromkeys(flags, True))


async def test_the_connection_is_kept_alive(platform, server):
    await server.until(lambda: server.said(HEARTBEAT))


async def test_a_connection_that_breaks_is_resumed_and_nothing_is_missed(platform, server, house):
    await server.links[0].close(code=1001)
    asked = await server.interact(command("help", {}))
    await server.until(lambda: asked.kind)
    assert len(server.said(IDENTIFY)) == len(server.said(RESUME)) == 1
    assert len(house.asks) == 1


async def test_a_connection_is_renewed_when_discord_asks_for_it(platform, server):
    await server.order(RECONNECT)
    await server.until(lambda: server.said(RESUME))
    await answers(server)


@pytest.mark.parametrize("forgotten", ["at once", "while away"])
async def test_a_session_that_discord_forgot_is_begun_anew(platform, server, monkeypatch, forgotten):
    async def soon(client, shard, *, initial=False):
        """In place of the five seconds that discord.py waits here."""

    monkeypatch.setattr(discord.Client, "before_identify_hook", soon)
    if forgotten == "at once":
        await server.order(INVALID_SESSION, False)
    else:
        server.forgetful = True
        await server.links[0].close(code=1001)
    await server.until(lambda: len(server.said(IDENTIFY)) == 2)
    await answers(server)


async def test_a_token_that_the_gateway_rejects_is_said_in_one_sentence(unconnected, server, house):
    server.refusing = BAD_TOKEN
    with pytest.raises(TokenRejected, match=REJECTED):
        await unconnected.start(house)


async def test_a_token_that_is_taken_back_is_said_in_the_log(platform, server):
    async with logged(REJECTED):
        await server.links[0].close(code=BAD_TOKEN)


async def test_while_discord_is_away_easel_starts_without_it_and_joins_it_later(
    unconnected, server, house, pauses, caplog
):
    server.scripted["me"] = [AWAY] * 7
    await unconnected.start(house)
    assert "Easel goes on without" in caplog.text
    await server.until(lambda: server.said(IDENTIFY))
    await answers(server)
    await unconnected.stop()
    assert pauses == [*PAUSES, PAUSES[-1], PAUSES[-1]]


async def test_a_network_without_discord_is_no_reason_to_end(server, house, caplog):
    tried = asyncio.Event()

    async def sleep(seconds):
        tried.set()
        await asyncio.Event().wait()

    platform = DiscordPlatform(Secret(TOKEN), "http://127.0.0.1:1", "ws://127.0.0.1:1", sleep=sleep)
    await platform.start(house)
    await tried.wait()
    await platform.stop()
    assert "Discord cannot be reached" in caplog.text
    assert "trying again in 5 s" in caplog.text


async def test_a_discord_that_does_not_answer_keeps_nobody_waiting(unconnected, server, house, monkeypatch):
    monkeypatch.setattr(connection, "START_SECONDS", 0)
    await unconnected.start(house)
    assert not server.calls
    await server.until(lambda: server.said(IDENTIFY))
    await unconnected.stop()


async def test_a_connection_that_breaks_for_good_is_made_anew(unconnected, server, house, pauses, caplog):
    await unconnected.start(house)
    await server.links[0].close(code=4013)
    await server.until(lambda: len(server.said(IDENTIFY)) == 2)
    await answers(server)
    await unconnected.stop()
    assert pauses == [PAUSES[0]]


async def test_what_is_painted_while_discord_is_away_is_posted_when_it_is_there(server, house):
    away, over = asyncio.Event(), asyncio.Event()

    async def sleep(seconds):
        away.set()
        await over.wait()

    platform = DiscordPlatform(Secret(TOKEN), f"{server.address}/api", server.gateway, sleep=sleep)
    await platform.start(house)
    await server.links[0].close(code=4013)
    await away.wait()
    reply = ReplyTarget(CHANNEL, ANN, 55).to_reply()
    posting = asyncio.ensure_future(platform.post(delivery_of("discord:1", "", "", reply), PAINTED))
    await asyncio.sleep(0)
    assert not posting.done()
    over.set()
    await posting
    assert len(server.messages) == 1
    await platform.stop()


async def test_what_cannot_be_understood_is_logged_and_tried_again(unconnected, server, house, caplog):
    server.scripted["application"] = [(200, {}, {})]
    await unconnected.start(house)
    await server.until(lambda: server.said(IDENTIFY))
    await unconnected.stop()
    assert "the connection to Discord broke; trying again in 5 s" in caplog.text


@pytest.mark.parametrize("places", [(None, None), ("http://127.0.0.1:1/", "ws://127.0.0.1:1")])
async def test_other_addresses_stay_as_they_are(server, places):
    headers = {"Authorization": f"Bot {TOKEN}"}
    async with (
        aiohttp.ClientSession(connector=RedirectingConnector(*places), headers=headers) as http,
        http.get(f"{server.address}/api/users/@me") as response,
    ):
        assert response.status == 200


async def test_discords_own_addresses_lead_where_the_settings_say(server):
    connector = RedirectingConnector(f"{server.address}/api/", None)
    async with (
        aiohttp.ClientSession(connector=connector) as http,
        http.get("https://discord.com/api/v10/users/%40me?a=b%2Fc") as response,
    ):
        assert response.status == 401
    assert server.called("me")

"""Facts about bot/platforms/discord/connection.py, over real sockets to a fake Discord."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager

import aiohttp
import discord
import pytest

from bot.config import Secret
from bot.platforms import connecting
from bot.platforms.connecting import PAUSES
from bot.platforms.discord import connection
from bot.platforms.discord.adapter import DiscordPlatform
from bot.platforms.discord.connection import CLOSED, INVALID_SECONDS, RedirectingConnector
from bot.platforms.discord.messages import DiscordReplyTarget
from bot.ports import Refused, TokenRejected
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

DELIVERY = delivery_of(
    "discord:1", "discord:100", f"discord:{CHANNEL}", DiscordReplyTarget(CHANNEL, ANN, 55).to_reply()
)
SHARED = {"Via": "1.1 google", "X-RateLimit-Scope": "shared"}
LIMITED = {"message": "You are being rate limited.", "retry_after": 0.01, "global": False}


@pytest.fixture
async def joined(server, service, clock, monkeypatch):
    """An adapter for which two invalid requests are too many, with the pauses it made."""
    monkeypatch.setattr(connection, "MOST_INVALID", 2)
    pauses = []

    async def sleep(seconds):
        pauses.append(seconds)
        clock.advance(seconds)

    places = f"{server.address}/api", server.gateway
    platform = DiscordPlatform(Secret(TOKEN), *places, clock=clock, sleep=sleep)
    await platform.start(service)
    yield platform, pauses
    await platform.stop()


async def test_long_before_a_ban_easel_says_so_and_leaves_discord_alone_for_as_long(joined, server, caplog):
    platform, pauses = joined
    server.closed.add(CHANNEL)
    server.shy.add(ANN)
    with pytest.raises(Refused):
        await platform.post(DELIVERY, PAINTED)
    await server.until(lambda: len(server.said(IDENTIFY)) == 2)
    assert pauses == [INVALID_SECONDS]
    assert caplog.text.count("Discord refused 2 requests within 10 minutes, the last one with 403") == 1
    await server.interact(command("help", {}))
    await server.written()


async def test_invalid_requests_that_are_far_apart_cause_no_pause(joined, server, clock):
    platform, pauses = joined
    server.closed.add(CHANNEL)
    for _ in range(3):
        clock.advance(INVALID_SECONDS)
        await platform.post(DELIVERY, PAINTED)
    assert pauses == []


async def test_other_mistakes_are_not_counted(joined, server):
    platform, pauses = joined
    server.scripted["send"] = [(400, {}, {"code": 50035, "message": "Invalid Form Body"})] * 6
    for _ in range(3):
        with pytest.raises(Refused):
            await platform.post(DELIVERY, PAINTED)
    assert pauses == []


async def test_a_limit_that_others_share_is_not_ones_own_fault(joined, server):
    platform, pauses = joined
    server.scripted["send"] = [(429, SHARED, LIMITED)] * 3
    await platform.post(DELIVERY, PAINTED)
    assert (pauses, len(server.messages)) == ([], 1)


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
    listener, log = Listener(text), logging.getLogger(connecting.__name__)
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


async def test_a_connection_that_breaks_is_resumed_and_nothing_is_missed(platform, server, service):
    await server.sockets[0].close(code=1001)
    asked = await server.interact(command("help", {}))
    await server.until(lambda: asked.kind)
    assert len(server.said(IDENTIFY)) == len(server.said(RESUME)) == 1
    assert len(service.asks) == 1


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
        await server.sockets[0].close(code=1001)
    await server.until(lambda: len(server.said(IDENTIFY)) == 2)
    await answers(server)


async def test_a_token_that_the_gateway_rejects_is_said_in_one_sentence(unconnected, server, service):
    server.refusing = BAD_TOKEN
    with pytest.raises(TokenRejected, match=REJECTED):
        await unconnected.start(service)


async def test_a_token_that_is_taken_back_is_said_in_the_log(platform, server):
    async with logged(REJECTED):
        await server.sockets[0].close(code=BAD_TOKEN)


async def test_while_discord_is_away_easel_starts_without_it_and_joins_it_later(
    unconnected, server, service, pauses, caplog
):
    server.scripted["me"] = [AWAY] * 7
    await unconnected.start(service)
    assert "Easel goes on without it" in caplog.text
    await server.until(lambda: server.said(IDENTIFY))
    await answers(server)
    await unconnected.stop()
    assert pauses == [*PAUSES, PAUSES[-1], PAUSES[-1]]


async def test_a_network_without_discord_is_no_reason_to_end(server, service, caplog):
    tried = asyncio.Event()

    async def sleep(seconds):
        tried.set()
        await asyncio.Event().wait()

    platform = DiscordPlatform(Secret(TOKEN), "http://127.0.0.1:1", "ws://127.0.0.1:1", sleep=sleep)
    await platform.start(service)
    await tried.wait()
    await platform.stop()
    assert "Discord cannot be reached" in caplog.text
    assert "trying again in 5 s" in caplog.text


async def test_a_discord_that_does_not_answer_keeps_nobody_waiting(unconnected, server, service, monkeypatch):
    monkeypatch.setattr(connecting, "START_SECONDS", 0)
    await unconnected.start(service)
    assert not server.calls
    await server.until(lambda: server.said(IDENTIFY))
    await unconnected.stop()


async def test_a_connection_that_breaks_for_good_is_made_anew(unconnected, server, service, pauses, caplog):
    await unconnected.start(service)
    await server.sockets[0].close(code=4013)
    await server.until(lambda: len(server.said(IDENTIFY)) == 2)
    await answers(server)
    await unconnected.stop()
    assert pauses == [PAUSES[0]]


@pytest.mark.parametrize("code", sorted(CLOSED))
async def test_what_discord_wants_no_second_attempt_after_is_said_with_what_to_do(
    unconnected, server, service, pauses, code, caplog
):
    caplog.set_level("INFO")
    server.refusing = code
    await unconnected.start(service)
    assert not unconnected.connected
    server.refusing = 0
    await server.until(lambda: server.live)
    await answers(server)
    await unconnected.stop()
    assert f"{CLOSED[code]}; trying again in 5 s" in caplog.text
    ways = [each for each in caplog.messages if "discord is" in each]
    later = "discord is not there yet; Easel goes on without it and connects when it can"
    assert ways == [later, "discord is connected"]
    assert not [record for record in caplog.records if record.exc_info]


async def test_what_is_painted_while_discord_is_away_is_posted_when_it_is_there(server, service):
    away, over = asyncio.Event(), asyncio.Event()

    async def sleep(seconds):
        away.set()
        await over.wait()

    platform = DiscordPlatform(Secret(TOKEN), f"{server.address}/api", server.gateway, sleep=sleep)
    await platform.start(service)
    await server.sockets[0].close(code=4013)
    await away.wait()
    reply = DiscordReplyTarget(CHANNEL, ANN, 55).to_reply()
    posting = asyncio.ensure_future(platform.post(delivery_of("discord:1", "", "", reply), PAINTED))
    await asyncio.sleep(0)
    assert not posting.done()
    over.set()
    await posting
    assert len(server.messages) == 1
    await platform.stop()


async def test_what_cannot_be_understood_is_logged_and_tried_again(unconnected, server, service, caplog):
    server.scripted["application"] = [(200, {}, {})]
    await unconnected.start(service)
    await server.until(lambda: server.said(IDENTIFY))
    await unconnected.stop()
    assert "the connection to discord broke; trying again in 5 s" in caplog.text


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

"""Facts about bot/platforms/slack/connection.py: signed requests, and what keeps Slack from being reached."""

from __future__ import annotations

import json
import time
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.platforms.slack.connection import SCOPES
from bot.ports import TokenRejected
from tests.support.slack.server import BOT_USER, TEAM
from tests.support.slack.server import SCOPES as MANIFEST_SCOPES
from tests.support.slack.slack_app import adapter, command, event, shortcut, signed

pytestmark = pytest.mark.platform("slack")

MINUTES = 60


@pytest.fixture
async def platform(server, house):
    async with adapter(server, house, app=None) as platform:
        yield platform


async def send(address, body, headers, kind="application/json"):
    """(status, text) of what is answered."""
    async with (
        aiohttp.ClientSession() as http,
        http.post(address, data=body, headers={**headers, "Content-Type": kind}) as response,
    ):
        return response.status, await response.text()


async def test_a_signed_command_is_acknowledged_and_answered(platform, server, house):
    body = urlencode(command("a blue fish & more"))
    form = "application/x-www-form-urlencoded"
    assert await send(platform.address, body, signed(body, int(time.time())), form) == (200, "")
    await server.whispered()
    assert house.asks[0].words == "a blue fish & more"


async def test_a_signed_event_that_comes_twice_is_answered_once(platform, server, house):
    body = json.dumps(event("app_mention", text=f"<@{BOT_USER}> a blue fish"))
    headers = signed(body, int(time.time()))
    assert (await send(platform.address, body, headers))[0] == 200
    again = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    assert (await send(platform.address, body, {**headers, **again}))[0] == 200
    await server.whispered()
    assert len(house.asks) == 1


async def test_slack_may_check_the_address(platform):
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a"})
    status, text = await send(platform.address, body, signed(body, int(time.time())))
    assert (status, json.loads(text)) == (200, {"challenge": "3eZbrw1a"})


@pytest.mark.parametrize(
    ("age", "secret"),
    [pytest.param(0, "somebody-else", id="wrong"), pytest.param(6 * MINUTES, "loopback-signing", id="stale")],
)
async def test_a_request_with_a_bad_signature_is_turned_away(platform, house, age, secret):
    body = json.dumps(event("app_mention", text=f"<@{BOT_USER}> a blue fish"))
    status, _ = await send(platform.address, body, signed(body, int(time.time()) - age, secret))
    assert status == 401
    assert not house.asks


async def test_a_request_without_a_signature_is_turned_away(platform, house):
    status, _ = await send(platform.address, json.dumps(event("app_mention", text="a fish")), {})
    assert status == 401
    assert not house.asks


async def test_a_port_that_is_taken_is_an_os_error(platform, server, house):
    port = int(platform.address.split(":")[2].split("/")[0])
    with pytest.raises(OSError, match="in use"):
        async with adapter(server, house, app=None, port=port):
            pass


async def test_a_network_without_slack_is_said_in_one_sentence(server, house):
    server.address = "http://127.0.0.1:1"
    with pytest.raises(TokenRejected, match=r"Slack cannot be reached \(.+\); check the network"):
        async with adapter(server, house):
            pass


async def test_an_event_that_takes_long_is_acknowledged_only_when_it_is_written_down(server, house):
    house.gate.clear()
    said = event("app_mention", text="help")
    async with adapter(server, house, patience=0):
        first, again = [await server.send("events_api", said) for _ in range(2)]
        await server.sent("slash_commands", command("", "help"))
        assert not {first, again} & set(server.acks)
        house.gate.set()
        await server.until(lambda: {first, again} <= set(server.acks))
    assert len(house.asks) == 2


@pytest.mark.parametrize(
    ("kind", "said"),
    [("slash_commands", command("", "help")), ("interactive", shortcut("info", "C1", "1.1"))],
)
async def test_what_takes_long_is_acknowledged_once_its_sender_knows_that_it_is_not_written_down(
    server, house, kind, said
):
    house.gate.clear()
    async with adapter(server, house, patience=0.01):
        envelope = await server.send(kind, said)
        [late] = await server.whispered()
        assert "not saved your request yet" in late["text"]
        await server.until(lambda: envelope in server.acks)
        house.gate.set()
        _, answer = await server.whispered(2)
        assert answer["text"] == "Here I am."


async def test_what_can_neither_be_written_down_nor_said_is_not_acknowledged(server, house, caplog):
    house.gate.clear()
    refused = (200, {}, {"ok": False, "error": "channel_not_found"})
    server.scripted["chat.postEphemeral"] = [refused]
    async with adapter(server, house, patience=0.01):
        envelope = await server.send("slash_commands", command("", "help"))
        await server.until(lambda: server.called("chat.postEphemeral"))
        house.gate.set()
        await server.whispered()
        assert envelope not in server.acks


async def test_a_scope_that_is_missing_is_named(server, house, caplog):
    scopes = ", ".join(sorted(SCOPES - {"files:write", "users:read"}))
    me = {"ok": True, "team_id": TEAM, "user_id": "UEASEL", "user": "easel"}
    for given in (scopes, ", ".join(SCOPES)):
        server.scripted["auth.test"] = [(200, {"X-OAuth-Scopes": given}, me)]
        async with adapter(server, house):
            pass
    assert caplog.text.count("Slack gives no leave for files:write, users:read; compare the scopes") == 1


def test_the_scopes_are_those_of_the_manifest():
    assert MANIFEST_SCOPES == SCOPES

"""Facts about bot/platforms/slack/connection.py, over real sockets: who gets in, and what keeps Slack out."""

from __future__ import annotations

import asyncio
import json
import re
import time
from unittest import mock
from urllib.parse import urlencode

import aiohttp
import pytest
from slack_sdk.signature import Clock, SignatureVerifier

from bot.config import Secret
from bot.platforms.slack import connection
from bot.platforms.slack.adapter import SlackPlatform
from bot.platforms.slack.connection import SCOPES, is_signed, make_web_client
from bot.ports import TokenRejected
from tests.support.fakes import NOON
from tests.support.slack.server import APP_TOKEN, BOT_TOKEN, BOT_USER, TEAM
from tests.support.slack.server import SCOPES as MANIFEST_SCOPES
from tests.support.slack.slack_app import SIGNING_SECRET, adapter, command, event, shortcut, signed

pytestmark = pytest.mark.platform("slack")

MINUTES = 60


@pytest.fixture
async def platform(server, service):
    async with adapter(server, service, app=None) as platform:
        yield platform


async def send(address, body, headers, kind="application/json"):
    """(status, text) of what is answered."""
    async with (
        aiohttp.ClientSession() as http,
        http.post(address, data=body, headers={**headers, "Content-Type": kind}) as response,
    ):
        return response.status, await response.text()


async def test_a_signed_command_is_acknowledged_and_answered(platform, server, service):
    body = urlencode(command("a blue fish & more"))
    form = "application/x-www-form-urlencoded"
    assert await send(platform.address, body, signed(body, int(time.time())), form) == (200, "")
    await server.whispered()
    assert service.asks[0].words == "a blue fish & more"


async def test_a_signed_event_that_comes_twice_is_answered_once(platform, server, service):
    body = json.dumps(event("app_mention", text=f"<@{BOT_USER}> a blue fish"))
    headers = signed(body, int(time.time()))
    assert (await send(platform.address, body, headers))[0] == 200
    again = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    assert (await send(platform.address, body, {**headers, **again}))[0] == 200
    await server.whispered()
    assert len(service.asks) == 1


async def test_slack_may_check_the_address(platform):
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a"})
    status, text = await send(platform.address, body, signed(body, int(time.time())))
    assert (status, json.loads(text)) == (200, {"challenge": "3eZbrw1a"})


@pytest.mark.parametrize(
    ("age", "secret"),
    [pytest.param(0, "somebody-else", id="wrong"), pytest.param(6 * MINUTES, "loopback-signing", id="stale")],
)
async def test_a_request_with_a_bad_signature_is_turned_away(platform, service, age, secret):
    body = json.dumps(event("app_mention", text=f"<@{BOT_USER}> a blue fish"))
    status, _ = await send(platform.address, body, signed(body, int(time.time()) - age, secret))
    assert status == 401
    assert not service.asks


async def test_a_request_without_a_signature_is_turned_away(platform, service):
    status, _ = await send(platform.address, json.dumps(event("app_mention", text="a fish")), {})
    assert status == 401
    assert not service.asks


@pytest.mark.parametrize("body", ["{", "payload=%7B", "\xff"])
async def test_a_signed_request_that_cannot_be_read_is_a_bad_request(platform, service, body, caplog):
    kind = "application/x-www-form-urlencoded" if body.startswith("payload") else "application/json"
    assert (await send(platform.address, body, signed(body, int(time.time())), kind))[0] == 400
    assert not service.asks
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_port_that_is_taken_is_an_os_error(platform, server, service):
    port = int(platform.address.split(":")[2].split("/")[0])
    with pytest.raises(OSError, match="in use"):
        async with adapter(server, service, app=None, port=port):
            pass


@pytest.mark.parametrize("away", [503, "internal_error", "fatal_error", "network"])
async def test_slack_that_is_away_for_ten_minutes_at_the_start_is_joined_as_soon_as_it_is_there(
    server, service, clock, caplog, away
):
    minutes, there = [], asyncio.Event()

    async def sleep(seconds):
        clock.advance(seconds)
        minutes.append((clock.now - NOON) / 60)
        if minutes[-1] >= 10:
            server.denied.clear()
            base[0] = f"{server.address}/api/"
            there.set()

    base = ["http://127.0.0.1:1/" if away == "network" else f"{server.address}/api/"]
    server.denied = {} if away == "network" else {"auth.test": away}
    platform = SlackPlatform(
        Secret(BOT_TOKEN), Secret(APP_TOKEN), None, None, "127.0.0.1", 0, clock=clock, sleep=sleep
    )
    with mock.patch(
        "bot.platforms.slack.adapter.make_web_client",
        lambda token, _, session: make_web_client(token, base[0], session),
    ):
        await platform.start(service)
        assert not platform.connected
        await there.wait()
        await server.until(lambda: server.live)
        await server.sent("slash_commands", command("", "help"))
        await platform.stop()
    assert len(service.asks) == 1
    assert "slack is not there yet; Easel goes on without it" in caplog.text
    assert re.search(r"Slack cannot be reached \(.+\); check the network.*; trying again in 5 s", caplog.text)
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("error", ["invalid_auth", "account_inactive", "token_revoked"])
async def test_a_token_that_slack_does_not_accept_is_final(server, service, error):
    server.denied["auth.test"] = error
    with pytest.raises(TokenRejected, match=rf"does not accept EASEL_SLACK_BOT_TOKEN \({error}\)"):
        async with adapter(server, service):
            pass


async def test_a_token_that_is_taken_back_while_easel_runs_is_said_in_one_sentence(
    server, service, monkeypatch, caplog
):
    monkeypatch.setattr(connection, "CHECK_SECONDS", 0.001)
    async with adapter(server, service) as platform:
        server.denied |= dict.fromkeys(("auth.test", "apps.connections.open"), "token_revoked")
        await server.sockets[-1].close()
        with pytest.raises(TokenRejected):
            await platform._steady._task
        assert not platform.connected
    rejected = [each for each in caplog.messages if "EASEL_SLACK_BOT_TOKEN (token_revoked)" in each]
    assert len(rejected) == 1
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_socket_that_is_lost_for_long_is_made_anew(server, service, monkeypatch):
    monkeypatch.setattr(connection, "CHECK_SECONDS", 0.001)
    async with adapter(server, service):
        server.denied["apps.connections.open"] = "internal_error"
        await server.sockets[-1].close()
        await server.until(lambda: len(server.called("auth.test")) > 1)
        server.denied.clear()
        await server.until(lambda: server.live)
        await server.sent("slash_commands", command("", "help"))
    assert len(service.asks) == 1


async def test_an_event_that_takes_long_is_acknowledged_only_when_it_is_written_down(server, service):
    service.gate.clear()
    said = event("app_mention", text="help")
    async with adapter(server, service, patience=0):
        first, again = [await server.send("events_api", said) for _ in range(2)]
        await server.sent("slash_commands", command("", "help"))
        assert not {first, again} & set(server.acks)
        service.gate.set()
        await server.until(lambda: {first, again} <= set(server.acks))
    assert len(service.asks) == 2


@pytest.mark.parametrize(
    ("kind", "said"),
    [("slash_commands", command("", "help")), ("interactive", shortcut("info", "C1", "1.1"))],
)
async def test_what_takes_long_is_acknowledged_once_its_sender_knows_that_it_is_not_written_down(
    server, service, kind, said
):
    service.gate.clear()
    async with adapter(server, service, patience=0.01):
        envelope = await server.send(kind, said)
        [late] = await server.whispered()
        assert "not saved your request yet" in late["text"]
        await server.until(lambda: envelope in server.acks)
        service.gate.set()
        _, answer = await server.whispered(2)
        assert answer["text"] == "Here I am."


async def test_what_can_neither_be_written_down_nor_said_is_not_acknowledged(server, service, caplog):
    service.gate.clear()
    refused = (200, {}, {"ok": False, "error": "channel_not_found"})
    server.scripted["chat.postEphemeral"] = [refused]
    async with adapter(server, service, patience=0.01):
        envelope = await server.send("slash_commands", command("", "help"))
        await server.until(lambda: server.called("chat.postEphemeral"))
        service.gate.set()
        await server.whispered()
        assert envelope not in server.acks


async def test_a_scope_that_is_missing_is_named(server, service, caplog):
    scopes = ", ".join(sorted(SCOPES - {"files:write", "users:read"}))
    me = {"ok": True, "team_id": TEAM, "user_id": "UEASEL", "user": "easel"}
    for given in (scopes, ", ".join(SCOPES)):
        server.scripted["auth.test"] = [(200, {"X-OAuth-Scopes": given}, me)]
        async with adapter(server, service):
            pass
    assert caplog.text.count("Slack grants no files:write, users:read; compare the scopes") == 1


def test_the_scopes_are_those_of_the_manifest():
    assert MANIFEST_SCOPES == SCOPES


NOW = 1_800_014_400
WINDOW = 5 * 60
MENTION = json.dumps(event("app_mention", text=f"<@{BOT_USER}> a blue fish"))


async def status_of(url, method="POST", body=MENTION, kind="application/json", **headers):
    """The status of a request."""
    sent = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, url, data=body, headers=sent) as response,
    ):
        return response.status


def routes(platform):
    """(method, address) of everything that is served, and of what is not."""
    server = platform._connection._runner.app.router
    found = {(each.method, each.resource.canonical) for each in server.routes()}
    base = platform.address.removesuffix("/slack/events")
    tried = {*found, *(("GET", path) for _, path in found), ("POST", "/"), ("GET", "/nowhere")}
    return [(method, base + path) for method, path in sorted(tried)]


async def test_no_route_answers_what_is_not_signed(platform, service):
    tried = routes(platform)
    assert len(tried) >= 4
    for body, kind in [
        (MENTION, "application/json"),
        (json.dumps({"type": "url_verification", "challenge": "x"}), "application/json"),
        (urlencode(command("a blue fish")), "application/x-www-form-urlencoded"),
        ("ssl_check=1&token=x", "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "application/json"),
        ("", "text/plain"),
    ]:
        statuses = {await status_of(url, method, body, kind) for method, url in tried}
        assert statuses == {401}, body
    assert not service.asks


STRANGE = [
    {"X_Slack_Request_Timestamp": "now"},
    {"X_Slack_Request_Timestamp": ""},
    {"X_Slack_Request_Timestamp": "9" * 400},
    {"X_Slack_Request_Timestamp": "9" * 5000},
    {"X_Slack_Request_Timestamp": "nan"},
    {"X_Slack_Signature": "v0=é"},
    {"X_Slack_Signature": ""},
    {"X_Slack_Signature": "v1=" + "0" * 64},
]


@pytest.mark.parametrize("strange", STRANGE)
async def test_strange_signs_where_the_signature_stands_are_no_signature(platform, service, strange, caplog):
    right = {name.replace("-", "_"): value for name, value in signed(MENTION, int(time.time())).items()}
    assert await status_of(platform.address, **{**right, **strange}) == 401
    assert not service.asks
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


class Stopped(Clock):
    def now(self):
        return NOW


@pytest.mark.parametrize(
    ("age", "taken"),
    [(0, True), (WINDOW, True), (-WINDOW, True), (WINDOW + 1, False), (-WINDOW - 1, False), (86_400, False)],
)
def test_a_signature_is_believed_for_five_minutes(age, taken):
    headers = signed(MENTION, NOW - age)
    verifier = SignatureVerifier(SIGNING_SECRET, Stopped())
    times = headers["X-Slack-Request-Timestamp"]
    assert is_signed(verifier, MENTION.encode(), times, headers["X-Slack-Signature"]) is taken


def test_a_signature_holds_for_its_own_body_alone():
    headers = signed(MENTION, NOW)
    verifier = SignatureVerifier(SIGNING_SECRET, Stopped())
    other = MENTION.replace("blue", "grey").encode()
    assert not is_signed(verifier, other, str(NOW), headers["X-Slack-Signature"])

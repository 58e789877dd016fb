"""Facts about bot/platforms/slack/connection.py, over real sockets: nothing unsigned gets in by any route."""

from __future__ import annotations

import json
import time
from urllib.parse import urlencode

import aiohttp
import pytest
from slack_sdk.signature import Clock, SignatureVerifier

from bot.platforms.slack.connection import is_signed
from tests.support.slack.server import BOT_USER
from tests.support.slack.slack_app import SIGNING_SECRET, adapter, command, event, signed

pytestmark = pytest.mark.platform("slack")

NOW = 1_800_014_400
WINDOW = 5 * 60
MENTION = json.dumps(event("app_mention", text=f"<@{BOT_USER}> a blue fish"))


@pytest.fixture
async def platform(server, house):
    async with adapter(server, house, app=None) as platform:
        yield platform


async def send(url, method="POST", body=MENTION, kind="application/json", **headers):
    """The status of a request."""
    sent = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, url, data=body, headers=sent) as response,
    ):
        return response.status


def routes(platform):
    """(method, address) of everything that is served, and of what is not."""
    server = platform._link._runner.app.router
    found = {(each.method, each.resource.canonical) for each in server.routes()}
    base = platform.address.removesuffix("/slack/events")
    tried = {*found, *(("GET", path) for _, path in found), ("POST", "/"), ("GET", "/nowhere")}
    return [(method, base + path) for method, path in sorted(tried)]


async def test_no_route_answers_what_is_not_signed(platform, house):
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
        statuses = {await send(url, method, body, kind) for method, url in tried}
        assert statuses == {401}, body
    assert not house.asks


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
async def test_strange_signs_where_the_signature_stands_are_no_signature(platform, house, strange, caplog):
    right = {name.replace("-", "_"): value for name, value in signed(MENTION, int(time.time())).items()}
    assert await send(platform.address, **{**right, **strange}) == 401
    assert not house.asks
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

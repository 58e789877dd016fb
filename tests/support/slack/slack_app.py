"""Connect Easel to the fake Slack, and make the events that Slack sends."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from bot.app import App, running
from bot.config import BotConfig, Config, Secret, SlackConfig, Tokens, WebConfig
from bot.platforms.slack.adapter import PATIENCE, SlackPlatform
from tests.support.databases import storage_in
from tests.support.fakes import FakeClock, FakePaintingClient, RecordingService
from tests.support.loopback import Joining
from tests.support.slack.server import APP_TOKEN, BOT_TOKEN, TEAM, SlackServer, slack_server

SIGNING_SECRET = "loopback-signing"  # noqa: S105
MANY = 100_000
"""Messages at once in a channel, more than any test sends."""
WORDS = "style=ink color=blue shape=fish size=256"
_numbers = itertools.count(1)


def command(text: str = WORDS, word: str = "paint", **changes: Any) -> dict[str, Any]:
    """Make a slash command, with changes."""
    said = {"command": f"/{word}", "text": text, "team_id": TEAM, "channel_id": "C1", "user_id": "U1"}
    return {**said, "trigger_id": f"trigger-{next(_numbers)}", **changes}


def event(kind: str, **fields: Any) -> dict[str, Any]:
    """Make an event of somebody, with changes."""
    inside = {"type": kind, "user": "U1", "channel": "C1", "ts": "1700000000.000001", **fields}
    number = f"Ev{next(_numbers)}"
    return {"type": "event_callback", "team_id": TEAM, "event_id": number, "event": inside}


def reaction(kind: str, name: str, channel: str, ts: str, user: str = "U1") -> dict[str, Any]:
    """Add or remove a reaction to a message."""
    item = {"type": "message", "channel": channel, "ts": ts}
    return event(f"reaction_{kind}", reaction=name, item=item, user=user)


def press(message: dict[str, Any], verb: str, place: int = 0, **changes: Any) -> dict[str, Any]:
    """Press a button of a message. place: which of those with this verb"""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    buttons = [each for row in rows for each in row]
    button = [each for each in buttons if each["action_id"].partition(":")[0] == verb][place]
    seen = {key: message[key] for key in ("ts", "thread_ts") if message.get(key)}
    pressed = {"type": "block_actions", "actions": [button], "message": seen}
    return {**pressed, **_who(message["channel"]), **changes}


def shortcut(name: str, channel: str, ts: str, **changes: Any) -> dict[str, Any]:
    """Choose in the menu of a message."""
    seen = {"ts": ts, **changes.pop("message", {})}
    return {"type": "message_action", "callback_id": name, "message": seen, **_who(channel), **changes}


def submission(form: dict[str, Any], line: str = "", change: str = "") -> dict[str, Any]:
    """Fill in a form and send it."""
    said = {"line": line, "change": change}
    names = [each["block_id"] for each in form["blocks"]]
    values = {each: {each: {"type": "plain_text_input", "value": said[each] or None}} for each in names}
    view = {**form, "state": {"values": values}}
    trigger = f"trigger-{next(_numbers)}"
    return {
        "type": "view_submission",
        "trigger_id": trigger,
        "view": view,
        "team": {"id": TEAM},
        "user": {"id": "U1"},
    }


def _who(channel: str) -> dict[str, Any]:
    return {
        "team": {"id": TEAM},
        "user": {"id": "U1"},
        "channel": {"id": channel},
        "trigger_id": f"trigger-{next(_numbers)}",
    }


def signed(body: str, now: int, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """Return the headers of a request that Slack signs at `now` (UTC epoch seconds)."""
    digest = hmac.new(secret.encode(), f"v0:{now}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(now), "X-Slack-Signature": f"v0={digest}"}


@asynccontextmanager
async def slack_app(
    folder: Path,
    server: SlackServer,
    painting_client: FakePaintingClient,
    bot: str = BOT_TOKEN,
    app: str | None = APP_TOKEN,
    signing: str | None = None,
    clock: Callable[[], float] = time.time,
) -> AsyncIterator[App]:
    """Run all of Easel in `folder` with the fake Slack."""
    config = Config(
        bot=BotConfig(shutdown_grace=0),
        web=WebConfig(port=0),
        slack=SlackConfig(api_base=f"{server.address}/api/", http_port=0),
        storage=storage_in(folder),
    )
    secrets = {"slack_bot": bot, "slack_app": app, "slack_signing": signing}
    tokens = Tokens(**{name: Secret(value) for name, value in secrets.items() if value})
    async with running(config, tokens, painting_client, clock) as easel:
        yield easel


@asynccontextmanager
async def adapter(
    server: SlackServer,
    service: RecordingService,
    clock: FakeClock | None = None,
    app: str | None = APP_TOKEN,
    port: int = 0,
    patience: float = PATIENCE,
) -> AsyncIterator[SlackPlatform]:
    """Run only the adapter, with a clock that moves while it waits.

    Without an app token it takes signed requests.

    Its messages are not paced, because that would take the event loop's time.
    """
    clock = clock or FakeClock()

    async def sleep(seconds: float) -> None:
        clock.advance(seconds)

    tokens = Secret(BOT_TOKEN), Secret(app) if app else None, Secret(SIGNING_SECRET)
    base = f"{server.address}/api/"
    turns = {"clock": clock, "sleep": sleep, "patience": patience}
    platform = SlackPlatform(*tokens, base, "127.0.0.1", port, **turns)
    with mock.patch("bot.platforms.slack.messages.AT_ONCE", MANY):
        await platform.start(service)  # type: ignore[arg-type]
        try:
            yield platform
        finally:
            await platform.stop()


JOINING = Joining(slack_server, slack_app, adapter)

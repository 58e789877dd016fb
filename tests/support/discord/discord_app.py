"""Connect Easel to the fake Discord, and make the events that Discord sends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import simcord

from bot.app import App, running
from bot.config import BotConfig, Config, DiscordConfig, Secret, Tokens, WebConfig
from bot.platforms.discord.adapter import PATIENCE, DiscordPlatform
from commands.chat import Answer, Ask
from tests.support.databases import storage_in
from tests.support.discord.gateway import APPLICATION, BOT_USER, CHANNEL, GUILD, ROOM, TOKEN
from tests.support.discord.server import DiscordServer, direct_channel, discord_server
from tests.support.fakes import FakeClock, FakePaintingClient, RecordingService
from tests.support.loopback import Joining

ANN, BOB = 1, 2
WORDS: Mapping[str, object] = {"style": "ink", "color": "blue", "shape": "fish", "size": 256}
LINE = "style=ink color=blue shape=fish size=256"
SETTLE_SECONDS = 1.5
"""Seconds, less than the adapter waits, so that no test waits for a real clock."""
COMMAND, PRESS, COMPLETION, SUBMISSION = 2, 3, 4, 5
"""Types of an interaction."""
_KINDS = {str: 3, int: 4}
_PICKED = {"channel": 7, "role": 8}
"""Types of options whose value is picked, by name."""


def person(number: int = ANN, **fields: Any) -> dict[str, Any]:
    """Make a user, with changes."""
    return {"id": str(number), "username": f"user-{number}", "discriminator": "0", "avatar": None, **fields}


def member(number: int = ANN, permissions: int = 0, **fields: Any) -> dict[str, Any]:
    """Make a member of the server."""
    joined = {"roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "flags": 0, "deaf": False, "mute": False}
    return {**joined, "user": person(number), "permissions": str(permissions), **fields}


def command(
    name: str = "paint", options: Mapping[str, object] = WORDS, focused: str = "", **fields: Any
) -> dict[str, Any]:
    """A slash command in the server, or the typing of one when an option is `focused`; every field can be
    changed. What is picked is given as Discord describes it."""
    given, resolved = _given(options, focused)
    return {
        **{"application_id": str(APPLICATION), "type": COMPLETION if focused else COMMAND, "version": 1},
        **{"data": {"id": "1", "name": name, "type": 1, "options": given, "resolved": resolved}},
        "locale": "en-US",
        **{"guild_id": str(GUILD), "channel": ROOM, "member": member()},
        **{"attachment_size_limit": 10_485_760, "app_permissions": "0", "context": 0, **fields},
    }


def _given(options: Mapping[str, object], focused: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return options as Discord sends them, and what was picked in them."""
    given, resolved = [], {}
    for key, value in options.items():
        kind = _KINDS.get(type(value)) or _PICKED[key]
        if isinstance(value, Mapping):
            resolved[f"{key}s"] = {value["id"]: {**_PLAIN[key], **value}}
        sent = value["id"] if isinstance(value, Mapping) else value
        given.append({"name": key, "type": kind, "value": sent, "focused": key == focused})
    return given, resolved


_PLAIN: Mapping[str, Mapping[str, object]] = {
    "role": {
        "permissions": "0",
        "color": 0,
        "hoist": False,
        "position": 1,
        "managed": False,
        "mentionable": False,
    },
    "channel": {"permissions": "0"},
}


def press(post: Mapping[str, Any], verb: str, place: int = 0, **fields: Any) -> dict[str, Any]:
    """Press a button of a message in the server. place: which of those with this verb"""
    ids = [button["custom_id"] for row in post["components"] for button in row["components"]]
    pressed = [each for each in ids if each.partition(":")[0] == verb][place]
    shown = {name: value for name, value in post.items() if name != "pinged"}
    about = {"message": {**shown, "attachments": []}, "data": {"component_type": 2, "custom_id": pressed}}
    return {**command(**fields), "type": PRESS, **about}


def choice(name: str, post: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """Choose in the menu of a message in the server."""
    shown = {key: value for key, value in post.items() if key != "pinged"} | {"attachments": []}
    data = {"id": "1", "name": name, "type": 3, "target_id": post["id"]}
    return {**command(**fields), "data": {**data, "resolved": {"messages": {post["id"]: shown}}}}


def submission(form: Mapping[str, Any], line: str = "", change: str = "", **fields: Any) -> dict[str, Any]:
    """Fill in a form and send it."""
    values = {"line": line, "change": change}
    names = [each["component"]["custom_id"] for each in form["components"]]
    inside = [
        {
            "type": 18,
            "id": at,
            "component": {"type": 4, "id": 9 + at, "custom_id": name, "value": values[name]},
        }
        for at, name in enumerate(names, 1)
    ]
    data = {"custom_id": form["custom_id"], "components": inside}
    return {**command(**fields), "type": SUBMISSION, "data": data}


def direct_command(name: str = "paint", options: Mapping[str, object] = WORDS) -> dict[str, Any]:
    """Send a slash command in direct messages."""
    here = {"id": str(direct_channel(ANN)), "type": 1, "recipients": [person()]}
    said = {**command(name, options, channel=here), "user": person()}
    return {key: value for key, value in said.items() if key not in ("guild_id", "member")}


def message(server: DiscordServer, text: str, **fields: Any) -> dict[str, Any]:
    """Say something in the server, with changes."""
    mine = [{"id": str(BOT_USER)}] if str(BOT_USER) in text else []
    said = {"content": text, "mentions": mine, "attachments": [], "embeds": [], "mention_roles": []}
    plain = {"tts": False, "pinned": False, "mention_everyone": False, "type": 0, "edited_timestamp": None}
    where = {"id": str(next(server.ids)), "channel_id": str(CHANNEL), "guild_id": str(GUILD)}
    who = {"author": person(), "member": member(), "timestamp": "2027-01-15T12:00:00+00:00"}
    return {**said, **plain, **where, **who, **fields}


def direct_message(server: DiscordServer, text: str) -> dict[str, Any]:
    """Say something in direct messages."""
    said = message(server, text, channel_id=str(direct_channel(ANN)))
    return {key: value for key, value in said.items() if key not in ("guild_id", "member")}


def reaction(post: Mapping[str, Any], emoji: str, user: int = ANN, **fields: Any) -> dict[str, Any]:
    """Add or remove a reaction to a message in the server, with changes."""
    where = {"channel_id": post["channel_id"], "message_id": post["id"], "guild_id": str(GUILD)}
    what = {"emoji": {"id": None, "name": emoji}, "type": 0, "burst": False}
    return {**where, **what, "user_id": str(user), "member": member(user), **fields}


@asynccontextmanager
async def discord_app(
    folder: Path,
    server: DiscordServer,
    painting_client: FakePaintingClient,
    token: str = TOKEN,
    clock: Callable[[], float] = time.time,
) -> AsyncIterator[App]:
    """Run all of Easel in `folder` with the fake Discord."""
    config = Config(
        bot=BotConfig(shutdown_grace=0),
        web=WebConfig(port=0),
        discord=DiscordConfig(api_base=f"{server.address}/api", gateway=server.gateway),
        storage=storage_in(folder),
    )
    async with running(config, Tokens(discord=Secret(token)), painting_client, clock) as easel:
        yield easel


@asynccontextmanager
async def adapter(
    server: DiscordServer,
    service: RecordingService,
    clock: FakeClock | None = None,
    patience: float = PATIENCE,
) -> AsyncIterator[DiscordPlatform]:
    """Run only the adapter, with a clock that moves while it waits."""
    clock = clock or FakeClock()

    async def sleep(seconds: float) -> None:
        clock.advance(seconds)

    places = f"{server.address}/api", server.gateway
    platform = DiscordPlatform(Secret(TOKEN), *places, clock=clock, sleep=sleep, patience=patience)
    await platform.start(service)  # type: ignore[arg-type]
    try:
        yield platform
    finally:
        await platform.stop()


class SimulatedGateway:
    """Replace the connection to Discord by simcord's, without sockets and with its own clock.

    env: where people act
    """

    env: simcord.Env
    _prepare: Callable[[], Any]
    _publish: Callable[[], Awaitable[None]]

    def __init__(self) -> None:
        self._stack = AsyncExitStack()
        self.connected = asyncio.Event()

    def __call__(self, token: Secret, prepare: Any, publish: Any, *_: Any) -> SimulatedGateway:
        """Take the arguments of a `GatewayConnection`."""
        self._prepare, self._publish = prepare, publish
        return self

    async def open(self) -> None:
        client = self._prepare()
        # This is where simcord looks for the commands.
        client.tree = client._connection._command_tree
        run = simcord.run(client, settle_timeout=SETTLE_SECONDS)
        self.env = await self._stack.enter_async_context(run)
        await self._publish()

    def on_connected(self) -> None:
        self.connected.set()

    def check(self) -> None:
        """It is always there."""

    async def close(self) -> None:
        await self._stack.aclose()


@dataclass
class SlowService(RecordingService):
    """Sleep on simcord's clock."""

    seconds: float = 0.0

    async def handle(self, ask: Ask) -> Answer:
        await asyncio.sleep(self.seconds)
        return await super().handle(ask)


@asynccontextmanager
async def simulated(service: SlowService) -> AsyncIterator[simcord.Env]:
    """Run only the adapter, in simcord; an error in it fails the test."""
    gateway = SimulatedGateway()
    with mock.patch("bot.platforms.discord.adapter.GatewayConnection", gateway):
        platform = DiscordPlatform(Secret(TOKEN), None, None)
    await platform.start(service)  # type: ignore[arg-type]
    try:
        yield gateway.env
    finally:
        await platform.stop()


JOINING = Joining(discord_server, discord_app, adapter)

"""People on Discord, for the scenario: the real client library before the twin of Discord."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.app import App
from bot.platforms.discord.messages import post_id
from commands.command import Option
from commands.parsing.options import KEYS
from commands.registry import find
from tests.support.chat_users import Seen, Stage
from tests.support.discord.discord_app import command, discord_app, member, press, reaction
from tests.support.discord.gateway import CHANNEL, FRIENDS, GUILD, MANAGE_MESSAGES, MANAGE_SERVER, ROLES, ROOM
from tests.support.discord.payloads import PRIVATE
from tests.support.discord.server import DiscordServer, direct_channel, discord_server
from tests.support.fakes import FakePaintingClient, remembered

NUMBERS = {"ann": 1, "bob": 2, "mod": 9}
LOCALES = {"zh": "zh-CN"}


@dataclass(kw_only=True)
class DiscordStage(Stage):
    server: DiscordServer
    role: str = f"role=<@&{FRIENDS}>"

    def running(self) -> AbstractAsyncContextManager[App]:
        return discord_app(self.folder, self.server, self.painting_client, clock=self.clock)

    async def arrive(self, name: str) -> DiscordPerson:
        return DiscordPerson(self, NUMBERS[name], MANAGE_SERVER | MANAGE_MESSAGES if name == "mod" else 0)


@dataclass
class DiscordPerson:
    """permissions: what they may do in the server"""

    stage: DiscordStage
    number: int
    permissions: int = 0

    @property
    def named(self) -> str:
        return f"<@{self.number}>"

    @property
    def room(self) -> str:
        return f"channel=<#{CHANNEL}>"

    @property
    def _fields(self) -> dict[str, Any]:
        roles = [str(FRIENDS)] if self.number == NUMBERS["bob"] else []
        return {"member": member(self.number, self.permissions, roles=roles)}

    async def say(self, line: str) -> Seen:
        word, _, words = line.removeprefix("/").partition(" ")
        return await self._interact(command(word, options_of(word, words), **self._fields))

    async def press(self, seen: Seen, verb: str, place: int = 0) -> Seen:
        return await self._interact(press(seen.raw, verb, place, **self._fields))

    async def _interact(self, payload: dict[str, Any]) -> Seen:
        server = self.stage.server
        asked = await server.interact(payload)

        def answered() -> Any:
            found = server.messages.get((asked.channel, asked.message))
            return found if found and found["content"] else None

        return seen_of(await server.until(answered))

    async def react(self, seen: Seen, emoji: str, on: bool = True) -> None:
        change = "ADD" if on else "REMOVE"
        said = reaction(seen.raw, emoji, self.number, **self._fields)
        await self.stage.server.happen(f"MESSAGE_REACTION_{change}", said)

    async def result(self) -> Seen:
        """Wait for the next new result in the channel and return it."""

        def fresh() -> Any:
            found = [
                each
                for each in self.stage.server.messages.values()
                if each["channel_id"] == str(CHANNEL) and not each["flags"] & PRIVATE
            ]
            return next(
                (each for each in found if is_painted(each) and each["id"] not in self.stage.known), None
            )

        message = await self.stage.server.until(fresh)
        self.stage.known.add(message["id"])
        assert self.stage.app is not None
        post = post_id(CHANNEL, int(message["id"]))
        await remembered(self.stage.app.service, post, server=f"discord:{GUILD}")
        return seen_of(message)

    async def until(self, seen: Seen, true: Any) -> Seen:
        """Wait until the post is as expected and return it."""
        await self.stage.server.until(lambda: true(seen_of(seen.raw)))
        return seen_of(seen.raw)

    async def inbox(self, count: int) -> list[Seen]:
        """Wait for so many direct messages with pictures and return them."""
        mine = str(direct_channel(self.number))

        def enough() -> Any:
            messages = self.stage.server.messages.values()
            found = [each for each in messages if each["channel_id"] == mine and is_painted(each)]
            return found if len(found) >= count else None

        return [seen_of(each) for each in await self.stage.server.until(enough)]


def is_painted(message: dict[str, Any]) -> bool:
    return any(each["content_type"] == "image/png" for each in message["attachments"])


def seen_of(message: dict[str, Any]) -> Seen:
    """Return a message as a person sees it."""
    files = message["attachments"]
    return Seen(
        text=message["content"].replace("\\", ""),
        alts=[each["description"] for each in files],
        due="".join(re.findall("⏳.*", message["content"])),
        hidden=sum(each["filename"].startswith("SPOILER_") for each in files),
        raw=message,
    )


def options_of(word: str, words: str) -> dict[str, object]:
    """Return the options that somebody fills in for a line."""
    options = {each.name: each for each in find(word).options}
    given: dict[str, object] = {}
    bare: list[str] = []
    for each in re.findall(r'[^\s"]+"[^"]*"|\S+', words):
        key, equals, value = each.partition("=")
        if equals and key in options and (key in KEYS or not options[key].bare):
            given[key] = _filled_in(options[key], value.strip('"'))
        else:
            bare.append(each)
    names = [
        each.name
        for each in options.values()
        if each.bare and (each.kind != "choice" or {*bare} & {*each.choices})
    ]
    for name, value in zip(names, [*bare[: len(names) - 1], " ".join(bare[len(names) - 1 :])], strict=False):
        given |= {name: value} if value else {}
    return given


def _filled_in(option: Option, value: str) -> object:
    """Return what Discord sends for a value."""
    if option.kind in ("role", "channel"):
        known = {each["id"]: each for each in (*ROLES, ROOM)}
        return known["".join(re.findall(r"\d", value))]
    return int(value) if option.kind == "number" and not option.choices else value


@asynccontextmanager
async def stage(folder: Path, painting_client: FakePaintingClient) -> AsyncIterator[DiscordStage]:
    """Return Discord without people."""
    async with discord_server() as server:
        yield DiscordStage(server=server, folder=folder, painting_client=painting_client)

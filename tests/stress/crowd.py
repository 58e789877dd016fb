"""People who ask on three platforms while Easel comes and goes, and what each of them was promised.

A request is promised once it was taken: on Discord by the answer, on Slack by the acknowledgement of what got
no private answer (that it is refused, or not written down yet), on the web by the reply. Slack sends an event
again that nobody acknowledged, as the real one does, and who asks in the web chat repeats with the same key
what was not answered. Discord repeats nothing.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.support.discord import discord_app
from tests.support.discord.gateway import BOT_USER
from tests.support.discord.server import HELD, MESSAGE, DiscordServer
from tests.support.slack import slack_app
from tests.support.slack.server import SlackServer
from tests.support.web_client import WebClient

PEOPLE = 5
"""On each platform."""
SHAPES = ("fish", "boat", "crane", "tree", "cat")
MOST_WAITING = 30
"""Nobody else asks while so many people have no answer."""
AGAIN_SECONDS = 1.0
PRIVATE = 1 << 6
LOST = (aiohttp.ClientError, ConnectionError, TimeoutError)


def line(seed: int) -> str:
    """Return a new request."""
    return f"style=ink color=blue shape={SHAPES[seed % len(SHAPES)]} size=256 seed={seed}"


@dataclass
class Crowd:
    """port: of the web chat
    promised: ends of the keys of requests that were taken; faults: what went wrong with those who ask"""

    discord: DiscordServer
    slack: SlackServer
    web: WebClient
    random: random.Random
    port: int
    promised: set[str] = field(default_factory=set)
    asked: int = 0
    faults: list[BaseException] = field(default_factory=list)
    _seeds: itertools.count = field(default_factory=lambda: itertools.count(1))
    _said: list[str] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def config(self) -> dict[str, object]:
        """Return the addresses for Easel's configuration."""
        places = {"discord": self.discord.address, "gateway": self.discord.gateway}
        return {**places, "slack": self.slack.address, "port": self.port}

    def ask(self) -> None:
        """Ask on each platform that Easel is connected to."""
        if len(self._tasks) >= MOST_WAITING:
            return
        ways = []
        if self.discord.live:
            # Then the web chat is there too, or was just now.
            ways.append(self._ask_web)
            ways.append(self.random.choice((self._command_discord, self._mention_discord)))
        if self.slack.live:
            ways.append(self.random.choice((self._command_slack, self._mention_slack)))
        for way in ways:
            seed = next(self._seeds)
            self.asked += 1
            self._spawn(way(seed, 1 + seed % PEOPLE))

    async def wait(self, seconds: float) -> None:
        """Wait until everybody has an answer."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()):
            self.faults.append(fault)

    async def _command_discord(self, seed: int, person: int) -> None:
        words = {**discord_app.WORDS, "shape": SHAPES[seed % len(SHAPES)], "seed": seed}
        await self.discord.interact(discord_app.command(options=words, member=discord_app.member(person)))

    async def _mention_discord(self, seed: int, person: int) -> None:
        who = {"author": discord_app.person(person), "member": discord_app.member(person)}
        said = discord_app.message(self.discord, f"<@{BOT_USER}> /paint {line(seed)}", **who)
        self._said.append(said["id"])
        await self.discord.happen("MESSAGE_CREATE", said)

    async def _command_slack(self, seed: int, person: int) -> None:
        body = slack_app.command(line(seed), user_id=f"U{person}")
        body["response_url"] = f"{self.slack.address}/respond?to={body['trigger_id']}"
        if await self._sent("slash_commands", body):
            self.promised.add(body["trigger_id"])

    async def _mention_slack(self, seed: int, person: int) -> None:
        body = slack_app.event("app_mention", text=f"<@UEASEL> /paint {line(seed)}", user=f"U{person}")
        while True:
            if await self._sent("events_api", body):
                break
            await asyncio.sleep(AGAIN_SECONDS)
        self.promised.add(body["event_id"])

    async def _sent(self, kind: str, body: dict[str, Any]) -> bool:
        """Return whether it was acknowledged."""
        if not self.slack.live:
            return False
        try:
            socket = self.slack.sockets[-1]
            envelope = await self.slack.send(kind, body)
            return (
                await self.slack.until(lambda: envelope in self.slack.acks or (socket.closed and "lost"))
                is True
            )
        except LOST:
            return False

    async def _ask_web(self, seed: int, person: int) -> None:
        key = f"web-key-{seed}"
        while True:
            try:
                answer = await self.web.ask(f"/paint {line(seed)}", key)
                break
            except LOST:
                await asyncio.sleep(AGAIN_SECONDS)
        if answer["job"]:
            self.promised.add(key)

    def discount_slack(self) -> None:
        """Note no promise where the answer was something else."""
        self.promised -= {each["to"] for each in self.slack.whispers if "to" in each}

    def count_discord(self) -> None:
        """Note a promise for what people see."""
        for each in self.discord.interactions.values():
            message = self.discord.messages.get((each.channel, each.message), {"flags": PRIVATE})
            if each.kind in (MESSAGE, HELD) and not message["flags"] & PRIVATE:
                self.promised.add(str(each.id))
        answered = (each.get("message_reference", {}) for each in self.discord.messages.values())
        self.promised |= {str(each.get("message_id")) for each in answered} & set(self._said)

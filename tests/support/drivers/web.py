"""People in the web chat, for the scenario: browsers without a screen before the real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from itsdangerous import URLSafeSerializer

from bot.app import App
from commands.reactions import FAVOURITE, verb_of
from tests.support.chat_users import Seen, Stage
from tests.support.fakes import FakePaintingClient
from tests.support.loopback import WAIT_SECONDS
from tests.support.web_client import ADMIN_TOKEN, WebClient, web_app


@dataclass(kw_only=True)
class WebStage(Stage):
    browsers: AsyncExitStack

    def running(self) -> AbstractAsyncContextManager[App]:
        return web_app(self.folder, self.painting_client, self.clock)

    async def arrive(self, name: str) -> WebPerson:
        person = WebPerson(self, aiohttp.CookieJar(unsafe=True))
        await self.come_back(person)
        if name == "mod":
            status, _ = await person.client.write("/admin", {"token": ADMIN_TOKEN})
            assert status == 200
        return person

    async def come_back(self, person: WebPerson) -> None:
        """Open the page again with the same cookie."""
        assert self.app is not None
        timeout = aiohttp.ClientTimeout(total=WAIT_SECONDS)
        http = aiohttp.ClientSession(
            self.app.platforms["web"].address, cookie_jar=person.jar, timeout=timeout
        )
        person.client = WebClient(await self.browsers.enter_async_context(http), keys=person.client.keys)
        await person.client.open()


@dataclass
class WebPerson:
    stage: WebStage
    jar: aiohttp.CookieJar
    client: WebClient = field(default_factory=lambda: WebClient(None))  # type: ignore[arg-type]  # none yet
    told: list[Seen] = field(default_factory=list)

    @property
    def named(self) -> str:
        [cookie] = [each for each in self.jar if each.key == "easel"]
        _, values = URLSafeSerializer("?").loads_unsafe(cookie.value)
        return f"web:{values['name']}"

    @property
    def room(self) -> str:
        """Everyone has a chat of their own."""
        return f"channel={self.named.replace(':', ':chat-')}"

    async def say(self, line: str) -> Seen:
        answer = await self.client.ask(line)
        alts = [each["alt"] for each in answer["pictures"]]
        hidden, due = sum(each["hidden"] for each in answer["pictures"]), answer["seconds"]
        seen = Seen(answer["text"], alts, hidden, f"⏳ {due} s" if due else "", answer)
        if seen.alts:
            self.told.append(seen)
        return seen

    async def press(self, seen: Seen, verb: str, place: int = 0) -> Seen:
        """Say the line: the page has a button for it."""
        if verb == "cancel":
            return await self.say(f"/cancel {seen.raw['job']}")
        lines = [each["line"] for each in seen.raw.get("buttons", [])]
        turns = [each for each in lines if each.startswith(f"/{verb} ")]
        return await self.say(turns[place] if turns else f"/{verb} {seen.numbers[place]}")

    async def react(self, seen: Seen, emoji: str, on: bool = True) -> None:
        """Press the heart, or the button that a reaction stands for."""
        verb = verb_of(emoji)
        for picture in seen.raw["pictures"]:
            if verb == FAVOURITE:
                await self.client.write("/like", {"picture": picture["id"], "on": on})
            elif on or verb == "spoiler":
                await self.say(f"/{verb} {picture['number']}")

    async def result(self) -> Seen:
        """Wait for the person's next new result and return it."""
        entry = await self._entry(
            lambda each: each["state"] == "posted" and each["job"] not in self.stage.known
        )
        self.stage.known.add(entry["job"])
        return seen_of(entry)

    async def _entry(self, true: Any) -> Any:
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                for entry in (await self.client.read("/history"))[1]:
                    if true(entry):
                        return entry

    async def until(self, seen: Seen, true: Any) -> Seen:
        """Wait until the post is as expected and return it."""
        same = seen.raw["job"]
        return seen_of(await self._entry(lambda each: each["job"] == same and true(seen_of(each))))

    async def inbox(self, count: int) -> list[Seen]:
        """Return the answers: nobody else sees them."""
        assert len(self.told) >= count
        return self.told


def seen_of(entry: dict[str, Any]) -> Seen:
    """Return a request of the history as a person sees it."""
    pictures = entry["pictures"]
    numbers = ", ".join(str(each["number"]) for each in pictures)
    return Seen(
        text="\n".join([entry["says"], *([f"Picture {numbers}, painted by Easel (AI)"] if pictures else [])]),
        alts=[each["alt"] for each in pictures],
        hidden=sum(each["hidden"] for each in pictures),
        raw=entry,
    )


@asynccontextmanager
async def stage(folder: Path, painting_client: FakePaintingClient) -> AsyncIterator[WebStage]:
    """Return the web chat without people."""
    async with AsyncExitStack() as browsers:
        yield WebStage(folder=folder, painting_client=painting_client, browsers=browsers)

"""People on Slack, for the scenario: the real client library before the twin of Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.app import App
from bot.platforms.slack.text import EMOJI, UMBRELLA
from tests.support.chat_users import Seen, Stage
from tests.support.fakes import FakePaintingClient, remembered
from tests.support.slack.server import TEAM, SlackServer, slack_server
from tests.support.slack.slack_app import command, press, reaction, slack_app

USERS = {"ann": "U1", "bob": "U2", "mod": "U9"}
NAMES = {emoji: name for name, emoji in EMOJI.items()}


@dataclass(kw_only=True)
class SlackStage(Stage):
    server: SlackServer

    def running(self) -> AbstractAsyncContextManager[App]:
        return slack_app(self.folder, self.server, self.painting_client, clock=self.clock)

    async def arrive(self, name: str) -> SlackPerson:
        self.server.users[USERS[name]] = {"team_id": TEAM, "locale": "en-US", "is_admin": name == "mod"}
        return SlackPerson(self, USERS[name])


@dataclass
class SlackPerson:
    stage: SlackStage
    user: str

    @property
    def named(self) -> str:
        return f"<@{self.user}|somebody>"

    @property
    def room(self) -> str:
        return "<#C1|art>"

    async def say(self, line: str) -> Seen:
        word, _, words = line.removeprefix("/").partition(" ")
        line = (words, word) if word != "help" else (f"help {words}", UMBRELLA)
        return await self._answer("slash_commands", command(*line, user_id=self.user))

    async def press(self, seen: Seen, verb: str, place: int = 0) -> Seen:
        pressed = press(seen.raw, verb, place, user={"id": self.user})
        return await self._answer("interactive", pressed)

    async def _answer(self, kind: str, payload: dict[str, Any]) -> Seen:
        server = self.stage.server
        messages, whispers = set(server.messages), len(server.whispers)
        await server.sent(kind, payload)

        def answered() -> Any:
            new = [server.messages[key] for key in server.messages if key not in messages]
            return next(iter([*server.whispers[whispers:], *new]), None)

        return seen_of(await server.until(answered))

    async def react(self, seen: Seen, emoji: str, on: bool = True) -> None:
        kind, place = "added" if on else "removed", (seen.raw["channel"], seen.raw["ts"])
        name = NAMES[emoji.replace("\ufe0f", "")]
        await self.stage.server.sent("events_api", reaction(kind, name, *place, user=self.user))

    async def result(self) -> Seen:
        """Wait for the next new result in the channel and return it."""

        def fresh() -> Any:
            found = [each for (channel, _), each in self.stage.server.messages.items() if channel == "C1"]
            return next(
                (each for each in found if seen_of(each).alts and each["ts"] not in self.stage.known), None
            )

        message = await self.stage.server.until(fresh)
        self.stage.known.add(message["ts"])
        assert self.stage.app is not None
        await remembered(self.stage.app.service, f"slack:C1:{message['ts']}", server=f"slack:{TEAM}")
        return seen_of(message)

    async def until(self, seen: Seen, true: Any) -> Seen:
        """Wait until the post is as expected and return it."""
        await self.stage.server.until(lambda: true(seen_of(seen.raw)))
        return seen_of(seen.raw)

    async def inbox(self, count: int) -> list[Seen]:
        """Wait for so many direct messages with pictures and return them."""

        def enough() -> Any:
            messages = self.stage.server.messages.items()
            found = [
                each for (channel, _), each in messages if channel == f"D{self.user}" and seen_of(each).alts
            ]
            return found if len(found) >= count else None

        return [seen_of(each) for each in await self.stage.server.until(enough)]


def seen_of(message: dict[str, Any]) -> Seen:
    """Return a message as a person sees it; the words of a hidden picture stay."""
    blocks = message.get("blocks", [])
    veiled = [each["text"]["text"] for each in blocks if each["type"] == "section"][1:]
    return Seen(
        text=message["text"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"),
        alts=[*(each["alt_text"] for each in blocks if each["type"] == "image"), *veiled],
        hidden=len(veiled),
        due="".join(each["elements"][0]["text"] for each in blocks if each["type"] == "context"),
        raw=message,
    )


@asynccontextmanager
async def stage(folder: Path, painting_client: FakePaintingClient) -> AsyncIterator[SlackStage]:
    """Return Slack without people."""
    async with slack_server() as server:
        yield SlackStage(server=server, folder=folder, painting_client=painting_client)

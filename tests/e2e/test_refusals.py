"""Every refusal that docs/platform-limits.md lists, at the announcement, at the result and at a later change.

Each is permanent: the real client libraries meet it over loopback for as long as it takes.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.clock import HOUR
from bot.jobs import delivery
from bot.platforms import refusals
from bot.platforms.discord.refusals import REFUSALS as OF_DISCORD
from bot.platforms.slack.refusals import REFUSALS as OF_SLACK
from bot.ports import Remedy
from bot.storage.states import POSTED, UNDELIVERED
from commands.picture import STAYS
from commands.text.results import UNDELIVERED_TEXT
from tests.support.discord import discord_app as discord
from tests.support.discord.gateway import BOT_USER
from tests.support.discord.server import discord_server
from tests.support.fakes import FakeClock, FakePaintingClient
from tests.support.slack import slack_app as slack
from tests.support.slack.server import slack_server

ENDED = (POSTED, UNDELIVERED)


@dataclass
class Case:
    """What is refused. method: by its name in the documentation; calls: by the twin's names of them
    also: what is refused beside it, so that the method is called at all; stage: when
    is_last: no other way is left, so only /gallery tells
    """

    method: str
    calls: tuple[str, ...]
    stage: str
    also: dict[str, Any] = field(default_factory=dict)
    is_last: bool = False


class OnDiscord:
    """People who mention Easel in a channel, and type slash commands there."""

    listed = OF_DISCORD
    server, app = staticmethod(discord_server), staticmethod(discord.discord_app)
    gone, archived, too_old = (404, 10008), (400, 50083), (400, 30046)
    cases = (
        Case("Create Message", ("send",), "announcement"),
        Case("Edit Message", ("edit",), "result"),
        Case("Create Message", ("send",), "result", {"edit": gone}),
        Case("Create DM", ("open",), "result", {"edit": gone, "send": (403, 50013)}, is_last=True),
        Case("Edit Message", ("edit",), "change"),
        Case("Modify Channel", ("modify",), "change", {"edit": archived}),
        Case("Delete Message", ("delete",), "change", {"edit": too_old}),
        Case("Create Message", ("send",), "change", {"edit": too_old}),
    )
    typed = (
        Case("Create Interaction Response", ("respond",), "announcement"),
        Case("Edit Original Interaction Response", ("edit_original",), "result"),
    )

    @staticmethod
    def error(name: str) -> tuple[int, int]:
        """What a twin answers. Three digits are an HTTP status."""
        return (int(name), 0) if len(name) == 3 else (400, int(name))

    @staticmethod
    async def ask(server: Any, user: int, is_typed: bool) -> None:
        who = {"member": discord.member(user)}
        if is_typed:
            await server.interact(discord.command(**who))
        else:
            said = discord.message(
                server, f"<@{BOT_USER}> {discord.LINE}", author=discord.person(user), **who
            )
            await server.happen("MESSAGE_CREATE", said)

    @staticmethod
    async def delete(server: Any, user: int, number: int) -> str:
        """What is answered to somebody who deletes a picture of theirs."""
        who = {"member": discord.member(user)}
        asked = await server.interact(discord.command("delete", {"picture": str(number)}, **who))
        await server.until(lambda: asked.message)
        return server.messages[asked.channel, asked.message]["content"]

    @staticmethod
    def words(server: Any) -> str:
        return "\n".join(each["content"] for each in server.messages.values())

    @staticmethod
    def files(server: Any) -> set[str]:
        """The names of all paintings that are seen; layouts are WebP."""
        shown = [file for each in server.messages.values() for file in each["attachments"]]
        return {file["filename"] for file in shown if file["content_type"] == "image/png"}


class OnSlack:
    """People who mention Easel in a channel."""

    listed = OF_SLACK
    server, app = staticmethod(slack_server), staticmethod(slack.slack_app)
    gone, archived, too_old = "message_not_found", "is_archived", "edit_window_closed"
    uploads = ("files.getUploadURLExternal", "files.completeUploadExternal", "upload")
    cases = (
        Case("users.info", ("users.info",), "announcement"),
        Case("chat.postMessage", ("chat.postMessage",), "announcement"),
        Case(
            "chat.postEphemeral", ("chat.postEphemeral",), "announcement", {"chat.postMessage": "is_archived"}
        ),
        Case("chat.update", ("chat.update",), "result"),
        Case("chat.postMessage", ("chat.postMessage",), "result", {"chat.update": gone}),
        *(Case(each, (each,), "result") for each in uploads),
        Case("chat.update", ("chat.update",), "change"),
        Case("chat.delete", ("chat.delete",), "change", {"chat.update": too_old}),
        Case("chat.postMessage", ("chat.postMessage",), "change", {"chat.update": too_old}),
    )

    @staticmethod
    def error(name: str) -> str | int:
        return int(name) if name.isdecimal() else name

    @staticmethod
    async def ask(server: Any, user: int, is_typed: bool) -> None:
        await server.sent("events_api", slack.event("app_mention", text=slack.WORDS, user=f"U{user}"))

    @staticmethod
    async def delete(server: Any, user: int, number: int) -> str:
        before = len(server.whispers)
        url = f"{server.address}/respond"
        asked = slack.command(str(number), "delete", user_id=f"U{user}", response_url=url)
        await server.sent("slash_commands", asked)
        return (await server.whispered(before + 1))[-1]["text"]

    @staticmethod
    def words(server: Any) -> str:
        return "\n".join(each["text"] for each in (*server.messages.values(), *server.whispers))

    @staticmethod
    def files(server: Any) -> set[str]:
        shown = json.dumps([each.get("blocks") for each in server.messages.values()])
        return {file for file in server.files if file in shown}


def cases() -> list[Any]:
    both = [(OnDiscord, each, False) for each in OnDiscord.cases]
    both += [(OnDiscord, each, True) for each in OnDiscord.typed] + [
        (OnSlack, each, False) for each in OnSlack.cases
    ]
    return [
        pytest.param(*each, id=f"{each[0].__name__}-{each[1].stage}-{each[1].method}-{number}")
        for number, each in enumerate(both)
    ]


class Memory:
    """What Easel wrote down, read from outside."""

    def __init__(self, folder: Path) -> None:
        self._other = sqlite3.connect(folder / "easel.db", isolation_level=None)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._other.execute(sql).fetchall()

    def states(self) -> list[str]:
        return [state for (state,) in self.rows("SELECT state FROM jobs ORDER BY rowid")]

    def charged_for_nothing(self) -> int:
        sql = "SELECT COUNT(*) FROM usage JOIN jobs ON jobs.id = job WHERE refunded = 0 AND state <> 'posted'"
        return self.rows(sql)[0][0]

    def close(self) -> None:
        self._other.close()


@asynccontextmanager
async def met(platform: Any, folder: Path, monkeypatch: Any) -> Any:
    """(server, painting client, clock, memory): what waits by a clock waits for no time."""
    monkeypatch.setattr(refusals, "PAUSES", (0.0, 0.0))
    monkeypatch.setattr(delivery, "SWEEP_SECONDS", 0.05)
    monkeypatch.setattr("bot.platforms.slack.messages.AT_ONCE", slack.MANY)
    clock, painting_client = FakeClock(), FakePaintingClient()
    async with platform.server() as server, platform.app(folder, server, painting_client, clock=clock):
        with closing(Memory(folder)) as memory:
            yield server, painting_client, clock, memory


async def until(true: Any) -> None:
    """Let others work until it is true."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(20):
        while not true():
            await loop.run_in_executor(None, lambda: None)


@pytest.mark.parametrize(("platform", "case", "is_typed"), cases())
async def test_everybody_is_told_and_nobody_charged_for_nothing(
    tmp_path, monkeypatch, caplog, platform, case, is_typed
):
    errors = platform.listed.methods[case.method].remedies
    async with met(platform, tmp_path, monkeypatch) as (server, painting_client, clock, memory):
        for user, error in zip(itertools.count(1000), errors, strict=False):
            caplog.clear()
            clock.advance(HOUR)
            denied = {**case.also, **dict.fromkeys(case.calls, platform.error(error))}
            await _one(
                platform, case, is_typed, user, error, denied, server, painting_client, clock, memory, caplog
            )
            if case.stage == "change" and errors[error] is not Remedy.GONE:
                await _change(platform, user, denied, server, memory)
            server.denied = {}
            faults = [record.getMessage() for record in caplog.records if record.exc_info]
            assert (error, faults) == (error, [])


async def _one(
    platform, case, is_typed, user, error, denied, server, painting_client, clock, memory, caplog
) -> None:
    """One request that meets the refusal at its stage."""
    before, files, asked = len(memory.states()), platform.files(server), len(server.calls)
    words = len(platform.words(server))
    painting_client.gate.clear()
    server.denied = denied if case.stage == "announcement" else {}
    await platform.ask(server, user, is_typed)
    await until(lambda: len(memory.states()) > before)
    await until(painting_client.busy.is_set)
    if case.stage != "announcement":
        await server.until(lambda: len(platform.words(server)) > words)
        await until(lambda: memory.rows("SELECT announced FROM jobs ORDER BY rowid DESC")[0][0])
    painting_client.busy.clear()
    server.denied = denied if case.stage == "result" else server.denied
    painting_client.gate.set()
    waits = platform.listed.methods[case.method].remedies[error] is Remedy.AGAIN
    await until(lambda: memory.states()[-1] in ENDED or (waits and "could not be posted" in caplog.text))
    state = memory.states()[-1]
    if state == POSTED:
        assert len(platform.files(server) - files) == 1
    elif state == UNDELIVERED:
        told = UNDELIVERED_TEXT.split(".")[0]
        await until(lambda: told in platform.words(server)[words:] or "nobody could be told" in caplog.text)
        assert case.is_last or told in platform.words(server)[words:]
    clock.advance(HOUR)
    await until(lambda: memory.charged_for_nothing() == 0)
    assert asked < len(server.calls)


async def _change(platform, user, denied, server, memory) -> None:
    """A picture is deleted: it is seen no more, or its person hears that it stays."""
    assert memory.states()[-1] == POSTED
    shown = len(platform.files(server))
    [(number,)] = memory.rows("SELECT MAX(number) FROM pictures")
    server.denied = denied
    answer = await platform.delete(server, user, number)
    assert STAYS in answer or len(platform.files(server)) == shown - 1


async def test_where_there_is_nowhere_to_post_the_picture_waits_in_the_gallery(tmp_path, monkeypatch, caplog):
    async with met(OnDiscord, tmp_path, monkeypatch) as (server, painting_client, _, memory):
        painting_client.gate.clear()
        await OnDiscord.ask(server, discord.ANN, is_typed=False)
        await server.written()
        server.messages.clear()
        server.denied = {"send": (403, 50013), "open": (403, 50007)}
        painting_client.gate.set()
        await until(lambda: memory.states() == [UNDELIVERED])
        assert memory.charged_for_nothing() == 0
        tries = len(server.called("send"))
        shown = await server.interact(discord.command("gallery", {}))
        await server.until(lambda: shown.message)
        said = server.messages[shown.channel, shown.message]
        assert "I could post these nowhere, and did not charge them: 1." in said["content"]
        assert len(said["attachments"]) == 1
        assert len(server.called("send")) <= tries + 1
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_message_of_somebody_else_is_named_in_plain_words(tmp_path, monkeypatch):
    async with met(OnDiscord, tmp_path, monkeypatch) as (server, *_):
        theirs = discord.message(server, "a fish")
        asked = await server.interact(discord.choice("Picture info", theirs))
        await server.until(lambda: asked.message)
        said = server.messages[asked.channel, asked.message]["content"]
    assert said == "That message has no picture of mine; /gallery shows the numbers of yours."

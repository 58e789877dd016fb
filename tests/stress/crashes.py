"""Kill Easel at random moments while people ask: python -m tests.stress.crashes --kills 200

They ask on three platforms. Discord and Slack are twins on loopback that take a moment for every call; Easel
is the `easel serve` of `tests.stress.quick`, or with --shipped the one with the shipped weights. Prints the
figures as JSON; ends with status 1 when one is over its bound.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any

import aiohttp
import click

from tests.stress import ledger
from tests.stress.child import Place, descendants, free_port, is_alive, place, stop
from tests.stress.crowd import Crowd
from tests.support.discord.server import DiscordServer, discord_server
from tests.support.slack.server import SlackServer, slack_server
from tests.support.web_client import WebClient

ASK_EVERY = 0.4
"""Seconds between two requests on each platform."""
TRAVEL = 0.03
"""Seconds that a call takes to a platform, and back."""
END_SECONDS = 300
WORK_SECONDS = 3.0
BOUNDS = ("lost", "unseen", "doubled", "drifted", "unpainted", "strays", "problems", "orphans", "faults")
"""Figures that must be 0."""


async def connected(crowd: Crowd) -> None:
    """Wait until Easel is connected to all three platforms."""
    await crowd.discord.until(lambda: crowd.discord.live, END_SECONDS)
    await crowd.slack.until(lambda: crowd.slack.live, END_SECONDS)


async def started(easel: Place, crowd: Crowd) -> tuple[Popen[bytes], float]:
    """Start Easel; return it and the seconds that it took."""
    began = time.monotonic()
    process = easel.start()
    await connected(crowd)
    return process, time.monotonic() - began


async def moment(crowd: Crowd, start: float) -> None:
    """Wait for a random moment: half of them in the start, half after it."""
    if crowd.random.random() < 0.5:
        await asyncio.sleep(crowd.random.uniform(0, start))
        return
    await connected(crowd)
    await asyncio.sleep(crowd.random.uniform(0, WORK_SECONDS))


async def kill(process: Popen[bytes], orphans: set[int]) -> None:
    """Kill it as a power cut does. orphans: gets the processes that it leaves"""
    orphans |= descendants(process.pid)
    process.kill()
    await asyncio.to_thread(process.wait)


async def asking(crowd: Crowd) -> None:
    while True:
        await asyncio.sleep(crowd.random.expovariate(1 / ASK_EVERY))
        crowd.ask()


@asynccontextmanager
async def people(port: int, seed: int) -> AsyncIterator[Crowd]:
    """Run the fake platforms, and people who ask there."""
    jar, timeout = aiohttp.CookieJar(unsafe=True), aiohttp.ClientTimeout(total=10)
    async with (
        discord_server() as discord,
        slack_server() as slack,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}", cookie_jar=jar, timeout=timeout) as http,
    ):
        discord.seconds = slack.seconds = TRAVEL
        crowd = Crowd(discord, slack, WebClient(http), random.Random(seed), port)  # noqa: S311
        yield crowd
        crowd.close()


async def run(easel: Place, crowd: Crowd, kills: int) -> set[int]:
    """Kill it so many times, then stop it; return the processes that were left."""
    orphans: set[int] = set()
    process, start = await started(easel, crowd)
    await crowd.web.open()
    asker = asyncio.create_task(asking(crowd))
    for number in range(1, kills + 1):
        await moment(crowd, start)
        await kill(process, orphans)
        if number % 10 == 0:
            click.echo(f"{number} kills, {crowd.asked} requests", err=True)
        process = easel.start()
    asker.cancel()
    await crowd.wait(END_SECONDS)
    await settled(easel)
    if status := await asyncio.to_thread(stop, process):
        raise click.ClickException(f"Easel ended with status {status}.")
    return orphans


async def settled(easel: Place) -> None:
    """Wait until every job has ended, or nothing more can happen."""
    async with asyncio.timeout(END_SECONDS):
        while True:
            books = ledger.read(easel.database, easel.pictures)
            if all(row["state"] in ledger.ENDED for row in books.jobs.values()):
                return
            await asyncio.sleep(1)


def named(ids: list[str]) -> set[str]:
    """Return the pictures that a message's buttons name."""
    return {each.partition(":")[2] for each in ids if each.startswith("reroll:")}


def on_discord(server: DiscordServer) -> list[set[str]]:
    """The pictures in each message."""
    return [
        named([button["custom_id"] for row in message["components"] for button in row["components"]])
        for message in server.messages.values()
    ]


def on_slack(server: SlackServer) -> list[set[str]]:
    """The pictures in each message."""
    return [
        named([button["action_id"] for block in message.get("blocks", []) for button in buttons(block)])
        for message in server.messages.values()
    ]


def buttons(block: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the buttons of a block."""
    return block["elements"] if block["type"] == "actions" else []


def left_behind(server: SlackServer) -> int:
    return sum(message["text"].startswith("Painting: ") for message in server.messages.values())


def figures(easel: Place, crowd: Crowd, orphans: set[int]) -> dict[str, Any]:
    """Return the findings, as numbers or as lists."""
    crowd.count_discord()
    crowd.discount_slack()
    books = ledger.read(easel.database, easel.pictures)
    unseen, doubled = [], []
    for platform, posts in (("discord", on_discord(crowd.discord)), ("slack", on_slack(crowd.slack))):
        no, twice = books.shown(platform, posts)
        unseen += no
        doubled += twice
    waiting = [each for each in crowd.discord.messages.values() if each["content"].startswith("Painting: ")]
    return {
        "requests": crowd.asked,
        "promised": len(crowd.promised),
        "jobs": len(books.jobs),
        "lost": books.lost(crowd.promised),
        "unseen": unseen,
        "doubled": doubled,
        "drifted": books.drifted(),
        "unpainted": books.unpainted(),
        "strays": books.strays(),
        "problems": list(books.problems),
        "orphans": [pid for pid in orphans if is_alive(pid)],
        "faults": [repr(fault) for fault in crowd.faults],
        "announcements left": {"discord": len(waiting), "slack": left_behind(crowd.slack)},
    }


async def measure(folder: Path, kills: int, seed: int, shipped: bool) -> dict[str, Any]:
    async with people(free_port(), seed) as crowd:
        with place("bot" if shipped else "tests.stress.quick", folder, crowd.config()) as easel:
            orphans = await run(easel, crowd, kills)
        return {"kills": kills, **figures(easel, crowd, orphans)}


@click.command()
@click.option("--kills", default=200, show_default=True)
@click.option("--seed", default=0, show_default=True, help="Fixes who asks and when Easel is killed.")
@click.option("--shipped", is_flag=True, help="Paint with the shipped weights.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep Easel's memory and log there.")
def main(kills: int, seed: int, shipped: bool, folder: Path | None) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        found = asyncio.run(measure(folder or Path(temporary), kills, seed, shipped))
    click.echo(json.dumps(found, indent=2))
    if any(found[name] for name in BOUNDS):
        sys.exit(1)


if __name__ == "__main__":
    main()

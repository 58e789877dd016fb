"""Measure whether memory grows while Easel paints: python -m tests.stress.memory --paintings 5000

People ask on three platforms for one 256 × 256 picture after the other, of every style, shape and scene, from
the `easel serve` with the shipped weights. Prints the resident memory of the process that answers people, of
that which paints and of that which sketches, in MB at every so many pictures, and the growth between 500 and
the end, as JSON; ends with status 1 when one of them is more than 5 % larger then.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

import click

from tests.stress.child import Place, descendants, free_port, is_worker, place, stop
from tests.stress.crashes import people, started
from tests.stress.crowd import Crowd
from tests.support.discord import discord_app
from tests.support.slack import slack_app

MOST_GROWTH = 0.05
FIRST = 500
"""Pictures after which all caches are full."""
WAITING = 15
"""Requests under way at a time."""
PEOPLE = 20
"""On each platform."""
READINGS = 15
"""Samples of which the median counts, because memory goes up and down with each picture."""

Memory = Mapping[str, float]
"""Memory of each process in MB, by what it does."""


async def ask(crowd: Crowd, number: int) -> None:
    """Ask on one platform for a random picture of a seed."""
    person = 1 + number % PEOPLE
    words = {"size": 256, "seed": number}
    if number % 3 == 0:
        said = discord_app.command(options=words, member=discord_app.member(person))
        await crowd.discord.interact(said)
    elif number % 3 == 1:
        line = " ".join(f"{key}={value}" for key, value in words.items())
        said = slack_app.command(line, user_id=f"U{person}", channel_id=f"C{person}")
        await crowd.slack.send("slash_commands", said)
    else:
        await crowd.web.ask(f"/paint size=256 seed={number}", f"web-key-{number}")


def posted(easel: Place) -> int:
    """Count finished jobs. Raises click.ClickException if one failed."""
    with closing(sqlite3.connect(easel.database)) as connection:
        counts = dict(connection.execute("SELECT state, COUNT(*) FROM jobs GROUP BY state").fetchall())
    if failed := counts.get("failed", 0):
        raise click.ClickException(f"{failed} paintings failed; see {easel.folder / 'log.txt'}.")
    return int(counts.get("posted", 0))


def resident(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1000


async def measured(pid: int) -> Memory:
    """Measure each process, and the sum of the painting ones, which alone have loaded torch."""
    found: dict[str, list[float]] = {"answers": [], "paints": [], "sketches": []}
    for _ in range(READINGS):
        sketcher, *painters = sorted(resident(each) for each in descendants(pid) if is_worker(each))
        for name, size in zip(found, (resident(pid), sum(painters), sketcher), strict=True):
            found[name].append(size)
        await asyncio.sleep(0.2)
    return {name: round(median(sizes), 1) for name, sizes in found.items()}


async def run(easel: Place, crowd: Crowd, paintings: int, every: int) -> dict[int, Memory]:
    """Return memory by pictures painted."""
    process, _ = await started(easel, crowd)
    try:
        await crowd.web.open()
        # Slack takes one message a second in each channel.
        crowd.slack.channels |= {f"C{person}" for person in range(1, PEOPLE + 1)}
        return await series_of(process.pid, easel, crowd, paintings, every)
    finally:
        await asyncio.to_thread(stop, process)


async def series_of(pid: int, easel: Place, crowd: Crowd, paintings: int, every: int) -> dict[int, Memory]:
    """Run against a started process; see `run`."""
    series: dict[int, Memory] = {}
    asked = 0
    while (done := posted(easel)) < paintings:
        if asked < min(paintings, done + WAITING):
            asked += 1
            await ask(crowd, asked)
            continue
        if done // every > len(series):
            series[done] = await measured(pid)
            click.echo(f"{done} paintings: {series[done]}", err=True)
        await asyncio.sleep(0.05)
    return {**series, paintings: await measured(pid)}


def growth(series: Mapping[int, Memory]) -> Memory:
    """Return the growth of each process from the first pictures to the end, as a share."""
    first = next(memory for done, memory in series.items() if done >= FIRST)
    last = series[max(series)]
    return {name: round(last[name] / first[name] - 1, 4) for name in last}


async def measure(folder: Path, paintings: int) -> dict[str, Any]:
    async with people(free_port(), 0) as crowd:
        with place("bot", folder, crowd.config()) as easel:
            series = await run(easel, crowd, paintings, FIRST)
    return {"MB": series, "growth": growth(series)}


@click.command()
@click.option("--paintings", type=click.IntRange(2 * FIRST), default=5000, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Keep Easel's memory and log there.")
def main(paintings: int, folder: Path | None) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        found = asyncio.run(measure(folder or Path(temporary), paintings))
    click.echo(json.dumps(found, indent=2))
    if max(found["growth"].values()) > MOST_GROWTH:
        sys.exit(1)


if __name__ == "__main__":
    main()

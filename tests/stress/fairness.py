"""Measure how long others wait when one person asks for forty pictures: python -m tests.stress.fairness

Twenty people ask for a picture each, on a real Easel with the shipped weights; then one person asks for forty
and twenty others for one each right after. By turns, so that other work on the machine falls on both. Prints
the median wait of the twenty in seconds, from accepted to painted, as JSON; ends with status 1 when the forty
make it more than 1.3 times as long.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import click

from bot.app import App, running
from bot.config import Config, QuotaConfig, StorageConfig, Tokens, WebConfig
from tests.stress import ledger
from tests.support.fakes import ask

OTHERS, FORTY, MOST = 20, 40, 1.3
FREE = QuotaConfig(None, None, None, None)
GREEDY = "web:greedy"


async def crowd_asks(app: App, turn: str, greedy: bool) -> None:
    """Let everybody ask, the greedy person first."""
    people = [GREEDY] * FORTY if greedy else []
    people += [f"web:{number}" for number in range(OTHERS)]
    for number, person in enumerate(people):
        words = f"style=ink color=blue shape=fish size=256 seed={number}"
        said = ask(words, key=f"{turn}-{number}", person=person, server="web:local", channel=f"{person}")
        answer = await app.service.handle(said)
        assert answer.job, answer.text


async def finished(easel: StorageConfig, turn: str) -> list[float]:
    """Wait until all are served; return how long each of the others waited."""
    while True:
        jobs = ledger.read(easel.database, easel.pictures).jobs.values()
        asked = [row for row in jobs if f" {turn}-" in row["key"]]
        if all(row["state"] == "posted" for row in asked):
            return waits(asked)
        await asyncio.sleep(1)


def waits(jobs: Sequence[Any]) -> list[float]:
    """Return the waits of everybody but the greedy person."""
    return [row["finished_at"] - row["accepted_at"] for row in jobs if row["person"] != GREEDY]


async def measure(folder: Path, rounds: int) -> dict[str, float]:
    storage = StorageConfig(folder / "easel.db", folder / "pictures")
    config = Config(web=WebConfig(port=0), storage=storage, quotas=FREE)
    found: dict[bool, list[float]] = {False: [], True: []}
    async with running(config, Tokens()) as app:
        for number in range(rounds):
            for greedy in (False, True):
                turn = f"turn-{number}-{greedy}"
                await crowd_asks(app, turn, greedy)
                found[greedy] += await finished(storage, turn)
    alone, beside = median(found[False]), median(found[True])
    return {"alone": round(alone, 2), "beside forty": round(beside, 2), "times": round(beside / alone, 3)}


@click.command()
@click.option("--rounds", default=5, show_default=True)
def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measure(Path(folder), rounds))
    click.echo(json.dumps(found))
    if found["times"] > MOST:
        sys.exit(1)


if __name__ == "__main__":
    main()

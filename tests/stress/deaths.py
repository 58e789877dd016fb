"""Kill a worker of Easel every second while people ask: python -m tests.stress.deaths --minutes 5

Any of them, whether it paints, sketches, waits or only starts; everything else is as in
`tests.stress.crashes`. Every request must end painted, or failed and refunded. Prints the figures as JSON;
ends with status 1 when one is over its bound.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from subprocess import Popen
from typing import Any

import click

from tests.stress import ledger
from tests.stress.child import Place, descendants, free_port, is_worker, place, stop
from tests.stress.crashes import BOUNDS, END_SECONDS, asking, figures, people, settled, started
from tests.stress.crowd import Crowd


def kill_one(process: Popen[bytes], crowd: Crowd) -> bool:
    """Kill a random worker; return whether there was one."""
    workers = sorted(filter(is_worker, descendants(process.pid)))
    if workers:
        os.kill(crowd.random.choice(workers), signal.SIGKILL)
    return bool(workers)


async def run(easel: Place, crowd: Crowd, seconds: float) -> int:
    """Kill workers for a while; return how many."""
    process, _ = await started(easel, crowd)
    await crowd.web.open()
    asker, killed, end = asyncio.create_task(asking(crowd)), 0, time.monotonic() + seconds
    while time.monotonic() < end:
        await asyncio.sleep(1)
        killed += kill_one(process, crowd)
    asker.cancel()
    await crowd.wait(END_SECONDS)
    await settled(easel)
    if status := await asyncio.to_thread(stop, process):
        raise click.ClickException(f"Easel ended with status {status}.")
    return killed


async def measure(folder: Path, seconds: float, seed: int, workers: int) -> dict[str, Any]:
    async with people(free_port(), seed) as crowd:
        with place("tests.stress.quick", folder, crowd.config(), workers=workers) as easel:
            killed = await run(easel, crowd, seconds)
        books = ledger.read(easel.database, easel.pictures)
        states = Counter(row["state"] for row in books.jobs.values())
        # People were promised nothing that a full queue refused; what it took must have ended.
        ended = {"lost": books.lost(())}
        return {"killed": killed, "states": dict(states), **figures(easel, crowd, set()), **ended}


@click.command()
@click.option("--minutes", default=5.0, show_default=True)
@click.option("--workers", default=3, show_default=True)
@click.option("--seed", default=0, show_default=True, help="Fixes who asks.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep Easel's memory and log there.")
def main(minutes: float, workers: int, seed: int, folder: Path | None) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        found = asyncio.run(measure(folder or Path(temporary), 60 * minutes, seed, workers))
    click.echo(json.dumps(found, indent=2))
    if any(found[name] for name in BOUNDS):
        sys.exit(1)


if __name__ == "__main__":
    main()

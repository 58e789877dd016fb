"""A dispatcher with all its parts, over a real database."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.jobs.dispatcher import Dispatcher
from bot.jobs.progress import ProgressUpdates
from bot.jobs.queue import JobQueue
from bot.pictures.store import PictureStore
from bot.quotas.rules import Defaults
from bot.storage.database import Storage, rows
from bot.storage.states import QUEUED
from commands.services.quotas import Limit
from tests.support.databases import migrated
from tests.support.fakes import FISH, FakeClock, FakePaintingClient, FakePlatform, ask

LINE = "style=ink color=blue shape=fish seed=7 size=256"
FREE = Limit(None, None)


@dataclass
class Workshop:
    """The parts of a dispatcher."""

    storage: Storage
    queue: JobQueue
    store: PictureStore
    painting_client: FakePaintingClient
    platform: FakePlatform
    dispatcher: Dispatcher
    folder: Path
    retried: list[str]

    async def accept(self, key="event-1", pictures=(FISH,), **changes):
        return (await self.dispatcher.accept(ask(key=key, **changes), LINE, pictures)).job

    async def finish(self):
        """Wait until every job was taken and is done."""
        while QUEUED in await self.states():
            pass
        await self.dispatcher.drain(grace=20)

    async def states(self):
        found = await self.storage.write(
            lambda database: rows(database, "SELECT state FROM jobs ORDER BY rowid")
        )
        return [row["state"] for row in found]

    async def charged(self):
        sql = "SELECT COALESCE(SUM(pictures), 0) AS n FROM usage WHERE refunded = 0"
        return (await self.storage.write(lambda database: rows(database, sql)))[0]["n"]


def workshops(folder: Path) -> Callable[..., Any]:
    """Open the same database again and again, as restarts do, each time with new fakes."""
    numbers = itertools.count(1)

    @asynccontextmanager
    async def opened(painting_client=None, platform=None, connected=True):
        storage, clock = Storage(migrated(folder / "easel.db"), busy_seconds=0), FakeClock()
        queue = JobQueue(storage, Defaults(FREE, FREE), clock, lambda: f"job-{next(numbers)}")
        store = PictureStore(storage, folder / "pictures", clock, lambda: f"picture-{next(numbers)}")
        painting_client, platform = painting_client or FakePaintingClient(), platform or FakePlatform()
        platforms = {"fake": platform} if connected else {}
        retried: list[str] = []
        progress = ProgressUpdates(queue, platforms, lambda: painting_client.workers, clock)
        dispatcher = Dispatcher(queue, store, painting_client, platforms, progress, (0, 0), retried.append)
        try:
            await dispatcher.start()
            for name in platforms:
                await dispatcher.welcome(name)
            async with asyncio.timeout(20):
                pictures = folder / "pictures"
                yield Workshop(
                    storage, queue, store, painting_client, platform, dispatcher, pictures, retried
                )
        finally:
            await dispatcher.drain(grace=0)
            await storage.close()

    return opened

"""A dispatcher with everything it works with, opened on one memory again and again, as restarts do."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.dispatch import Dispatcher
from bot.gallery import Gallery
from bot.jobs import QUEUED, JobQueue
from bot.quota_book import Defaults
from bot.storage import Storage, rows
from commands.context import Limit
from engine.conditions import Conditions
from tests.fakes import FISH, FakeClock, FakePlatform, FakeStudio, ask

LINE = "style=ink color=blue shape=fish seed=7 size=256"
FREE = Limit(None, None)


@dataclass
class Workshop:
    """What a test looks at while the dispatcher works."""

    storage: Storage
    queue: JobQueue
    gallery: Gallery
    studio: FakeStudio
    platform: FakePlatform
    dispatcher: Dispatcher

    async def accept(
        self, key: str = "event-1", pictures: Sequence[Conditions] = (FISH,), **changes: object
    ) -> str:
        """Ask for pictures; the job."""
        return (await self.dispatcher.accept(ask(key=key, **changes), LINE, pictures)).job

    async def finish(self) -> None:
        """Wait until every job was taken, and then for all that are under way."""
        while QUEUED in await self.states():
            pass
        await self.dispatcher.drain(grace=20)

    async def states(self) -> list[str]:
        """Every job's state, oldest first."""
        sql = "SELECT state FROM jobs ORDER BY rowid"
        return [row["state"] for row in await self.storage.run(lambda database: rows(database, sql))]

    async def charged(self) -> int:
        """Pictures charged and not given back."""
        sql = "SELECT COALESCE(SUM(pictures), 0) AS n FROM usage WHERE refunded = 0"
        return int((await self.storage.run(lambda database: rows(database, sql)))[0]["n"])


@dataclass
class Workshops:
    """Call it to open one. folder: where their memory is"""

    folder: Path
    _numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    @asynccontextmanager
    async def __call__(
        self,
        studio: FakeStudio | None = None,
        platform: FakePlatform | None = None,
        connected: bool = True,
    ) -> AsyncIterator[Workshop]:
        storage, clock = Storage(self.folder / "easel.db", busy_seconds=0), FakeClock()
        queue = JobQueue(storage, Defaults(FREE, FREE), clock, lambda: f"job-{next(self._numbers)}")
        pictures = self.folder / "pictures"
        gallery = Gallery(storage, pictures, clock, lambda: f"picture-{next(self._numbers)}")
        studio, platform = studio or FakeStudio(), platform or FakePlatform()
        platforms = {"fake": platform} if connected else {}
        dispatcher = Dispatcher(queue, gallery, studio, platforms, pauses=(0, 0))
        try:
            await dispatcher.start()
            for name in platforms:
                await dispatcher.welcome(name)
            async with asyncio.timeout(60):
                yield Workshop(storage, queue, gallery, studio, platform, dispatcher)
        finally:
            await dispatcher.drain(grace=0)
            await storage.close()

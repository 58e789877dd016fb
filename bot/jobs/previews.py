"""Layouts that people see while their pictures are painted.

They are a courtesy: one that fails, or would come too late, costs nothing but itself. They are composed one
at a time, so that on a busy machine most of the waiting ones are never begun.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Protocol

from bot.jobs.queue import JobQueue, platform_of
from bot.ports import Platform
from bot.records import Delivery
from bot.storage.states import QUEUED, RUNNING
from commands.chat import Picture
from engine.captions import describe
from engine.conditions import Conditions
from engine.painting.encoding import WEBP

log = logging.getLogger(__name__)

LAST_SECONDS = 5.0
"""How long a finished picture waits for its own preview once that is begun: one that came later would
replace it."""


class Sketcher(Protocol):
    """What composes layouts."""

    async def sketch(self, conditions: Conditions) -> bytes: ...


class Previews:
    """Shows the layouts of jobs."""

    def __init__(self, queue: JobQueue, sketcher: Sketcher, platforms: Mapping[str, Platform]) -> None:
        self._queue, self._sketcher, self._platforms = queue, sketcher, platforms
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._begun: set[str] = set()
        self._turn = asyncio.Lock()

    def start(self, job: str) -> None:
        """Show the layouts of a job when they are composed, unless it is finished before that is begun."""
        task = asyncio.create_task(self._show(job))
        self._tasks[job] = task
        task.add_done_callback(lambda _: self._forget(job))

    def _forget(self, job: str) -> None:
        self._tasks.pop(job, None)
        self._begun.discard(job)

    async def finish(self, job: str) -> None:
        """Return when no preview of the job can come any more."""
        task = self._tasks.get(job)
        if task is None:
            return
        if job in self._begun:
            await asyncio.wait([task], timeout=LAST_SECONDS)
        task.cancel()
        await asyncio.wait([task])

    async def close(self) -> None:
        """Show no more."""
        late = list(self._tasks.values())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _show(self, job: str) -> None:
        try:
            # Only whose turn it is reads the database: whoever asks meanwhile is answered first.
            async with self._turn:
                self._begun.add(job)
                delivery = await self._queue.find(job)
                layouts = await self._layouts(delivery) if delivery else []
            if delivery and layouts:
                await self._platforms[platform_of(delivery)].preview(delivery, layouts)
        except Exception:
            log.exception("job %s has no preview", job)

    async def _layouts(self, delivery: Delivery) -> list[Picture]:
        """None of a job that has ended: nobody would see them."""
        layouts: list[Picture] = []
        for each in delivery.pictures:
            layouts.append(await self._layout(each, delivery.locale))
            if await self._queue.state(delivery.job) not in (QUEUED, RUNNING):
                return []
        return layouts

    async def _layout(self, conditions: Conditions, locale: str) -> Picture:
        data = await self._sketcher.sketch(conditions)
        alt = describe(conditions, locale)
        return Picture("", data, WEBP, conditions.width, conditions.height, alt, conditions)

"""Show people the layouts of their pictures while these are painted.

A preview that fails or comes too late costs nothing else. Previews are composed one at a time, so a busy
machine never begins most of them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Protocol

from bot.jobs.queue import JobQueue, platform_of
from bot.ports import Platform, Refused
from bot.records import Delivery
from bot.storage.states import QUEUED, RUNNING
from commands.chat import Picture
from commands.text.captions import alt_of
from engine.conditions import Conditions
from engine.painting.encoding import WEBP

log = logging.getLogger(__name__)

LAST_SECONDS = 5.0
"""How long a finished picture waits for its preview, which would replace it if it came later."""


class Sketcher(Protocol):
    """What previews ask of `engine.workers.client.PaintingClient`."""

    async def sketch(self, conditions: Conditions) -> bytes: ...


class Previews:
    """Show the layouts of jobs."""

    def __init__(self, queue: JobQueue, sketcher: Sketcher, platforms: Mapping[str, Platform]) -> None:
        self._queue, self._sketcher, self._platforms = queue, sketcher, platforms
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._begun: set[str] = set()
        self._turn = asyncio.Lock()

    def start(self, job: str) -> None:
        """Show the layouts of a job, unless it finishes before."""
        task = asyncio.create_task(self._show(job))
        self._tasks[job] = task
        task.add_done_callback(lambda _: self._forget(job))

    def _forget(self, job: str) -> None:
        self._tasks.pop(job, None)
        self._begun.discard(job)

    async def finish(self, job: str) -> None:
        """Wait for a job's preview to be shown, or prevent it."""
        task = self._tasks.get(job)
        if task is None:
            return
        if job in self._begun:
            await asyncio.wait([task], timeout=LAST_SECONDS)
        task.cancel()
        await asyncio.wait([task])

    async def close(self) -> None:
        """Cancel all previews."""
        late = list(self._tasks.values())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _show(self, job: str) -> None:
        try:
            # One reads the database at a time, so new requests are answered first.
            async with self._turn:
                self._begun.add(job)
                delivery = await self._queue.find(job)
                layouts = await self._layouts(delivery) if delivery else []
            if delivery and layouts:
                await self._platforms[platform_of(delivery)].preview(delivery, layouts)
        except Refused as refusal:
            log.info("job %s has no preview: %s", job, refusal)
        except Exception:
            log.exception("job %s has no preview", job)

    async def _layouts(self, delivery: Delivery) -> list[Picture]:
        """Return nothing for a job that has ended: nobody would see it."""
        layouts: list[Picture] = []
        for each in delivery.pictures:
            layouts.append(await self._layout(each, delivery.locale))
            if await self._queue.state(delivery.job) not in (QUEUED, RUNNING):
                return []
        return layouts

    async def _layout(self, conditions: Conditions, locale: str) -> Picture:
        data = await self._sketcher.sketch(conditions)
        alt = alt_of(conditions, locale)
        return Picture("", data, WEBP, conditions.width, conditions.height, alt, conditions)

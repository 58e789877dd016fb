"""Takes jobs from the queue, has them painted, and hands the results to their platforms."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Coroutine, Mapping
from typing import Any, Protocol

from bot.gallery import Gallery
from bot.jobs import QUEUED, RUNNING, JobQueue
from bot.platforms.base import Delivery, Platform
from commands.chat import Answer, Picture
from commands.words import N_, translator
from engine.conditions import Conditions
from engine.errors import PaintingFailed
from engine.finish import describe
from engine.worker import Painted

log = logging.getLogger(__name__)

POST_TRIES = 3
POST_PAUSE_SECONDS = 2.0
FAILED_TEXT = N_("The painting failed, and nothing was charged. Please ask again.")


class Studio(Protocol):
    """What the dispatcher asks of `engine.studio.Studio`."""

    async def sketch(self, conditions: Conditions) -> bytes: ...
    async def paint(self, job: str, conditions: Conditions) -> Painted: ...


class Dispatcher:
    """Runs up to `slots` jobs at once. Start it, `wake` it for each new job, drain it at the end."""

    def __init__(
        self, queue: JobQueue, gallery: Gallery, studio: Studio, platforms: Mapping[str, Platform], slots: int
    ) -> None:
        self._queue, self._gallery, self._studio, self._platforms = queue, gallery, studio, platforms
        self._slots = asyncio.Semaphore(slots)
        self._news = asyncio.Event()
        self._running: dict[asyncio.Task[None], str] = {}
        self._side: set[asyncio.Task[None]] = set()
        self._loop_task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take up what a restart left, then wait for jobs."""
        for delivery in await self._queue.resume():
            self._aside(self._post_again(delivery))
        self._news.set()
        self._loop_task = asyncio.create_task(self._take_jobs())

    def wake(self, delivery: Delivery) -> None:
        """A job was accepted: show its layouts at once, and paint it in its turn."""
        self._aside(self._preview(delivery))
        self._news.set()

    async def drain(self, grace: float) -> None:
        """Take no more jobs; wait up to `grace` seconds for those under way, and queue the rest again."""
        if self._loop_task:
            self._loop_task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=grace)
        late = dict(self._running)
        for task in [*late, *self._side]:
            task.cancel()
        await asyncio.gather(*late, *self._side, return_exceptions=True)
        for job in late.values():
            if await self._queue.state(job) == RUNNING:
                await self._queue.requeue(job)

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._side.add(task)
        task.add_done_callback(self._side.discard)

    async def _take_jobs(self) -> None:
        while True:
            await self._slots.acquire()
            delivery = await self._next()
            task = asyncio.create_task(self._run(delivery))
            self._running[task] = delivery.job
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        self._slots.release()

    async def _next(self) -> Delivery:
        """The next job whose platform is there; waits for one."""
        while True:
            self._news.clear()
            try:
                delivery = await self._queue.take()
            except sqlite3.Error:
                log.exception("the queue cannot be read")
                delivery = None
            if delivery is not None:
                return delivery
            await self._news.wait()

    async def _run(self, delivery: Delivery) -> None:
        try:
            for place, conditions in enumerate(delivery.pictures):
                painted = await self._studio.paint(delivery.job, conditions)
                await self._gallery.keep(delivery.job, place, painted)
            await self._queue.mark_painted(delivery.job)
        except (PaintingFailed, OSError, sqlite3.Error):
            log.exception("job %s failed", delivery.job)
            await self._give_up(delivery)
            return
        await self._post(delivery)

    async def _give_up(self, delivery: Delivery) -> None:
        try:
            await self._queue.fail(delivery.job)
        except sqlite3.Error:
            # It is still marked as running, so it is painted again after the next start, charged once.
            log.exception("job %s: the failure could not be written", delivery.job)
        text = translator(delivery.locale)(FAILED_TEXT)
        await self._send(delivery, Answer(text, refused=True))

    async def _post(self, delivery: Delivery) -> None:
        pictures = await self._gallery.of_job(delivery.job, delivery.locale)
        post = await self._send(delivery, Answer(delivery.line, pictures, job=delivery.job))
        if post is not None:
            await self._queue.mark_posted(delivery.job, post)

    async def _post_again(self, delivery: Delivery) -> None:
        if self._platform(delivery) is not None:
            await self._post(delivery)

    async def _send(self, delivery: Delivery, answer: Answer) -> str | None:
        """The post's id, or None when the platform would not take it; the next start tries again."""
        platform = self._platform(delivery)
        if platform is None:
            log.warning("job %s waits: its platform is not connected", delivery.job)
            return None
        for attempt in range(1, POST_TRIES + 1):
            try:
                return await platform.post(delivery, answer)
            except Exception:
                log.exception("job %s: attempt %d to post failed", delivery.job, attempt)
            if attempt < POST_TRIES:
                await asyncio.sleep(POST_PAUSE_SECONDS * attempt)
        return None

    def _platform(self, delivery: Delivery) -> Platform | None:
        return self._platforms.get(delivery.person.partition(":")[0])

    async def _preview(self, delivery: Delivery) -> None:
        """Layouts while people wait; a failure here costs nothing but the preview."""
        platform = self._platform(delivery)
        if platform is None:
            return
        try:
            layouts = [await self._layout(each, delivery.locale) for each in delivery.pictures]
            if await self._queue.state(delivery.job) in (QUEUED, RUNNING):
                await platform.preview(delivery, layouts)
        except Exception:
            log.exception("job %s: no preview", delivery.job)

    async def _layout(self, conditions: Conditions, locale: str) -> Picture:
        data = await self._studio.sketch(conditions)
        alt = describe(conditions, locale)
        return Picture("", data, "image/webp", conditions.width, conditions.height, alt, conditions)

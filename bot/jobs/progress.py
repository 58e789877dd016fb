"""What people read while they wait: how many are before them, and when theirs is due.

It is told with the first answer, and again when it has changed.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.jobs.queue import JobQueue, platform_of
from bot.jobs.schedule import Wait
from bot.ports import Platform
from bot.records import Delivery
from bot.storage.database import StorageError
from commands.i18n import translator
from commands.text.results import waiting

log = logging.getLogger(__name__)

PAUSE = 3.0
"""Seconds, at the least, between two changes of a post."""
MOST_CHANGES = 2
"""Posts of one platform that are changed within a pause: Slack takes 50 changes a minute, and results too are
some."""
DRIFT = 10.0
"""Seconds by which a time may be wrong before it is told anew."""
LEAVING = 5.0
"""Seconds that a result waits for a change of its post that is under way."""


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody read last. due: UTC epoch seconds, None for no time; at: when they were told"""

    ahead: int = 0
    due: float | None = None
    at: float = float("-inf")


class ProgressUpdates:
    """Keeps the posts of waiting jobs true. A change that fails is only logged: the result comes anyway."""

    def __init__(
        self,
        queue: JobQueue,
        platforms: Mapping[str, Platform],
        workers: Callable[[], int],
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """platforms: those that are connected, by name; workers: how many paint at the same time
        clock: UTC epoch seconds; sleep: waits for seconds"""
        self._queue, self._platforms, self._workers = queue, platforms, workers
        self._clock, self._sleep = clock, sleep
        self._told: dict[str, Told] = {}
        self._left: set[str] = set()
        self._change: tuple[str, asyncio.Task[None]] | None = None
        self._news = asyncio.Event()

    def enter(self, job: str, ahead: int, due: float | None) -> None:
        """Somebody was told this with the first answer."""
        self._told[job] = Told(ahead, due, self._clock())
        self._news.set()

    def stir(self) -> None:
        """Something in the queue has moved."""
        self._news.set()

    async def leave(self, job: str) -> None:
        """Return when nothing more can be told of a job's wait."""
        self._left.add(job)
        self._told.pop(job, None)
        if self._change is not None and self._change[0] == job:
            task = self._change[1]
            await asyncio.wait([task], timeout=LEAVING)
            task.cancel()
            await asyncio.wait([task])
        self._news.set()

    async def run(self) -> None:
        """Tell, until cancelled, who waits what has changed for them."""
        await self._meet()
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                await self._tell()
            except StorageError:
                log.exception("nobody can be told how long they wait")
            await self._sleep(PAUSE)

    async def _meet(self) -> None:
        """Know those who wait since before a restart. Whoever comes later enters once they have an answer."""
        while True:
            try:
                line = await self._queue.waits(self._workers())
            except StorageError:
                log.exception("who waits since before the start cannot be told how long")
                await self._sleep(PAUSE)
                continue
            self._told = dict.fromkeys((each.job for each in line), Told()) | self._told
            self._news.set()
            return

    async def _tell(self) -> None:
        # Whoever leaves from now on may still be in what is read now.
        self._left.clear()
        changed = [each for each in await self._queue.waits(self._workers()) if self._differs(each)]
        changes: Counter[str] = Counter()
        for wait in sorted(changed, key=lambda each: self._before(each.job).at):
            if self._clock() - self._before(wait.job).at < PAUSE:
                self._news.set()
                break
            delivery = await self._queue.find(wait.job)
            name = platform_of(delivery) if delivery else ""
            if delivery is None or wait.job in self._left or name not in self._platforms:
                continue
            if changes[name] == MOST_CHANGES:
                self._news.set()
                continue
            changes[name] += 1
            await self._show(delivery, wait)

    def _before(self, job: str) -> Told:
        return self._told.get(job, Told())

    def _differs(self, wait: Wait) -> bool:
        before, due = self._told.get(wait.job), self._queue.due(wait)
        if before is None:
            return False
        if wait.ahead != before.ahead:
            return True
        return due is not None and (before.due is None or abs(due - before.due) > DRIFT)

    async def _show(self, delivery: Delivery, wait: Wait) -> None:
        now = Told(wait.ahead, self._queue.due(wait), self._clock())
        self._told[wait.job] = now
        task = asyncio.create_task(self._change_post(delivery, now))
        self._change = wait.job, task
        try:
            await asyncio.wait([task])
        finally:
            task.cancel()
            await asyncio.wait([task])
            self._change = None

    async def _change_post(self, delivery: Delivery, now: Told) -> None:
        try:
            answer = waiting(delivery.line, delivery.job, now.ahead, now.due, translator(delivery.locale))
            await self._platforms[platform_of(delivery)].wait(delivery, answer)
        except Exception:
            log.exception("job %s: how long it waits could not be told", delivery.job)

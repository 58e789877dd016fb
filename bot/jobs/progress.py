"""Keep the posts of waiting jobs up to date: how many jobs are before each, and when it is due."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.jobs.queue import JobQueue, platform_of
from bot.jobs.schedule import Wait
from bot.ports import Platform, Refused
from bot.records import Delivery
from bot.storage.database import StorageError
from commands.i18n import translator
from commands.text.results import waiting

log = logging.getLogger(__name__)

PAUSE = 3.0
"""Least seconds between two changes of a post."""
MOST_CHANGES = 2
"""Most posts of one platform changed within a pause: Slack takes 50 changes a minute, results included."""
DRIFT = 10.0
"""Seconds by which a shown time may be wrong."""
LEAVING = 5.0
"""Seconds that a result waits while its post is being changed."""


@dataclass(frozen=True, slots=True)
class ShownWait:
    """What a post shows. ahead: jobs before it; due: UTC epoch seconds, or None; at: when it was written"""

    ahead: int = 0
    due: float | None = None
    at: float = float("-inf")


class ProgressUpdates:
    """Change the posts of waiting jobs. Failures are only logged, because the result comes in any case."""

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
        self._shown: dict[str, ShownWait] = {}
        self._gone: set[str] = set()
        self._changing: tuple[str, asyncio.Task[None]] | None = None
        self._changed = asyncio.Event()

    def enter(self, job: str, ahead: int, due: float | None) -> None:
        """Note what the first answer of a job showed."""
        self._shown[job] = ShownWait(ahead, due, self._clock())
        self._changed.set()

    def stir(self) -> None:
        """Note that the queue moved."""
        self._changed.set()

    async def leave(self, job: str) -> None:
        """Stop changing the post of a job, and wait for a change under way."""
        self._gone.add(job)
        self._shown.pop(job, None)
        if self._changing is not None and self._changing[0] == job:
            task = self._changing[1]
            await asyncio.wait([task], timeout=LEAVING)
            task.cancel()
            await asyncio.wait([task])
        self._changed.set()

    async def run(self) -> None:
        """Change posts until cancelled."""
        await self._load()
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self._update()
            except StorageError:
                log.exception("the queue cannot be read, so no waiting post is changed")
            await self._sleep(PAUSE)

    async def _load(self) -> None:
        """Load the jobs that waited before a restart; later ones enter with their first answer."""
        while True:
            try:
                line = await self._queue.waits(self._workers())
            except StorageError:
                log.exception("the queue cannot be read, so no waiting post is known yet")
                await self._sleep(PAUSE)
                continue
            self._shown = dict.fromkeys((each.job for each in line), ShownWait()) | self._shown
            self._changed.set()
            return

    async def _update(self) -> None:
        # A job that leaves after this line may still be in the list that is read below.
        self._gone.clear()
        changed = [each for each in await self._queue.waits(self._workers()) if self._differs(each)]
        changes: Counter[str] = Counter()
        for wait in sorted(changed, key=lambda each: self._last(each.job).at):
            if self._clock() - self._last(wait.job).at < PAUSE:
                self._changed.set()
                break
            delivery = await self._queue.find(wait.job)
            name = platform_of(delivery) if delivery else ""
            if delivery is None or wait.job in self._gone or name not in self._platforms:
                continue
            if changes[name] == MOST_CHANGES:
                self._changed.set()
                continue
            changes[name] += 1
            await self._change(delivery, wait)

    def _last(self, job: str) -> ShownWait:
        return self._shown.get(job, ShownWait())

    def _differs(self, wait: Wait) -> bool:
        before, due = self._shown.get(wait.job), self._queue.due(wait)
        if before is None:
            return False
        if wait.ahead != before.ahead:
            return True
        return due is not None and (before.due is None or abs(due - before.due) > DRIFT)

    async def _change(self, delivery: Delivery, wait: Wait) -> None:
        now = ShownWait(wait.ahead, self._queue.due(wait), self._clock())
        self._shown[wait.job] = now
        task = asyncio.create_task(self._change_post(delivery, now))
        self._changing = wait.job, task
        try:
            await asyncio.wait([task])
        finally:
            task.cancel()
            await asyncio.wait([task])
            self._changing = None

    async def _change_post(self, delivery: Delivery, now: ShownWait) -> None:
        try:
            answer = waiting(delivery.says, delivery.job, now.ahead, now.due, translator(delivery.locale))
            await self._platforms[platform_of(delivery)].wait(delivery, answer)
        except Refused as refusal:
            log.info("job %s: its post does not show how long it waits: %s", delivery.job, refusal)
        except Exception:
            log.exception("job %s: its post could not show how long it waits", delivery.job)

"""Take jobs from the queue, paint them, and deliver the results to their platforms."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from bot.background import BackgroundTasks
from bot.jobs.delivery import DeliveryService
from bot.jobs.previews import Previews
from bot.jobs.progress import ProgressUpdates
from bot.jobs.queue import JobQueue, platform_of
from bot.pictures.store import PictureStore
from bot.ports import Platform
from bot.quotas.check import OverQuota
from bot.records import Delivery
from bot.storage.database import StorageError
from bot.storage.states import CANCELLED, RUNNING
from commands.chat import Ask, UserError
from commands.i18n import translator
from commands.services.context import Accepted
from commands.text.refusals import RESTARTING
from commands.text.results import cancelled_post
from engine.conditions import Conditions
from engine.workers.worker import Painted

log = logging.getLogger(__name__)

ASIDE = 1
"""Jobs under way beyond the workers, so that a worker never waits for the database."""
PAUSES = (2.0, 5.0)
"""Seconds before a post, or a look into the queue, is tried again."""


class PaintingService(Protocol):
    """What the dispatcher asks of `engine.workers.client.PaintingClient`."""

    @property
    def workers(self) -> int: ...
    async def sketch(self, conditions: Conditions) -> bytes: ...
    async def choose(self, conditions: Conditions) -> Conditions: ...
    async def paint(self, job: str, conditions: Conditions, *, number: int) -> Painted: ...


class Dispatcher:
    """Run a few jobs at once, fairly. Implements `commands.services.context.Jobs`.

    Requests are accepted from the first moment; `start` it when a worker is warm, and drain it at the end.
    """

    def __init__(
        self,
        queue: JobQueue,
        store: PictureStore,
        client: PaintingService,
        platforms: Mapping[str, Platform],
        progress: ProgressUpdates,
        pauses: Sequence[float] = PAUSES,
        on_retry: Callable[[str], None] = lambda _: None,
        on_posted: Callable[[str], Awaitable[None]] | None = None,
        on_painted: Callable[[Mapping[str, float]], None] = lambda _: None,
        on_refused: Callable[[str], None] = lambda _: None,
    ) -> None:
        """platforms: those that are connected, by name; it may grow while this runs

        on_retry: told the platform of each post that is tried again
        on_posted: told each job whose pictures people see now; it must not raise
        on_painted: told the seconds of each picture by phase
        on_refused: told the kind of the rule that each request over a limit broke
        """
        self._queue, self._store, self._client = queue, store, client
        self._platforms, self._pauses, self._progress = platforms, pauses, progress
        self._on_painted, self._on_refused = on_painted, on_refused
        self._previews = Previews(queue, client, platforms)
        self._delivery = DeliveryService(
            *(queue, store, platforms, self._previews, progress, pauses, on_retry, on_posted)
        )
        self._news = asyncio.Event()
        self._background = BackgroundTasks()
        self._taking: list[asyncio.Task[None]] = []
        self._closing = self._choosing = False

    async def accept(self, ask: Ask, says: str, pictures: Sequence[Conditions]) -> Accepted:
        if self._closing:
            raise UserError(RESTARTING)
        try:
            accepted = await self._queue.accept(ask, says, pictures, self._client.workers)
        except OverQuota as refusal:
            self._on_refused(refusal.whose)
            raise
        if accepted.fresh:
            self._progress.enter(accepted.job, accepted.ahead, accepted.due)
            self._previews.start(accepted.job)
            self._news.set()
        return accepted

    async def best(self, picture: Conditions) -> Conditions:
        """Implement `Jobs.best`, for one request at a time, while nothing is painted or posted."""
        if self._background.running or self._choosing:
            return picture
        self._choosing = True
        try:
            return await self._client.choose(picture)
        except Exception:
            log.exception("the judge could not choose; the first seed is taken")
            return picture
        finally:
            self._choosing = False

    async def pending(self, ask: Ask) -> Conditions | None:
        return await self._queue.pending(ask)

    async def cancel(self, ask: Ask, job: str) -> str:
        """Implement `Jobs.cancel`. A worker ends its picture, because a new one takes longer to get warm."""
        delivery = await self._queue.cancel(ask, job)
        if platform_of(delivery) in self._platforms:
            post = cancelled_post(translator(delivery.locale))
            await self._background.spawn(self._delivery.tell(delivery, post))
        return delivery.says

    async def start(self) -> None:
        """Queue again what a crash left half painted, and begin to paint."""
        await self._queue.requeue_running()
        await self._background.open()
        slots = asyncio.Semaphore(self._client.workers + ASIDE)
        work = (self._take_jobs(slots), self._progress.run(), self._delivery.run())
        self._taking = [asyncio.create_task(each) for each in work]

    async def welcome(self, platform: str) -> None:
        """Post what is painted for a platform that was connected, and paint what waits for it."""
        for delivery in await self._queue.unposted(platform):
            await self._background.spawn(self._delivery.post(delivery))
        self._news.set()

    async def drain(self, grace: float) -> None:
        """Take no more jobs; wait up to `grace` seconds for those under way, and queue the rest again.

        A post that is on its way to its platform has `bot.jobs.delivery.POST_SECONDS` more.
        """
        self._closing = True
        for each in self._taking:
            each.cancel()
        await asyncio.gather(*self._taking, self._delivery.stop_waiting(), return_exceptions=True)
        await self._background.close(grace)
        await self._previews.close()
        await self._delivery.close()
        try:
            await self._queue.requeue_running()
        except StorageError:
            log.exception("what was under way could not be queued; the next start does it")

    async def _take_jobs(self, slots: asyncio.Semaphore) -> None:
        while True:
            await slots.acquire()
            await self._background.spawn(self._run(await self._next(), slots))

    async def _next(self) -> Delivery:
        """Wait for the next job whose platform is connected."""
        while True:
            self._news.clear()
            try:
                delivery = await self._queue.take(self._platforms)
            except StorageError:
                log.exception("the queue cannot be read; trying again")
                await asyncio.sleep(self._pauses[-1])
                continue
            if delivery is not None:
                self._progress.stir()
                return delivery
            await self._news.wait()

    async def _run(self, delivery: Delivery, slots: asyncio.Semaphore) -> None:
        try:
            painted = await self._paint(delivery)
        finally:
            slots.release()
        if painted:
            await self._delivery.post(delivery)
        elif await self._queue.state(delivery.job) == CANCELLED:
            await self._store.discard(delivery.job)
        else:
            await self._delivery.give_up(delivery)

    async def _paint(self, delivery: Delivery) -> bool:
        """Paint the missing pictures one after the other, so that a job of several delays nobody."""
        try:
            done = await self._store.kept(delivery.job)
            for place, conditions in list(enumerate(delivery.pictures))[done:]:
                if await self._queue.state(delivery.job) != RUNNING:
                    return False
                number = await self._store.new_mark()
                painted = await self._client.paint(delivery.job, conditions, number=number)
                self._on_painted(painted.seconds)
                await self._store.keep(delivery.job, place, painted)
                self._progress.stir()
            return await self._queue.mark_painted(delivery.job)
        except Exception:
            log.exception("job %s failed", delivery.job)
            return False

"""Takes jobs from the queue, has them painted, and hands the results to their platforms."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any, Protocol

from bot.gallery import Gallery
from bot.jobs import CANCELLED, RUNNING, JobQueue, platform_of
from bot.platforms.base import Delivery, Platform
from bot.previews import Previews
from bot.storage import StorageError
from bot.waiting import WaitingRoom
from commands.chat import Answer, Ask, UserError
from commands.context import Accepted
from commands.words import N_, translator
from engine.conditions import Conditions
from engine.worker import Painted

log = logging.getLogger(__name__)

ASIDE = 1
"""Jobs under way beyond the workers, so that a worker never waits for the database."""
PAUSES = (2.0, 5.0)
"""Seconds before a post, or a look into the queue, is tried again."""
POST_SECONDS = 5.0
"""How long a stop waits for what a platform is being handed just then."""
CANCELLED_TEXT = N_("Cancelled; nothing was charged.")
FAILED_TEXT = N_("The painting failed, and nothing was charged. Please ask again.")


class Studio(Protocol):
    """What the dispatcher asks of `engine.studio.Studio`."""

    @property
    def workers(self) -> int: ...
    async def sketch(self, conditions: Conditions) -> bytes: ...
    async def choose(self, conditions: Conditions) -> Conditions: ...
    async def paint(self, job: str, conditions: Conditions) -> Painted: ...


class Dispatcher:
    """Runs a few jobs at once, fairly. It implements `commands.context.Jobs`.

    Requests are accepted from the first moment; `start` it when the studio is warm, and drain it at the end.
    """

    def __init__(
        self,
        queue: JobQueue,
        gallery: Gallery,
        studio: Studio,
        platforms: Mapping[str, Platform],
        room: WaitingRoom,
        pauses: Sequence[float] = PAUSES,
        on_retry: Callable[[str], None] = lambda _: None,
        on_posted: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        """platforms: those that are connected, by name; it may grow while this runs. room: where jobs wait

        on_retry: told the platform of each post that is tried again
        on_posted: told each job whose pictures people see now; it must not raise
        """
        self._queue, self._gallery, self._studio = queue, gallery, studio
        self._platforms, self._pauses, self._on_retry = platforms, pauses, on_retry
        self._on_posted, self._room = on_posted, room
        self._previews = Previews(queue, studio, platforms)
        self._news = asyncio.Event()
        self._running: set[asyncio.Task[object]] = set()
        self._posting: set[asyncio.Task[None]] = set()
        self._taking: list[asyncio.Task[None]] = []
        self._closing = self._choosing = False

    async def accept(self, ask: Ask, line: str, pictures: Sequence[Conditions]) -> Accepted:
        """See `commands.context.Jobs.accept`."""
        if self._closing:
            raise UserError("I am about to restart; please ask again in a minute.")
        accepted = await self._queue.accept(ask, line, pictures, self._studio.workers)
        if accepted.fresh:
            self._room.enter(accepted.job, accepted.ahead, accepted.due)
            self._previews.start(accepted.job)
            self._news.set()
        return accepted

    async def best(self, picture: Conditions) -> Conditions:
        """See `commands.context.Jobs.best`. For one request at a time, while nothing is painted or posted."""
        if self._running or self._choosing:
            return picture
        self._choosing = True
        try:
            return await self._studio.choose(picture)
        except Exception:
            log.exception("the judge could not choose; the first seed is taken")
            return picture
        finally:
            self._choosing = False

    async def cancel(self, ask: Ask, job: str) -> str:
        """See `commands.context.Jobs.cancel`. A worker ends the picture it is at, which nobody will see: a
        new worker in its place would be warm only after many more."""
        delivery = await self._queue.cancel(ask, job)
        if platform_of(delivery) in self._platforms:
            text = translator(delivery.locale)(CANCELLED_TEXT)
            self._spawn(self._send(delivery, Answer(text, refused=True)))
        return delivery.line

    async def start(self) -> None:
        """Queue again what a crash left half painted, and begin to paint."""
        await self._queue.requeue_running()
        slots = asyncio.Semaphore(self._studio.workers + ASIDE)
        self._taking = [asyncio.create_task(each) for each in (self._take_jobs(slots), self._room.run())]

    async def welcome(self, platform: str) -> None:
        """A platform was connected: post what is painted for it, and paint what waits for it."""
        for delivery in await self._queue.unposted(platform):
            self._spawn(self._post(delivery))
        self._news.set()

    async def drain(self, grace: float) -> None:
        """Take no more jobs; wait up to `grace` seconds for those under way, and queue the rest again.

        A post that is on its way to its platform has `POST_SECONDS` more.
        """
        self._closing = True
        for each in self._taking:
            each.cancel()
        await asyncio.gather(*self._taking, return_exceptions=True)
        if self._running:
            await asyncio.wait(self._running, timeout=grace)
        late = list(self._running)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, self._previews.close(), return_exceptions=True)
        await self._finish_posts()
        try:
            await self._queue.requeue_running()
        except StorageError:
            log.exception("what was under way could not be queued; the next start does it")

    async def _finish_posts(self) -> None:
        if self._posting:
            await asyncio.wait(self._posting, timeout=POST_SECONDS)
        late = list(self._posting)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _spawn(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _take_jobs(self, slots: asyncio.Semaphore) -> None:
        while True:
            await slots.acquire()
            self._spawn(self._run(await self._next(), slots))

    async def _next(self) -> Delivery:
        """The next job whose platform is there; waits for one."""
        while True:
            self._news.clear()
            try:
                delivery = await self._queue.take(self._platforms)
            except StorageError:
                log.exception("the queue cannot be read; trying again")
                await asyncio.sleep(self._pauses[-1])
                continue
            if delivery is not None:
                self._room.stir()
                return delivery
            await self._news.wait()

    async def _run(self, delivery: Delivery, slots: asyncio.Semaphore) -> None:
        try:
            painted = await self._paint(delivery)
        finally:
            slots.release()
        if painted:
            await self._post(delivery)
        elif await self._queue.state(delivery.job) == CANCELLED:
            await self._gallery.discard(delivery.job)
        else:
            await self._give_up(delivery)

    async def _paint(self, delivery: Delivery) -> bool:
        """Paint what is not there yet, one picture after the other, so that jobs of many delay nobody."""
        try:
            done = await self._gallery.kept(delivery.job)
            for place, conditions in list(enumerate(delivery.pictures))[done:]:
                if await self._queue.state(delivery.job) != RUNNING:
                    return False
                painted = await self._studio.paint(delivery.job, conditions)
                await self._gallery.keep(delivery.job, place, painted)
                self._room.stir()
            return await self._queue.mark_painted(delivery.job)
        except Exception:
            log.exception("job %s failed", delivery.job)
            return False

    async def _give_up(self, delivery: Delivery) -> None:
        try:
            await self._queue.fail(delivery.job)
        except StorageError:
            # It is still marked as running, so the next start paints it again, charged once.
            log.exception("job %s: the failure could not be written", delivery.job)
        text = translator(delivery.locale)(FAILED_TEXT)
        await self._send(delivery, Answer(text, refused=True))

    async def _post(self, delivery: Delivery) -> None:
        try:
            answer = await self._gallery.result(delivery)
        except OSError:
            log.exception("job %s: a picture is gone", delivery.job)
            await self._give_up(delivery)
            return
        except StorageError:
            log.exception("job %s is painted; the next start posts it", delivery.job)
            return
        posting = asyncio.create_task(self._hand_over(delivery, answer))
        self._posting.add(posting)
        posting.add_done_callback(self._posting.discard)
        # Between a post and its mark nothing may be called off: the next start would post it again.
        await asyncio.shield(posting)

    async def _hand_over(self, delivery: Delivery, answer: Answer) -> None:
        post = await self._send(delivery, answer)
        if post is not None:
            await self._mark_posted(delivery.job, post)

    async def _mark_posted(self, job: str, post: str) -> None:
        for pause in (*self._pauses, None):
            try:
                await self._queue.mark_posted(job, post)
            except StorageError:
                log.exception("job %s is posted, and that could not be written", job)
            else:
                if self._on_posted is not None:
                    await self._on_posted(job)
                return
            if pause is not None:
                await asyncio.sleep(pause)

    async def _send(self, delivery: Delivery, answer: Answer) -> str | None:
        """The post's id, or None when the platform would not take it: the next start tries again."""
        await self._previews.finish(delivery.job)
        await self._room.leave(delivery.job)
        platform = self._platforms[platform_of(delivery)]
        for pause in (*self._pauses, None):
            try:
                return await platform.post(delivery, answer)
            except Exception:
                log.exception("job %s could not be posted", delivery.job)
            if pause is not None:
                self._on_retry(platform.name)
                await asyncio.sleep(pause)
        return None

"""Posts that are shown anew, because something of theirs was deleted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any

from bot.jobs.previews import Previews
from bot.jobs.progress import ProgressUpdates
from bot.jobs.queue import JobQueue, platform_of
from bot.pictures.store import PictureStore
from bot.ports import Platform
from bot.records import Delivery
from bot.storage.database import StorageError
from bot.storage.states import PAINTED
from commands.chat import Answer
from commands.i18n import N_, translator

log = logging.getLogger(__name__)


class PostRefresher:
    """Has the platforms show posts anew. platforms: those that are connected, by name; it may grow"""

    def __init__(self, queue: JobQueue, gallery: PictureStore, platforms: Mapping[str, Platform]) -> None:
        self._queue, self._gallery, self._platforms = queue, gallery, platforms

    async def revise(self, job: str) -> None:
        """Show a posted job as it is now. A failure is only logged: what was deleted is deleted."""
        try:
            delivery, post = await self._queue.find(job), await self._queue.post_of(job)
            if delivery is not None and post is not None and platform_of(delivery) in self._platforms:
                answer = await self._gallery.result(delivery)
                now = await self._platforms[platform_of(delivery)].revise(delivery, post, answer)
                if now != post:
                    await self._queue.move_post(job, now)
        except Exception:
            log.exception("job %s: its post could not be shown anew", job)


log = logging.getLogger(__name__)

REFUSED_SECONDS, LONGEST_SECONDS = 60.0, 3600.0
"""How long a picture that its platform would not take waits to be handed over again: each time twice as
long as before, up to the latter."""
POST_SECONDS = 5.0
"""How long a stop waits for what a platform is being handed just then."""
FAILED_TEXT = N_("The painting failed, and nothing was charged. Please ask again.")


class DeliveryService:
    """Posts results, marks them as posted, and says so where there are none."""

    def __init__(
        self,
        queue: JobQueue,
        gallery: PictureStore,
        platforms: Mapping[str, Platform],
        previews: Previews,
        room: ProgressUpdates,
        pauses: Sequence[float],
        on_retry: Callable[[str], None],
        on_posted: Callable[[str], Awaitable[None]] | None,
    ) -> None:
        """pauses: seconds before a post, or its mark, is tried again; for the others see
        `bot.jobs.dispatcher`."""
        self._queue, self._gallery, self._platforms = queue, gallery, platforms
        self._previews, self._room = previews, room
        self._pauses, self._on_retry, self._on_posted = pauses, on_retry, on_posted
        self._posting: set[asyncio.Task[None]] = set()
        self._refused: set[asyncio.Task[None]] = set()
        self._closing = False

    async def post(self, delivery: Delivery, wait: float | None = None) -> None:
        """Hand over what is painted. wait: seconds before it is tried anew if it is refused now"""
        try:
            answer = await self._gallery.result(delivery)
        except OSError:
            log.exception("job %s: a picture is gone", delivery.job)
            await self.give_up(delivery)
            return
        except StorageError:
            log.exception("job %s is painted; the next start posts it", delivery.job)
            return
        posting = _kept(self._posting, self._hand_over(delivery, answer, wait or REFUSED_SECONDS))
        # Between a post and its mark nothing may be called off: the next start would post it again.
        await asyncio.shield(posting)

    async def give_up(self, delivery: Delivery) -> None:
        """Take the charge of a job back that cannot be painted, and say so."""
        try:
            await self._queue.fail(delivery.job)
        except StorageError:
            # It is still marked as running, so the next start paints it again, charged once.
            log.exception("job %s: the failure could not be written", delivery.job)
        text = translator(delivery.locale)(FAILED_TEXT)
        await self.send(delivery, Answer(text, refused=True))

    async def send(self, delivery: Delivery, answer: Answer) -> str | None:
        """The post's id, or None when the platform would not take it."""
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

    async def stop_waiting(self) -> None:
        """Leave what was refused to the next start."""
        self._closing = True
        await _call_off(self._refused)

    async def close(self) -> None:
        """Wait for what is being handed over, and then leave the rest to the next start."""
        if self._posting:
            await asyncio.wait(self._posting, timeout=POST_SECONDS)
        await _call_off(self._posting)

    async def _hand_over(self, delivery: Delivery, answer: Answer, wait: float) -> None:
        post = await self.send(delivery, answer)
        if post is not None:
            await self._mark_posted(delivery.job, post)
        elif not self._closing:
            _kept(self._refused, self._post_later(delivery, wait))

    async def _post_later(self, delivery: Delivery, wait: float) -> None:
        await asyncio.sleep(wait)
        try:
            # Somebody may have had it deleted meanwhile.
            wanted = await self._queue.state(delivery.job) == PAINTED
        except StorageError:
            log.exception("job %s is painted; the next start posts it", delivery.job)
            return
        if wanted:
            await self.post(delivery, min(2 * wait, LONGEST_SECONDS))

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


def _kept(tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """A task among those, until it is done."""
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task


async def _call_off(tasks: set[asyncio.Task[None]]) -> None:
    late = list(tasks)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)

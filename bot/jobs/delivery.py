"""Deliver results to their platforms, and show posts again after a change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.background import BackgroundTasks
from bot.jobs.previews import Previews
from bot.jobs.progress import ProgressUpdates
from bot.jobs.queue import JobQueue, platform_of
from bot.pictures.store import PictureStore
from bot.ports import Platform, Refused, Remedy
from bot.records import Delivery
from bot.storage.database import StorageError
from bot.storage.states import PAINTED
from commands.chat import Post
from commands.i18n import translator
from commands.text.results import failed_post, finished_post, undelivered_post

log = logging.getLogger(__name__)

REFUSED_SECONDS, LONGEST_SECONDS = 60.0, 3600.0
"""How long a picture that its platform refused waits for the next attempt: twice as long each time, up to
the latter. `JobQueue.end_overdue` ends it."""
SWEEP_SECONDS = 300.0
"""Seconds between two looks for jobs that wait too long."""
POST_SECONDS = 5.0
"""How long a stop waits for posts that are under way."""


async def post_of(delivery: Delivery, store: PictureStore) -> Post:
    """Return what a painted job shows now. Raises OSError when a file is gone, and StorageError."""
    job = await store.finished(delivery)
    translate = translator(delivery.locale)
    return finished_post(delivery.job, delivery.says, job.pictures, job.deleted, job.withheld, translate)


class PostRefresher:
    """Show posts again after a change. platforms: those that are connected, by name; it may grow"""

    def __init__(self, queue: JobQueue, store: PictureStore, platforms: Mapping[str, Platform]) -> None:
        self._queue, self._store, self._platforms = queue, store, platforms

    async def revise(self, job: str) -> bool:
        """Show a posted job as it is now. Return False where its post stays as it was: what was deleted stays
        deleted."""
        try:
            delivery, old = await self._queue.find(job), await self._queue.post_of(job)
            if delivery is not None and old is not None and platform_of(delivery) in self._platforms:
                post = await post_of(delivery, self._store)
                new = await self._platforms[platform_of(delivery)].revise(delivery, old, post)
                if new != old:
                    await self._queue.move_post(job, new)
            return True
        except Refused as refusal:
            log.warning("job %s: its post stays as it was: %s", job, refusal)
        except Exception:
            log.exception("job %s: its post could not be changed", job)
        return False


class DeliveryService:
    """Post results, mark them as posted, and post a failure where there is no result."""

    def __init__(
        self,
        queue: JobQueue,
        store: PictureStore,
        platforms: Mapping[str, Platform],
        previews: Previews,
        progress: ProgressUpdates,
        pauses: Sequence[float],
        on_retry: Callable[[str], None],
        on_posted: Callable[[str], Awaitable[None]] | None,
    ) -> None:
        """pauses: seconds before a post, or its mark, is tried again
        The others are those of `bot.jobs.dispatcher.Dispatcher`.
        """
        self._queue, self._store, self._platforms = queue, store, platforms
        self._previews, self._progress = previews, progress
        self._pauses, self._on_retry, self._on_posted = pauses, on_retry, on_posted
        self._posting, self._refused = BackgroundTasks(), BackgroundTasks()
        self._closing = False

    async def post(self, delivery: Delivery, wait: float | None = None) -> None:
        """Post a painted job. wait: seconds until the next attempt, should its platform refuse it"""
        try:
            post = await post_of(delivery, self._store)
        except OSError:
            log.exception("job %s: a picture is gone", delivery.job)
            await self.give_up(delivery)
            return
        except StorageError:
            log.exception("job %s is painted; the next start posts it", delivery.job)
            return
        work = self._deliver(delivery, post, wait or REFUSED_SECONDS)
        # If it were cancelled between the post and its mark, the next start would post the job again.
        await asyncio.shield(await self._posting.spawn(work))

    async def give_up(self, delivery: Delivery) -> None:
        """Fail a job that cannot be painted: refund its charge, and post the failure."""
        try:
            await self._queue.fail(delivery.job)
        except StorageError:
            # It is still marked as running, so the next start paints it again, charged once.
            log.exception("job %s: the failure could not be written", delivery.job)
        await self.tell(delivery, failed_post(translator(delivery.locale)))

    async def tell(self, delivery: Delivery, post: Post) -> None:
        """Post what comes in place of pictures; where nobody can be told, that is logged."""
        try:
            await self._send(delivery, post)
        except Refused as refusal:
            log.warning("job %s: nobody could be told how it ended: %s", delivery.job, refusal)

    async def _send(self, delivery: Delivery, post: Post) -> str:
        """Return the id of the new post. Raises Refused."""
        await self._previews.finish(delivery.job)
        await self._progress.leave(delivery.job)
        platform = self._platforms[platform_of(delivery)]
        for pause in (*self._pauses, None):
            try:
                return await platform.post(delivery, post)
            except Refused:
                raise
            except Exception:
                log.exception("job %s could not be posted", delivery.job)
            if pause is not None:
                self._on_retry(platform.name)
                await asyncio.sleep(pause)
        raise Refused(f"{platform.name} took no post", Remedy.AGAIN)

    async def run(self, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        """End jobs that wait too long for their platform, until cancelled."""
        while True:
            try:
                if ended := await self._queue.end_overdue(self._platforms):
                    log.warning("%d jobs waited too long for their platform and are ended", ended)
            except StorageError:
                log.exception("jobs that wait too long could not be ended; trying again")
            await sleep(SWEEP_SECONDS)

    async def stop_waiting(self) -> None:
        """Leave refused posts to the next start."""
        self._closing = True
        await self._refused.close()

    async def close(self) -> None:
        """Wait for posts under way, and leave the rest to the next start."""
        await self._posting.close(POST_SECONDS)

    async def _deliver(self, delivery: Delivery, post: Post, wait: float) -> None:
        try:
            posted = await self._send(delivery, post)
        except Refused as refusal:
            log.warning("job %s could not be posted: %s", delivery.job, refusal)
            if refusal.remedy is not Remedy.AGAIN:
                await self._keep(delivery)
            elif not self._closing:
                await self._refused.spawn(self._post_later(delivery, wait))
        else:
            await self._mark_posted(delivery.job, posted)

    async def _keep(self, delivery: Delivery) -> None:
        """End a job that no place takes: its pictures wait in the gallery."""
        try:
            await self._queue.keep_undelivered(delivery.job)
        except StorageError:
            log.exception("job %s cannot be posted, and that could not be written", delivery.job)
        else:
            await self.tell(delivery, undelivered_post(translator(delivery.locale)))

    async def _post_later(self, delivery: Delivery, wait: float) -> None:
        await asyncio.sleep(wait)
        try:
            # Somebody may have deleted it meanwhile.
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

"""Posts that are shown anew, because something of theirs was deleted."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from bot.gallery import Gallery
from bot.jobs import JobQueue, platform_of
from bot.platforms.base import Platform

log = logging.getLogger(__name__)


class Revisions:
    """Has the platforms show posts anew. platforms: those that are connected, by name; it may grow"""

    def __init__(self, queue: JobQueue, gallery: Gallery, platforms: Mapping[str, Platform]) -> None:
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

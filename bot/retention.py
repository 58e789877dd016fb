"""What is too old is forgotten: pictures that nobody favourites, their requests, and the charges.

What people like and who changed what is kept. Platforms keep their own copies of what was posted.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Collection
from functools import partial

from bot.gallery import ENDED, Gallery
from bot.quotas import DAY
from bot.storage import Database, Storage, StorageError, change, rows

log = logging.getLogger(__name__)

BATCH = 50
"""Requests forgotten at a time, so that nobody waits for the database meanwhile."""


class Retention:
    """Forgets once a day."""

    def __init__(self, storage: Storage, gallery: Gallery, days: int, clock: Callable[[], float]) -> None:
        """days: age of a request, 1 or more, after which it is forgotten; clock: UTC epoch seconds"""
        self._storage, self._gallery, self._days, self._clock = storage, gallery, days, clock

    async def run(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Sweep now and every day until cancelled."""
        while True:
            try:
                count = await self.sweep()
                log.info("%d requests were older than %d days and are forgotten", count, self._days)
            except (StorageError, OSError):
                log.exception("what is old could not be forgotten; trying again tomorrow")
            await sleep(DAY)

    async def sweep(self) -> int:
        """Forget what is too old; how many requests. Raises StorageError or OSError; the next one goes on."""
        before, count = self._clock() - self._days * DAY, 0
        while jobs := await self._storage.run(lambda database: _old(database, before)):
            # Files first: the next sweep finds a row without its file, and never a file without its row.
            for job in jobs:
                await self._gallery.discard(job)
            count += await self._storage.run(partial(_forget, before=before, jobs=jobs))
        await self._storage.run(lambda database: _forget_charges(database, before))
        return count


# The highest number stays, so that no new picture gets one that was given before.
_OLD = """
SELECT id FROM jobs WHERE state IN (SELECT value FROM json_each(?)) AND accepted_at < ?
AND NOT EXISTS (
  SELECT 1 FROM pictures WHERE job = jobs.id AND (
    number = (SELECT MAX(number) FROM pictures)
    OR EXISTS (SELECT 1 FROM reactions WHERE picture = pictures.id AND verb = 'favourite')
  )
)
ORDER BY accepted_at LIMIT ?
"""
_OF_JOBS = "job IN (SELECT value FROM json_each(?))"


def _old(database: Database, before: float) -> list[str]:
    return [row["id"] for row in rows(database, _OLD, json.dumps(ENDED), before, BATCH)]


def _forget_charges(database: Database, before: float) -> None:
    change(database, "DELETE FROM usage WHERE at < ?", before)
    change(database, "DELETE FROM usage_shares WHERE job NOT IN (SELECT job FROM usage)")


def _forget(database: Database, before: float, jobs: Collection[str]) -> int:
    """Remove the rows of jobs whose files are gone, not of one that became a favourite just now; how many."""
    names = json.dumps(sorted(set(jobs) & set(_old(database, before))))
    pictures = f"SELECT id FROM pictures WHERE {_OF_JOBS}"  # noqa: S608  # our own words
    change(database, f"DELETE FROM reactions WHERE picture IN ({pictures})", names)  # noqa: S608  # our own words
    change(database, f"DELETE FROM taste_choices WHERE {_OF_JOBS}", names)  # noqa: S608  # our own words
    change(database, f"DELETE FROM pictures WHERE {_OF_JOBS}", names)  # noqa: S608  # our own words
    return change(database, "DELETE FROM jobs WHERE id IN (SELECT value FROM json_each(?))", names)

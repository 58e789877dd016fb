"""Forget what is too old: pictures that are nobody's favourites, their requests, and charges.

The configuration sets the age; admins can set fewer days for their server. Reactions and the audit stay.
Platforms keep their own copies of posts.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from bot.clock import DAY, day_start, minute_start
from bot.own_data.servers import forget_servers
from bot.pictures.store import ENDED, PictureStore
from bot.storage.database import Database, Storage, StorageError, change, rows

log = logging.getLogger(__name__)

BATCH = 50
"""Requests forgotten in one transaction, so that nobody waits long for it."""
NEVER = 1e9
"""Days."""


@dataclass(frozen=True, slots=True)
class Ages:
    """now: UTC epoch seconds; days: age at which everything is too old, None for never"""

    now: float
    days: int | None

    @property
    def values(self) -> tuple[float, ...]:
        """The values of `_TOO_OLD`."""
        return self.now, DAY, NEVER if self.days is None else self.days, NEVER


class Retention:
    """Forget once a day."""

    def __init__(
        self, storage: Storage, store: PictureStore, days: int | None, clock: Callable[[], float]
    ) -> None:
        """days: age of a request, 1 or more, after which it is forgotten, None where only servers say so

        clock: UTC epoch seconds
        """
        self._storage, self._store, self._days, self._clock = storage, store, days, clock

    async def run(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Sweep now and every day until cancelled."""
        while True:
            try:
                count = await self.sweep()
                log.info("%d requests were too old and are forgotten", count)
            except (StorageError, OSError):
                log.exception("what is old could not be forgotten; trying again tomorrow")
            await sleep(DAY)

    async def sweep(self) -> int:
        """Forget what is too old; return how many requests. Raises StorageError or OSError."""
        ages, count = Ages(self._clock(), self._days), 0
        while jobs := await self._storage.read(_old, ages):
            # Files first, so that a failure leaves rows without files for the next sweep, never the opposite.
            for job in jobs:
                await self._store.discard(job)
            count += await self._storage.write(_forget, ages, jobs)
        await self._storage.write(_forget_charges, ages)
        servers = await self._storage.write(forget_servers, ages.now)
        if servers:
            log.info("%d servers that removed Easel are forgotten", servers)
        return count


# The days of the server or of all, whichever are fewer.
_TOO_OLD = """
? - ? * MIN(?, COALESCE((
  SELECT CAST(value AS INTEGER) FROM settings WHERE scope = server AND key = 'keep_days'
), ?))
"""
# The picture with the highest number stays, so that no number is reused.
_OLD = f"""
SELECT id FROM jobs WHERE state IN (SELECT value FROM json_each(?)) AND accepted_at < {_TOO_OLD}
AND NOT EXISTS (
  SELECT 1 FROM pictures WHERE job = jobs.id AND (
    number = (SELECT MAX(number) FROM pictures)
    OR EXISTS (SELECT 1 FROM reactions WHERE picture = pictures.id AND verb = 'favourite')
  )
)
ORDER BY accepted_at LIMIT ?
"""  # noqa: S608  # our own words
_OF_JOBS = "job IN (SELECT value FROM json_each(?))"


def _old(database: Database, ages: Ages) -> list[str]:
    return [row["id"] for row in rows(database, _OLD, json.dumps(ENDED), *ages.values, BATCH)]


def _forget_charges(database: Database, ages: Ages) -> None:
    change(database, f"DELETE FROM usage WHERE at < {_TOO_OLD}", *ages.values)  # noqa: S608  # our own words
    change(database, _ANONYMOUS, min(day_start(ages.now), minute_start(ages.now)))
    change(database, "DELETE FROM usage_shares WHERE job NOT IN (SELECT job FROM usage)")


# What the people who were forgotten used bounds them for no longer than a day.
_ANONYMOUS = """
UPDATE usage SET person = '' WHERE at < ? AND person IN (SELECT pseudonym FROM forgotten)
"""


def _forget(database: Database, ages: Ages, jobs: Collection[str]) -> int:
    """Remove the rows of jobs whose files are gone, except new favourites; return how many."""
    names = json.dumps(sorted(set(jobs) & set(_old(database, ages))))
    pictures = f"SELECT id FROM pictures WHERE {_OF_JOBS}"  # noqa: S608  # our own words
    change(database, f"DELETE FROM reactions WHERE picture IN ({pictures})", names)  # noqa: S608  # our own words
    change(database, f"DELETE FROM taste_choices WHERE {_OF_JOBS}", names)  # noqa: S608  # our own words
    change(database, f"DELETE FROM pictures WHERE {_OF_JOBS}", names)  # noqa: S608  # our own words
    return change(database, "DELETE FROM jobs WHERE id IN (SELECT value FROM json_each(?))", names)

"""Store jobs durably. A job goes queued -> running -> painted -> posted, or failed, one transaction a step.

A job that no platform takes ends undelivered. Row and charge are stored before the person reads that the job
was accepted. After a restart, running jobs are queued again and painted ones are posted.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial

from bot.clock import DAY, HOUR
from bot.jobs.schedule import Wait, give_turn, line_up, next_job, soonest
from bot.people import audit
from bot.people.identity import person_of
from bot.quotas.check import Request
from bot.quotas.rules import Defaults
from bot.quotas.usage import charge, refund
from bot.records import Delivery
from bot.storage.coalesce import Coalesced
from bot.storage.database import Database, Row, Storage, StorageError, change, first, rows
from bot.storage.states import CANCELLED, FAILED, PAINTED, POSTED, QUEUED, RUNNING, UNDELIVERED
from commands.chat import Ask, UserError
from commands.checks import may_change
from commands.services.context import Accepted
from commands.text import refusals
from engine.conditions import Conditions

log = logging.getLogger(__name__)

MOST_WAITING = 500
"""Most waiting jobs; more are refused, so that nobody waits for hours."""
UNPOSTED_SECONDS = HOUR * 0.75
"""How long a painted job may stay charged without being posted."""
LONGEST_SECONDS = DAY
"""How long a job may wait for its platform."""
SHORT = 3.0
"""Shorter waits, in seconds, are not shown: they end before people read them."""


class JobQueue:
    """The queue of one service."""

    def __init__(
        self, storage: Storage, defaults: Defaults, clock: Callable[[], float], new_id: Callable[[], str]
    ) -> None:
        """clock: UTC epoch seconds; new_id: an unguessable name that is safe in a path."""
        self._storage, self._defaults, self._clock, self._new_id = storage, defaults, clock, new_id
        self._lines: dict[int, Coalesced[tuple[Wait, ...]]] = {}

    async def accept(self, ask: Ask, says: str, pictures: Sequence[Conditions], workers: int = 1) -> Accepted:
        """Implement `Jobs.accept`. workers: how many paint at the same time"""
        job, first_said, fresh = await self._storage.write(self._accept, ask, says, pictures, workers)
        wait = await self._place(job, workers)
        return Accepted(job, wait.ahead, fresh, first_said, self.due(wait))

    def _accept(
        self, database: Database, ask: Ask, says: str, pictures: Sequence[Conditions], workers: int
    ) -> tuple[str, str, bool]:
        """Return the job, what was said of it at first, and whether it is new."""
        known = first(database, "SELECT id, line FROM jobs WHERE key = ?", ask.own_key)
        if known:
            return known["id"], known["line"], False
        if _count(database, QUEUED) >= MOST_WAITING:
            raise UserError(refusals.QUEUE_IS_FULL)
        ask = replace(ask, person=person_of(database, ask.account))
        now, job = self._clock(), self._new_id()
        request = Request(len(pictures), max(each.size for each in pictures))
        charge(database, self._defaults, ask, job, request, now, partial(soonest, database, workers))
        _meet(database, ask, now)
        _insert(database, job, ask, says, pictures, now)
        return job, says, True

    async def _place(self, job: str, workers: int) -> Wait:
        """Return the job's place; the head of the line if it waits no more or the queue cannot be read."""
        # Sorting hundreds of jobs takes a while, so jobs accepted meanwhile share the result.
        line = self._lines.setdefault(workers, Coalesced(lambda: self.waits(workers)))
        try:
            found = [each for each in await line.get() if each.job == job]
        except StorageError:
            log.exception("job %s is accepted, and its place cannot be read", job)
            found = []
        return found[0] if found else Wait(job, 0, None)

    def due(self, wait: Wait) -> float | None:
        """Return when a job is probably painted (UTC epoch seconds); None if unknown, or in a moment."""
        return self._clock() + wait.seconds if wait.seconds is not None and wait.seconds >= SHORT else None

    async def waits(self, workers: int) -> tuple[Wait, ...]:
        """Return every job that waits or is being painted, the next one first."""
        return await self._storage.read(line_up, workers)

    async def take(self, platforms: Collection[str]) -> Delivery | None:
        """Start the next job of these platforms and return it; None when none waits."""
        return await self._storage.write(_take, platforms, self._clock())

    async def find(self, job: str) -> Delivery | None:
        """Return a job's delivery, or None for an unknown job."""
        row = await self._storage.read(first, "SELECT * FROM jobs WHERE id = ?", job)
        return _delivery(row) if row else None

    async def state(self, job: str) -> str | None:
        """Return a job's state, or None for an unknown job."""
        row = await self._storage.read(first, "SELECT state FROM jobs WHERE id = ?", job)
        return row["state"] if row else None

    async def announce(self, job: str, post: str) -> None:
        """Store the post that announces a job; a later one replaces it."""
        await self._storage.write(change, "UPDATE jobs SET announced = ? WHERE id = ?", post, job)

    async def mark_painted(self, job: str) -> bool:
        """Mark a running job as painted. False when it was not running."""
        return await self._storage.write(self._move, job, (RUNNING,), PAINTED)

    async def mark_posted(self, job: str, post: str) -> bool:
        """Mark a painted job as posted. False when it was not painted."""

        def work(database: Database) -> bool:
            moved = self._move(database, job, (PAINTED, UNDELIVERED), POSTED)
            if moved:
                change(database, "UPDATE jobs SET post = ? WHERE id = ?", post, job)
            return moved

        return await self._storage.write(work)

    async def fail(self, job: str) -> bool:
        """Fail a job and refund its charge. False when it had ended before."""
        return await self._storage.write(self._end, job, (QUEUED, RUNNING, PAINTED), FAILED)

    async def keep_undelivered(self, job: str) -> bool:
        """End a painted job that cannot be posted, and refund its charge. False when it was not painted."""
        return await self._storage.write(self._end, job, (PAINTED,), UNDELIVERED)

    def _end(self, database: Database, job: str, before: Sequence[str], after: str) -> bool:
        moved = self._move(database, job, before, after)
        if moved:
            refund(database, job)
        return moved

    async def end_overdue(self, platforms: Collection[str]) -> int:
        """Refund what waits too long for its post, end what waits longer, and fail what waits for a platform
        that is not there. Return how many jobs ended. platforms: those that are there"""
        return await self._storage.write(self._end_overdue, platforms)

    def _end_overdue(self, database: Database, platforms: Collection[str]) -> int:
        now = self._clock()
        for row in rows(database, _UNPOSTED_SINCE, now - UNPOSTED_SECONDS):
            refund(database, row["id"])
        late = [
            (row["id"], PAINTED, UNDELIVERED)
            for row in rows(database, _UNPOSTED_SINCE, now - LONGEST_SECONDS)
        ]
        lost = rows(database, _LOST, now - LONGEST_SECONDS, json.dumps(sorted(platforms)))
        late += [(row["id"], QUEUED, FAILED) for row in lost]
        return sum(self._end(database, job, (before,), after) for job, before, after in late)

    async def cancel(self, ask: Ask, job: str) -> Delivery:
        """Implement `Jobs.cancel`, and return the job's delivery."""
        return await self._storage.write(self._cancel, ask, job)

    def _cancel(self, database: Database, ask: Ask, job: str) -> Delivery:
        row = first(database, "SELECT * FROM jobs WHERE id = ?", job) if job else None
        row = row if job else first(database, _LATEST_WAITING, ask.person)
        if row is None:
            raise UserError(refusals.NOTHING_WAITS)
        if not may_change(ask, row["person"], row["server"]):
            raise UserError(refusals.NOT_YOURS_TO_CANCEL)
        if not self._move(database, row["id"], (QUEUED, RUNNING), CANCELLED):
            raise UserError(refusals.NO_LONGER_WAITING)
        refund(database, row["id"])
        if ask.person != row["person"]:
            audit.write(database, self._clock(), ask, "cancel", row["person"], row["state"], CANCELLED)
        return _delivery(row)

    async def pending(self, ask: Ask) -> Conditions | None:
        """Implement `Jobs.pending`."""
        row = await self._storage.read(first, _PENDING, ask.person, ask.channel, ask.own_key)
        return Conditions.from_dict(json.loads(row["conditions"])[-1]) if row else None

    async def post_of(self, job: str) -> str | None:
        """Return the post of a posted job."""
        sql = "SELECT post FROM jobs WHERE id = ? AND state = ?"
        row = await self._storage.read(first, sql, job, POSTED)
        return row["post"] if row else None

    async def move_post(self, job: str, post: str) -> None:
        """Replace the post of a posted job."""
        sql = "UPDATE jobs SET post = ? WHERE id = ? AND state = ?"
        await self._storage.write(change, sql, post, job, POSTED)

    async def requeue_running(self) -> None:
        """Queue running jobs again: after a crash, or for a stop that could not wait."""
        await self._storage.write(change, "UPDATE jobs SET state = ? WHERE state = ?", QUEUED, RUNNING)

    async def unposted(self, platform: str) -> tuple[Delivery, ...]:
        """Return a platform's painted jobs that are not posted, oldest first."""
        found = await self._storage.read(rows, _UNPOSTED, platform)
        return tuple(_delivery(row) for row in found)

    def _move(self, database: Database, job: str, before: Sequence[str], after: str) -> bool:
        sql = (
            "UPDATE jobs SET state = ?, finished_at = ?"
            " WHERE id = ? AND state IN (SELECT value FROM json_each(?))"
        )
        return change(database, sql, after, self._clock(), job, json.dumps(before)) == 1


_UNPOSTED = """
SELECT * FROM jobs WHERE state = 'painted' AND substr(channel, 1, instr(channel, ':') - 1) = ?
ORDER BY accepted_at, rowid
"""

_UNPOSTED_SINCE = "SELECT id FROM jobs WHERE state = 'painted' AND finished_at <= ?"
_LOST = """
SELECT id FROM jobs WHERE state = 'queued' AND accepted_at <= ?
AND substr(channel, 1, instr(channel, ':') - 1) NOT IN (SELECT value FROM json_each(?))
"""

_PENDING = """
SELECT conditions FROM jobs WHERE person = ? AND channel = ? AND key != ? AND state IN ('queued', 'running')
ORDER BY accepted_at DESC, rowid DESC LIMIT 1
"""
_LATEST_WAITING = """
SELECT * FROM jobs WHERE person = ? AND state IN ('queued', 'running')
ORDER BY accepted_at DESC, rowid DESC LIMIT 1
"""


def platform_of(delivery: Delivery) -> str:
    """Return the name of the platform that gets the result."""
    return delivery.channel.partition(":")[0]


def _insert(
    database: Database, job: str, ask: Ask, says: str, pictures: Sequence[Conditions], now: float
) -> None:
    conditions = json.dumps([each.to_dict() for each in pictures])
    change(
        database,
        "INSERT INTO jobs"
        " (id, key, person, account, server, channel, locale, reply, said, line, conditions, state,"
        " accepted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        *(job, ask.own_key, ask.person, ask.account, ask.server, ask.channel, ask.locale),
        *(json.dumps(dict(ask.reply)), _storable(ask.line), says, conditions, QUEUED, now),
    )


def _take(database: Database, platforms: Collection[str], now: float) -> Delivery | None:
    row = next_job(database, platforms)
    if row is None:
        return None
    change(database, "UPDATE jobs SET state = ?, started_at = ? WHERE id = ?", RUNNING, now, row["id"])
    give_turn(database, row)
    return _delivery(row)


def _count(database: Database, state: str) -> int:
    return int(rows(database, "SELECT COUNT(*) AS n FROM jobs WHERE state = ?", state)[0]["n"])


def _meet(database: Database, ask: Ask, now: float) -> None:
    """Store the person, with their language, and the server."""
    change(
        database,
        "INSERT INTO people (id, locale, first_seen) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET locale = excluded.locale",
        *(ask.person, ask.locale, now),
    )
    change(database, "INSERT OR IGNORE INTO servers (id, first_seen) VALUES (?, ?)", ask.server, now)


def _delivery(row: Row) -> Delivery:
    return Delivery(
        job=row["id"],
        person=row["person"],
        server=row["server"],
        channel=row["channel"],
        locale=row["locale"],
        reply=json.loads(row["reply"]),
        accepted_at=row["accepted_at"],
        says=row["line"],
        pictures=tuple(Conditions.from_dict(each) for each in json.loads(row["conditions"])),
        announced=row["announced"] or "",
    )


def _storable(words: str) -> str:
    """Return what somebody typed with question marks for halves of characters, which no file can have."""
    return words.encode("utf-8", "replace").decode()

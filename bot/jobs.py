"""The durable queue. A job goes queued -> running -> painted -> posted, or failed, a transaction each step.

The job's row is written, and its quota charged, before anybody is told that it was accepted. After a restart
running jobs are queued again and painted ones posted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.platforms.base import Delivery
from bot.quotas import MINUTE, Rule, check, day_start
from bot.storage import Database, Row, Storage, change, first, rows
from commands.chat import Ask, Picture, UserError
from commands.context import Accepted, Limit, Usage
from engine.conditions import Conditions
from engine.finish import describe
from engine.worker import Painted

QUEUED, RUNNING, PAINTED, POSTED, FAILED = "queued", "running", "painted", "posted", "failed"
MOST_WAITING = 500
"""Jobs in the queue after which new ones are refused, so that nobody waits for hours."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """Limits where admins set none."""

    person: Limit
    server: Limit


class JobQueue:
    """The queue of one house. It implements `commands.context.Jobs`."""

    def __init__(
        self, storage: Storage, defaults: Defaults, clock: Callable[[], float], new_id: Callable[[], str]
    ) -> None:
        """clock: UTC epoch seconds; new_id: an unguessable name that is safe in a path."""
        self._storage, self._defaults, self._clock, self._new_id = storage, defaults, clock, new_id

    async def accept(self, ask: Ask, line: str, pictures: Sequence[Conditions]) -> Accepted:
        """See `commands.context.Jobs.accept`."""
        return await self._storage.run(lambda database: self._accept(database, ask, line, pictures))

    def _accept(self, database: Database, ask: Ask, line: str, pictures: Sequence[Conditions]) -> Accepted:
        known = first(database, "SELECT id FROM jobs WHERE key = ?", ask.key)
        if known:
            return Accepted(known["id"], _ahead(database, known["id"]), fresh=False)
        now, job = self._clock(), self._new_id()
        if _count(database, QUEUED) >= MOST_WAITING:
            raise UserError("Too many pictures are waiting just now; please ask again in a few minutes.")
        for whose, subject in (("person", ask.person), ("server", ask.server)):
            check(self._rule(database, whose, ask.server, subject, now), len(pictures), now)
        _meet(database, ask, now)
        conditions = json.dumps([each.to_dict() for each in pictures])
        change(
            database,
            "INSERT INTO jobs"
            " (id, key, person, server, channel, locale, reply, line, conditions, state, accepted_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(job, ask.key, ask.person, ask.server, ask.channel, ask.locale, json.dumps(dict(ask.reply))),
            *(line, conditions, QUEUED, now),
        )
        change(
            database,
            "INSERT INTO usage (job, person, server, at, pictures, refunded) VALUES (?, ?, ?, ?, ?, 0)",
            *(job, ask.person, ask.server, now, len(pictures)),
        )
        return Accepted(job, _ahead(database, job), fresh=True)

    def _rule(self, database: Database, whose: str, server: str, subject: str, now: float) -> Rule:
        limit = read_limit(database, self._defaults, server, subject)
        return Rule(
            whose,
            limit,
            read_usage(database, server, subject, now),
            _frees_in(database, server, subject, now),
        )

    async def take(self) -> Delivery | None:
        """The next job, now running: servers take turns, and people within a server. None when none waits."""

        def work(database: Database) -> Delivery | None:
            row = first(database, _NEXT)
            if row is None:
                return None
            change(
                database,
                "UPDATE jobs SET state = ?, started_at = ? WHERE id = ?",
                *(RUNNING, self._clock(), row["id"]),
            )
            return _delivery(row)

        return await self._storage.run(work)

    async def find(self, job: str) -> Delivery | None:
        """A job's delivery, or None."""
        row = await self._storage.run(
            lambda database: first(database, "SELECT * FROM jobs WHERE id = ?", job)
        )
        return _delivery(row) if row else None

    async def state(self, job: str) -> str | None:
        """A job's state, or None for an unknown job."""
        row = await self._storage.run(
            lambda database: first(database, "SELECT state FROM jobs WHERE id = ?", job)
        )
        return row["state"] if row else None

    async def add_picture(self, job: str, place: int, picture: str, painted: Painted) -> None:
        """Write the row of a finished file; the same place of the same job is written once."""
        values = (picture, job, place, json.dumps(painted.conditions.to_dict()), painted.media_type)
        await self._storage.run(
            lambda database: change(
                database,
                "INSERT OR REPLACE INTO pictures"
                " (id, job, place, conditions, media_type, width, height, made_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                *(*values, painted.width, painted.height, self._clock()),
            )
        )

    async def pictures(self, job: str, locale: str) -> tuple[Picture, ...]:
        """A job's finished pictures in order, without their bytes."""
        found = await self._storage.run(lambda database: pictures_of(database, [job], locale))
        return found.get(job, ())

    async def mark_painted(self, job: str) -> None:
        """All pictures of the job are on disk."""
        await self._move(job, PAINTED)

    async def mark_posted(self, job: str, post: str) -> None:
        """The result was posted once, as `post`."""
        await self._storage.run(
            lambda database: change(
                database, "UPDATE jobs SET state = ?, post = ? WHERE id = ?", POSTED, post, job
            )
        )

    async def fail(self, job: str) -> None:
        """Give the job up and the quota back."""

        def work(database: Database) -> None:
            _set_state(database, job, FAILED, self._clock())
            change(database, "UPDATE usage SET refunded = 1 WHERE job = ?", job)

        await self._storage.run(work)

    async def requeue(self, job: str) -> None:
        """Back into the queue, for a stop that could not wait."""
        await self._move(job, QUEUED)

    async def _move(self, job: str, state: str) -> None:
        await self._storage.run(lambda database: _set_state(database, job, state, self._clock()))

    async def resume(self) -> tuple[Delivery, ...]:
        """At start: running jobs wait again; returns the painted ones that were never posted."""

        def work(database: Database) -> tuple[Delivery, ...]:
            change(database, "UPDATE jobs SET state = ? WHERE state = ?", QUEUED, RUNNING)
            waiting = rows(database, "SELECT * FROM jobs WHERE state = ? ORDER BY accepted_at", PAINTED)
            return tuple(_delivery(row) for row in waiting)

        return await self._storage.run(work)


_NEXT = """
SELECT * FROM jobs AS job WHERE state = 'queued' ORDER BY
    (SELECT COALESCE(MAX(started_at), 0) FROM jobs WHERE server = job.server),
    (SELECT COALESCE(MAX(started_at), 0) FROM jobs WHERE server = job.server AND person = job.person),
    accepted_at, rowid
LIMIT 1
"""


def _set_state(database: Database, job: str, state: str, now: float) -> None:
    change(database, "UPDATE jobs SET state = ?, finished_at = ? WHERE id = ?", state, now, job)


def _count(database: Database, state: str) -> int:
    return int(rows(database, "SELECT COUNT(*) AS n FROM jobs WHERE state = ?", state)[0]["n"])


def _ahead(database: Database, job: str) -> int:
    sql = "SELECT COUNT(*) AS n FROM jobs WHERE state IN ('queued', 'running') AND id <> ?"
    return int(rows(database, sql, job)[0]["n"])


def _meet(database: Database, ask: Ask, now: float) -> None:
    """Remember the person, with their language, and the server."""
    change(
        database,
        "INSERT INTO people (id, locale, first_seen) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET locale = excluded.locale",
        *(ask.person, ask.locale, now),
    )
    change(database, "INSERT OR IGNORE INTO servers (id, first_seen) VALUES (?, ?)", ask.server, now)


def read_limit(database: Database, defaults: Defaults, server: str, subject: str) -> Limit:
    """What an admin set for the subject in this server, else the default."""
    sql = "SELECT daily, per_minute FROM quotas WHERE server = ? AND subject = ?"
    row = first(database, sql, server, subject)
    if row:
        return Limit(row["daily"], row["per_minute"])
    return defaults.server if subject == server else defaults.person


def read_usage(database: Database, server: str, subject: str, now: float) -> Usage:
    """What the subject was charged in this server and not given back."""
    today = _charged(database, server, subject, day_start(now))
    return Usage(today, _charged(database, server, subject, now - MINUTE))


def _charged(database: Database, server: str, subject: str, since: float) -> int:
    sql = (
        "SELECT COALESCE(SUM(pictures), 0) AS n FROM usage"
        " WHERE server = ? AND refunded = 0 AND at > ? AND (person = ? OR ? = server)"
    )
    return int(rows(database, sql, server, since, subject, subject)[0]["n"])


def _frees_in(database: Database, server: str, subject: str, now: float) -> float:
    sql = (
        "SELECT MIN(at) AS oldest FROM usage"
        " WHERE server = ? AND refunded = 0 AND at > ? AND (person = ? OR ? = server)"
    )
    oldest = rows(database, sql, server, now - MINUTE, subject, subject)[0]["oldest"]
    return 0.0 if oldest is None else float(oldest) + MINUTE - now


def _delivery(row: Row) -> Delivery:
    return Delivery(
        job=row["id"],
        person=row["person"],
        server=row["server"],
        channel=row["channel"],
        locale=row["locale"],
        reply=json.loads(row["reply"]),
        accepted_at=row["accepted_at"],
        line=row["line"],
        pictures=tuple(Conditions.from_dict(each) for each in json.loads(row["conditions"])),
    )


def pictures_of(database: Database, jobs: Sequence[str], locale: str) -> dict[str, tuple[Picture, ...]]:
    """Finished pictures of jobs, in order, without their bytes."""
    found: dict[str, tuple[Picture, ...]] = {}
    for job in jobs:
        made = rows(database, "SELECT * FROM pictures WHERE job = ? ORDER BY place", job)
        found[job] = tuple(picture_from(row, locale) for row in made)
    return found


def picture_from(row: Row, locale: str) -> Picture:
    """A picture's row as a Picture without its bytes."""
    conditions = Conditions.from_dict(json.loads(row["conditions"]))
    alt = describe(conditions, locale)
    return Picture(row["id"], b"", row["media_type"], row["width"], row["height"], alt, conditions)

"""Limits as admins set them, what was charged against them, and the audit of every change."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from bot import audit
from bot.accounts import person_of
from bot.quotas import DAY, MINUTE, Budget, Charge, check, day_start, minute_start
from bot.storage import Database, Storage, change, first, rows
from commands.chat import Ask
from commands.context import Limit, Usage


@dataclass(frozen=True, slots=True)
class Defaults:
    """Limits where admins set none."""

    person: Limit
    server: Limit


class QuotaBook:
    """Implements `commands.context.Quotas`."""

    def __init__(self, storage: Storage, defaults: Defaults, clock: Callable[[], float]) -> None:
        """clock: UTC epoch seconds."""
        self._storage, self._defaults, self._clock = storage, defaults, clock

    async def limit(self, server: str, subject: str) -> Limit:
        """What holds for the subject in this server."""
        return await self._storage.run(lambda database: read_limit(database, self._defaults, server, subject))

    async def usage(self, server: str, subject: str) -> Usage:
        """What the subject used in this server."""
        now = self._clock()
        return await self._storage.run(lambda database: read_usage(database, server, subject, now))

    async def change(self, ask: Ask, subject: str, limit: Limit) -> tuple[Limit, Limit]:
        """Set a limit and write the audit row in one transaction; returns (before, now)."""
        return await self._storage.run(lambda database: self._change(database, ask, subject, limit))

    def _change(self, database: Database, ask: Ask, subject: str, limit: Limit) -> tuple[Limit, Limit]:
        before = read_limit(database, self._defaults, ask.server, subject)
        change(
            database,
            "INSERT INTO quotas (server, subject, daily, per_minute) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (server, subject) DO UPDATE SET"
            " daily = excluded.daily, per_minute = excluded.per_minute",
            *(ask.server, person_of(database, subject), limit.daily, limit.per_minute),
        )
        values = (json.dumps(asdict(before)), json.dumps(asdict(limit)))
        audit.write(database, self._clock(), ask, "quota", subject, *values)
        return before, limit


def charge(database: Database, defaults: Defaults, ask: Ask, job: str, pictures: int, now: float) -> None:
    """Charge a job to its person and server, in the caller's transaction. Raises OverQuota over a limit."""
    for whose, subject in (("person", ask.person), ("server", ask.server)):
        limit = read_limit(database, defaults, ask.server, subject)
        usage = read_usage(database, ask.server, subject, now)
        recent = _charges(database, ask.server, subject, now)
        check(Budget(whose, limit, usage.today, recent), pictures, now)
    change(
        database,
        "INSERT INTO usage (job, person, server, at, pictures, refunded) VALUES (?, ?, ?, ?, ?, 0)",
        *(job, ask.person, ask.server, now, pictures),
    )


def refund(database: Database, job: str) -> None:
    """Take a job's charge back, in the caller's transaction; twice is once."""
    change(database, "UPDATE usage SET refunded = 1 WHERE job = ?", job)


def read_limit(database: Database, defaults: Defaults, server: str, subject: str) -> Limit:
    """What an admin set for the subject in this server, else the default."""
    sql = "SELECT daily, per_minute FROM quotas WHERE server = ? AND subject = ?"
    row = first(database, sql, server, person_of(database, subject))
    if row:
        return Limit(row["daily"], row["per_minute"])
    return defaults.server if subject == server else defaults.person


def read_usage(database: Database, server: str, subject: str, now: float) -> Usage:
    """What the subject was charged and not given back."""
    where, whose = _counted(database, server, subject)
    sql = (
        f"SELECT COALESCE(SUM(pictures), 0) AS n FROM usage WHERE refunded = 0 AND at >= ? AND at < ? {where}"  # noqa: S608  # our own words
    )
    day = day_start(now)
    today = rows(database, sql, day, day + DAY, *whose)[0]["n"]
    recent = _charges(database, server, subject, now)
    return Usage(int(today), sum(charge.pictures for charge in recent))


def _charges(database: Database, server: str, subject: str, now: float) -> list[Charge]:
    """What was charged in the last minute and not given back, oldest first.

    What is charged further ahead than a minute was charged by a clock that was wrong, and blocks nobody.
    """
    where, whose = _counted(database, server, subject)
    sql = f"SELECT at, pictures FROM usage WHERE refunded = 0 AND at > ? AND at <= ? {where} ORDER BY at"  # noqa: S608  # our own words
    found = rows(database, sql, minute_start(now), now + MINUTE, *whose)
    return [Charge(row["at"], row["pictures"]) for row in found]


def _counted(database: Database, server: str, subject: str) -> tuple[str, tuple[str, ...]]:
    """Which charges count for the subject in this server, as a condition of SQL and its values."""
    if subject == server:
        return "AND server = ?", (server,)
    person = person_of(database, subject)
    return _OF_PERSON, (person, person, server, server, server)


# Who is joined with accounts elsewhere has one quota: what was asked for on other platforms counts here too.
_OF_PERSON = """
AND (person = ? OR job IN (SELECT job FROM usage_shares WHERE person = ?))
AND (server = ? OR substr(server, 1, instr(server, ':')) <> substr(?, 1, instr(?, ':')))
"""

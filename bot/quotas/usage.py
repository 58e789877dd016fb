"""Charge requests, and count what was charged.

A person's charges count in the whole server, and on other platforms where they linked accounts; for the rule
of a channel only charges there count.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from bot.clock import DAY, MINUTE, day_start, minute_start
from bot.people.identity import accounts_of, person_of
from bot.quotas.check import Budget, Charge, Request, Used, check_budget
from bot.quotas.rules import Defaults, limits_for, limits_here
from bot.storage.database import Database, Row, change, rows
from commands.chat import Ask
from commands.services.quotas import CHANNEL, TOTAL, EffectiveLimit, RuleSubject, Spent

IN_ORDER = ("size", "count", "daily", "per_minute", "concurrent")
"""Limits that waiting does not help with come first."""
Soonest = Callable[[Collection[str]], float | None]
"""Return the seconds until one of these jobs is probably done; None if unknown."""


def charge(
    database: Database,
    defaults: Defaults,
    ask: Ask,
    job: str,
    request: Request,
    now: float,
    soonest: Soonest = lambda _: None,
) -> None:
    """Charge a job to its person in the caller's transaction. Raises OverQuota.

    ask: names the person, not one of several linked accounts
    """
    whole = RuleSubject(TOTAL, ask.server)
    for limits in (limits_here(database, defaults, ask), limits_for(database, defaults, ask.server, whole)):
        for name in IN_ORDER:
            if name in limits and limits[name].amount is not None:
                used = _used(database, ask, name, limits[name], now, soonest)
                check_budget(Budget(name, limits[name], used, ask.names), request, now)
    change(
        database,
        "INSERT INTO usage (job, person, server, channel, at, pictures, refunded)"
        " VALUES (?, ?, ?, ?, ?, ?, 0)",
        *(job, ask.person, ask.server, ask.room, now, request.pictures),
    )


def refund(database: Database, job: str) -> None:
    """Refund a job's charge in the caller's transaction; repeating it is harmless."""
    change(database, "UPDATE usage SET refunded = 1 WHERE job = ?", job)


def read_used(
    database: Database, ask: Ask, limits: Mapping[str, EffectiveLimit], now: float
) -> dict[str, int]:
    """Return how much of each limit is used, without refunds. ask: the person, in the server and channel"""
    counted = {name: _counted(database, ask, each.whose) for name, each in limits.items()}
    return {name: _COUNTS[name](database, counted[name], now) for name in limits if name in _COUNTS}


def read_spent(database: Database, server: str, now: float, most: int) -> tuple[list[Spent], int]:
    """Return the `most` accounts with the most pictures in the server today, and the total of all."""
    found = rows(database, _SPENT, server, *_today(now))
    accounts = [(account_here(database, row["person"], server), int(row["n"])) for row in found]
    spent = [Spent(account, pictures) for account, pictures in accounts if account]
    return spent[:most], sum(pictures for _, pictures in accounts)


def account_here(database: Database, person: str, server: str) -> str:
    """Return the person's account on a server's platform; empty when they have none."""
    platform = server.partition(":")[0]
    accounts = accounts_of(database, person_of(database, person))
    return next((each for each in accounts if each.partition(":")[0] == platform), "")


_SPENT = """
SELECT person, SUM(pictures) AS n FROM usage WHERE server = ? AND refunded = 0 AND at >= ? AND at < ?
GROUP BY person ORDER BY n DESC, person
"""

Counted = tuple[str, tuple[str, ...]]
"""The charges that count, as an SQL condition and its values."""


def _counted(database: Database, ask: Ask, whose: RuleSubject) -> Counted:
    if whose.is_together:
        return "AND server = ?", (ask.server,)
    person = person_of(database, ask.person)
    if whose.kind == CHANNEL:
        return _IN_CHANNEL, (person, person, ask.server, whose.id)
    return _OF_PERSON, (person, person, ask.server, ask.server, ask.server)


# Linked accounts share one quota, so charges on other platforms count, too.
_OF_PERSON = """
AND (person = ? OR job IN (SELECT job FROM usage_shares WHERE person = ?))
AND (server = ? OR substr(server, 1, instr(server, ':')) <> substr(?, 1, instr(?, ':')))
"""
_IN_CHANNEL = """
AND (person = ? OR job IN (SELECT job FROM usage_shares WHERE person = ?)) AND server = ? AND channel = ?
"""


def _used(
    database: Database, ask: Ask, name: str, limit: EffectiveLimit, now: float, soonest: Soonest
) -> Used:
    """Return what the check of a limit needs."""
    counted = _counted(database, ask, limit.whose)
    if name == "daily":
        return Used(today=_count_today(database, counted, now))
    if name == "per_minute":
        return Used(recent=_recent(database, counted, now))
    if name != "concurrent":
        return Used()
    under_way = _count_under_way(database, counted)
    full = limit.amount is not None and under_way >= limit.amount
    return Used(under_way=under_way, soonest=soonest(_jobs_under_way(database, counted)) if full else None)


def _count_today(database: Database, counted: Counted, now: float) -> int:
    return _count(database, "SUM(pictures)", "refunded = 0 AND at >= ? AND at < ?", _today(now), counted)


def _today(now: float) -> tuple[float, float]:
    return day_start(now), day_start(now) + DAY


# A charge more than a minute ahead comes from a wrong clock, and blocks nobody.
_RECENT = "refunded = 0 AND at > ? AND at <= ?"


def _last_minute(now: float) -> tuple[float, float]:
    return minute_start(now), now + MINUTE


def _recent(database: Database, counted: Counted, now: float) -> list[Charge]:
    """Return the charges of the last minute without refunds, oldest first."""
    found = _select(database, "at, pictures", _RECENT, _last_minute(now), counted, "ORDER BY at")
    return [Charge(row["at"], row["pictures"]) for row in found]


def _count_recent(database: Database, counted: Counted, now: float) -> int:
    return _count(database, "SUM(pictures)", _RECENT, _last_minute(now), counted)


_UNDER_WAY = "job IN (SELECT id FROM jobs WHERE state IN ('queued', 'running'))"
"""Requests that wait or are being painted."""


def _count_under_way(database: Database, counted: Counted) -> int:
    return _count(database, "COUNT(*)", _UNDER_WAY, (), counted)


def _count(database: Database, what: str, where: str, values: Sequence[object], counted: Counted) -> int:
    [row] = _select(database, f"COALESCE({what}, 0) AS n", where, values, counted)
    return int(row["n"])


def _select(
    database: Database, what: str, where: str, values: Sequence[object], counted: Counted, order: str = ""
) -> list[Row]:
    whose, theirs = counted
    sql = f"SELECT {what} FROM usage WHERE {where} {whose} {order}"  # noqa: S608  # our own words
    return rows(database, sql, *values, *theirs)


def _jobs_under_way(database: Database, counted: Counted) -> set[str]:
    return {row["job"] for row in _select(database, "job", _UNDER_WAY, (), counted)}


_COUNTS: Mapping[str, Callable[[Database, Counted, float], int]] = {
    "daily": _count_today,
    "per_minute": _count_recent,
    "concurrent": lambda database, counted, now: _count_under_way(database, counted),
}

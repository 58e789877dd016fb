"""Summarise a server for its admins: who used what, the limits that were set, and pictures a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.clock import DAY, day_start
from bot.people.audit import AuditLog
from bot.people.settings import SettingsStore
from bot.quotas.rules import Defaults
from bot.quotas.service import known_rules, view
from bot.quotas.usage import read_spent
from bot.records import Day, Overview, Use
from bot.storage.database import Database, Storage, rows
from commands.services.quotas import CHANNEL, PERSON, ROLE, SERVER, TOTAL, RuleSubject

DAYS = 14
MOST_PEOPLE = 50


class OverviewReader:
    """Read the overview of a server."""

    def __init__(
        self,
        storage: Storage,
        defaults: Defaults,
        settings: SettingsStore,
        audit: AuditLog,
        clock: Callable[[], float],
    ) -> None:
        """clock: UTC epoch seconds."""
        self._storage, self._defaults, self._clock = storage, defaults, clock
        self._settings, self._audit = settings, audit

    async def of(self, server: str, skip: int, most: int) -> Overview:
        """Return a server with the people who have a limit of their own or asked today.

        It has at most `most` acts after the first `skip`.
        """
        now = self._clock()
        uses = await self._storage.read(self._uses, server, now)
        days = await self._storage.read(_days, server, now)
        acts = await self._audit.latest(server, skip, most)
        return Overview(uses, days, await self._settings.of(server), tuple(acts))

    def _uses(self, database: Database, server: str, now: float) -> tuple[Use, ...]:
        rules = [rule.whose for rule in known_rules(database, server)]
        set_for = [each for each in rules if each.kind in (ROLE, CHANNEL)]
        people = [RuleSubject(PERSON, each) for each in _people(database, server, now, rules)]
        everybody = (RuleSubject(TOTAL, server), RuleSubject(SERVER, server))
        every = (*everybody, *set_for, *people)
        return tuple(Use(each, view(database, self._defaults, server, each, now)) for each in every)


def _people(database: Database, server: str, now: float, rules: Sequence[RuleSubject]) -> tuple[str, ...]:
    """Return accounts on the server's platform: who asked most first, then who has a rule of their own."""
    spent, _ = read_spent(database, server, now, MOST_PEOPLE)
    platform = server.partition(":")[0]
    ruled = [each.id for each in rules if each.kind == PERSON and each.id.partition(":")[0] == platform]
    return tuple(dict.fromkeys([*(each.account for each in spent), *ruled]))[:MOST_PEOPLE]


def _days(database: Database, server: str, now: float) -> tuple[Day, ...]:
    """Return the last days, today last, each with its pictures."""
    first = day_start(now) - (DAYS - 1) * DAY
    found = {row["day"]: row["n"] for row in rows(database, _PER_DAY, first, server, first)}
    return tuple(Day(first + DAY * each, int(found.get(each, 0))) for each in range(DAYS))


_PER_DAY = """
SELECT CAST((at - ?) / 86400 AS INTEGER) AS day, SUM(pictures) AS n FROM usage
WHERE server = ? AND refunded = 0 AND at >= ? GROUP BY day
"""

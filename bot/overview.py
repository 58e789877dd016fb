"""What an admin sees of a server at a glance: who used what, the limits that were set, and how many a day."""

from __future__ import annotations

from collections.abc import Callable

from bot.accounts import accounts_of, person_of
from bot.audit import AuditBook
from bot.platforms.base import Day, Overview, Use
from bot.quota_book import Defaults, read_limit, read_usage
from bot.quotas import DAY, day_start
from bot.settings_book import SettingsBook
from bot.storage import Database, Storage, rows

DAYS = 14
MOST_PEOPLE = 50


class OverviewBook:
    """Reads what others write down."""

    def __init__(
        self,
        storage: Storage,
        defaults: Defaults,
        settings: SettingsBook,
        audit: AuditBook,
        clock: Callable[[], float],
    ) -> None:
        """clock: UTC epoch seconds."""
        self._storage, self._defaults, self._clock = storage, defaults, clock
        self._settings, self._audit = settings, audit

    async def of(self, server: str, skip: int, most: int) -> Overview:
        """A server, with its people who have a limit of their own or asked today.

        At most `most` acts after the first `skip`.
        """
        now = self._clock()
        uses = await self._storage.run(lambda database: self._uses(database, server, now))
        days = await self._storage.run(lambda database: _days(database, server, now))
        acts = await self._audit.latest(server, skip, most)
        return Overview(uses, days, await self._settings.of(server), tuple(acts))

    def _uses(self, database: Database, server: str, now: float) -> tuple[Use, ...]:
        subjects = (server, *_people(database, server, day_start(now)))
        return tuple(self._use(database, server, each, now) for each in subjects)

    def _use(self, database: Database, server: str, subject: str, now: float) -> Use:
        limit = read_limit(database, self._defaults, server, subject)
        return Use(subject, limit, read_usage(database, server, subject, now))


def _people(database: Database, server: str, since: float) -> tuple[str, ...]:
    """Accounts on the server's platform, who asked most first."""
    found = rows(database, _PEOPLE, server, since, server, MOST_PEOPLE)
    accounts = (_account_here(database, row["person"], server) for row in found)
    return tuple(dict.fromkeys(each for each in accounts if each))


def _account_here(database: Database, person: str, server: str) -> str:
    """The person as this server knows them; empty when they have no account on its platform."""
    platform = server.partition(":")[0]
    accounts = accounts_of(database, person_of(database, person))
    return next((each for each in accounts if each.partition(":")[0] == platform), "")


def _days(database: Database, server: str, now: float) -> tuple[Day, ...]:
    """The last days until today, each with its pictures."""
    first = day_start(now) - (DAYS - 1) * DAY
    found = {row["day"]: row["n"] for row in rows(database, _PER_DAY, first, server, first)}
    return tuple(Day(first + DAY * each, int(found.get(each, 0))) for each in range(DAYS))


_PEOPLE = """
SELECT person, SUM(n) FROM (
  SELECT person, pictures AS n FROM usage WHERE server = ? AND refunded = 0 AND at >= ?
  UNION ALL SELECT subject, 0 FROM quotas WHERE server = ? AND subject <> server
)
GROUP BY person ORDER BY 2 DESC, person LIMIT ?
"""
_PER_DAY = """
SELECT CAST((at - ?) / 86400 AS INTEGER) AS day, SUM(pictures) AS n FROM usage
WHERE server = ? AND refunded = 0 AND at >= ? GROUP BY day
"""

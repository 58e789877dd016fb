"""Move everything stored under a person's id when accounts are linked or unlinked.

Linked accounts are one person. When they part, a picture goes with the account that asked for it; favourites,
taste, settings and limits are copied; and today's usage counts for both, so that linking and unlinking gain
no quota.
"""

from __future__ import annotations

from bot.clock import day_start, minute_start
from bot.people.identity import accounts_of, link_accounts, person_of, unlink_account
from bot.storage.database import Database, change
from bot.tastes.store import doubt


def merge_persons(database: Database, person: str, other: str) -> None:
    """Merge two persons into one with the first's id."""
    link_accounts(database, person, other)
    _give(database, other, person)


def split_off(database: Database, account: str, now: float) -> tuple[str, ...]:
    """Make an account a person of its own; return the accounts it was linked with.

    now: UTC epoch seconds
    """
    person = person_of(database, account)
    staying = tuple(each for each in accounts_of(database, person) if each != account)
    if staying:
        stays = person if person != account else staying[0]
        unlink_account(database, account, stays)
        if stays != person:
            _give(database, person, stays)
        _share(database, stays, account, now)
    return staying


def _give(database: Database, source: str, target: str) -> None:
    """Move everything of the source to the target, which keeps its own settings."""
    kept = ("jobs", "person"), ("usage", "person"), ("pictures", "deleted_by"), ("pictures", "hidden_by")
    for table, column in kept:
        change(database, f"UPDATE {table} SET {column} = ? WHERE {column} = ?", target, source)  # noqa: S608  # our own words
    for table, column in (("usage_shares", "person"), ("settings", "scope")):
        change(database, f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {column} = ?", target, source)  # noqa: S608  # our own words
        change(database, f"DELETE FROM {table} WHERE {column} = ?", source)  # noqa: S608  # our own words
    change(database, _STRICTEST, target, source)
    change(database, "DELETE FROM quotas WHERE kind = 'person' AND subject = ?", source)
    _give_tastes(database, source, target)


def _give_tastes(database: Database, source: str, target: str) -> None:
    """Keep one judgement of a picture that both judged: a favourite if there is one, else the target's."""
    change(database, _COPIED, source, source, target, source, target)
    change(database, _NO_LONGER_JUDGED, target, source, target)
    change(database, _JUDGED_TWICE, source, target)
    change(database, "UPDATE taste_events SET person = ? WHERE person = ?", target, source)
    change(database, "UPDATE OR IGNORE reactions SET person = ? WHERE person = ?", target, source)
    change(database, "DELETE FROM reactions WHERE person = ?", source)
    doubt(database)


def _share(database: Database, person: str, account: str, now: float) -> None:
    """Give an unlinked account its own things, and copies of what both keep."""
    _share_charges(database, person, account, now)
    for statement in (_DELETED_BY_SELF, _HIDDEN_BY_SELF):
        change(database, statement, account, person, account)
    change(database, "UPDATE jobs SET person = ? WHERE person = ? AND account = ?", account, person, account)
    change(database, _ACQUAINT, account, person)
    for copy in (_COPY_QUOTAS, _COPY_SETTINGS, _COPY_REACTIONS, _COPY_EVENTS):
        change(database, copy, account, person)
    doubt(database)


def _share_charges(database: Database, person: str, account: str, now: float) -> None:
    since = min(day_start(now), minute_start(now))
    change(database, "DELETE FROM usage_shares WHERE job IN (SELECT job FROM usage WHERE at < ?)", since)
    for charged in (person, account):
        change(database, _SHARE, charged, since, person, person)
    change(
        database,
        "UPDATE usage SET person = ? WHERE person = ? AND job IN (SELECT id FROM jobs WHERE account = ?)",
        *(account, person, account),
    )


# NULL is no limit, so a set amount is always the stricter one.
_STRICTEST = """
INSERT INTO quotas (server, kind, subject, name, amount)
SELECT server, kind, ?, name, amount FROM quotas WHERE kind = 'person' AND subject = ?
ON CONFLICT (server, kind, subject, name) DO UPDATE SET
amount = MIN(COALESCE(amount, excluded.amount), COALESCE(excluded.amount, amount))
"""
# Accounts that were linked before share events; of such a pair the original stays.
_COPIED = """
DELETE FROM taste_events WHERE server = '' AND EXISTS (
  SELECT 1 FROM taste_events AS other WHERE (other.server <> '' OR taste_events.person = ?)
  AND other.at = taste_events.at AND other.picture = taste_events.picture
  AND other.verb = taste_events.verb AND other.said = taste_events.said AND other.id <> taste_events.id
  AND other.person IN (?, ?) AND other.person <> taste_events.person
) AND person IN (?, ?)
"""
_JUDGED = "verb IN ('favourite', 'unfavourite')"
_NO_LONGER_JUDGED = f"""
DELETE FROM taste_events WHERE person = ? AND {_JUDGED}
AND picture IN (SELECT picture FROM reactions WHERE person = ? AND verb = 'favourite')
AND picture NOT IN (SELECT picture FROM reactions WHERE person = ? AND verb = 'favourite')
"""  # noqa: S608  # our own words
_JUDGED_TWICE = f"""
DELETE FROM taste_events WHERE person = ? AND {_JUDGED}
AND picture IN (SELECT picture FROM taste_events WHERE person = ? AND {_JUDGED})
"""  # noqa: S608  # our own words
_SHARE = """
INSERT OR IGNORE INTO usage_shares (job, person) SELECT job, ? FROM usage
WHERE at >= ? AND (person = ? OR job IN (SELECT job FROM usage_shares WHERE person = ?))
"""
_DELETED_BY_SELF = """
UPDATE pictures SET deleted_by = ? WHERE deleted_by = ? AND job IN (SELECT id FROM jobs WHERE account = ?)
"""
_HIDDEN_BY_SELF = _DELETED_BY_SELF.replace("deleted_by", "hidden_by")
_ACQUAINT = """
INSERT OR IGNORE INTO people (id, locale, first_seen) SELECT ?, locale, first_seen FROM people WHERE id = ?
"""
_COPY_QUOTAS = """
INSERT OR REPLACE INTO quotas (server, kind, subject, name, amount)
SELECT server, kind, ?, name, amount FROM quotas WHERE kind = 'person' AND subject = ?
"""
_COPY_SETTINGS = (
    "INSERT OR REPLACE INTO settings (scope, key, value) SELECT ?, key, value FROM settings WHERE scope = ?"
)
_COPY_REACTIONS = """
INSERT OR IGNORE INTO reactions (person, picture, verb, at) SELECT ?, picture, verb, at FROM reactions
WHERE person = ?
"""
# Copies have no server, so that each event counts once for its server.
_COPY_EVENTS = """
INSERT INTO taste_events
(at, person, server, picture, verb, weight, conditions, own, share, said, profile)
SELECT at, ?, '', picture, verb, weight, conditions, own, share, said, profile FROM taste_events
WHERE person = ? ORDER BY id
"""

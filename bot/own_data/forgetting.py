"""Forget a person in one transaction: delete their rows, and keep limits and blocks under pseudonyms."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from bot.clock import day_start, minute_start
from bot.own_data.tables import ACTORS, LISTED, Own, places
from bot.people.pseudonyms import OUTLIVING, conceal, rename
from bot.people.settings import read_own, write_own
from bot.pictures.store import LAST_NUMBER
from bot.storage.database import Database, change, columns, first, rows

TASTES = ("taste_events", "taste_beliefs")
"""Tables of tastes, which `TasteStore.forget` cleans."""
KEPT = frozenset({*OUTLIVING, ("usage", "job"), ("usage_shares", "job")})
AUDITED = ("person", "subject", "before", "after")
ROOMS = ("server", "channel")


def erase(database: Database, own: Own, now: float) -> None:
    """Delete a person's rows. now: UTC epoch seconds"""
    change(database, "PRAGMA defer_foreign_keys = ON")
    names = {each: conceal(database, each) for each in own.names}
    _keep_numbers(database)
    _retire_pictures(database, own)
    _retire_usage(database, names, now)
    _retire_limits(database, names)
    for old, new in names.items():
        change(database, "INSERT OR REPLACE INTO forgotten (pseudonym, at) VALUES (?, ?)", new, now)
        for table in ("blocks", "link_guesses"):
            rename(database, table, "account", old, new)
        _retire_acts(database, old, new)
        _forget_rooms(database, old)
        change(database, "DELETE FROM people WHERE id = ?", old)
        change(database, "DELETE FROM settings WHERE scope = ?", old)
    for table, column, values in places(database, own):
        if table not in TASTES and (table, column) not in KEPT:
            change(database, f"DELETE FROM {table} WHERE {column} {LISTED}", values)  # noqa: S608  # our own words


def _keep_numbers(database: Database) -> None:
    """Remember the highest number, so that no other picture gets it."""
    row = first(database, "SELECT MAX(number) AS n FROM pictures")
    highest = max(int(read_own(database, LAST_NUMBER) or 0), int((row and row["n"]) or 0))
    write_own(database, LAST_NUMBER, f"{highest}")


def _retire_pictures(database: Database, own: Own) -> None:
    """Hide the ids of pictures that others liked, and keep what these showed for their tastes."""
    sql = f"SELECT id, picture FROM taste_events WHERE picture {LISTED}"  # noqa: S608  # our own words
    for row in rows(database, sql, json.dumps(own.pictures)):
        hidden = conceal(database, f"picture:{row['picture']}")
        change(database, "UPDATE taste_events SET picture = ? WHERE id = ?", hidden, row["id"])


def _retire_usage(database: Database, names: Mapping[str, str], now: float) -> None:
    """Keep the charges that still count, for each account; older charges lose their person."""
    since, known = min(day_start(now), minute_start(now)), json.dumps(list(names))
    change(database, f"UPDATE usage SET person = '' WHERE at < ? AND person {LISTED}", since, known)  # noqa: S608  # our own words
    for name in names.values():
        change(database, _SHARE, name, known, known)
    change(database, f"DELETE FROM usage_shares WHERE person {LISTED}", known)  # noqa: S608  # our own words
    first_name = next(iter(names.values()))
    change(database, f"UPDATE usage SET person = ? WHERE person {LISTED}", first_name, known)  # noqa: S608  # our own words


_SHARE = f"""
INSERT OR IGNORE INTO usage_shares (job, person)
SELECT job, ? FROM usage WHERE person {LISTED} OR job IN (SELECT job FROM usage_shares WHERE person {LISTED})
"""  # noqa: S608  # our own words


def _retire_limits(database: Database, names: Mapping[str, str]) -> None:
    known = json.dumps(list(names))
    for name in names.values():
        change(database, _COPY_LIMITS, name, known)
    change(database, f"DELETE FROM quotas WHERE kind = 'person' AND subject {LISTED}", known)  # noqa: S608  # our own words


_COPY_LIMITS = f"""
INSERT OR REPLACE INTO quotas (server, kind, subject, name, amount)
SELECT server, kind, ?, name, amount FROM quotas WHERE kind = 'person' AND subject {LISTED}
"""  # noqa: S608  # our own words


def _retire_acts(database: Database, old: str, new: str) -> None:
    """Replace the person's name in the audit."""
    for table, known in columns(database).items():
        for column in set(known) & set(ACTORS):
            change(database, f"UPDATE {table} SET {column} = ? WHERE {column} = ?", new, old)  # noqa: S608  # our own words
    found = rows(database, f"SELECT * FROM audit WHERE {_MENTIONS}", *[_bare(old)] * len(AUDITED))  # noqa: S608  # our own words
    for row in found:
        told = [_pattern(old).sub(new, row[column]) for column in AUDITED]
        change(database, _TELL, *told, row["id"])


_MENTIONS = " OR ".join(f"instr({column}, ?)" for column in AUDITED)
_TELL = f"UPDATE audit SET {', '.join(f'{column} = ?' for column in AUDITED)} WHERE id = ?"  # noqa: S608  # our own words


def _forget_rooms(database: Database, account: str) -> None:
    """Forget the direct messages and chats that are named after an account; charges there still count."""
    for column in ROOMS:
        sql = f"SELECT DISTINCT {column} AS room FROM usage WHERE instr({column}, ?)"  # noqa: S608  # our own words
        for row in rows(database, sql, _bare(account)):
            if _pattern(account).search(row["room"]):
                hidden = conceal(database, row["room"])
                change(database, f"UPDATE usage SET {column} = ? WHERE {column} = ?", hidden, row["room"])  # noqa: S608  # our own words
    for row in rows(database, "SELECT id FROM servers WHERE instr(id, ?)", _bare(account)):
        if _pattern(account).search(row["id"]):
            change(database, "DELETE FROM servers WHERE id = ?", row["id"])
            change(database, "DELETE FROM settings WHERE scope = ?", row["id"])


def _bare(account: str) -> str:
    """Return an account's id without its platform."""
    return account.partition(":")[2]


def _pattern(account: str) -> re.Pattern[str]:
    """Match an account or a room named after it, but not a longer id."""
    platform, _, bare = account.partition(":")
    return re.compile(rf"(?<!\w)(?:{re.escape(platform)}:)?(?:\w+-)?{re.escape(bare)}(?!\w)")

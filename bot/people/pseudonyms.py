"""Recognize somebody who had Easel forget them, by a keyed hash of their id.

Today's usage, the limits that admins set for them and blocks outlive forgetting under that hash, so that it
frees nobody of them. When the person comes back, these are theirs again.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from bot.people.identity import person_of
from bot.people.settings import read_own, write_own
from bot.storage.database import Database, change, first
from commands.chat import Ask

KEY = "pseudonym_key"
LENGTH = 24
"""Hexadecimal digits of a pseudonym: 96 bits."""
OUTLIVING = (
    ("usage", "person"),
    ("usage_shares", "person"),
    ("quotas", "subject"),
    ("blocks", "account"),
    ("link_guesses", "account"),
)
"""Tables and columns whose rows stay under a pseudonym."""


def conceal(database: Database, name: str) -> str:
    """Return the pseudonym of an account, a server or a channel; the first call makes the key."""
    key = read_own(database, KEY) or secrets.token_hex(32)
    write_own(database, KEY, key)
    return _pseudonym(key, name)


def _pseudonym(key: str, name: str) -> str:
    digest = hmac.new(bytes.fromhex(key), name.encode(), hashlib.sha256).hexdigest()
    return f"{name.partition(':')[0]}:forgotten-{digest[:LENGTH]}"


def is_back(database: Database, account: str) -> bool:
    """Return whether Easel forgot this account and has not recognized it since."""
    key = read_own(database, KEY)
    sql = "SELECT 1 FROM forgotten WHERE pseudonym = ?"
    return key is not None and first(database, sql, _pseudonym(key, account)) is not None


def recognize(database: Database, ask: Ask) -> None:
    """Give back to an account what was kept under its pseudonym; twice is once."""
    name, person = conceal(database, ask.account), person_of(database, ask.account)
    for where in (ask.server, ask.room):
        for column in ("server", "channel"):
            sql = f"UPDATE usage SET {column} = ? WHERE {column} = ?"  # noqa: S608  # our own words
            change(database, sql, where, conceal(database, where))
    for table, column in OUTLIVING:
        rename(database, table, column, name, ask.account if column == "account" else person)
    change(database, "DELETE FROM forgotten WHERE pseudonym = ?", name)


def rename(database: Database, table: str, column: str, old: str, new: str) -> None:
    """Move rows from one name to another, whose own rows stay."""
    change(database, f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {column} = ?", new, old)  # noqa: S608  # our own words
    change(database, f"DELETE FROM {table} WHERE {column} = ?", old)  # noqa: S608  # our own words

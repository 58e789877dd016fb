"""Forget servers that removed Easel. People keep the pictures that they asked for there."""

from __future__ import annotations

import json
from collections.abc import Collection

from bot.clock import DAY
from bot.storage.database import Database, change, columns, rows
from bot.tastes.store import doubt
from commands.chat import DIRECT

DAYS = 30
"""Days after which a server is forgotten that removed Easel and did not take it back."""
OF_PEOPLE = ("jobs", "taste_events", "servers")
"""Tables with a server whose rows belong to people, or are treated by themselves."""


def keep_servers(database: Database, platform: str, present: Collection[str], now: float) -> None:
    """Note which servers of a platform have Easel. now: UTC epoch seconds"""
    here, among = json.dumps(list(present)), (f"{platform}:%", f"{platform}:{DIRECT}%")
    change(database, _LEFT, now, *among, here)
    change(database, _BACK, *among, here)


_LEFT = """
UPDATE servers SET left_at = ? WHERE left_at IS NULL AND id LIKE ? AND id NOT LIKE ?
AND id NOT IN (SELECT value FROM json_each(?))
"""
_BACK = """
UPDATE servers SET left_at = NULL WHERE left_at IS NOT NULL AND id LIKE ? AND id NOT LIKE ?
AND id IN (SELECT value FROM json_each(?))
"""


def forget_servers(database: Database, now: float) -> int:
    """Forget servers that were left long enough, and return how many."""
    found = rows(database, "SELECT id FROM servers WHERE left_at < ?", now - DAYS * DAY)
    for row in found:
        _forget(database, row["id"])
    return len(found)


def _forget(database: Database, server: str) -> None:
    for table, names in columns(database).items():
        if "server" in names and table not in OF_PEOPLE:
            change(database, f"DELETE FROM {table} WHERE server = ?", server)  # noqa: S608  # our own words
    change(database, "DELETE FROM settings WHERE scope = ?", server)
    change(database, "DELETE FROM servers WHERE id = ?", server)
    change(database, _HOMELESS, server)
    if change(database, "UPDATE taste_events SET server = '' WHERE server = ?", server):
        doubt(database)


# A result that was never posted has nowhere to go.
_HOMELESS = """
UPDATE jobs SET server = '', channel = '', reply = '{}', announced = NULL, post = NULL WHERE server = ?
"""

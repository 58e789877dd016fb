"""Store who changed what for others, with the values before and after."""

from __future__ import annotations

from collections.abc import Sequence

from bot.storage.database import Database, Storage, change, rows
from commands.chat import Ask
from commands.services.context import Act


class AuditLog:
    """Implements `commands.services.context.Audit`."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def latest(self, server: str, skip: int, most: int) -> Sequence[Act]:
        found = await self._storage.read(rows, _LATEST, server, most, skip)
        return [Act(**row) for row in found]


_LATEST = """
SELECT at, person, action, subject, before, after FROM audit WHERE server = ?
ORDER BY id DESC LIMIT ? OFFSET ?
"""


def write(
    database: Database, at: float, ask: Ask, action: str, subject: str, before: str, after: str
) -> None:
    """Add a row in the caller's transaction. at: UTC epoch seconds; before, after: as text"""
    change(
        database,
        "INSERT INTO audit (at, person, server, action, subject, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
        *(at, ask.account, ask.server, action, subject, before, after),
    )

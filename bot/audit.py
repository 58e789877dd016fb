"""The audit: who changed what for others, and what was before and after."""

from __future__ import annotations

from bot.storage import Database, change
from commands.chat import Ask


def write(
    database: Database, at: float, ask: Ask, action: str, subject: str, before: str, after: str
) -> None:
    """Add a row, in the caller's transaction. at: UTC epoch seconds; before, after: as text"""
    change(
        database,
        "INSERT INTO audit (at, person, server, action, subject, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
        *(at, ask.person, ask.server, action, subject, before, after),
    )

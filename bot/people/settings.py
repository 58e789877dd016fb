"""Settings of people, of servers and of the service itself, as text by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from bot.people import audit
from bot.storage.database import Database, Storage, change, rows
from commands.chat import Ask

SERVICE = "service"
"""The scope of what the service sets for itself."""


class SettingsStore:
    """Implements `commands.services.context.Settings`."""

    def __init__(self, storage: Storage, clock: Callable[[], float]) -> None:
        """clock: UTC epoch seconds."""
        self._storage, self._clock = storage, clock

    async def of(self, scope: str) -> Mapping[str, str]:
        return await self._storage.read(settings_of, scope)

    async def change(
        self, ask: Ask, scope: str, changes: Mapping[str, str | None]
    ) -> tuple[Mapping[str, str], Mapping[str, str]]:
        return await self._storage.write(self._change, ask, scope, changes)

    def _change(
        self, database: Database, ask: Ask, scope: str, changes: Mapping[str, str | None]
    ) -> tuple[Mapping[str, str], Mapping[str, str]]:
        before = settings_of(database, scope)
        for key, value in changes.items():
            _set(database, scope, key, value)
        now = settings_of(database, scope)
        if scope == ask.server:
            told = [json.dumps({key: each.get(key) for key in changes}) for each in (before, now)]
            audit.write(database, self._clock(), ask, "settings", scope, *told)
        return before, now


def read_own(database: Database, key: str) -> str | None:
    """Return what the service set for itself; None when it is not set."""
    return settings_of(database, SERVICE).get(key)


def write_own(database: Database, key: str, value: str) -> None:
    """Set a value of the service itself."""
    _set(database, SERVICE, key, value)


def settings_of(database: Database, scope: str) -> Mapping[str, str]:
    """Return the settings of a person, a server or the service."""
    found = rows(database, "SELECT key, value FROM settings WHERE scope = ?", scope)
    return {row["key"]: row["value"] for row in found}


def _set(database: Database, scope: str, key: str, value: str | None) -> None:
    if value is None:
        change(database, "DELETE FROM settings WHERE scope = ? AND key = ?", scope, key)
        return
    change(
        database,
        "INSERT INTO settings (scope, key, value) VALUES (?, ?, ?)"
        " ON CONFLICT (scope, key) DO UPDATE SET value = excluded.value",
        *(scope, key, value),
    )

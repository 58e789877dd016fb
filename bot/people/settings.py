"""Settings of people, of servers and of the service itself, as text by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.people import audit
from bot.people.identity import person_of
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
        """See `commands.services.context.Settings.of`."""
        return await self._storage.read(lambda database: _of(database, scope))

    async def identified(self, ask: Ask) -> Ask:
        """Return the same request with the account's person, in the language set by them or their server."""

        def work(database: Database) -> Ask:
            person = person_of(database, ask.account)
            languages = (_of(database, scope).get("language") for scope in (person, ask.server))
            return replace(ask, person=person, locale=next(filter(None, languages), ask.locale))

        return await self._storage.read(work)

    async def change(
        self, ask: Ask, scope: str, changes: Mapping[str, str | None]
    ) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """See `commands.services.context.Settings.change`."""
        return await self._storage.write(lambda database: self._change(database, ask, scope, changes))

    def _change(
        self, database: Database, ask: Ask, scope: str, changes: Mapping[str, str | None]
    ) -> tuple[Mapping[str, str], Mapping[str, str]]:
        before = _of(database, scope)
        for key, value in changes.items():
            _set(database, scope, key, value)
        now = _of(database, scope)
        if scope == ask.server:
            told = [json.dumps({key: each.get(key) for key in changes}) for each in (before, now)]
            audit.write(database, self._clock(), ask, "settings", scope, *told)
        return before, now


def read_own(database: Database, key: str) -> str | None:
    """Return what the service set for itself; None when it is not set."""
    return _of(database, SERVICE).get(key)


def write_own(database: Database, key: str, value: str) -> None:
    """Set a value of the service itself."""
    _set(database, SERVICE, key, value)


def _of(database: Database, scope: str) -> Mapping[str, str]:
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

"""Settings of people and servers, as text by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.people import audit
from bot.people.identity import person_of
from bot.storage.database import Database, Storage, change, rows
from commands.chat import Ask


class SettingsStore:
    """Implements `commands.services.context.Settings`."""

    def __init__(self, storage: Storage, clock: Callable[[], float]) -> None:
        """clock: UTC epoch seconds."""
        self._storage, self._clock = storage, clock

    async def of(self, scope: str) -> Mapping[str, str]:
        """See `commands.services.context.Settings.of`."""
        return await self._storage.run(lambda database: _of(database, scope))

    async def around(self, ask: Ask) -> tuple[Ask, AskedSettings]:
        """The same request from the person whose account asks, and what they and the server set."""

        def work(database: Database) -> tuple[str, dict[str, Mapping[str, str]]]:
            person = person_of(database, ask.account)
            return person, {scope: _of(database, scope) for scope in (person, ask.server)}

        person, kept = await self._storage.run(work)
        return replace(ask, person=person), AskedSettings(self, kept)

    async def change(
        self, ask: Ask, scope: str, changes: Mapping[str, str | None]
    ) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """See `commands.services.context.Settings.change`."""
        return await self._storage.run(lambda database: self._change(database, ask, scope, changes))

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


class AskedSettings:
    """Implements `commands.services.context.Settings` for one request, which is answered by what held when
    it came: a
    request looks into the same settings often, and each look waits for the disk's turn."""

    def __init__(self, book: SettingsStore, kept: dict[str, Mapping[str, str]]) -> None:
        """kept: the settings of some scopes"""
        self._book, self._kept = book, kept

    async def of(self, scope: str) -> Mapping[str, str]:
        """See `commands.services.context.Settings.of`."""
        return self._kept[scope] if scope in self._kept else await self._book.of(scope)

    async def change(
        self, ask: Ask, scope: str, changes: Mapping[str, str | None]
    ) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """See `commands.services.context.Settings.change`."""
        self._kept.pop(scope, None)
        return await self._book.change(ask, scope, changes)


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

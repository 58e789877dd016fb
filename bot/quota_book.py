"""Limits as admins set them, with the audit of every change."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

from bot.jobs import Defaults, read_limit, read_usage
from bot.storage import Database, Storage, change
from commands.chat import Ask
from commands.context import Limit, Usage


class QuotaBook:
    """Implements `commands.context.Quotas`."""

    def __init__(self, storage: Storage, defaults: Defaults, clock: Callable[[], float]) -> None:
        self._storage, self._defaults, self._clock = storage, defaults, clock

    async def limit(self, server: str, subject: str) -> Limit:
        """What holds for the subject in this server."""
        return await self._storage.run(lambda database: read_limit(database, self._defaults, server, subject))

    async def usage(self, server: str, subject: str) -> Usage:
        """What the subject used in this server."""
        now = self._clock()
        return await self._storage.run(lambda database: read_usage(database, server, subject, now))

    async def change(self, ask: Ask, subject: str, limit: Limit) -> tuple[Limit, Limit]:
        """Set a limit and write the audit row in one transaction; returns (before, now)."""
        return await self._storage.run(lambda database: self._change(database, ask, subject, limit))

    def _change(self, database: Database, ask: Ask, subject: str, limit: Limit) -> tuple[Limit, Limit]:
        before = read_limit(database, self._defaults, ask.server, subject)
        change(
            database,
            "INSERT INTO quotas (server, subject, daily, per_minute) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (server, subject) DO UPDATE SET"
            " daily = excluded.daily, per_minute = excluded.per_minute",
            *(ask.server, subject, limit.daily, limit.per_minute),
        )
        change(
            database,
            "INSERT INTO audit (at, person, server, action, subject, before, after)"
            " VALUES (?, ?, ?, 'quota', ?, ?, ?)",
            *(self._clock(), ask.person, ask.server, subject),
            *(json.dumps(asdict(before)), json.dumps(asdict(limit))),
        )
        return before, limit

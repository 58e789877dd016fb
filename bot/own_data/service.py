"""Give people what is kept of them, and forget them."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.own_data.forgetting import erase
from bot.own_data.servers import keep_servers
from bot.own_data.tables import Own, rows_of
from bot.pictures.store import PictureStore
from bot.storage.database import Database, Row, Storage, first, rows
from bot.storage.states import QUEUED, RUNNING
from bot.tastes.store import TasteStore
from commands.chat import Ask, UserError
from commands.services.own_data import DataPart
from commands.text import refusals

MOST_BYTES = 8 * 1024 * 1024
"""Of the pictures in one part, unless one alone is larger: every platform takes a file of 10 MiB."""
SECRET = ("hash", "key", "reply")
"""Columns with what would open something: codes, tokens of platforms, and keys of their events."""
JSON_COLUMNS = ("conditions", "state", "before", "after")


@dataclass(frozen=True, slots=True)
class _File:
    """number: of the picture; path: where its file is; size: bytes"""

    number: int
    path: Path
    size: int


class OwnDataService:
    """Implements `commands.services.own_data.OwnData`."""

    def __init__(
        self,
        storage: Storage,
        store: PictureStore,
        memory: TasteStore,
        clock: Callable[[], float],
        most_bytes: int = MOST_BYTES,
    ) -> None:
        """clock: UTC epoch seconds; most_bytes: of the pictures in one part"""
        self._storage, self._store, self._memory, self._clock = storage, store, memory, clock
        self._most = most_bytes

    async def count(self, ask: Ask) -> Mapping[str, int]:
        found = await self._storage.read(lambda database: rows_of(database, Own.of(database, ask.person)))
        return {table: len(each) for table, each in found.items()}

    async def part(self, ask: Ask, number: int) -> DataPart:
        parts = _split(await self._files(ask.person), self._most)
        if number > len(parts):
            raise UserError(refusals.NO_SUCH_PART, part=number, parts=len(parts))
        known = await self._known(ask.person) if number == 1 else None
        data = await asyncio.to_thread(_zipped, known, parts[number - 1])
        return DataPart(data, number, len(parts))

    async def forget(self, ask: Ask) -> int:
        jobs = await self._storage.read(_jobs, ask.person)
        for job in jobs:
            # Files first: what a crash leaves are rows without files, which the next try deletes.
            await self._store.discard(job)
        pictures = await self._storage.write(self._erase, ask.person)
        await self._memory.forget(ask.person)
        await self._storage.truncate_log()
        return pictures

    def _erase(self, database: Database, person: str) -> int:
        own = Own.of(database, person)
        # Asked for, or painted, since the files were deleted.
        if first(database, _UNFINISHED, json.dumps(own.jobs), QUEUED, RUNNING):
            raise UserError(refusals.STILL_PAINTING)
        erase(database, own, self._clock())
        return len(own.pictures)

    async def keep_servers(self, platform: str, present: Collection[str]) -> None:
        """See `bot.ports.Service.keep_servers`. Raises StorageError."""
        now = self._clock()
        await self._storage.write(keep_servers, platform, present, now)

    async def _files(self, person: str) -> Sequence[_File]:
        def work(database: Database) -> list[Row]:
            return rows(database, _FILES, json.dumps(Own.of(database, person).jobs))

        found = await self._storage.read(work)
        return await asyncio.to_thread(self._measured, found)

    def _measured(self, found: Sequence[Row]) -> Sequence[_File]:
        paths = [(row["number"], self._store.path(row["id"], row["media_type"])) for row in found]
        return [_File(number, path, path.stat().st_size) for number, path in paths if path.exists()]

    async def _known(self, person: str) -> Mapping[str, Any]:
        def work(database: Database) -> Mapping[str, list[Row]]:
            own = Own.of(database, person)
            settings = rows(database, _SETTINGS, json.dumps(own.names))
            limits = rows(database, _LIMITS, json.dumps(own.names))
            return {**rows_of(database, own), "settings": settings, "limits": limits}

        found = await self._storage.read(work)
        return {table: [_readable(row) for row in each] for table, each in found.items()}


_UNFINISHED = """
SELECT 1 FROM jobs WHERE id IN (SELECT value FROM json_each(?)) AND (state IN (?, ?) OR EXISTS (
  SELECT 1 FROM pictures WHERE job = jobs.id AND deleted_at IS NULL
))
"""
_FILES = """
SELECT id, number, media_type FROM pictures
WHERE job IN (SELECT value FROM json_each(?)) AND deleted_at IS NULL ORDER BY number
"""
_SETTINGS = "SELECT key AS setting, value FROM settings WHERE scope IN (SELECT value FROM json_each(?))"
_LIMITS = """
SELECT server, name, amount FROM quotas
WHERE kind = 'person' AND subject IN (SELECT value FROM json_each(?))
"""


def _jobs(database: Database, person: str) -> Sequence[str]:
    """Return a person's requests. Raises UserError while one of them waits or is being painted."""
    own = Own.of(database, person)
    sql = "SELECT 1 FROM jobs WHERE id IN (SELECT value FROM json_each(?)) AND state IN (?, ?)"
    if first(database, sql, json.dumps(own.jobs), QUEUED, RUNNING):
        raise UserError(refusals.STILL_PAINTING)
    return own.jobs


def _split(files: Sequence[_File], most: int) -> list[list[_File]]:
    """Split files into parts of at most `most` bytes, of one file at least; there is always a part."""
    parts: list[list[_File]] = [[]]
    for each in files:
        if parts[-1] and sum(other.size for other in parts[-1]) + each.size > most:
            parts.append([])
        parts[-1].append(each)
    return parts


def _zipped(known: Mapping[str, Any] | None, files: Sequence[_File]) -> bytes:
    """Return a zip archive. known: what the tables have, None for a part with pictures alone"""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if known is not None:
            archive.writestr("easel.json", json.dumps(known, ensure_ascii=False, indent=1))
        for each in files:
            archive.write(each.path, f"pictures/{each.number}{each.path.suffix}", zipfile.ZIP_STORED)
    return out.getvalue()


def _readable(row: Row) -> Row:
    kept = {key: value for key, value in row.items() if key not in SECRET}
    return {key: _parsed(value) if key in JSON_COLUMNS else value for key, value in kept.items()}


def _parsed(value: Any) -> Any:
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value

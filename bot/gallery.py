"""Finished pictures: their files, and what a person sees of their past requests.

The database is the truth about a picture; the text inside its file is a copy.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bot.config import ConfigError
from bot.jobs import FAILED, POSTED, JobQueue, picture_from, pictures_of
from bot.platforms.base import Entry
from bot.storage import Database, Row, Storage, first, rows
from commands.chat import Picture
from engine.worker import Painted

SUFFIX = {"image/png": ".png", "image/webp": ".webp"}
WAITING = "waiting"


class Gallery:
    """Files in one folder, one per picture, named by its unguessable id."""

    def __init__(self, storage: Storage, queue: JobQueue, folder: Path, new_id: Callable[[], str]) -> None:
        """Make the folder. Raises ConfigError when it cannot be written to."""
        self._storage, self._queue, self._folder, self._new_id = storage, queue, folder, new_id
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(
                f"The folder {folder} cannot be used ({error}); check storage.pictures."
            ) from error

    async def keep(self, job: str, place: int, painted: Painted) -> None:
        """Write the file, then its row; a file without a row is never shown. Raises OSError."""
        picture = self._new_id()
        await asyncio.to_thread(_write, self._path(picture, painted.media_type), painted.data)
        await self._queue.add_picture(job, place, picture, painted)

    def _path(self, picture: str, media_type: str) -> Path:
        return self._folder / f"{picture}{SUFFIX[media_type]}"

    async def picture(self, picture: str, locale: str = "en") -> Picture | None:
        """A finished picture with its bytes; None when the id is unknown or its file is gone."""
        sql = "SELECT * FROM pictures WHERE id = ?"
        row = await self._storage.run(lambda database: first(database, sql, picture))
        return await self._with_data(picture_from(row, locale)) if row else None

    async def of_job(self, job: str, locale: str) -> tuple[Picture, ...]:
        """A job's finished pictures in order, with their bytes."""
        bare = await self._queue.pictures(job, locale)
        loaded = [await self._with_data(each) for each in bare]
        return tuple(each for each in loaded if each is not None)

    async def _with_data(self, picture: Picture) -> Picture | None:
        path = self._path(picture.id, picture.media_type)
        try:
            return replace(picture, data=await asyncio.to_thread(path.read_bytes))
        except FileNotFoundError:
            return None

    async def history(self, person: str, channel: str, limit: int) -> Sequence[Entry]:
        """See `bot.platforms.base.House.history`."""
        return await self._storage.run(lambda database: _history(database, person, channel, limit))


def _write(path: Path, data: bytes) -> None:
    """The whole file or none: written beside its place and moved there."""
    partial = path.with_suffix(".partial")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def _history(database: Database, person: str, channel: str, limit: int) -> Sequence[Entry]:
    found = rows(
        database,
        "SELECT jobs.*, people.locale AS now_locale FROM jobs JOIN people ON people.id = jobs.person"
        " WHERE person = ? AND channel = ? ORDER BY accepted_at DESC, jobs.rowid DESC LIMIT ?",
        *(person, channel, limit),
    )
    liked = _liked(database, person)
    return [_entry(database, row, liked) for row in reversed(found)]


def _liked(database: Database, person: str) -> frozenset[str]:
    sql = "SELECT picture FROM reactions WHERE person = ? AND verb = 'favourite'"
    return frozenset(row["picture"] for row in rows(database, sql, person))


def _entry(database: Database, row: Row, liked: frozenset[str]) -> Entry:
    pictures = pictures_of(database, [row["id"]], row["now_locale"])[row["id"]]
    state = row["state"] if row["state"] in (POSTED, FAILED) else WAITING
    mine = liked & {picture.id for picture in pictures}
    shown = pictures if state == POSTED else ()
    return Entry(row["id"], row["line"], state, row["accepted_at"], shown, mine)

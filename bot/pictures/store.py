"""Store finished pictures, as files and rows, and list what a person asked for.

The database is the truth about a picture; the text inside its file is a copy.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bot.config import ConfigError
from bot.people import audit
from bot.people.settings import SERVICE
from bot.records import Delivery, Entry, FinishedJob
from bot.storage.database import Database, Row, Storage, change, first, rows
from bot.storage.states import CANCELLED, FAILED, POSTED, UNDELIVERED
from commands.chat import Ask, Picture
from commands.policy.content import ContentPolicy
from commands.services.context import Record
from commands.text.captions import alt_of, caption_of
from engine.conditions import Conditions
from engine.marks.code import BITS
from engine.painting.encoding import suffix_of, write_whole
from engine.workers.worker import Painted

log = logging.getLogger(__name__)

ENDED = (POSTED, FAILED, CANCELLED, UNDELIVERED)
WAITING = "waiting"
UNNAMED = ".unnamed"
"""Ending of a file that has no row yet."""


def fresh_mark() -> int:
    """Return an unpredictable number for an invisible mark."""
    return 1 + secrets.randbelow((1 << BITS) - 1)


class PictureStore:
    """Files in one folder, one per picture, named by its unguessable id."""

    def __init__(
        self,
        storage: Storage,
        folder: Path,
        clock: Callable[[], float],
        new_id: Callable[[], str],
        fresh_mark: Callable[[], int] = fresh_mark,
    ) -> None:
        """Make the folder and remove what a crash left in it. Raises ConfigError.

        clock: UTC epoch seconds; new_id: returns an unguessable name that is safe in a path
        fresh_mark: returns any number of 36 bits but 0
        """
        self._storage, self._folder, self._clock, self._new_id = storage, folder, clock, new_id
        self._fresh_mark = fresh_mark
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for left in folder.glob(f"*{UNNAMED}*"):
                left.unlink()
        except OSError as error:
            raise ConfigError(
                f"The folder {folder} cannot be used ({error}); check storage.pictures."
            ) from error

    async def new_mark(self) -> int:
        """Return a number that no picture's invisible mark has."""

        def work(database: Database) -> int:
            while first(database, _TAKEN, number := self._fresh_mark()):
                pass
            return number

        return await self._storage.read(work)

    async def keep(self, job: str, place: int, painted: Painted) -> None:
        """Write picture number `place` of a job: the file and its row, or neither.

        Raises OSError or StorageError.
        """
        picture = self._new_id()
        path = self.path(picture, painted.media_type)
        unnamed = path.with_name(path.name + UNNAMED)
        values = (picture, job, place, json.dumps(painted.conditions.to_dict()), painted.media_type)
        measures = (painted.width, painted.height)
        marks = (painted.number or None, painted.fingerprint.hex() or None, " ".join(painted.sources))

        def name(database: Database) -> None:
            change(database, _INSERT, *values, *measures, self._clock(), painted.seconds["total"], *marks)
            # The transaction runs twice when another write makes their common commit fail.
            if unnamed.exists():
                unnamed.replace(path)

        try:
            await asyncio.to_thread(write_whole, unnamed, painted.data)
            await self._storage.write(name)
        except BaseException:
            for each in (unnamed, path):
                await asyncio.to_thread(each.unlink, missing_ok=True)
            raise

    async def kept(self, job: str) -> int:
        """Return how many pictures of a job are finished."""
        found = await self._storage.read(rows, "SELECT COUNT(*) AS n FROM pictures WHERE job = ?", job)
        return int(found[0]["n"])

    async def discard(self, job: str) -> None:
        """Delete a job's pictures, and files that an interrupted deletion left."""
        found = await self._storage.read(rows, "SELECT id, media_type FROM pictures WHERE job = ?", job)
        for row in found:
            await self.delete(row["id"])
            path = self.path(row["id"], row["media_type"])
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def delete(self, picture: str, by: Ask | None = None) -> None:
        """Delete a picture's file and mark its row; repeating it is harmless. by: None for Easel itself"""
        media_type = await self._storage.write(_mark_deleted, picture, by, self._clock())
        if media_type:
            await asyncio.to_thread(self.path(picture, media_type).unlink, missing_ok=True)

    async def hide(self, records: Sequence[Record], ask: Ask, on: bool) -> None:
        """Hide pictures from those who do not choose to see them, or show them again."""
        await self._storage.write(_hide, records, ask, on, self._clock())

    async def picture(self, picture: str, locale: str = "") -> Picture | None:
        """Return a finished picture with its bytes, None for an unknown id or a missing file.

        locale: of the alternative text; by default that of the request
        """
        row = await self._storage.read(first, _WITH_LOCALE, picture)
        if row is None:
            return None
        try:
            return await self._with_data(_picture(row, locale or row["locale"]))
        except FileNotFoundError:
            log.error("the file of picture %s is gone", picture)
            return None

    async def of_job(self, job: str, locale: str) -> tuple[Picture, ...]:
        """Return a job's finished pictures in order, with their bytes. Raises OSError for a missing file."""
        bare = await self._storage.read(_pictures, job, locale)
        return tuple([await self._with_data(each) for each in bare])

    async def finished(self, delivery: Delivery) -> FinishedJob:
        """Return what is left of a painted job. Raises OSError for a missing file."""
        pictures = await self.of_job(delivery.job, delivery.locale)
        found = await self._storage.read(rows, _DELETED, delivery.job)
        deleted = tuple((row["number"], bool(row["own"])) for row in found)
        withheld = await self._storage.read(_withholds, delivery.server)
        hidden = tuple(each.number for each in pictures if withheld and each.hidden)
        shown = tuple(each for each in pictures if each.number not in hidden)
        return FinishedJob(shown, deleted, hidden)

    async def _with_data(self, picture: Picture) -> Picture:
        path = self.path(picture.id, picture.media_type)
        return replace(picture, data=await asyncio.to_thread(path.read_bytes))

    def path(self, picture: str, media_type: str) -> Path:
        """Return where a picture's file is."""
        return self._folder / f"{picture}{suffix_of(media_type)}"

    async def history(self, person: str, channel: str, limit: int) -> Sequence[Entry]:
        # Not a read: people may see a post before the write that marks it as posted.
        return await self._storage.write(_history, person, channel, limit)


def _withholds(database: Database, server: str) -> bool:
    """Return whether a server shows hidden pictures to nobody, under its child-safe lock."""
    found = rows(database, "SELECT key, value FROM settings WHERE scope = ?", server)
    return ContentPolicy.of({row["key"]: row["value"] for row in found}).is_child_safe


LAST_NUMBER = "last_number"
"""The service's setting with the highest number of pictures whose rows are gone: no number is given twice."""
_TAKEN = "SELECT 1 FROM pictures WHERE mark = ?"
_INSERT = f"""
INSERT INTO pictures
(id, job, place, conditions, media_type, width, height, made_at, seconds, mark, fingerprint, sources, number)
SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1 + MAX(COALESCE(MAX(number), 0), COALESCE((
  SELECT CAST(value AS INTEGER) FROM settings WHERE scope = '{SERVICE}' AND key = '{LAST_NUMBER}'
), 0)) FROM pictures
"""  # noqa: S608  # our own words
_WITH_LOCALE = """
SELECT pictures.*, jobs.locale FROM pictures JOIN jobs ON jobs.id = pictures.job
WHERE pictures.id = ? AND deleted_at IS NULL
"""
_DELETED = """
SELECT number, deleted_by = person AS own FROM pictures JOIN jobs ON jobs.id = pictures.job
WHERE job = ? AND deleted_at IS NOT NULL ORDER BY place
"""
_WITH_OWNER = """
SELECT media_type, number, person FROM pictures JOIN jobs ON jobs.id = pictures.job WHERE pictures.id = ?
"""
_LATEST = """
SELECT jobs.*, people.locale AS now_locale FROM jobs JOIN people ON people.id = jobs.person
WHERE person = ? AND channel = ? ORDER BY accepted_at DESC, jobs.rowid DESC LIMIT ?
"""
_LIKED = """
SELECT picture FROM reactions JOIN pictures ON pictures.id = reactions.picture
WHERE person = ? AND verb = 'favourite' AND job = ?
"""


def _mark_deleted(database: Database, picture: str, by: Ask | None, now: float) -> str | None:
    """Mark a picture as deleted; return its media type, None if it was deleted before."""
    sql = "UPDATE pictures SET deleted_at = ?, deleted_by = ? WHERE id = ? AND deleted_at IS NULL"
    if not change(database, sql, now, by.person if by else "", picture):
        return None
    [row] = rows(database, _WITH_OWNER, picture)
    if by and by.person != row["person"]:
        audit.write(database, now, by, "delete", row["person"], f"{row['number']}", "")
    return str(row["media_type"])


def _hide(database: Database, records: Sequence[Record], ask: Ask, on: bool, now: float) -> None:
    for record in records:
        by = ask.person if on else None
        sql = "UPDATE pictures SET hidden_by = ? WHERE id = ? AND hidden_by IS NOT ?"
        if change(database, sql, by, record.id, by) and ask.person != record.person:
            before, after = ("", f"{record.number}") if on else (f"{record.number}", "")
            audit.write(database, now, ask, "spoiler", record.person, before, after)


def _history(database: Database, person: str, channel: str, limit: int) -> Sequence[Entry]:
    found = rows(database, _LATEST, person, channel, limit)
    return [_entry(database, row) for row in reversed(found)]


def _entry(database: Database, row: Row) -> Entry:
    job, posted = row["id"], row["state"] in (POSTED, UNDELIVERED)
    pictures = _pictures(database, job, row["now_locale"]) if posted else ()
    liked = frozenset(each["picture"] for each in rows(database, _LIKED, row["person"], job))
    state = POSTED if posted else row["state"] if row["state"] in ENDED else WAITING
    return Entry(job, row["said"] or row["line"], row["line"], state, row["accepted_at"], pictures, liked)


def _pictures(database: Database, job: str, locale: str) -> tuple[Picture, ...]:
    """Return a job's finished pictures in order, without their bytes."""
    sql = "SELECT * FROM pictures WHERE job = ? AND deleted_at IS NULL ORDER BY place"
    return tuple(_picture(row, locale) for row in rows(database, sql, job))


def _picture(row: Row, locale: str) -> Picture:
    conditions = Conditions.from_dict(json.loads(row["conditions"]))
    size = (row["width"], row["height"])
    alt, caption = alt_of(conditions, locale), caption_of(conditions, locale)
    hidden = row["hidden_by"] is not None
    return Picture(row["id"], b"", row["media_type"], *size, alt, conditions, row["number"], hidden, caption)

"""Choose by people's tastes, and log what people do with pictures.

After `/taste off` nothing more of a person is logged, but their favourites are stored.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.storage.database import Args, Database, Row, Storage, StorageError, Work, change, rows
from bot.tastes.events import ASKED, REACTION_WEIGHTS, SHOWN, TAKEN_BACK
from bot.tastes.profiles import is_private, learns, profile_in_use, taste_in_use
from bot.tastes.recommender import TastePicker
from bot.tastes.report import TasteReporter
from bot.tastes.store import TasteStore
from commands.chat import Ask
from commands.policy.content import ContentPolicy
from commands.reactions import FAVOURITE
from commands.services.tastes import CHANCE, Choice
from engine.conditions import Asked, Conditions

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _LogEntry:
    """The columns that all rows of one event share."""

    person: str
    server: str
    kind: str
    share: float = 1.0
    said: str = ""


class TasteService:
    """Implements `commands.services.tastes.Tastes`."""

    def __init__(
        self, storage: Storage, memory: TasteStore, picker: TastePicker, clock: Callable[[], float]
    ) -> None:
        """clock: UTC epoch seconds"""
        self._storage, self._memory, self._picker, self._clock = storage, memory, picker, clock
        self.views = TasteReporter(storage, memory, clock)

    async def react(self, ask: Ask, verb: str, on: bool, pictures: Sequence[str]) -> bool:
        """Implement `Tastes.react`. A repeated reaction is logged once."""
        if verb not in REACTION_WEIGHTS:
            return True
        try:
            await self._storage.write(self._react, ask, verb, on, pictures)
        except StorageError:
            log.exception("a reaction was lost")
            return False
        try:
            await self._memory.catch_up()
        except StorageError:
            log.exception("a reaction is stored, and is learned later")
        return True

    async def reset(self, ask: Ask) -> None:
        await self._memory.forget(ask.person)

    async def choose(self, ask: Ask, asked: Asked, seed: int, allowed: ContentPolicy) -> Choice:
        taste = await self._storage.read(_choosing, ask.person)
        if taste is None:
            return self._picker.by_chance(asked, seed, allowed)
        whose = (taste, ask.server)
        return self._picker.pick(self._memory.learner, whose, asked, seed, self._clock(), allowed)

    async def chosen(self, job: str, choice: Choice) -> None:
        if CHANCE not in choice.slices:
            await self._note(_mark, job, choice)

    async def asked(self, ask: Ask, said: Sequence[str], conditions: Conditions) -> None:
        if said:
            row = {"id": "", "conditions": json.dumps(conditions.to_dict()), "person": ask.person}
            event = _LogEntry(ask.person, ask.server, ASKED, said=",".join(said))
            await self._note(self._log, event, row)

    async def shown(self, job: str) -> None:
        """Log that a job's pictures were posted to the person who asked. It never raises."""
        await self._note(self._shown, job)

    async def _note(self, work: Work[Args, None], *args: Args.args, **kwargs: Args.kwargs) -> None:
        try:
            await self._storage.write(work, *args, **kwargs)
        except StorageError:
            log.exception("a taste event could not be stored")
        else:
            self._memory.stir()

    def _react(self, database: Database, ask: Ask, verb: str, on: bool, pictures: Sequence[str]) -> None:
        if verb != FAVOURITE and not learns(database, ask.person):
            return
        found = rows(database, _NAMED, json.dumps(pictures))
        kind = verb if on else f"un{verb}"
        event = _LogEntry(ask.person, ask.server, kind, 1 / max(1, len(found)))
        for picture in found:
            changed = self._set(database, (ask.person, picture["id"], verb), on)
            if changed and kind in (*REACTION_WEIGHTS, TAKEN_BACK):
                self._log(database, event, picture)

    def _set(self, database: Database, keys: tuple[str, str, str], on: bool) -> int:
        if on:
            sql = "INSERT OR IGNORE INTO reactions (person, picture, verb, at) VALUES (?, ?, ?, ?)"
            return change(database, sql, *keys, self._clock())
        return change(database, "DELETE FROM reactions WHERE person = ? AND picture = ? AND verb = ?", *keys)

    def _log(self, database: Database, event: _LogEntry, picture: Row) -> None:
        """Log one row. picture: its id and conditions, and the person who asked for it"""
        if not learns(database, event.person):
            return
        server = "" if is_private(database, event.person) else event.server
        change(
            database,
            "INSERT INTO taste_events"
            " (at, person, server, picture, verb, weight, conditions, own, share, said, profile)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(self._clock(), event.person, server, picture["id"], event.kind),
            *(-1 if event.kind == TAKEN_BACK else 1, picture["conditions"]),
            *(int(picture["person"] == event.person), event.share, event.said),
            profile_in_use(database, event.person),
        )

    def _shown(self, database: Database, job: str) -> None:
        for picture in rows(database, _OF_JOB, job, SHOWN):
            self._log(database, _LogEntry(picture["person"], picture["server"], SHOWN), picture)


_PICTURES = """
SELECT pictures.id, pictures.conditions, person, server FROM pictures JOIN jobs ON jobs.id = pictures.job
"""
_NAMED = f"{_PICTURES} WHERE pictures.id IN (SELECT value FROM json_each(?)) ORDER BY place"  # noqa: S608  # our own words
_OF_JOB = f"""
{_PICTURES} WHERE job = ? AND NOT EXISTS (
  SELECT 1 FROM taste_events
  WHERE taste_events.person = jobs.person AND picture = pictures.id AND taste_events.verb = ?
)
ORDER BY place
"""  # noqa: S608  # our own words


def _choosing(database: Database, person: str) -> str | None:
    """Return the taste that chooses for a person, None when it is turned off."""
    return taste_in_use(database, person) if learns(database, person) else None


def _mark(database: Database, job: str, choice: Choice) -> None:
    sql = "INSERT INTO taste_choices (job, place, slice, opened) VALUES (?, ?, ?, ?)"
    for place, slice_ in enumerate(choice.slices):
        change(database, sql, job, place, slice_, ",".join(choice.opened))

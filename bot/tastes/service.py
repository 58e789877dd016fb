"""Choose by people's tastes, and log what people do with pictures.

Whoever turned their taste off (`/taste off`) is not in the log; their favourites are stored all the same.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bot.storage.database import Database, Row, Storage, StorageError, change, rows
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
    """What all rows of one event share."""

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
        """See `commands.services.tastes.Tastes.react`. The same reaction is logged once."""
        if verb not in REACTION_WEIGHTS:
            return True
        try:
            await self._storage.write(lambda database: self._react(database, ask, verb, on, pictures))
        except StorageError:
            log.exception("a reaction was lost")
            return False
        try:
            await self._memory.catch_up()
        except StorageError:
            log.exception("what is written about tastes is learnt later")
        return True

    async def reset(self, ask: Ask) -> None:
        """See `commands.services.tastes.Tastes.reset`."""
        await self._memory.forget(ask.person)

    async def choose(self, ask: Ask, asked: Asked, seed: int, allowed: ContentPolicy) -> Choice:
        """See `commands.services.tastes.Tastes.choose`."""
        taste = await self._storage.read(partial(_choosing, person=ask.person))
        if taste is None:
            return self._picker.by_chance(asked, seed, allowed)
        whose = (taste, ask.server)
        return self._picker.pick(self._memory.learner, whose, asked, seed, self._clock(), allowed)

    async def chosen(self, job: str, choice: Choice) -> None:
        """See `commands.services.tastes.Tastes.chosen`."""
        if CHANCE not in choice.slices:
            await self._note(partial(_mark, job=job, choice=choice))

    async def asked(self, ask: Ask, said: Sequence[str], conditions: Conditions) -> None:
        """See `commands.services.tastes.Tastes.asked`."""
        if said:
            row = {"id": "", "conditions": json.dumps(conditions.to_dict()), "person": ask.person}
            event = _LogEntry(ask.person, ask.server, ASKED, said=",".join(said))
            await self._note(lambda database: self._log(database, event, row))

    async def shown(self, job: str) -> None:
        """Log that a job's pictures were posted to the person who asked. It never raises."""
        await self._note(partial(self._shown, job=job))

    async def _note(self, work: Callable[[Database], None]) -> None:
        try:
            await self._storage.write(work)
        except StorageError:
            log.exception("something about a taste could not be written")
        else:
            self._memory.stir()

    def _react(self, database: Database, ask: Ask, verb: str, on: bool, pictures: Sequence[str]) -> None:
        if verb != FAVOURITE and not learns(database, ask.person):
            return
        found = rows(
            database, f"{_PICTURES} WHERE pictures.id IN ({_LISTED}) ORDER BY place", json.dumps(pictures)
        )
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
        """picture: its id, its conditions, and as `person` who asked for it"""
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
_LISTED = "SELECT value FROM json_each(?)"
_OF_JOB = f"""
{_PICTURES} WHERE job = ? AND NOT EXISTS (
  SELECT 1 FROM taste_events
  WHERE taste_events.person = jobs.person AND picture = pictures.id AND taste_events.verb = ?
)
ORDER BY place
"""  # noqa: S608  # our own words


def _choosing(database: Database, person: str) -> str | None:
    """Return the name of the taste that chooses for a person; None when none may."""
    return taste_in_use(database, person) if learns(database, person) else None


def _mark(database: Database, job: str, choice: Choice) -> None:
    sql = "INSERT INTO taste_choices (job, place, slice, opened) VALUES (?, ?, ?, ?)"
    for place, slice_ in enumerate(choice.slices):
        change(database, sql, job, place, slice_, ",".join(choice.opened))

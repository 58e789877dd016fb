"""Keep the beliefs about tastes in step with the log of taste events.

The beliefs are in memory, and stored beside the log, so that a start goes on after the last event that was
learned. `rebuild` learns the whole log anew.
"""

from __future__ import annotations

import asyncio
import json
import logging
import zlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from bot.clock import DAY
from bot.people.settings import read_own, write_own
from bot.storage.coalesce import Coalesced
from bot.storage.database import Database, Row, Storage, StorageError, change, rows
from bot.tastes.events import TAKEN_BACK, Event
from bot.tastes.features import TasteFeatures
from bot.tastes.learner import NOBODY, TasteLearner, without_taken_back
from bot.tastes.profiles import owner_of, taste_name, tastes_of
from engine.conditions import Conditions

log = logging.getLogger(__name__)

BATCH = 50
"""Events learned at a time; they block the event loop for about 10 ms."""
SOON = 1.0
"""Seconds until requests and shown pictures are learned."""
_THROUGH, _LAYOUT = "tastes_through", "tastes_layout"
_VERSION = 3
"""Version of the stored beliefs; beliefs of another version are rebuilt."""


class TasteStore:
    """Learn and store beliefs; nothing else changes them."""

    def __init__(self, storage: Storage, features: TasteFeatures) -> None:
        self._storage, self.features = storage, features
        self._lock, self._learning = asyncio.Lock(), Coalesced(self._learn)
        self._news = asyncio.Event()
        self._through = 0
        self.learner = TasteLearner(features)

    async def load(self) -> None:
        """Read the stored beliefs and learn what came after them. Raises StorageError."""
        async with self._lock:
            layout = await self._storage.read(read_own, _LAYOUT)
            if layout == _layout(self.features):
                await self._read_back()
            else:
                # Beliefs number their features, and another vocabulary numbers them differently.
                await self._begin_anew()
            await self._catch_up()
            self.learner.tastes.settle()

    async def catch_up(self) -> None:
        """Learn the events that are not learned yet. Raises StorageError."""
        await self._learning.get()

    def stir(self) -> None:
        """Have `keep_up` learn new events soon."""
        self._news.set()

    async def keep_up(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Learn new events until cancelled, `SOON` after `stir`, so that requests are answered first."""
        while True:
            await self._news.wait()
            await sleep(SOON)
            self._news.clear()
            try:
                await self.catch_up()
            except StorageError:
                log.exception("the taste events could not be read; they are learned later")

    async def _learn(self) -> None:
        async with self._lock:
            await self._catch_up()

    async def rebuild(self) -> int:
        """Learn the whole log anew; return how many people are in it. Raises StorageError."""
        async with self._lock:
            await self._begin_anew()
            await self._catch_up()
            self.learner.tastes.settle()
        found = await self._storage.read(rows, "SELECT COUNT(DISTINCT person) AS n FROM taste_events")
        return int(found[0]["n"])

    async def forget(self, person: str) -> None:
        """Delete a person from the log and from the beliefs. Raises StorageError."""
        async with self._lock:
            await self._catch_up()
            self._through = await self._storage.write(_forget, person, self._through)
            self._forget(person)

    def _forget(self, person: str) -> None:
        for taste in tastes_of(person):
            self.learner.forget(taste)

    async def relearn(self, people: Sequence[str]) -> None:
        """Learn the events of people again, after events moved between them. Raises StorageError.

        See `doubt`.
        """
        async with self._lock:
            await self._catch_up()
            for person in people:
                # Forget everybody first, because beliefs about one depend on the other members of a server.
                self._forget(person)
            for person in dict.fromkeys(people):
                events = await self._storage.read(_events_of, person, self._through)
                for event in without_taken_back(events):
                    self.learner.take(event)
                await self._keep([person])
            layout = _layout(self.features)
            await self._storage.write(write_own, _LAYOUT, layout)

    async def _keep(self, people: Iterable[str]) -> None:
        """Store the beliefs about people."""
        tastes = {
            person: [each for each in tastes_of(person) if self.learner.history(each) != NOBODY]
            for person in people
        }
        states = {
            person: {each: json.dumps(self.learner.export(each)) for each in names}
            for person, names in tastes.items()
        }
        await self._storage.write(_save, self._through, states)

    async def run(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Sum up everybody's taste once a day until cancelled."""
        while True:
            await sleep(DAY)
            self.learner.tastes.settle()

    async def _read_back(self) -> None:
        def work(database: Database) -> tuple[str, list[Row]]:
            through = read_own(database, _THROUGH) or "0"
            return through, rows(database, "SELECT person, state FROM taste_beliefs ORDER BY rowid")

        through, found = await self._storage.read(work)
        try:
            for row in found:
                self.learner.take_in(row["person"], json.loads(row["state"]))
            self._through = int(through)
        except (KeyError, TypeError, ValueError, IndexError):
            log.exception("the stored beliefs about tastes cannot be read; they are rebuilt from the log")
            await self._begin_anew()

    async def _begin_anew(self) -> None:
        self.learner, self._through = TasteLearner(self.features), 0
        layout = _layout(self.features)

        def work(database: Database) -> None:
            change(database, "DELETE FROM taste_beliefs")
            write_own(database, _THROUGH, "0")
            write_own(database, _LAYOUT, layout)

        await self._storage.write(work)

    async def _catch_up(self) -> None:
        while found := await self._storage.read(_after, self._through):
            for event in found:
                await self._take(event)
            self._through = found[-1].id
            await self._keep(dict.fromkeys(owner_of(each.person) for each in found))

    async def _take(self, event: Event) -> None:
        if event.kind != TAKEN_BACK:
            self.learner.take(event)
            return
        person = owner_of(event.person)
        events = await self._storage.read(_events_of, person, event.id)
        self._forget(person)
        for each in without_taken_back(events):
            self.learner.take(each)


_EVENTS = "SELECT * FROM taste_events WHERE"


def _after(database: Database, through: int) -> list[Event]:
    return [_event(row) for row in rows(database, f"{_EVENTS} id > ? ORDER BY id LIMIT ?", through, BATCH)]


def _events_of(database: Database, person: str, through: int) -> list[Event]:
    found = rows(database, f"{_EVENTS} person = ? AND id <= ? ORDER BY id", person, through)
    return [_event(row) for row in found]


def _event(row: Row) -> Event:
    taken_back = row["verb"] == "favourite" and row["weight"] < 0
    return Event(
        id=row["id"],
        at=row["at"],
        person=taste_name(row["person"], row["profile"]),
        server=row["server"],
        kind=TAKEN_BACK if taken_back else row["verb"],
        picture=row["picture"],
        conditions=Conditions.from_dict(json.loads(row["conditions"])),
        share=row["share"],
        own=bool(row["own"]),
        said=tuple(each for each in row["said"].split(",") if each),
    )


def _save(database: Database, through: int, states: Mapping[str, Mapping[str, str]]) -> None:
    """Store beliefs. states: by person, then by the name of the taste"""
    sql = "INSERT INTO taste_beliefs (person, state) VALUES (?, ?)"
    for person, tastes in states.items():
        _drop_beliefs(database, person)
        for taste, state in tastes.items():
            change(database, sql, taste, state)
    write_own(database, _THROUGH, str(through))


def _drop_beliefs(database: Database, person: str) -> None:
    for taste in tastes_of(person):
        change(database, "DELETE FROM taste_beliefs WHERE person = ?", taste)


def doubt(database: Database) -> None:
    """Have the next start rebuild every belief, unless `relearn` runs before."""
    write_own(database, _LAYOUT, "")


def _forget(database: Database, person: str, through: int) -> int:
    """Delete a person's events and return the last learned event that is left.

    The next event may get the number after it.
    """
    change(database, "DELETE FROM taste_events WHERE person = ?", person)
    _drop_beliefs(database, person)
    change(database, "DELETE FROM reactions WHERE person = ? AND verb <> 'favourite'", person)
    last = int(rows(database, "SELECT MAX(id) AS id FROM taste_events WHERE id <= ?", through)[0]["id"] or 0)
    write_own(database, _THROUGH, str(last))
    return last


def _layout(features: TasteFeatures) -> str:
    """Return a checksum of how features are numbered and of the version of stored beliefs."""
    names = (_VERSION, features.styles, features.shapes, features.categories, features.groups)
    return f"{zlib.crc32(repr(names).encode()):08x}"

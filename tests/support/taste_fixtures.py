"""Painted pictures in a real database, and what people do with them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from bot.storage.database import Storage, change, rows
from bot.tastes.features import TasteFeatures
from bot.tastes.recommender import TastePicker
from bot.tastes.service import TasteService
from bot.tastes.store import TasteStore
from engine.conditions import Conditions
from engine.defaults import SeededDefaults
from engine.vocabulary import load_vocabulary
from tests.support.fakes import FISH, FakeClock, ask

VOCABULARY = load_vocabulary()
FEATURES = TasteFeatures(VOCABULARY)
PICKER = TastePicker(VOCABULARY, FEATURES, SeededDefaults(VOCABULARY))
JOB = (
    "INSERT INTO jobs"
    " (id, key, person, server, channel, locale, reply, line, conditions, state, accepted_at, post)"
    " VALUES (?, ?, ?, ?, 'fake:hall', 'en', '{}', '', '[]', 'posted', ?, ?)"
)
PICTURE = (
    "INSERT INTO pictures (id, job, place, conditions, media_type, width, height, made_at, number)"
    " VALUES (?, ?, ?, ?, 'image/png', 256, 256, ?, ?)"
)


@dataclass
class Tasting:
    """The tastes of a service."""

    storage: Storage
    clock: FakeClock
    memory: TasteStore = field(init=False)
    service: TasteService = field(init=False)
    painted: int = 0

    def __post_init__(self):
        self.open()

    def open(self):
        """Load the tastes, as a start does."""
        self.memory = TasteStore(self.storage, FEATURES)
        self.service = TasteService(self.storage, self.memory, PICKER, self.clock)

    async def paint(
        self, *pictures: Conditions, person: str = "fake:ann", server: str = "fake:studio"
    ) -> list[str]:
        """Store a job's finished pictures and its post, "post of" the job; return the ids of the pictures."""
        first, now = self.painted + 1, self.clock()
        job = f"job-{first}"
        self.painted += len(pictures)

        def work(database):
            change(database, JOB, job, job, person, server, now, f"post of {job}")
            for place, each in enumerate(pictures):
                number = first + place
                kept = json.dumps(each.to_dict())
                change(database, PICTURE, f"picture-{number}", job, place, kept, now, number)

        await self.storage.write(work)
        return [f"picture-{first + place}" for place in range(len(pictures))]

    async def react(self, picture: str, verb="favourite", on=True, person="fake:ann", server="fake:studio"):
        """React to a picture."""
        return await self.service.react(ask(person=person, server=server), verb, on, [picture])

    async def favourite(self, conditions: Conditions = FISH, **whose: str) -> str:
        """Paint a picture that its owner likes, and return its id."""
        [picture] = await self.paint(conditions, **whose)
        await self.react(picture, **whose)
        return picture

    async def turn(self, on: bool, person: str = "fake:ann"):
        """Turn a taste on or off."""
        word = "on" if on else "off"
        sql = "INSERT OR REPLACE INTO settings (scope, key, value) VALUES (?, 'taste', ?)"
        await self.storage.write(lambda database: change(database, sql, person, word))

    async def events(self) -> list[dict]:
        """Return the log."""
        return await self.storage.write(
            lambda database: rows(database, "SELECT * FROM taste_events ORDER BY id")
        )

    def export(self, person: str = "fake:ann") -> dict:
        """Return what is known of somebody."""
        return self.memory.learner.export(person)

"""Painted pictures in a real memory, and what people do with them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from bot.storage import Storage, change, rows
from bot.taste_book import TasteBook
from bot.taste_evidence import WishFeatures
from bot.taste_memory import TasteMemory
from bot.taste_picker import TastePicker
from commands.chat import Reaction
from engine.chance import ChanceChooser
from engine.conditions import Conditions
from engine.vocabulary import load_vocabulary
from tests.fakes import FISH, FakeClock

VOCABULARY = load_vocabulary()
FEATURES = WishFeatures(VOCABULARY)
PICKER = TastePicker(VOCABULARY, FEATURES, ChanceChooser(VOCABULARY))
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
    """A house's memory of tastes."""

    storage: Storage
    clock: FakeClock
    memory: TasteMemory = field(init=False)
    book: TasteBook = field(init=False)
    painted: int = 0

    def __post_init__(self):
        self.open()

    def open(self):
        """As a start of the house does."""
        self.memory = TasteMemory(self.storage, FEATURES)
        self.book = TasteBook(self.storage, self.memory, PICKER, self.clock)

    async def paint(
        self, *pictures: Conditions, person: str = "fake:ann", server: str = "fake:studio"
    ) -> list[str]:
        """The ids of finished pictures of one job, whose post is "post of" the job."""
        first, now = self.painted + 1, self.clock()
        job = f"job-{first}"
        self.painted += len(pictures)

        def work(database):
            change(database, JOB, job, job, person, server, now, f"post of {job}")
            for place, each in enumerate(pictures):
                number = first + place
                kept = json.dumps(each.to_dict())
                change(database, PICTURE, f"picture-{number}", job, place, kept, now, number)

        await self.storage.run(work)
        return [f"picture-{first + place}" for place in range(len(pictures))]

    async def react(self, picture: str, verb="favourite", on=True, person="fake:ann", server="fake:studio"):
        """Somebody does something with a picture."""
        return await self.book.react(Reaction(person, server, verb, on, picture=picture))

    async def favourite(self, conditions: Conditions = FISH, **whose: str) -> str:
        """A picture that its owner likes; its id."""
        [picture] = await self.paint(conditions, **whose)
        await self.react(picture, **whose)
        return picture

    async def turn(self, on: bool, person: str = "fake:ann"):
        """As `/taste on` and `/taste off` do."""
        word = "on" if on else "off"
        sql = "INSERT OR REPLACE INTO settings (scope, key, value) VALUES (?, 'taste', ?)"
        await self.storage.run(lambda database: change(database, sql, person, word))

    async def events(self) -> list[dict]:
        """The log."""
        return await self.storage.run(
            lambda database: rows(database, "SELECT * FROM taste_events ORDER BY id")
        )

    def export(self, person: str = "fake:ann") -> dict:
        """What is known of somebody."""
        return self.memory.fold.export(person)

"""A house over a real database, whose jobs nobody paints."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.archive import Archive
from bot.audit import AuditBook
from bot.gallery import Gallery
from bot.house import House, Rooms, fresh_id
from bot.link_book import LinkBook
from bot.overview import OverviewBook
from bot.quota_book import QuotaBook
from bot.quota_rules import Defaults
from bot.settings_book import SettingsBook
from bot.taste_evidence import WishFeatures
from bot.taste_memory import TasteMemory
from commands.chat import Reaction
from commands.limits import Limit
from engine.chance import ChanceChooser
from engine.vocabulary import load_vocabulary
from tests.fake_context import FakeTastes

DEFAULTS = Defaults(Limit(100, 8), Limit(1000, 30))
SEED = 41


@dataclass
class FakeTasteBook(FakeTastes):
    """Knows one picture. failure: raised instead"""

    failure: Exception | None = None
    reactions: list[Reaction] = field(default_factory=list)

    async def react(self, reaction):
        if self.failure:
            raise self.failure
        self.reactions.append(reaction)
        return reaction.picture == "picture-1"


async def nothing(job):
    """Shows no post anew."""


def make_house(storage, queue, tastes, clock, folder):
    """folder: where its pictures are kept"""
    vocabulary = load_vocabulary()
    gallery = Gallery(storage, folder / "pictures", clock, fresh_id)
    rooms = Rooms(
        queue,
        QuotaBook(storage, DEFAULTS, clock),
        SettingsBook(storage, clock),
        AuditBook(storage),
        tastes,
        gallery,
        Archive(storage, gallery, nothing),
        vocabulary,
        ChanceChooser(vocabulary),
        LinkBook(storage, TasteMemory(storage, WishFeatures(vocabulary)), clock),
        queue,
        OverviewBook(storage, DEFAULTS, SettingsBook(storage, clock), AuditBook(storage), clock),
    )
    return House(rooms, clock, lambda: SEED)

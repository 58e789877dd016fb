"""A house over a real database, whose jobs nobody paints."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.accounts.linking import AccountLinking
from bot.overview import OverviewBook
from bot.people.audit import AuditLog
from bot.people.settings import SettingsStore
from bot.pictures.search import PictureSearch
from bot.pictures.store import PictureStore
from bot.quotas.rules import Defaults
from bot.quotas.service import QuotaService
from bot.service import Rooms, Service, fresh_id
from bot.tastes.events import WishFeatures
from bot.tastes.store import TasteStore
from commands.chat import Reaction
from commands.services.quotas import Limit
from engine.defaults import SeededDefaults
from engine.vocabulary import load_vocabulary
from tests.support.fake_context import FakeTastes

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
    gallery = PictureStore(storage, folder / "pictures", clock, fresh_id)
    rooms = Rooms(
        queue,
        QuotaService(storage, DEFAULTS, clock),
        SettingsStore(storage, clock),
        AuditLog(storage),
        tastes,
        gallery,
        PictureSearch(storage, gallery, nothing),
        vocabulary,
        SeededDefaults(vocabulary),
        AccountLinking(storage, TasteStore(storage, WishFeatures(vocabulary)), clock),
        queue,
        OverviewBook(storage, DEFAULTS, SettingsStore(storage, clock), AuditLog(storage), clock),
    )
    return Service(rooms, clock, lambda: SEED)

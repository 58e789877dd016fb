"""A service over a real database, without a dispatcher."""

from __future__ import annotations

from bot.accounts.linking import AccountLinking
from bot.moderation.service import ModerationService
from bot.overview import OverviewReader
from bot.own_data.service import OwnDataService
from bot.people.arrivals import Arrivals
from bot.people.audit import AuditLog
from bot.people.settings import SettingsStore
from bot.pictures.search import PictureSearch
from bot.pictures.store import PictureStore
from bot.pictures.verification import PictureVerifier
from bot.quotas.rules import Defaults
from bot.quotas.service import QuotaService
from bot.service import EaselService, fresh_id
from bot.tastes.features import TasteFeatures
from bot.tastes.store import TasteStore
from commands.services.context import Services
from commands.services.quotas import Limit
from engine.defaults import SeededDefaults
from engine.vocabulary import load_vocabulary

DEFAULTS = Defaults(Limit(100, 8), Limit(1000, 30))
SEED = 41


async def nothing(job):
    """Change no post."""
    return True


def make_service(storage, queue, tastes, clock, folder):
    """folder: where its pictures are kept"""
    vocabulary = load_vocabulary()
    store = PictureStore(storage, folder / "pictures", clock, fresh_id)
    settings, audit = SettingsStore(storage, clock), AuditLog(storage)
    memory = TasteStore(storage, TasteFeatures(vocabulary))
    links = AccountLinking(storage, memory, clock)
    own_data = OwnDataService(storage, store, memory, clock)
    moderation = ModerationService(storage, store, {}, clock)
    services = Services(
        jobs=queue,
        pictures=PictureSearch(storage, store, nothing),
        quotas=QuotaService(storage, DEFAULTS, clock),
        settings=settings,
        audit=audit,
        links=links,
        tastes=tastes,
        own_data=own_data,
        moderation=moderation,
        verification=PictureVerifier(storage, None),
        vocabulary=vocabulary,
        chooser=SeededDefaults(vocabulary),
        fresh_seed=lambda: SEED,
    )
    overviews = OverviewReader(storage, DEFAULTS, settings, audit, clock)
    return EaselService(
        services,
        Arrivals(storage).identified,
        store,
        queue,
        overviews,
        own_data.keep_servers,
        moderation.check,
    )

"""What adapters ask, answered: Ask -> command -> Answer. Nothing here raises for a person's mistake."""

from __future__ import annotations

import logging
import secrets
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from bot.accounts.linking import AccountLinking
from bot.jobs.queue import JobQueue
from bot.overview import OverviewBook
from bot.people.audit import AuditLog
from bot.people.settings import SettingsStore
from bot.pictures.search import PictureSearch
from bot.pictures.store import PictureStore
from bot.quotas.service import QuotaService
from bot.records import Entry, Overview
from bot.tastes.events import REACTION_WEIGHTS
from bot.tastes.service import TasteService
from commands import registry
from commands.chat import Answer, Ask, Picture, Reaction, Translate, UserError
from commands.i18n import N_, translator
from commands.reactions import FAVOURITE
from commands.services.context import Jobs, Page, Record, Search, Settings
from engine.conditions import MAX_SEED, Chooser
from engine.vocabulary import Vocabulary

log = logging.getLogger(__name__)
Result = TypeVar("Result")

FAULT = N_("Something went wrong here, and nothing was charged. Please try again.")
NO_MEMORY = N_("I cannot write anything down just now, and nothing was charged. Please try again later.")
NO_LOOKING = N_("I cannot look anything up just now. Please try again later.")


@dataclass(frozen=True, slots=True)
class CommandContext:
    """Implements `commands.services.context.Context` for one Ask."""

    jobs: Jobs
    pictures: PictureSearch
    quotas: QuotaService
    settings: Settings
    audit: AuditLog
    links: AccountLinking
    tastes: TasteService
    vocabulary: Vocabulary
    chooser: Chooser
    translate: Translate
    clock: Callable[[], float]
    seeds: Callable[[], int]
    react: Callable[[Reaction], Coroutine[Any, Any, bool]]

    def now(self) -> float:
        """UTC epoch seconds."""
        return self.clock()

    def fresh_seed(self) -> int:
        """A random seed, 0 to 2**32 - 1."""
        return self.seeds()


@dataclass(frozen=True, slots=True)
class Rooms:
    """What the house is made of."""

    jobs: Jobs
    quotas: QuotaService
    settings: SettingsStore
    audit: AuditLog
    tastes: TasteService
    gallery: PictureStore
    archive: PictureSearch
    vocabulary: Vocabulary
    chooser: Chooser
    links: AccountLinking
    queue: JobQueue
    overviews: OverviewBook


class Service:
    """Implements `bot.ports.Service`."""

    def __init__(self, rooms: Rooms, clock: Callable[[], float], seeds: Callable[[], int]) -> None:
        self._rooms, self._clock, self._seeds = rooms, clock, seeds

    @property
    def vocabulary(self) -> Vocabulary:
        """The words people may use."""
        return self._rooms.vocabulary

    async def handle(self, ask: Ask) -> Answer:
        """See `bot.ports.Service.handle`."""
        translate = translator(ask.locale)
        try:
            ask, settings = await self._rooms.settings.around(ask)
            ask = replace(ask, locale=await _language(ask, settings))
            translate = translator(ask.locale)
            return await registry.find(ask.command).run(ask, self._context(settings, translate))
        except UserError as error:
            return Answer(translate(error.sentence, **error.values), private=True, refused=True)
        except sqlite3.Error:
            log.exception("ask %s: the database failed", ask.key)
            return Answer(translate(NO_MEMORY), private=True, refused=True)
        except Exception:
            log.exception("ask %s failed", ask.key)
            return Answer(translate(FAULT), private=True, refused=True)

    async def _known(self, ask: Ask) -> Ask:
        """The same from the person whose account asks: from here on, joined accounts are one."""
        return replace(ask, person=await self._rooms.links.person(ask.account))

    def _context(self, settings: Settings, translate: Translate) -> CommandContext:
        rooms = self._rooms
        return CommandContext(
            rooms.jobs,
            rooms.archive,
            rooms.quotas,
            settings,
            rooms.audit,
            rooms.links,
            rooms.tastes,
            rooms.vocabulary,
            rooms.chooser,
            translate,
            self._clock,
            self._seeds,
            self.react,
        )

    async def react(self, reaction: Reaction) -> bool:
        """See `bot.ports.Service.react`."""
        if reaction.verb not in REACTION_WEIGHTS:
            return True
        try:
            person = await self._rooms.links.person(reaction.person)
            return await self._rooms.tastes.react(replace(reaction, person=person))
        except sqlite3.Error:
            log.exception("a reaction was lost")
            return False

    async def shortcut(self, ask: Ask, on: bool) -> Answer | None:
        """See `bot.ports.Service.shortcut`."""
        if ask.command == FAVOURITE:
            await self.react(Reaction(ask.person, ask.server, FAVOURITE, on, post=ask.words))
            return None
        try:
            found = await self.find(ask, ask.words)
        except UserError:
            return None
        # What is taken back undoes nothing but what was hidden.
        hidden = bool(found) and all(each.hidden_by for each in found)
        wanted = hidden != on if ask.command == "spoiler" else on
        return await self.handle(ask) if found and wanted else None

    async def announced(self, job: str, post: str) -> None:
        """See `bot.ports.Service.announced`."""
        try:
            await self._rooms.queue.announce(job, post)
        except sqlite3.Error:
            log.exception("job %s is announced as %s, and that could not be written", job, post)

    async def history(self, person: str, channel: str, limit: int = 50) -> Sequence[Entry]:
        """See `bot.ports.Service.history`."""
        return await _looked_up(self._history(person, channel, limit))

    async def _history(self, person: str, channel: str, limit: int) -> Sequence[Entry]:
        return await self._rooms.gallery.history(await self._rooms.links.person(person), channel, limit)

    async def picture(self, picture: str) -> Picture | None:
        """See `bot.ports.Service.picture`."""
        return await _looked_up(self._rooms.gallery.picture(picture))

    async def search(self, ask: Ask, search: Search) -> Page:
        """See `bot.ports.Service.search`."""
        return await _looked_up(self._searched(ask, search))

    async def _searched(self, ask: Ask, search: Search) -> Page:
        return await self._rooms.archive.search(await self._known(ask), search)

    async def find(self, ask: Ask, word: str) -> Sequence[Record]:
        """See `bot.ports.Service.find`."""
        return await _looked_up(self._found(ask, word))

    async def _found(self, ask: Ask, word: str) -> Sequence[Record]:
        try:
            return await self._rooms.archive.find(await self._known(ask), word)
        except UserError:
            return ()

    async def overview(self, ask: Ask, skip: int, most: int) -> Overview | None:
        """See `bot.ports.Service.overview`."""
        return await self._rooms.overviews.of(ask.server, skip, most) if ask.is_admin else None

    def translate(self, locale: str) -> Translate:
        """See `bot.ports.Service.translate`."""
        return translator(locale)

    def suggest(self, kind: str, text: str, locale: str, limit: int = 25) -> Sequence[tuple[str, str]]:
        """See `bot.ports.Service.suggest`."""
        return self._rooms.vocabulary.suggest(kind, text, locale, limit)


async def _language(ask: Ask, settings: Settings) -> str:
    """What the person set, else what the server's admins set, else what the platform says."""
    for scope in (ask.person, ask.server):
        if language := (await settings.of(scope)).get("language"):
            return language
    return ask.locale


async def _looked_up(looking: Awaitable[Result]) -> Result:
    """What was looked up. Raises UserError when the memory cannot be read."""
    try:
        return await looking
    except sqlite3.Error as error:
        log.exception("the database failed")
        raise UserError(NO_LOOKING) from error


def fresh_seed() -> int:
    """A seed nobody can foresee."""
    return secrets.randbelow(MAX_SEED + 1)


def fresh_id() -> str:
    """An unguessable id (96 bits) of letters, digits, - and _ that is safe in a path."""
    return secrets.token_urlsafe(12)

"""Answer what adapters ask: Ask -> command -> Answer. A person's mistake becomes an Answer, too."""

from __future__ import annotations

import contextlib
import logging
import secrets
import sqlite3
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from bot.jobs.queue import JobQueue
from bot.overview import OverviewReader
from bot.pictures.store import PictureStore
from bot.records import Entry, Overview
from commands import registry
from commands.chat import TALK, Answer, Ask, Button, Picture, Translate, UserError
from commands.i18n import translator
from commands.parsing.labels import labels
from commands.picture import verify_file
from commands.reactions import FAVOURITE, SPOILER
from commands.services.context import Page, Record, Search, Services
from commands.talk import talk
from commands.text.refusals import FAULT, NO_LOOKING, NO_MEMORY
from engine.conditions import MAX_SEED
from engine.vocabulary import Vocabulary

log = logging.getLogger(__name__)
Result = TypeVar("Result")

OPEN_TO_ALL = ("mydata", "delete", "help")
"""Commands that blocked people may use."""

MOST_SAID = 100
"""Most characters of a button's line, by the strictest platform."""


class EaselService:
    """Implements `bot.ports.Service`.

    It replaces an account by its person; everything behind it only knows persons.
    """

    def __init__(
        self,
        services: Services,
        identify: Callable[[Ask], Awaitable[Ask]],
        pictures: PictureStore,
        queue: JobQueue,
        overviews: OverviewReader,
        keep_servers: Callable[[str, Collection[str]], Awaitable[None]],
        check: Callable[[Ask], Awaitable[None]],
    ) -> None:
        """identify: fills in the person and their language; check: raises UserError for blocked people

        keep_servers: see `bot.ports.Service`
        """
        self._services, self._identify = services, identify
        self._pictures, self._queue, self._overviews = pictures, queue, overviews
        self._keep_servers, self._check = keep_servers, check

    @property
    def vocabulary(self) -> Vocabulary:
        """The words that people may use."""
        return self._services.vocabulary

    async def handle(self, ask: Ask) -> Answer:
        return await self._answered(ask, self._run)

    async def _run(self, ask: Ask, services: Services) -> Answer:
        if ask.command == TALK:
            await self._check(ask)
            return await talk(ask, services)
        command = registry.find(ask.command)
        if command.name not in OPEN_TO_ALL:
            await self._check(ask)
        return await command.run(ask, services)

    async def react(self, ask: Ask, on: bool) -> Answer | None:
        try:
            found = await self.find(ask, ask.words)
        except UserError:
            # The message may be anybody's, so there is no answer.
            return None
        return await self._answered(ask, partial(self._react, on=on, found=found)) if found else None

    async def _react(self, ask: Ask, services: Services, on: bool, found: Sequence[Record]) -> Answer | None:
        await self._check(ask)
        if ask.command == FAVOURITE:
            noted = await services.tastes.react(ask, FAVOURITE, on, [each.id for each in found])
            return None if noted else _refusal(services.translate(NO_MEMORY))
        # A reaction that is taken back only undoes hiding.
        wanted = all(each.hidden_by for each in found) != on if ask.command == SPOILER else on
        return await self._run(ask, services) if wanted else None

    async def _answered(
        self, ask: Ask, answer: Callable[[Ask, Services], Awaitable[Result]]
    ) -> Result | Answer:
        """Call `answer` with the person and their language; return a refusal in place of an error."""
        translate = translator(ask.locale)
        try:
            ask = await self._identify(ask)
            translate = translator(ask.locale)
            return await answer(ask, replace(self._services, translate=translate))
        except UserError as error:
            return _refusal(translate(error.sentence, **error.values), _hints(error, ask, translate))
        except sqlite3.Error:
            log.exception("ask %s: the database failed", ask.key)
            return _refusal(translate(NO_MEMORY))
        except Exception:
            log.exception("ask %s failed", ask.key)
            return _refusal(translate(FAULT))

    async def announced(self, job: str, post: str) -> None:
        try:
            await self._queue.announce(job, post)
        except sqlite3.Error:
            log.exception("job %s is announced as %s, and that could not be written", job, post)

    async def history(self, account: str, channel: str, limit: int = 50) -> Sequence[Entry]:
        with _reading():
            ask = await self._identify(Ask("", account, "", channel, ""))
            return await self._pictures.history(ask.person, channel, limit)

    async def picture(self, picture: str) -> Picture | None:
        with _reading():
            return await self._pictures.picture(picture)

    async def search(self, ask: Ask, search: Search) -> Page:
        with _reading():
            return await self._services.pictures.search(await self._identify(ask), search)

    async def find(self, ask: Ask, word: str) -> Sequence[Record]:
        with _reading():
            ask = await self._identify(ask)
            try:
                return await self._services.pictures.find(ask, word)
            except UserError:
                return ()

    async def verify(self, ask: Ask, data: bytes) -> Answer:
        return await self._answered(ask, partial(verify_file, data=data))

    async def overview(self, ask: Ask, skip: int, most: int) -> Overview | None:
        return await self._overviews.of(ask.server, skip, most) if ask.is_admin else None

    async def keep_servers(self, platform: str, present: Collection[str]) -> None:
        try:
            await self._keep_servers(platform, present)
        except sqlite3.Error:
            log.exception("which servers of %s have Easel could not be written", platform)

    def translate(self, locale: str) -> Translate:
        return translator(locale)

    def suggest(self, kind: str, text: str, locale: str, limit: int = 25) -> Sequence[tuple[str, str]]:
        names = [word.name for word in self.vocabulary.words(kind)] if text else []
        own = labels(self.vocabulary, kind, names, locale)
        found = [name for name, word in own if word.casefold().startswith(text.casefold())]
        found += [name for name, _ in self.vocabulary.suggest(kind, text, locale, limit)]
        return labels(self.vocabulary, kind, list(dict.fromkeys(found))[:limit], locale)


def _refusal(sentence: str, buttons: Iterable[Button] = ()) -> Answer:
    return Answer(sentence, private=True, refused=True, buttons=tuple(buttons))


def _hints(error: UserError, ask: Ask, translate: Translate) -> Iterator[Button]:
    """Yield a button for each line that a refusal proposes, if it fits into a button."""
    command = "paint" if ask.command == TALK else ask.command
    typed = f"/{command} {ask.words}"
    for part, other in error.hints:
        said = translate(other)
        line = typed.replace(part, said, 1) if part else f"/{command} {said}"
        word, words = registry.split_line(line)
        with contextlib.suppress(UserError):
            verb = registry.find(word).name
            if line != typed and len(f"{verb}:{words}") <= MOST_SAID:
                yield Button(verb, words, said)


@contextlib.contextmanager
def _reading() -> Iterator[None]:
    """Raise UserError when the database cannot be read."""
    try:
        yield
    except sqlite3.Error as error:
        log.exception("the database failed")
        raise UserError(NO_LOOKING) from error


def fresh_seed() -> int:
    """Return an unpredictable seed."""
    return secrets.randbelow(MAX_SEED + 1)


def fresh_id() -> str:
    """Return an unguessable id (96 bits) of letters, digits, - and _, safe in a path."""
    return secrets.token_urlsafe(12)

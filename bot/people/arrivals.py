"""Recognize whoever asks: the person behind an account, and somebody who was forgotten and comes back."""

from __future__ import annotations

from dataclasses import replace

from bot.people.identity import person_of
from bot.people.pseudonyms import is_back, recognize
from bot.people.settings import settings_of
from bot.storage.database import Database, Storage
from commands.chat import Ask


class Arrivals:
    """Fill in who asks."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def identified(self, ask: Ask) -> Ask:
        """Return the same request with the account's person, in the language set by them or their server."""
        known, returning = await self._storage.read(_identified, ask)
        if returning:
            await self._storage.write(recognize, ask)
        return known


def _identified(database: Database, ask: Ask) -> tuple[Ask, bool]:
    person = person_of(database, ask.account)
    languages = (settings_of(database, scope).get("language") for scope in (person, ask.server))
    known = replace(ask, person=person, locale=next(filter(None, languages), ask.locale))
    return known, is_back(database, ask.account)

"""Codes by which a person says on one account that another is theirs too. Only hashes of them are kept."""

from __future__ import annotations

import hashlib
import logging
import math
import secrets
from collections.abc import Callable, Sequence

from bot.accounts.merging import join, part
from bot.people.identity import accounts_of, person_of
from bot.storage.database import Database, Storage, StorageError, change, first, rows
from bot.tastes.store import TasteStore
from commands.chat import Ask, UserError
from commands.services.context import Offer
from commands.text import refusals

log = logging.getLogger(__name__)

CODE_SECONDS = 600
"""How long a code holds."""
GUESS_SECONDS = 600
MOST_GUESSES = 5
"""Wrong codes that an account may say within `GUESS_SECONDS`."""
MOST_ACCOUNTS = 8
"""Accounts of one person."""
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that look alike."""
LENGTH = 10
"""50 bits: many accounts that guess at once find nothing in ten minutes, and no hash can be turned back."""


def fresh_code() -> str:
    """A code nobody can foresee, in two halves: "ABCDE-23456"."""
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


class AccountLinking:
    """Implements `commands.services.context.Links`."""

    def __init__(
        self,
        storage: Storage,
        memory: TasteStore,
        clock: Callable[[], float],
        new_code: Callable[[], str] = fresh_code,
    ) -> None:
        """clock: UTC epoch seconds; new_code: unguessable, of capital letters and digits"""
        self._storage, self._memory, self._clock, self._new_code = storage, memory, clock, new_code

    async def person(self, account: str) -> str:
        """The person whose account it is."""
        return await self._storage.read(lambda database: person_of(database, account))

    async def accounts(self, ask: Ask) -> Sequence[str]:
        """See `commands.services.context.Links.accounts`."""
        return await self._storage.read(lambda database: _accounts(database, ask))

    async def offer(self, ask: Ask) -> Offer:
        """See `commands.services.context.Links.offer`."""
        code, now = self._new_code(), self._clock()
        await self._storage.write(lambda database: _offer(database, ask.account, code, now))
        return Offer(code, CODE_SECONDS // 60)

    async def join(self, ask: Ask, code: str) -> Sequence[str]:
        """See `commands.services.context.Links.join`."""
        now = self._clock()
        # A wrong guess is written down: it must not raise inside the transaction that does it.
        joined = await self._storage.write(lambda database: _join(database, ask, code, now))
        if joined is None:
            raise UserError(refusals.WRONG_CODE)
        await self._relearn(joined)
        return joined

    async def part(self, ask: Ask) -> Sequence[str]:
        """See `commands.services.context.Links.part`."""
        now = self._clock()
        staying = await self._storage.write(lambda database: _part(database, ask, now))
        await self._relearn((*staying, ask.account))
        return staying

    async def _relearn(self, people: Sequence[str]) -> None:
        try:
            await self._memory.relearn(people)
        except StorageError:
            log.exception("tastes of joined or parted accounts are made anew at the next start")


def _accounts(database: Database, ask: Ask) -> tuple[str, ...]:
    return accounts_of(database, person_of(database, ask.account))


def _offer(database: Database, account: str, code: str, now: float) -> None:
    change(database, "DELETE FROM link_codes WHERE account = ? OR expires_at <= ?", account, now)
    sql = "INSERT INTO link_codes (hash, account, expires_at) VALUES (?, ?, ?)"
    change(database, sql, _hash(code), account, now + CODE_SECONDS)


def _join(database: Database, ask: Ask, code: str, now: float) -> tuple[str, ...] | None:
    """All accounts of the person, or None for a wrong code. Raises UserError."""
    _check_guesses(database, ask.account, now)
    sql = "SELECT account FROM link_codes WHERE hash = ? AND expires_at > ?"
    row = first(database, sql, _hash(code), now)
    if row is None:
        change(database, "INSERT INTO link_guesses (account, at) VALUES (?, ?)", ask.account, now)
        return None
    person, other = person_of(database, row["account"]), person_of(database, ask.account)
    if person == other:
        raise UserError(refusals.OWN_CODE)
    if len(accounts_of(database, person)) + len(accounts_of(database, other)) > MOST_ACCOUNTS:
        raise UserError(refusals.TOO_MANY_ACCOUNTS, most=MOST_ACCOUNTS)
    change(database, "DELETE FROM link_codes WHERE hash = ?", _hash(code))
    join(database, person, other)
    return accounts_of(database, person)


def _check_guesses(database: Database, account: str, now: float) -> None:
    change(database, "DELETE FROM link_guesses WHERE at <= ?", now - GUESS_SECONDS)
    guesses = rows(database, "SELECT at FROM link_guesses WHERE account = ? ORDER BY at", account)
    if len(guesses) >= MOST_GUESSES:
        minutes = math.ceil((guesses[-MOST_GUESSES]["at"] + GUESS_SECONDS - now) / 60)
        raise UserError(refusals.TOO_MANY_CODES, minutes=minutes)


def _part(database: Database, ask: Ask, now: float) -> tuple[str, ...]:
    staying = part(database, ask.account, now)
    if not staying:
        raise UserError(refusals.NOT_JOINED)
    return staying


def _hash(code: str) -> str:
    """Of a code as it is typed: in any case, with or without its hyphen."""
    return hashlib.sha256("".join(filter(str.isalnum, code.upper())).encode()).hexdigest()

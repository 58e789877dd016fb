"""Link accounts with codes that a person gets on one and says on another. Only hashes of codes are stored."""

from __future__ import annotations

import hashlib
import logging
import math
import secrets
from collections.abc import Callable, Sequence

from bot.accounts.merging import merge_persons, split_off
from bot.people.identity import accounts_of, person_of
from bot.storage.database import Database, Storage, StorageError, change, first, rows
from bot.tastes.store import TasteStore
from commands.chat import Ask, UserError
from commands.services.context import Offer
from commands.text import refusals

log = logging.getLogger(__name__)

CODE_SECONDS = 600
"""How long a code is valid."""
GUESS_SECONDS = 600
MOST_GUESSES = 5
"""Wrong codes allowed to an account within `GUESS_SECONDS`."""
MOST_ACCOUNTS = 8
"""Accounts that one person may link."""
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters that look alike are left out."""
LENGTH = 10
"""50 bits: too many to guess in ten minutes from many accounts, or to search for a hash."""


def fresh_code() -> str:
    """Return an unguessable code in two halves, such as "ABCDE-23456"."""
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

    async def accounts(self, ask: Ask) -> Sequence[str]:
        return await self._storage.read(_accounts, ask)

    async def offer(self, ask: Ask) -> Offer:
        code, now = self._new_code(), self._clock()
        await self._storage.write(_offer, ask.account, code, now)
        return Offer(code, CODE_SECONDS // 60)

    async def join(self, ask: Ask, code: str) -> Sequence[str]:
        now = self._clock()
        # A wrong guess is stored, so the transaction that stores it must not raise.
        joined = await self._storage.write(_join, ask, code, now)
        if joined is None:
            raise UserError(refusals.WRONG_CODE)
        await self._relearn(joined)
        return joined

    async def part(self, ask: Ask) -> Sequence[str]:
        now = self._clock()
        staying = await self._storage.write(_part, ask, now)
        await self._relearn((*staying, ask.account))
        return staying

    async def _relearn(self, people: Sequence[str]) -> None:
        try:
            await self._memory.relearn(people)
        except StorageError:
            log.exception("the tastes of linked or unlinked accounts are rebuilt at the next start")


def _accounts(database: Database, ask: Ask) -> tuple[str, ...]:
    return accounts_of(database, person_of(database, ask.account))


def _offer(database: Database, account: str, code: str, now: float) -> None:
    change(database, "DELETE FROM link_codes WHERE account = ? OR expires_at <= ?", account, now)
    sql = "INSERT INTO link_codes (hash, account, expires_at) VALUES (?, ?, ?)"
    change(database, sql, _hash(code), account, now + CODE_SECONDS)


def _join(database: Database, ask: Ask, code: str, now: float) -> tuple[str, ...] | None:
    """Return all accounts of the person, or None for a wrong code. Raises UserError."""
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
    merge_persons(database, person, other)
    return accounts_of(database, person)


def _check_guesses(database: Database, account: str, now: float) -> None:
    change(database, "DELETE FROM link_guesses WHERE at <= ?", now - GUESS_SECONDS)
    guesses = rows(database, "SELECT at FROM link_guesses WHERE account = ? ORDER BY at", account)
    if len(guesses) >= MOST_GUESSES:
        minutes = math.ceil((guesses[-MOST_GUESSES]["at"] + GUESS_SECONDS - now) / 60)
        raise UserError(refusals.TOO_MANY_CODES, minutes=minutes)


def _part(database: Database, ask: Ask, now: float) -> tuple[str, ...]:
    staying = split_off(database, ask.account, now)
    if not staying:
        raise UserError(refusals.NOT_JOINED)
    return staying


def _hash(code: str) -> str:
    """Hash a code as typed: in any case, with or without its hyphen."""
    return hashlib.sha256("".join(filter(str.isalnum, code.upper())).encode()).hexdigest()

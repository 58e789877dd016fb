"""Show and change quotas, with an audit of every change."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from bot.people import audit
from bot.quotas.rules import Defaults, limits_for, limits_here, read_limits, read_rules, write_limits
from bot.quotas.usage import account_here, read_spent, read_used
from bot.storage.database import Database, Storage
from commands.chat import Ask
from commands.services.quotas import (
    PERSON,
    TOTAL,
    EffectiveLimit,
    Limits,
    QuotaStatus,
    Rule,
    RuleSubject,
    Spent,
)


class QuotaService:
    """Implements `commands.services.quotas.Quotas`."""

    def __init__(self, storage: Storage, defaults: Defaults, clock: Callable[[], float]) -> None:
        """clock: UTC epoch seconds."""
        self._storage, self._defaults, self._clock = storage, defaults, clock

    async def limits_of(self, ask: Ask) -> Mapping[str, EffectiveLimit]:
        return await self._storage.read(limits_here, self._defaults, ask)

    async def status(self, ask: Ask) -> QuotaStatus:

        def work(database: Database) -> QuotaStatus:
            limits = limits_here(database, self._defaults, ask)
            return QuotaStatus(limits, read_used(database, ask, limits, self._clock()))

        return await self._storage.read(work)

    async def view(self, ask: Ask, whose: RuleSubject) -> QuotaStatus:
        return await self._storage.read(self._view, ask, whose)

    def _view(self, database: Database, ask: Ask, whose: RuleSubject) -> QuotaStatus:
        return view(database, self._defaults, ask.server, whose, self._clock())

    async def rules(self, ask: Ask) -> Sequence[Rule]:
        return await self._storage.read(known_rules, ask.server)

    async def change(
        self, ask: Ask, whose: RuleSubject, limits: Limits, without: Collection[str] = ()
    ) -> tuple[QuotaStatus, QuotaStatus]:
        return await self._storage.write(self._change, ask, whose, limits, without)

    def _change(
        self, database: Database, ask: Ask, whose: RuleSubject, limits: Limits, without: Collection[str]
    ) -> tuple[QuotaStatus, QuotaStatus]:
        before, own = self._view(database, ask, whose), _own(database, ask.server, whose)
        write_limits(database, ask.server, whose, limits, without)
        now = _own(database, ask.server, whose)
        changed = {*limits, *without}
        told = [json.dumps({name: each[name] for name in each if name in changed}) for each in (own, now)]
        audit.write(database, self._clock(), ask, "quota", whose.mark, *told)
        return before, self._view(database, ask, whose)

    async def spent(self, ask: Ask, most: int) -> tuple[Sequence[Spent], int]:
        now = self._clock()
        return await self._storage.read(read_spent, ask.server, now, most)


def view(database: Database, defaults: Defaults, server: str, whose: RuleSubject, now: float) -> QuotaStatus:
    """Return the limits of a subject and, for a person or a total, what is used of them."""
    limits = limits_for(database, defaults, server, whose)
    if whose.kind not in (PERSON, TOTAL):
        return QuotaStatus(limits, {})
    person = Ask("", whose.id, server, "", "")
    return QuotaStatus(limits, read_used(database, person, limits, now))


def known_rules(database: Database, server: str) -> list[Rule]:
    """Return all rules of a server, with people by their accounts there."""
    named = []
    for rule in read_rules(database, server):
        whose = rule.whose
        here = account_here(database, whose.id, server) if whose.kind == PERSON else whose.id
        named.append(Rule(replace(whose, id=here or whose.id), rule.limits))
    return named


def _own(database: Database, server: str, whose: RuleSubject) -> Limits:
    return next((rule.limits for rule in read_limits(database, server, [whose])), {})

"""Store the rules of quotas, and find the limits that hold for somebody."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.people.identity import person_of
from bot.quotas.check import effective_limits
from bot.storage.database import Database, change, rows
from commands.chat import Ask
from commands.services.quotas import (
    CHANNEL,
    DEFAULT,
    DEFAULT_TOTAL,
    KINDS,
    OF_TOTAL,
    PERSON,
    ROLE,
    SERVER,
    TOTAL,
    EffectiveLimit,
    Limit,
    Limits,
    Rule,
    RuleSubject,
)


@dataclass(frozen=True, slots=True)
class Defaults:
    """Limits where admins set none: of each person, and of a server's total."""

    person: Limit
    total: Limit


def read_rules(database: Database, server: str) -> list[Rule]:
    """Return all rules of a server, the most specific first."""
    found = rows(database, "SELECT DISTINCT kind, subject FROM quotas WHERE server = ?", server)
    order = (*KINDS, TOTAL)
    whose = [RuleSubject(row["kind"], row["subject"]) for row in found]
    whose.sort(key=lambda each: (order.index(each.kind), each.id))
    return read_limits(database, server, whose)


def read_limits(database: Database, server: str, some: Iterable[RuleSubject]) -> list[Rule]:
    """Return the rules of some subjects; subjects without a rule are left out."""
    wanted = json.dumps([(each.kind, _subject(database, each)) for each in some])
    rules: dict[RuleSubject, dict[str, int | None]] = {}
    for row in rows(database, _SOME, wanted, server):
        rules.setdefault(RuleSubject(row["kind"], row["subject"]), {})[row["name"]] = row["amount"]
    return [Rule(*each) for each in rules.items()]


_SOME = """
SELECT quotas.* FROM json_each(?) AS wanted JOIN quotas ON quotas.server = ?
AND kind = json_extract(wanted.value, '$[0]') AND subject = json_extract(wanted.value, '$[1]')
ORDER BY wanted.key, quotas.rowid
"""


def write_limits(
    database: Database, server: str, whose: RuleSubject, limits: Limits, without: Collection[str]
) -> None:
    """Set limits of a rule, and unset those in `without`."""
    key = (server, whose.kind, _subject(database, whose))
    for name in without:
        sql = "DELETE FROM quotas WHERE server = ? AND kind = ? AND subject = ? AND name = ?"
        change(database, sql, *key, name)
    for name, amount in limits.items():
        change(database, _SET, *key, name, amount)


_SET = """
INSERT INTO quotas (server, kind, subject, name, amount) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (server, kind, subject, name) DO UPDATE SET amount = excluded.amount
"""


def _subject(database: Database, whose: RuleSubject) -> str:
    return person_of(database, whose.id) if whose.kind == PERSON else whose.id


def limits_here(database: Database, defaults: Defaults, ask: Ask) -> dict[str, EffectiveLimit]:
    """Return the limits of the person who asks, where they ask."""
    own = [RuleSubject(PERSON, ask.person), *(RuleSubject(ROLE, each) for each in ask.roles)]
    everybody = RuleSubject(CHANNEL, ask.room), RuleSubject(SERVER, ask.server)
    return _limits_of(database, defaults, ask.server, (*own, *everybody))


def limits_for(
    database: Database, defaults: Defaults, server: str, whose: RuleSubject
) -> dict[str, EffectiveLimit]:
    """Return the limits of a subject without regard to channels and roles, or those of a total."""
    if whose.kind != TOTAL:
        return _limits_of(database, defaults, server, (whose, RuleSubject(SERVER, server)))
    usual = {
        name: EffectiveLimit(defaults.total.by_name()[name], RuleSubject(DEFAULT_TOTAL, server))
        for name in OF_TOTAL
    }
    own = read_limits(database, server, [whose])
    return usual | {
        name: EffectiveLimit(amount, whose) for rule in own for name, amount in rule.limits.items()
    }


def _limits_of(
    database: Database, defaults: Defaults, server: str, some: Sequence[RuleSubject]
) -> dict[str, EffectiveLimit]:
    usual = Rule(RuleSubject(DEFAULT, server), defaults.person.by_name())
    return effective_limits([*read_limits(database, server, some), usual])

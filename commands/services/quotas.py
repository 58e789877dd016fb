"""Limits on requests: their names, and the rules that set them.

A rule sets some limits. Each limit comes from the most specific rule that sets it: a person's own, else the
most generous of their roles', else the channel's, else that of each person in the server, else the
configuration's. A server's total also bounds all of its people together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Protocol

from commands.chat import Ask
from engine.conditions import MAX_COUNT, MAX_SIZE, MIN_SIZE

PERSON, ROLE, CHANNEL, SERVER, DEFAULT = KINDS = ("person", "role", "channel", "server", "default")
"""Kinds of rules, the most specific first."""
TOTAL, DEFAULT_TOTAL = "total", "default total"
"""Kinds of the rule that bounds a server as a whole."""
MOST = 1_000_000
RANGES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "daily": (0, MOST),
        "per_minute": (0, MOST),
        "concurrent": (0, MOST),
        "size": (MIN_SIZE, MAX_SIZE),
        "count": (1, MAX_COUNT),
    }
)
"""Every limit with its range: pictures a day (UTC) and a minute, requests under way at a time, pixels of the
longer side, pictures of one request."""
NAMES = tuple(RANGES)
OF_TOTAL = ("daily", "per_minute", "concurrent")
"""Limits that a server's total can have."""

Limits = Mapping[str, int | None]
"""Limits by name: None is no limit; a missing one comes from the next rule."""


@dataclass(frozen=True, slots=True)
class Limit:
    """All limits; None is no limit."""

    daily: int | None
    per_minute: int | None
    concurrent: int | None = None
    size: int | None = None
    count: int | None = None

    def by_name(self) -> Limits:
        """Return the limits by name, as in a rule that sets every one of them."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class RuleSubject:
    """The subject of a rule.

    kind: one of `KINDS`, or `TOTAL` or `DEFAULT_TOTAL`
    id: the person's, the role's, the channel's, else the server's
    """

    kind: str
    id: str

    @property
    def is_together(self) -> bool:
        """Return whether it bounds a server as a whole, and not each person."""
        return self.kind in (TOTAL, DEFAULT_TOTAL)

    @property
    def mark(self) -> str:
        """Return its text in the audit, which `from_mark` reads."""
        return self.id if self.kind in (PERSON, TOTAL) else f"{self.kind} {self.id}"

    @classmethod
    def from_mark(cls, mark: str, server: str) -> RuleSubject:
        """Read a mark from the audit. server: the id of the server whose audit it is in"""
        kind, _, subject = mark.rpartition(" ")
        return cls(kind or (TOTAL if subject == server else PERSON), subject)


@dataclass(frozen=True, slots=True)
class Rule:
    """The limits that admins set for a subject."""

    whose: RuleSubject
    limits: Limits


@dataclass(frozen=True, slots=True)
class EffectiveLimit:
    """A limit in force, and the rule that sets it."""

    amount: int | None
    whose: RuleSubject


@dataclass(frozen=True, slots=True)
class QuotaStatus:
    """The limits in force by name, and how much is used of them."""

    limits: Mapping[str, EffectiveLimit]
    used: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Spent:
    """What an account asked for today. pictures: those charged and not refunded"""

    account: str
    pictures: int


class Quotas(Protocol):
    """The rules of each server, and what was used of them."""

    async def limits_of(self, ask: Ask) -> Mapping[str, EffectiveLimit]:
        """Return the limits of the person who asks, where they ask, by name."""
        ...

    async def status(self, ask: Ask) -> QuotaStatus:
        """Return the same limits, and how much of them is used."""
        ...

    async def view(self, ask: Ask, whose: RuleSubject) -> QuotaStatus:
        """Return the status of a subject; rules of channels and roles do not count."""
        ...

    async def rules(self, ask: Ask) -> Sequence[Rule]:
        """Return all rules, the most specific first."""
        ...

    async def change(
        self, ask: Ask, whose: RuleSubject, limits: Limits, without: Collection[str] = ()
    ) -> tuple[QuotaStatus, QuotaStatus]:
        """Set limits, unset those in `without`, and write the audit row; return `view` before and now."""
        ...

    async def spent(self, ask: Ask, most: int) -> tuple[Sequence[Spent], int]:
        """Return the `most` accounts with the most pictures today, largest first, and the total of all."""
        ...

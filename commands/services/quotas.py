"""Limits on what may be asked for: their names, and whose rule sets them.

A rule sets some limits and says nothing of others. For each limit the most specific rule that sets it holds:
a person's own, else the most generous of their roles', else the channel's, else that of each person in the
server, else the configuration's. Beside them a server has a total, which bounds all of its people together,
whatever holds for one of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Protocol

from commands.chat import Ask
from engine.conditions import MAX_COUNT, MAX_SIZE, MIN_SIZE

PERSON, ROLE, CHANNEL, SERVER, DEFAULT = KINDS = ("person", "role", "channel", "server", "default")
"""Of rules, the most specific first."""
TOTAL, DEFAULT_TOTAL = "total", "default total"
"""Of what bounds all of a server together."""
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
"""What many can use up together."""

Limits = Mapping[str, int | None]
"""What a rule sets, by name: None lifts the limit, and what is not there is left to the next rule."""


@dataclass(frozen=True, slots=True)
class Limit:
    """All limits; None is no limit."""

    daily: int | None
    per_minute: int | None
    concurrent: int | None = None
    size: int | None = None
    count: int | None = None

    def by_name(self) -> Limits:
        """As a rule that sets all of them."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class RuleSubject:
    """Whom a rule is about.

    kind: one of `KINDS`, or `TOTAL` or `DEFAULT_TOTAL`
    id: the person's, the role's, the channel's, else the server's
    """

    kind: str
    id: str

    @property
    def is_together(self) -> bool:
        """Whether it bounds all of a server together, and not each of them."""
        return self.kind in (TOTAL, DEFAULT_TOTAL)

    @property
    def mark(self) -> str:
        """As the audit has it; `from_mark` reads it back."""
        return self.id if self.kind in (PERSON, TOTAL) else f"{self.kind} {self.id}"

    @classmethod
    def from_mark(cls, mark: str, server: str) -> RuleSubject:
        """server: where it was written down"""
        kind, _, subject = mark.rpartition(" ")
        return cls(kind or (TOTAL if subject == server else PERSON), subject)


@dataclass(frozen=True, slots=True)
class Rule:
    """What admins set for somebody."""

    whose: RuleSubject
    limits: Limits


@dataclass(frozen=True, slots=True)
class EffectiveLimit:
    """A limit that holds, and the rule that sets it."""

    amount: int | None
    whose: RuleSubject


@dataclass(frozen=True, slots=True)
class QuotaStatus:
    """What holds, by the limit's name, and how much of it is used, for what can be used up."""

    limits: Mapping[str, EffectiveLimit]
    used: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Spent:
    """What an account asked for today. pictures: charged and not given back"""

    account: str
    pictures: int


class Quotas(Protocol):
    """Rules that admins set, each for the server where they ask, and what was used."""

    async def limits_of(self, ask: Ask) -> Mapping[str, EffectiveLimit]:
        """What holds for the person who asks, where they ask, by the limit's name."""
        ...

    async def status(self, ask: Ask) -> QuotaStatus:
        """The same, and how much of it is used."""
        ...

    async def view(self, ask: Ask, whose: RuleSubject) -> QuotaStatus:
        """Of somebody else, as far as it does not depend on where they ask and on what roles they have."""
        ...

    async def rules(self, ask: Ask) -> Sequence[Rule]:
        """All that are set, the most specific first."""
        ...

    async def change(
        self, ask: Ask, whose: RuleSubject, limits: Limits, without: Collection[str] = ()
    ) -> tuple[QuotaStatus, QuotaStatus]:
        """Set limits, take back those in `without`, and write the audit row; `view` before and now."""
        ...

    async def spent(self, ask: Ask, most: int) -> tuple[Sequence[Spent], int]:
        """Who asked for how much today, most first, at most so many of them; and pictures of all together."""
        ...

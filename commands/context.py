"""The small interface through which a command reaches the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from commands.chat import Ask
from engine.conditions import Chooser, Conditions
from engine.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Limit:
    """How many pictures may be asked for; None sets no limit."""

    daily: int | None
    per_minute: int | None


@dataclass(frozen=True, slots=True)
class Usage:
    """What was charged: pictures since the day (UTC) began and within the last minute."""

    today: int
    last_minute: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """A job that is now in the queue. ahead: jobs before it. fresh: False when the key was known."""

    job: str
    ahead: int
    fresh: bool


class Jobs(Protocol):
    """The durable queue."""

    async def accept(self, ask: Ask, line: str, pictures: Sequence[Conditions]) -> Accepted:
        """Charge the quota and store the job in one transaction. Raises UserError when over a limit.

        line: the conditions in words, shown with the result
        """
        ...


class Quotas(Protocol):
    """Limits that admins set. subject: a person's or a server's id; server: where it holds."""

    async def limit(self, server: str, subject: str) -> Limit: ...
    async def usage(self, server: str, subject: str) -> Usage: ...
    async def change(self, ask: Ask, subject: str, limit: Limit) -> tuple[Limit, Limit]:
        """Set a limit, write the audit row, and return what was before and what is now."""
        ...


class Tastes(Protocol):
    """What people liked."""

    async def likes(self, person: str) -> Mapping[str, Mapping[str, int]]:
        """Counts of favourites: kind ('style', 'color', 'shape', 'scene') -> name -> pictures."""
        ...


class Translate(Protocol):
    """A sentence in the reader's language: the English sentence is the key, values fill its {braces}."""

    def __call__(self, sentence: str, /, **values: object) -> str: ...


class Context(Protocol):
    """What a command gets beside the Ask. Clock and randomness come through here."""

    @property
    def jobs(self) -> Jobs: ...
    @property
    def quotas(self) -> Quotas: ...
    @property
    def tastes(self) -> Tastes: ...
    @property
    def vocabulary(self) -> Vocabulary: ...
    @property
    def chooser(self) -> Chooser: ...
    @property
    def translate(self) -> Translate: ...
    def now(self) -> float:
        """UTC epoch seconds."""
        ...

    def fresh_seed(self) -> int:
        """A random seed, 0 to 2**32 - 1."""
        ...

"""A context for commands that keeps everything in memory and records what was asked of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from commands.chat import Ask
from commands.context import Accepted, Limit, Translate, Usage
from commands.words import translator
from engine.chance import ChanceChooser
from engine.conditions import Conditions
from engine.vocabulary import Vocabulary, load_vocabulary

NOW = 1_800_000_000.0
SEED = 7


@dataclass
class FakeJobs:
    """Accepts everything. refusal: raised instead."""

    ahead: int = 0
    refusal: Exception | None = None
    accepted: list[tuple[Ask, str, tuple[Conditions, ...]]] = field(default_factory=list)

    async def accept(self, ask: Ask, line: str, pictures: Sequence[Conditions]) -> Accepted:
        if self.refusal:
            raise self.refusal
        self.accepted.append((ask, line, tuple(pictures)))
        return Accepted(f"job-{len(self.accepted)}", self.ahead, fresh=True)


@dataclass
class FakeQuotas:
    """Limits by (server, subject)."""

    default: Limit = field(default_factory=lambda: Limit(daily=100, per_minute=6))
    used: Usage = field(default_factory=lambda: Usage(today=3, last_minute=1))
    limits: dict[tuple[str, str], Limit] = field(default_factory=dict)

    async def limit(self, server: str, subject: str) -> Limit:
        return self.limits.get((server, subject), self.default)

    async def usage(self, server: str, subject: str) -> Usage:
        return self.used

    async def change(self, ask: Ask, subject: str, limit: Limit) -> tuple[Limit, Limit]:
        before = await self.limit(ask.server, subject)
        self.limits[ask.server, subject] = limit
        return before, limit


@dataclass
class FakeTastes:
    """What everybody likes."""

    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    async def likes(self, person: str) -> Mapping[str, Mapping[str, int]]:
        return self.counts


@dataclass
class FakeContext:
    """Implements `commands.context.Context`; the clock stands still and the seed is always 7."""

    locale: str = "en"
    jobs: FakeJobs = field(default_factory=FakeJobs)
    quotas: FakeQuotas = field(default_factory=FakeQuotas)
    tastes: FakeTastes = field(default_factory=FakeTastes)
    vocabulary: Vocabulary = field(default_factory=load_vocabulary)

    @property
    def chooser(self) -> ChanceChooser:
        return ChanceChooser(self.vocabulary)

    @property
    def translate(self) -> Translate:
        return translator(self.locale)

    def now(self) -> float:
        return NOW

    def fresh_seed(self) -> int:
        return SEED


def ask(command: str, words: str = "", **changes: object) -> Ask:
    """A line of fake:ann in fake:studio; every part can be changed."""
    said = {"key": "event-1", "person": "fake:ann", "server": "fake:studio", "channel": "fake:hall"}
    return Ask(**{**said, "command": command, "words": words, **changes})  # type: ignore[arg-type]

"""The interface of the scenario: how people talk to Easel, and what they see.

`tests/support/drivers` implements it for each platform.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from bot.app import App
from tests.support.fakes import FakeClock, FakePaintingClient


@dataclass(frozen=True)
class Seen:
    """An answer or a post, as a person sees it.

    alts: alternative texts of its pictures, in their order; hidden: how many of them are
    due: when it is due, while it waits; raw: the platform's own data
    """

    text: str
    alts: list[str] = field(default_factory=list)
    hidden: int = 0
    due: str = ""
    raw: Any = field(default=None, repr=False)

    @property
    def numbers(self) -> list[str]:
        """Return the numbers of its pictures."""
        found = re.search(r"^Picture (\d+(?:, \d+)*)(?:,.*)?$", self.text, re.MULTILINE)
        return found[1].split(", ") if found else []


class Person(Protocol):
    """Somebody on a platform."""

    @property
    def named(self) -> str:
        """Return how others name them in a line."""
        ...

    @property
    def room(self) -> str:
        """Return how their channel is named in a line."""
        ...

    async def say(self, line: str) -> Seen:
        """Say a line and return the first answer."""
        ...

    async def press(self, seen: Seen, verb: str, place: int = 0) -> Seen:
        """Press a button and return the first answer. place: which of those with this verb"""
        ...

    async def react(self, seen: Seen, emoji: str, on: bool = True) -> None:
        """React to a post, or take it back; on a platform without reactions, do what they stand for."""
        ...

    async def result(self) -> Seen:
        """Wait for the next new result and return it."""
        ...

    async def until(self, seen: Seen, true: Callable[[Seen], object]) -> Seen:
        """Wait until a post is as expected and return it."""
        ...

    async def inbox(self, count: int) -> list[Seen]:
        """Wait for so many private posts with pictures and return them."""
        ...


@dataclass(kw_only=True)
class Stage:
    """A platform. app: the running Easel; known: ids of results that `Person.result` returned

    Each has `running()`, Easel from a start to a stop, always with the same memory, and `arrive(name)`, which
    makes ann, bob, or mod, who is an admin there.

    role: how a role that bob has is named in a line, empty where the platform knows none
    """

    folder: Path
    painting_client: FakePaintingClient
    clock: FakeClock = field(default_factory=FakeClock)
    app: App | None = None
    known: set[str] = field(default_factory=set)
    role: str = ""

    async def come_back(self, person: Any) -> None:
        """Do what people must do after a restart: usually nothing."""

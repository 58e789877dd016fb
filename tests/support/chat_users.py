"""What the scenario knows of people: how they speak to Easel, and what they see of it.

Each platform has its own in `tests/support/drivers`; the scenario is the same for all.
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
    """An answer or a post as it stands there.

    alts: alternative texts of its pictures, in their order; hidden: how many of them are
    due: when it will be there, while it waits; raw: what the platform has of it
    """

    text: str
    alts: list[str] = field(default_factory=list)
    hidden: int = 0
    due: str = ""
    raw: Any = field(default=None, repr=False)

    @property
    def numbers(self) -> list[str]:
        """What its pictures are called."""
        found = re.search(r"^Picture ([\d, ]+)$", self.text, re.MULTILINE)
        return found[1].split(", ") if found else []


class Person(Protocol):
    """Somebody on a platform."""

    @property
    def named(self) -> str:
        """How others name them in a line."""
        ...

    @property
    def room(self) -> str:
        """How the channel where they speak is named in a line."""
        ...

    async def say(self, line: str) -> Seen:
        """Say a line; what is answered first."""
        ...

    async def press(self, seen: Seen, verb: str, place: int = 0) -> Seen:
        """Press a button, however old; what is answered first. place: which of those with this verb"""
        ...

    async def react(self, seen: Seen, emoji: str, on: bool = True) -> None:
        """React to a post, or take it back; where there are no reactions, do what they stand for."""
        ...

    async def result(self) -> Seen:
        """The next result that nobody has looked at, once it is posted."""
        ...

    async def until(self, seen: Seen, true: Callable[[Seen], object]) -> Seen:
        """A post as it is once that is so."""
        ...

    async def inbox(self, count: int) -> list[Seen]:
        """What came to this person alone with pictures, once there is as much."""
        ...


@dataclass(kw_only=True)
class Stage:
    """A platform. app: the Easel that runs there now; known: ids of what `Person.result` has shown

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
        """What people do to be there again after a restart: nothing, as a rule."""

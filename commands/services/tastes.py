"""Tastes as commands use them: to choose, to show what is believed, and to measure what that is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from commands.chat import Ask
from commands.policy.content import ContentPolicy
from engine.conditions import Asked, Conditions

TASTE, CONTROL, CHANCE = "taste", "control", "chance"
"""Who chose what was left open: the taste; chance, as a control; chance, without a known taste."""
SETTING = "taste"
"""A person's setting; "off" when nothing is learned, and unset otherwise."""
OFF = "off"
PROFILE = "taste_profile"
"""A person's setting: the profile in use, one of `PROFILES`; unset for the usual one."""
PROFILES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"work": ("work", "工作"), "play": ("play", "娱乐", "娛樂")}
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The pictures of a request, with everything chosen.

    slices: of each picture `TASTE`, `CONTROL` or `CHANCE`
    opened: what was left open, of 'style', 'color', 'shape' and 'scene'
    """

    pictures: tuple[Conditions, ...]
    slices: tuple[str, ...]
    opened: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Liking:
    """How much one thing is liked: its odds of a favourite over those of an average one of its kind.

    kind: 'style', 'color', 'category' (of shapes) or 'scene'; name: a word of the vocabulary, or a category
    times: the middle of the belief; low, high: its central 95 %
    """

    kind: str
    name: str
    times: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Portrait:
    """A taste, as far as it is known.

    likings: of what anything is known, the most liked first
    wheel: (hue in degrees of OKLCH, liking) around the circle
    learned_from: how many things it is learned from; of a server, from how many people
    nearest: ids of the pictures, of those a person asked for or favours, that are most to this taste
    profile: which of a person's tastes it is, empty for the usual one
    """

    likings: tuple[Liking, ...]
    wheel: tuple[tuple[float, Liking], ...]
    learned_from: int
    nearest: tuple[str, ...] = ()
    profile: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a picture is what it is.

    slice: `TASTE`, `CONTROL`, or `CHANCE` where no taste had a say; opened: as of `Choice`
    likings: what is believed of its parts; evidence: (verb, number) of the pictures most like it that the
    person did something with before
    """

    slice: str
    opened: tuple[str, ...]
    likings: tuple[Liking, ...]
    evidence: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """How many pictures were shown, and how many their owners made favourites."""

    shown: int
    favourites: int


@dataclass(frozen=True, slots=True)
class Lift:
    """The worth of taste: its rate of favourites over that of chance.

    ratio, low, high: that quotient with its 95 % interval; None while either has nothing to show
    """

    taste: Rate
    control: Rate
    ratio: float | None
    low: float | None
    high: float | None


class TasteViews(Protocol):
    """Show what is known of tastes."""

    async def portrait(self, ask: Ask) -> Portrait:
        """Return the taste of the person who asks."""
        ...

    async def server(self, ask: Ask) -> Portrait:
        """Return the taste of a server."""
        ...

    async def why(self, ask: Ask, job: str, picture: str, conditions: Conditions) -> Why:
        """Return why a picture of the person who asks is what it is. picture: its id"""
        ...

    async def export(self, ask: Ask) -> Mapping[str, Any]:
        """Return everything stored of the person's taste, ready for JSON."""
        ...

    async def lift(self, ask: Ask) -> Lift:
        """Return what taste is worth in the server."""
        ...


class Tastes(Protocol):
    """The tastes of people."""

    @property
    def views(self) -> TasteViews: ...

    async def choose(self, ask: Ask, asked: Asked, seed: int, allowed: ContentPolicy) -> Choice:
        """Choose what a request left open by the person's taste, or by chance.

        seed: all chance comes from it where none was asked; allowed: what the server lets be chosen
        """
        ...

    async def chosen(self, job: str, choice: Choice) -> None:
        """Log that a choice became a job. It never raises."""
        ...

    async def asked(self, ask: Ask, said: Sequence[str], conditions: Conditions) -> None:
        """Log that somebody asked for these kinds ('style', 'color', 'shape', 'scene') of a picture.

        It never raises.
        """
        ...

    async def react(self, ask: Ask, verb: str, on: bool, pictures: Sequence[str]) -> bool:
        """Log what a person did with pictures; False when it could not be stored. It never raises.

        verb: a command's word; on: done or taken back; pictures: their ids
        """
        ...

    async def reset(self, ask: Ask) -> None:
        """Forget the person's taste and the log of what they did; favourites stay."""
        ...

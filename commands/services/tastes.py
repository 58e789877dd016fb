"""Tastes, as commands use them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from commands.chat import Ask
from commands.policy.content import ContentPolicy
from engine.conditions import Asked, Conditions

TASTE, CONTROL, CHANCE = "taste", "control", "chance"
"""Who chose what was left open: the taste; chance, as a control; chance, because no taste is known."""
SETTING = "taste"
"""A person's setting: `OFF`, or unset while their taste is learned."""
OFF = "off"
PROFILE = "taste_profile"
"""A person's setting: the profile in use, of `PROFILES`; unset for the usual one."""
PROFILES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"work": ("work", "工作"), "play": ("play", "娱乐", "娛樂")}
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The pictures of a request, with everything chosen.

    slices: `TASTE`, `CONTROL` or `CHANCE` for each picture
    opened: the kinds that were left open, of 'style', 'color', 'shape' and 'scene'
    """

    pictures: tuple[Conditions, ...]
    slices: tuple[str, ...]
    opened: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Liking:
    """How much something is liked: the odds of a favourite, relative to the average of its kind.

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

    likings: the known ones, the most liked first; wheel: (degrees of OKLCH hue, liking) around the circle
    learned_from: number of acts that it is learned from, or of people for a server
    nearest: ids of the pictures that it likes best, of those the person asked for or favourites
    profile: of a person's taste, empty for the usual one
    """

    likings: tuple[Liking, ...]
    wheel: tuple[tuple[float, Liking], ...]
    learned_from: int
    nearest: tuple[str, ...] = ()
    profile: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a picture was chosen.

    slice, opened: see `Choice`; likings: of its parts
    evidence: (verb, number) of the most similar pictures that the person reacted to before
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

    ratio, low, high: the quotient with its 95 % interval; None while either has no pictures
    """

    taste: Rate
    control: Rate
    ratio: float | None
    low: float | None
    high: float | None


class TasteViews(Protocol):
    """Show what is known of tastes."""

    async def portrait(self, ask: Ask) -> Portrait:
        """Return the taste of the person."""
        ...

    async def server(self, ask: Ask) -> Portrait:
        """Return the taste of a server."""
        ...

    async def why(self, ask: Ask, job: str, picture: str, conditions: Conditions) -> Why:
        """Return why one of the person's pictures was chosen. picture: its id"""
        ...

    async def export(self, ask: Ask) -> Mapping[str, Any]:
        """Return everything stored of the person's taste, ready for JSON."""
        ...

    async def lift(self, ask: Ask) -> Lift:
        """Return the worth of taste in the server."""
        ...


class Tastes(Protocol):
    """The tastes of people."""

    @property
    def views(self) -> TasteViews: ...

    async def choose(self, ask: Ask, asked: Asked, seed: int, allowed: ContentPolicy) -> Choice:
        """Choose what a request left open by the person's taste, or by chance.

        seed: decides all chance, unless the request has one; allowed: what the server allows
        """
        ...

    async def chosen(self, job: str, choice: Choice) -> None:
        """Log the choice of a job. It never raises."""
        ...

    async def asked(self, ask: Ask, said: Sequence[str], conditions: Conditions) -> None:
        """Log which kinds ('style', 'color', 'shape', 'scene') a person asked for. It never raises."""
        ...

    async def react(self, ask: Ask, verb: str, on: bool, pictures: Sequence[str]) -> bool:
        """Log a reaction to pictures; False if it could not be stored. It never raises.

        verb: a command's word; on: False when taken back; pictures: their ids
        """
        ...

    async def reset(self, ask: Ask) -> None:
        """Forget the person's taste and their taste events; favourites stay."""
        ...

"""What Easel keeps of a person, for them to have and to delete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from commands.chat import Ask

PRIVATE, ON = "private", "on"
"""The setting of a person whose pictures and acts are their own, and its value."""


@dataclass(frozen=True, slots=True)
class DataPart:
    """A zip archive with a part of somebody's data. number: from 1; parts: how many there are"""

    data: bytes = field(repr=False)
    number: int
    parts: int


class OwnData(Protocol):
    """Everything that is kept of the person who asks, on all their accounts."""

    async def count(self, ask: Ask) -> Mapping[str, int]:
        """Return how many rows each kind has, by the name of its table."""
        ...

    async def part(self, ask: Ask, number: int) -> DataPart:
        """Return a part of it; the first one has everything but the pictures beyond its size.

        Raises UserError for a number that is too high.
        """
        ...

    async def forget(self, ask: Ask) -> int:
        """Delete all of it, and return how many pictures that were.

        Today's usage, limits set for the person and blocks stay under a keyed hash. Raises UserError while
        something is being painted for them.
        """
        ...

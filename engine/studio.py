"""The parent side of the process pool: async in, pictures out.

`Studio` is what `bot/` holds. The children are in `engine/worker.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.conditions import Conditions


@dataclass(frozen=True, slots=True)
class Painted:
    """A finished picture as it left the worker.

    data: the encoded file with its parameters embedded; media_type: "image/png" or "image/webp"
    alt: English alt text beginning with "Generated picture:"
    seconds: wall time by phase: compose, paint, finish, total
    """

    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int
    alt: str
    conditions: Conditions
    seconds: dict[str, float]

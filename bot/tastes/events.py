"""What people do with pictures, and how much each act tells of their taste. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.conditions import Conditions

ASKED, SHOWN, TAKEN_BACK = "asked", "shown", "unfavourite"


@dataclass(frozen=True, slots=True)
class Telling:
    """What one act tells. weight: 0..1, how much; times: how often it is learned, 1 or more"""

    liked: bool
    weight: float
    times: int = 1


REACTION_WEIGHTS: Mapping[str, Telling] = MappingProxyType(
    {
        "favourite": Telling(True, 1.0),
        "upscale": Telling(True, 0.8),
        "send": Telling(True, 0.8),
        "vary": Telling(True, 0.5),
        "blend": Telling(True, 0.5),
        "reroll": Telling(False, 0.5),
        "spoiler": Telling(False, 0.5),
        # Most pictures get no reaction, so a single lesson would tell no more than ignoring the picture.
        "delete": Telling(False, 1.0, 3),
    }
)
"""What each reaction to a picture tells, by its verb."""
WISH = Telling(True, 0.3)
"""A style, color, shape or scene that was asked for in words."""
LEFT = Telling(False, 0.6)
"""A picture that the person ignored while they reacted to others; they may have overlooked it."""
OWN_PICTURE = 0.9
"""A reaction to one's own picture counts this much of one to somebody else's."""


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the log.

    kind: a verb of `REACTION_WEIGHTS`, `ASKED`, `SHOWN` or `TAKEN_BACK`; picture: its id, empty for a wish
    share: 0..1, one over the pictures that the same reaction was to; own: whether the person had asked for it
    said: the `bot.tastes.features.KINDS` that a wish named; the rest of its conditions was chosen
    """

    id: int
    at: float
    person: str
    server: str
    kind: str
    picture: str
    conditions: Conditions
    share: float = 1.0
    own: bool = True
    said: tuple[str, ...] = ()

"""What people do with pictures, and how much each thing tells of their taste. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

import numpy as np

from bot.tastes.features import Row, TasteFeatures
from engine.conditions import Conditions

ASKED, SHOWN, TAKEN_BACK = "asked", "shown", "unfavourite"
KINDS = ("style", "color", "shape", "scene")
"""What can be left open, and what can be asked for in words."""
PALETTE_GROUPS = ("hue", "lightness", "chroma", "number", "contrast")
_GROUPS: Mapping[tuple[str, ...], tuple[str, ...]] = MappingProxyType(
    {
        ("style",): ("style",),
        ("color",): PALETTE_GROUPS,
        ("shape",): ("category", "shape"),
        ("scene",): ("scene",),
        ("style", "color"): ("style x hue",),
        ("style", "shape"): ("style x category",),
    }
)
"""Groups of features that a wish touches once these were said."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What an act tells. weight: 0..1, how much; times: how often it is learnt, 1 or more"""

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
        # Most pictures are left as they are, so that once would tell no more than being left.
        "delete": Telling(False, 1.0, 3),
    }
)
"""What people do with a picture that is there, by the verb of the reaction."""
WISH = Telling(True, 0.3)
"""A style, colour, shape or scene that was asked for in words."""
LEFT = Telling(False, 0.6)
"""Shown and left while the person acted on others: it may have been overlooked."""
OWN_PICTURE = 0.9
"""Of the weight that the same act has on a picture that somebody else asked for."""


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the log.

    kind: a verb of `REACTION_WEIGHTS`, `ASKED`, `SHOWN` or `TAKEN_BACK`; picture: its id, empty for a wish
    share: 0..1, one over the pictures that the same reaction was to; own: whether the person had asked for it
    said: of `KINDS` what a wish named, the rest of its conditions being chosen
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


@dataclass(frozen=True, slots=True)
class Wish(Conditions):
    """Conditions of which only some were asked for. said: of `KINDS`"""

    said: tuple[str, ...] = ()


def wish_of(conditions: Conditions, said: tuple[str, ...]) -> Wish:
    """The same conditions, of which only these kinds count."""
    kept = {each.name: getattr(conditions, each.name) for each in fields(Conditions)}
    return Wish(**kept, said=said)


class WishFeatures(TasteFeatures):
    """Features that know a wish: it has those of what was said alone, and no bias, as nothing was shown."""

    def of(self, picture: Conditions) -> Row:
        """See `TasteFeatures.of`."""
        row = super().of(picture)
        if not isinstance(picture, Wish):
            return row
        kept = np.zeros(self.size, bool)
        for kinds, groups in _GROUPS.items():
            for group in groups if set(kinds) <= set(picture.said) else ():
                kept[self.groups[group]] = True
        return Row(row.at[kept[row.at]], row.amount[kept[row.at]])

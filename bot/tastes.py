"""What people like, as counts over what their favourites were asked to be. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.conditions import Conditions

KINDS = ("style", "color", "shape", "scene")


@dataclass(frozen=True, slots=True)
class TasteEvent:
    """weight: 1 for a favourite, -1 for one taken back."""

    conditions: Conditions
    weight: int


def names_in(conditions: Conditions) -> list[tuple[str, str]]:
    """(kind, name) of everything in a picture that a person may like."""
    styles = [("style", name) for name, _ in conditions.style]
    colors = [("color", name) for name in conditions.colors]
    return [*styles, *colors, ("shape", conditions.shape), ("scene", conditions.scene)]


def fold(events: Iterable[TasteEvent]) -> Mapping[str, Mapping[str, int]]:
    """Counts by kind and name; what was taken back as often as given is left out."""
    counts: Counter[tuple[str, str]] = Counter()
    for event in events:
        for each in names_in(event.conditions):
            counts[each] += event.weight
    return {kind: {name: n for (of, name), n in counts.items() if of == kind and n > 0} for kind in KINDS}

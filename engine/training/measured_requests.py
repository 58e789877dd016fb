"""The requests that all measures paint: `engine/data/measured_requests.csv`.

Each of the 60 is painted in every style. Half name a color, a quarter a second figure; in each, figures cover
15 to 40 % of the picture. `classes` are the classes of ImageNet (ILSVRC 2012, 0 to 999) that are the subject
or a kind of it; wider and neighboring classes are left out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from engine.conditions import Asked, Conditions, Other, complete
from engine.defaults import SeededDefaults
from engine.training.synthetic_requests import known_style
from engine.vocabulary import load_vocabulary


@dataclass(frozen=True, slots=True)
class MeasuredRequest:
    """One line. color, other: a word, or empty; relation: how the subject stands to the other figure"""

    subject: str
    classes: frozenset[int]
    color: str
    other: str
    relation: str
    scene: str
    seed: int

    def conditions(self, style: str, seed: int = 0) -> Conditions:
        """Return the request in a style. seed: added to its own"""
        others = (Other(self.other, relation=self.relation),) if self.other else ()
        colors = (self.color,) if self.color else ()
        mix = ((known_style(style), 1.0),)
        asked = Asked(mix, colors, self.subject, self.scene, others=others)
        return complete(asked, SeededDefaults(load_vocabulary()), self.seed + seed)[0]


def measured_requests() -> tuple[MeasuredRequest, ...]:
    """Read the committed requests."""
    text = (resources.files("engine") / "data" / "measured_requests.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(
        MeasuredRequest(
            row["subject"],
            frozenset(_numbers(row["classes"])),
            row["color"],
            row["other"],
            row["relation"],
            row["scene"],
            int(row["seed"]),
        )
        for row in rows
    )


def _numbers(text: str) -> Iterator[int]:
    """Return the numbers in "101 385-386"."""
    for part in text.split():
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)

"""The figures of one shape as a group: how large each is beside other things, and how they stand together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from engine.composing.scenes.scenery import Stage
from engine.composing.silhouettes import proportions
from engine.composing.stamping import Placement
from engine.vocabulary import load_vocabulary

STATURES: Mapping[str, float] = MappingProxyType(
    {
        "geometric": 0.26,
        "animals": 0.3,
        "birds": 0.18,
        "insects": 0.12,
        "sea life": 0.24,
        "sky": 0.2,
        "buildings": 0.5,
        "vehicles": 0.3,
        "boats": 0.34,
        "aircraft": 0.26,
        "people": 0.32,
        "fantasy": 0.34,
        "body": 0.24,
        "symbols": 0.26,
    }
)
"""How large the things of a category are beside each other, as a share of the picture; others are SMALL."""
SMALL = 0.17
MASSIVE = frozenset(
    {"mountain", "volcano", "hill", "avalanche", "sunrise", "sea", "beach", "pyramid", "skyline", "bridge"}
)
"""What stands at the horizon, large and far."""
SIZES: Mapping[str, float] = MappingProxyType(
    {
        **dict.fromkeys(MASSIVE, 0.66),
        **dict.fromkeys(("tree", "oak", "palm-tree", "bamboo", "dragon", "rainbow"), 0.52),
        **dict.fromkeys(("elephant", "giraffe", "whale", "horse", "hippo", "cow"), 0.4),
        **dict.fromkeys(("mouse", "frog", "snail", "shrimp", "ladybug"), 0.12),
        **dict.fromkeys(("tent", "hut", "igloo", "signpost", "lamp"), 0.34),
    }
)
"""What is not as large as the rest of its category."""
LARGEST, SMALLEST, LEAST = 0.52, 0.13, 0.22
"""Shares of the picture: the largest figure is enlarged to it, no figure is smaller, nor the main one."""
ROOM = 1.12
"""From one figure of a group to the next, in widths."""
EDGE = 0.03
"""Units left free at the borders of the sheet."""
CLOSER = 0.7
"""By how much all are made smaller at most, to stand side by side."""
CROWDED = 0.15
"""Share of the picture that is the least width of a figure in a row, before a second row is begun."""

Box = tuple[float, float, float, float]
"""Left, upper, right and lower edge in units."""


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one shape. stage: as if this shape were asked for alone; relation: see `Other`

    size: of each one in units; columns: in which they stand side by side
    """

    stage: Stage
    number: int
    relation: str
    size: float
    columns: int

    @property
    def massive(self) -> bool:
        """Whether it is the large and far kind."""
        return self.stage.shape in MASSIVE

    @property
    def step(self) -> tuple[float, float]:
        """From one figure to the next, across and down."""
        wide, high = proportions(self.stage.shape)
        return wide * self.size * ROOM, high * self.size * ROOM

    @property
    def sides(self) -> tuple[float, float]:
        """Width and height of the whole group."""
        rows = math.ceil(self.number / self.columns)
        across = self.columns + (0.5 if rows > 1 else 0.0)
        return across * self.step[0], rows * self.step[1]

    def scaled(self, by: float) -> Group:
        """The same, larger or smaller."""
        return replace(self, size=self.size * by)

    def box(self, x: float, y: float) -> Box:
        """The box of the group about a middle."""
        wide, high = self.sides
        return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2

    def places(self, box: Box) -> Iterator[Placement]:
        """Places in loose rows, each shifted by half a step, all looking the same way."""
        stage, (across, down) = self.stage, self.step
        flip = bool(stage.rng.random() < 0.5)
        high = proportions(stage.shape)[1]
        for index in range(self.number):
            row, column = divmod(index, self.columns)
            in_row = min(self.columns, self.number - row * self.columns)
            shift = (self.columns - in_row) / 2 + (0.5 if row % 2 else 0.0)
            x = box[0] + (column + 0.5 + shift) * across
            foot = box[1] + (row + 1) * down - (ROOM - 1) / 2 * high * self.size
            if stage.floats and self.number > 1:
                foot += stage.pick(-0.12, 0.12) * down
                x += stage.pick(-0.05, 0.05) * across
            size = self.size * (stage.pick(0.9, 1.0) if self.number > 1 else 1.0)
            yield Placement(x, foot - high * size / 2, size, stage.pick(-4, 4) * (1 + 2 * stage.wild), flip)


@dataclass(frozen=True, slots=True)
class PlacedGroup:
    """A group in its place."""

    group: Group
    box: Box
    places: tuple[Placement, ...]

    @classmethod
    def of(cls, group: Group, box: Box) -> PlacedGroup:
        """The group in a box."""
        return cls(group, box, tuple(group.places(box)))


def groups_of(stage: Stage, largest: float = LARGEST, least: float = LEAST) -> list[Group]:
    """The main figures and the others, sized beside each other. largest, least: see LARGEST and LEAST"""
    vocabulary = load_vocabulary()
    told = [(stage, stage.number, "")]
    for other in stage.others:
        category = vocabulary.word("shape", other.shape).category
        told.append((replace(stage, shape=other.shape, category=category), other.number, other.relation))
    natural = [SIZES.get(each.shape, STATURES.get(each.category, SMALL)) for each, _, _ in told]
    enlarged = min(max(largest / max(natural), 1.0), 2.4)
    groups: list[Group] = []
    for (each, number, relation), size in zip(told, natural, strict=True):
        low = SMALLEST if groups else least
        shared = max(low, size * enlarged) * stage.room * number**-0.4
        groups.append(_fitting(Group(each, number, relation, shared, _columns(each, number))))
    side_by_side = sum(group.sides[0] for group in groups if not group.massive) or stage.frame.across
    return [group.scaled(min(1.0, max(CLOSER, stage.frame.across / side_by_side))) for group in groups]


def _columns(stage: Stage, number: int) -> int:
    """In the air as many as make a group twice as wide as high; else one row, or two of a crowd."""
    wide, high = proportions(stage.shape)
    if stage.floats:
        columns = max(1, math.ceil(math.sqrt(number * 2 * high / wide)))
        return math.ceil(number / math.ceil(number / columns))
    crowded = stage.frame.across / (number * ROOM * wide) < CROWDED * stage.room
    return math.ceil(number / 2) if crowded else number


def _fitting(group: Group) -> Group:
    """The group, small enough for the sheet."""
    frame, (wide, high) = group.stage.frame, group.sides
    return group.scaled(min(1.0, (frame.across - 2 * EDGE) / wide, 0.66 * frame.down / high))

"""Lay out a chart of columns that a template draws as SVG. Units are those of its view box."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 700, 240
LEFT, RIGHT, TOP, BOTTOM = 60, 34, 28, 34
"""Margins for the numbers and the names."""
LINES = 4
"""Lines across the chart above its ground, at most."""
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Column:
    """One value. x, y: upper left corner; middle: where its name is centred; named: whether it is shown"""

    name: str
    value: int
    x: float
    y: float
    width: float
    height: float
    middle: float
    named: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """columns: from left to right; lines: (value, y) across the chart, the ground first"""

    columns: tuple[Column, ...]
    lines: tuple[tuple[int, float], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    ground: int = HEIGHT - BOTTOM


def chart(values: Sequence[tuple[str, int]], name_every: int = 3) -> Chart:
    """Lay out a column for each named value, 0 or more. name_every: columns for each name below them"""
    step = _step(max((value for _, value in values), default=0))
    top = step * max(1, math.ceil(max((value for _, value in values), default=0) / step))
    scale = (HEIGHT - TOP - BOTTOM) / top
    slot = (WIDTH - LEFT - RIGHT) / max(1, len(values))
    columns = tuple(
        _column(name, value, LEFT + slot * place, slot, scale, (len(values) - 1 - place) % name_every == 0)
        for place, (name, value) in enumerate(values)
    )
    lines = tuple((value, _y(value * scale)) for value in range(0, top + 1, step))
    return Chart(columns, lines)


def _step(most: int) -> int:
    """Return the least step of 1, 2 or 5 times a power of ten, of which `LINES` reach `most`."""
    power = 1
    while True:
        for base in _STEPS:
            if base * power * LINES >= most:
                return base * power
        power *= 10


def _column(name: str, value: int, left: float, slot: float, scale: float, named: bool) -> Column:
    height, gap = round(value * scale, 1), slot * 0.15
    middle = round(left + slot / 2, 1)
    return Column(
        name, value, round(left + gap, 1), _y(height), round(slot - 2 * gap, 1), height, middle, named
    )


def _y(height: float) -> float:
    return round(HEIGHT - BOTTOM - height, 1)

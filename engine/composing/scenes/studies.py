"""Scenes without sky or land: a still life on a table, and an abstract of planes, discs and bars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from engine.composing.fields import cut, noise
from engine.composing.regions import Region
from engine.composing.scenes.backdrops import backdrop
from engine.composing.scenes.scenery import Stage, cast_shadow, sky
from engine.composing.silhouettes import proportions
from engine.composing.stamping import Placement

Stand = tuple[float, float, float, float]
"""How far from the middle, how wide and how high at most, how near on the table."""
ARRANGEMENTS: tuple[tuple[Stand, ...], ...] = (
    ((-0.29, 0.34, 0.46, 0.25), (0.34, 0.26, 0.32, 0.08), (0.06, 0.46, 0.66, 0.6)),
    ((-0.3, 0.3, 0.38, 0.12), (0.1, 0.56, 0.7, 0.55)),
    ((0.02, 0.5, 0.7, 0.2), (-0.3, 0.24, 0.3, 0.72), (0.32, 0.22, 0.26, 0.62)),
    ((0.0, 0.6, 0.76, 0.45),),
    ((-0.34, 0.22, 0.3, 0.1), (-0.06, 0.2, 0.26, 0.02), (0.36, 0.24, 0.34, 0.2), (0.1, 0.42, 0.56, 0.68)),
)
"""Still lifes, the things in painter's order; that which is largest is the main one."""
APART: tuple[tuple[Stand, ...], ...] = (
    ((-0.33, 0.22, 0.46, 0.25), (0.37, 0.18, 0.32, 0.08), (0.03, 0.34, 0.66, 0.6)),
    ((-0.3, 0.26, 0.38, 0.12), (0.16, 0.44, 0.7, 0.55)),
    ((0.02, 0.34, 0.7, 0.2), (-0.34, 0.2, 0.3, 0.72), (0.36, 0.18, 0.26, 0.62)),
    ((0.0, 0.6, 0.76, 0.45),),
    ((-0.3, 0.26, 0.4, 0.3), (0.0, 0.24, 0.44, 0.4), (0.31, 0.26, 0.42, 0.35)),
)
"""The same where one colour would let them run into each other."""
BAR_THICKNESS = 0.008, 0.022
"""Half of a bar's width in units."""


def still_life(stage: Stage) -> list[Region]:
    """One to four of the figure on a table before a wall, one of them the largest."""
    frame = stage.frame
    edge = frame.down * stage.pick(0.5, 0.7)
    side = float(stage.rng.choice([-1, 1]))
    kinds = ARRANGEMENTS if stage.colors > 1 else APART
    stands = kinds[int(stage.rng.integers(len(kinds)))]
    stood = [_stood(stage, edge, side, *stand) for stand in stands]
    shadows = [
        cast_shadow(stage, place.x, proportions(stage.shape)[0] * place.size, foot) for place, foot in stood
    ]
    wall = backdrop(stage, frame.across * stage.pick(0.3, 0.7), edge * stage.pick(0.4, 0.8))
    ground = [sky(stage, frame.down * 1.1), *wall, *table(stage, edge)]
    return [*ground, *shadows, *_in_order(stage, [place for place, _ in stood])]


def _in_order(stage: Stage, places: Sequence[Placement]) -> Iterator[Region]:
    """In painter's order: the largest in the figure's colour, the others in another where there is one."""
    if stage.colors == 1:
        yield stage.figures(places)
        return
    main = max(range(len(places)), key=lambda place: places[place].size)
    for role, some in (("echo", places[:main]), ("figure", [places[main]]), ("echo", places[main + 1 :])):
        if some:
            yield stage.figures(some, role)


def _stood(
    stage: Stage, edge: float, side: float, off: float, wide: float, high: float, near: float
) -> tuple[Placement, float]:
    """A place on the table, and how far down its foot is."""
    frame = stage.frame
    across, down = proportions(stage.shape)
    size = min(wide * frame.across / across, high * frame.down / down) * stage.pick(0.74, 1.06)
    foot = edge + (frame.down - edge) * near
    x = frame.across * (0.5 + side * off + stage.pick(-0.04, 0.04))
    tilt = stage.pick(-6, 6) * (1 + 3 * stage.wild)
    return Placement(x, foot - size * down / 2, size, tilt, bool(stage.rng.random() < 0.5)), foot


def table(stage: Stage, edge: float) -> Iterator[Region]:
    """A table's top, and its cloth in front when many colours are asked for."""
    frame = stage.frame
    for index in range(1 + (stage.colors > 3)):
        line = edge + index * (frame.down - edge) * 0.74
        slope = stage.pick(-0.06, 0.06) * (frame.x - frame.across / 2)
        inset = np.asarray(frame.y - line - slope + 0.003 * noise(stage.rng, frame, 6), np.float32)
        relief = np.asarray(
            np.clip(1 - inset / 0.02, 0, 1) + 0.4 * noise(stage.rng, frame, 3, stretch=3), np.float32
        )
        yield Region(cut(inset, frame), "band", 0.6 + 0.2 * index, relief, inset)


def abstract(stage: Stage) -> list[Region]:
    """Slanted planes, overlapping discs and bars that cross; the figure is one form among them."""
    frame, room = stage.frame, stage.room
    wide, high = proportions(stage.shape)
    size = min(0.56 * frame.across / wide, 0.56 * frame.down / high) * stage.pick(0.6, 1.06)
    x, y = frame.across * stage.pick(0.34, 0.66), frame.down * stage.pick(0.38, 0.62)
    radii = [stage.pick(0.8, 1.2) * radius for radius in (0.3, 0.19, 0.13)]
    discs = [disc_beside(stage, x, y, room * radius, 0.25 + 0.2 * radius) for radius in radii]
    place = Placement(x, y, size, stage.pick(-24, 24) * (1 + stage.wild), bool(stage.rng.random() < 0.5))
    return [
        sky(stage, frame.down * 1.2),
        *slanted(stage, int(stage.rng.integers(2, 4)) + (stage.colors > 2)),
        *discs,
        disc_beside(stage, x, y, room * 0.08, 0.3, "accent"),
        bars(stage, "band", int(stage.rng.integers(3, 7))),
        bars(stage, "front", 2),
        stage.figures([place]),
    ]


def disc_beside(stage: Stage, x: float, y: float, radius: float, depth: float, role: str = "band") -> Region:
    """A disc at some way from a point, in any direction."""
    angle, far = float(stage.rng.uniform(0, 2 * np.pi)), stage.room * stage.pick(0.22, 0.42)
    return stage.disc(x + far * float(np.cos(angle)), y + far * float(np.sin(angle)), radius, role, depth)


def slanted(stage: Stage, count: int) -> Iterator[Region]:
    """Planes behind each other, each beyond a straight edge of its own direction."""
    frame = stage.frame
    start = float(stage.rng.uniform(0, 2 * np.pi))
    for index in range(count):
        angle = start + index * 2 * np.pi / count + stage.pick(-0.4, 0.4)
        along = (frame.x - frame.across / 2) * np.cos(angle) + (frame.y - frame.down / 2) * np.sin(angle)
        inset = np.asarray(along - stage.room * stage.pick(0.12, 0.26), np.float32)
        yield Region(cut(inset, frame), "band", 0.3 + 0.2 * index, noise(stage.rng, frame, 3), inset)


def bars(stage: Stage, role: str, count: int) -> Region:
    """Straight bars of different weight, from somewhere to somewhere."""
    frame, rng = stage.frame, stage.rng
    inset = np.full(frame.shape, -1.0, np.float32)
    for _ in range(count):
        angle, half = float(rng.uniform(0, np.pi)), stage.room * stage.pick(0.12, 0.34)
        right = frame.x - frame.across * stage.pick(0.15, 0.85)
        down = frame.y - frame.down * stage.pick(0.15, 0.85)
        along = np.abs(right * np.cos(angle) + down * np.sin(angle))
        off = np.abs(down * np.cos(angle) - right * np.sin(angle))
        bar = np.minimum(half - along, float(rng.uniform(*BAR_THICKNESS)) - off)
        inset = np.maximum(inset, bar)
    return Region(cut(np.asarray(inset, np.float32), frame), role, 0.7, inset=np.asarray(inset, np.float32))

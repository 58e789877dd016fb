"""Scenes that repeat the figure: a pattern over stripes, and a mandala of rings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from engine.composing.fields import Field, cut, noise
from engine.composing.groups import groups_of
from engine.composing.regions import Region
from engine.composing.scenes.scenery import Stage, sky
from engine.composing.stamping import Placement

DROPS, TILTS = (0.5, 0.5, 0.0), (0.0, 10.0, 24.0)
"""Of a lattice: by how much of a step each second column is lower, and degrees by which rows lean in turn."""
STRIPES = ((1.0, 0.0), (1.0, 0.5), (1.0, -0.5), (0.0, 1.0))
"""How fast stripes follow each other to the right and downwards."""


def pattern(stage: Stage) -> list[Region]:
    """The figure in a lattice, straight or half-drop, over stripes, its rows by turns in other colours, discs
    between."""
    frame, rng = stage.frame, stage.rng
    columns = int(rng.integers(2, 6)) + (stage.wild > 0.5)
    step, drop, tilt = 1.0 / columns, float(rng.choice(DROPS)), float(rng.choice(TILTS)) + 30 * stage.wild
    lattice = [
        (column, row, (column + 0.5) * step, (row + 0.5 + drop * (column % 2)) * step)
        for column in range(-1, columns + 1)
        for row in range(-1, columns + 1)
        if -step < (column + 0.5) * step < frame.across + step and row * step < frame.down + step
    ]
    groups = min(3, stage.colors)
    regions = [sky(stage, frame.down), *_stripes(stage, step, max(2, stage.colors))]
    dots = np.full(frame.shape, -1.0, np.float32)
    for _, _, x, y in lattice:
        dots = np.maximum(dots, 0.1 * step - np.hypot(frame.x - x, frame.y - y - step / 2))
    regions.append(Region(cut(dots, frame), "accent"))
    spots = [
        (column, row, Placement(x, y, step * 0.8, tilt * (-1) ** row, bool(row % 2)))
        for column, row, x, y in lattice
    ]
    if stage.others:
        return [*regions, *_in_turn(stage, spots)]
    for group in reversed(range(groups)):
        places = [place for column, row, place in spots if (row + column // 2) % groups == group]
        regions.append(stage.figures(places, "echo" if group else "figure"))
    return regions


def _in_turn(stage: Stage, spots: Sequence[tuple[int, int, Placement]]) -> Iterator[Region]:
    """The shapes of a pattern by turns, those asked for more than once twice; the main one comes last."""
    groups = groups_of(stage)
    turns = [index for index, group in enumerate(groups) for _ in range(min(group.number, 2))]
    for index, group in reversed(list(enumerate(groups))):
        places = [place for column, row, place in spots if turns[(column + row) % len(turns)] == index]
        yield replace(group.stage.figures(places, "echo" if index else "figure"), guest=index > 0)


def _stripes(stage: Stage, step: float, count: int) -> Iterator[Region]:
    """All stripes but the first, which is the ground itself."""
    frame = stage.frame
    right, down = STRIPES[int(stage.rng.integers(len(STRIPES)))]
    across = (right * frame.x + down * (frame.y - frame.down)) / step + 20 * count
    across = across + 0.01 * noise(stage.rng, frame, 6)
    for index in range(1, count):
        # Half a period each way from the stripe's middle keeps the field smooth where stripes repeat.
        off = np.abs(np.mod(across - index - 0.5 + count / 2, count) - count / 2)
        mask = cut(np.asarray((0.5 - off) * step, np.float32), frame)
        inset = np.asarray(np.mod(across - index, count) * step, np.float32)
        yield Region(mask, "band", 0.1 + 0.4 * index / count, noise(stage.rng, frame, 4), inset)


def mandala(stage: Stage) -> list[Region]:
    """Rings of the figure about the middle, on scalloped discs."""
    frame, rng = stage.frame, stage.rng
    x, y, room = frame.across / 2, frame.down / 2, stage.room
    fold = int(rng.choice([6, 8, 10, 12]))
    fold = stage.number if stage.number > 2 else fold
    regions = [sky(stage, frame.down), *_scallops(stage, fold, int(rng.integers(2, 4)) + (stage.colors > 3))]
    dots = np.full(frame.shape, -1.0, np.float32)
    for dot_x, dot_y, _ in _ring(stage, 2 * fold, 0.462, 0):
        dots = np.maximum(dots, 0.013 * room - np.hypot(frame.x - dot_x, frame.y - dot_y))
    regions.append(Region(cut(dots, frame), "accent"))
    rings, second = _orbits(stage, fold)
    heart = Placement(x, y, room * 0.22)
    if stage.others:
        return [*regions, *_about(stage, rings, second, heart)]
    if stage.number > 2:
        return [*regions, stage.figures(rings)]
    if rng.random() < 0.4:
        second, heart = [], Placement(x, y, room * stage.pick(0.34, 0.46))
    if stage.colors > 1 and second:
        return [*regions, stage.figures(second, "echo"), stage.figures([*rings, heart])]
    if stage.colors > 1:
        return [*regions, stage.figures(rings, "echo"), stage.figures([heart])]
    return [*regions, stage.figures([*rings, *second, heart])]


def _orbits(stage: Stage, fold: int) -> tuple[list[Placement], list[Placement]]:
    """The places of the outer ring and those of the inner one, which stand in its gaps."""
    few = 1.3 if stage.number > 2 else 1.0
    phase = float(stage.rng.choice([0.0, 0.5]))
    orbits = []
    for radius, most, turned in ((0.36, 0.2, phase), (0.205, 0.12, 0.5 - phase)):
        # As large as the circle has room for side by side.
        size = stage.room * min(few * most, 5.4 * radius / fold)
        orbits.append([Placement(x, y, size, turn) for x, y, turn in _ring(stage, fold, radius, turned)])
    return orbits[0], orbits[1]


def _about(
    stage: Stage, rings: Sequence[Placement], second: Sequence[Placement], heart: Placement
) -> Iterator[Region]:
    """Another shape in the inner ring, the third one as the heart, and the main one around them."""
    others = [group.stage for group in groups_of(stage)[1:]]
    yield replace(others[0].figures(second, "echo"), guest=True)
    if len(others) > 1:
        yield replace(others[1].figures([heart], "echo"), guest=True)
    yield stage.figures([*rings] if len(others) > 1 or stage.number > 2 else [*rings, heart])


def _ring(stage: Stage, count: int, radius: float, phase: float) -> Iterator[tuple[float, float, float]]:
    """(x, y, turn) of places on a circle about the middle, turned outwards."""
    frame = stage.frame
    for index in range(count):
        turn = 360 * (index + phase) / count
        far = stage.room * radius
        sine, cosine = np.sin(np.radians(turn)), np.cos(np.radians(turn))
        yield float(frame.across / 2 + far * sine), float(frame.down / 2 - far * cosine), turn


def _scallops(stage: Stage, fold: int, count: int) -> Iterator[Region]:
    frame = stage.frame
    x, y = frame.across / 2, frame.down / 2
    angle = np.arctan2(frame.y - y, frame.x - x)
    for index in range(count):
        radius = stage.room * (0.495 - 0.4 * index / count)
        petals: Field = 0.05 * radius * np.cos(fold * angle + np.pi * index)
        inset = np.asarray(stage.inside(x, y, radius) + petals, np.float32)
        yield Region(cut(inset, frame), "band", 0.15 + 0.5 * index / count, np.cos(fold * angle) * 0.7, inset)

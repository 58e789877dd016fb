"""What is behind a single figure: a disc, rings, an arch, rays, lozenges or stripes, as the seed chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from engine.composing.fields import Field, cut, distance, noise
from engine.composing.regions import Region
from engine.composing.scenes.scenery import Stage

FAR, NEAR = 0.4, 0.15
"""Depth of a wall's parts and of what is right behind the figure."""
FRAMED = 0.03
"""Units that the frame of an arch is wide."""


def backdrop(stage: Stage, x: float, y: float) -> list[Region]:
    """A backdrop of some kind about the figure's middle; the more parts, the more colours are asked for."""
    kind = KINDS[int(stage.rng.integers(len(KINDS)))]
    return [*planes(stage, 1 + (stage.colors > 2)), *kind(stage, x, y)]


def planes(stage: Stage, count: int) -> Iterator[Region]:
    """Parts of a wall, from the left and from the right edge."""
    frame = stage.frame
    for index in range(count):
        lean = stage.pick(-0.2, 0.2)
        edge = frame.across * stage.pick(0.14, 0.34) if index == 0 else frame.across * stage.pick(0.66, 0.86)
        toward = (edge - frame.x + lean * (frame.y - frame.down / 2)) * (1 if index == 0 else -1)
        yield _part(stage, np.asarray(toward + 0.003 * noise(stage.rng, frame, 8), np.float32), FAR)


def disc(stage: Stage, x: float, y: float) -> list[Region]:
    """A disc, small as a halo or larger than the figure."""
    return [stage.disc(x, y, stage.room * stage.pick(0.24, 0.52), "wall", NEAR)]


def rings(stage: Stage, x: float, y: float) -> list[Region]:
    """Discs in each other."""
    radius = stage.room * stage.pick(0.4, 0.62)
    inner = (1.0, stage.pick(0.68, 0.8), stage.pick(0.4, 0.55))
    return [stage.disc(x, y, radius * each, "wall", FAR - 0.13 * i) for i, each in enumerate(inner)]


def arch(stage: Stage, x: float, y: float) -> list[Region]:
    """A round-headed niche and its frame."""
    frame, half = stage.frame, stage.room * stage.pick(0.24, 0.42)
    beside, above = np.abs(frame.x - x), frame.y - (y - stage.room * stage.pick(0.0, 0.16))
    edge = half - np.where(above > 0, beside, np.hypot(beside, above)) + 0.003 * noise(stage.rng, frame, 8)
    inset = np.asarray(edge, np.float32)
    return [_part(stage, inset + np.float32(FRAMED), 0.55), _part(stage, inset, NEAR)]


def rays(stage: Stage, x: float, y: float) -> list[Region]:
    """Rays from behind the figure, and the disc that they come from."""
    frame, count = stage.frame, int(stage.rng.integers(7, 15))
    right, down = frame.x - x, frame.y - y
    turned = count * np.arctan2(down, right) + stage.rng.uniform(0, 2 * np.pi)
    inset = np.asarray(np.hypot(right, down) / count * np.sin(turned), np.float32)
    core = stage.disc(x, y, stage.room * stage.pick(0.14, 0.3), "wall", NEAR)
    return [_part(stage, inset, 0.3), core]


def lozenges(stage: Stage, x: float, y: float) -> list[Region]:
    """A wall in lozenges."""
    frame, wide = stage.frame, stage.pick(0.14, 0.26)
    across, down = (frame.x - x) / wide, (frame.y - y) / (wide * stage.pick(1.1, 1.7))
    checks = np.cos(np.pi * (across + down)) * np.cos(np.pi * (across - down))
    return [_part(stage, distance(np.asarray(checks, np.float32)), 0.3)]


def stripes(stage: Stage, x: float, y: float) -> list[Region]:
    """A wall in stripes, upright or slanted."""
    frame, wide = stage.frame, stage.pick(0.09, 0.22)
    slant = float(stage.rng.choice([0.0, 0.0, 0.6, -0.6]))
    waves = np.sin((frame.x - x + slant * (frame.y - y)) * (np.pi / wide))
    return [_part(stage, distance(np.asarray(waves, np.float32)), 0.3)]


def _part(stage: Stage, inset: Field, depth: float) -> Region:
    return Region(cut(inset, stage.frame), "wall", depth, noise(stage.rng, stage.frame, 3), inset)


KINDS: tuple[Callable[[Stage, float, float], list[Region]], ...] = (
    *(disc, rings, arch),
    *(rays, lozenges, stripes),
)
"""Each as likely as the others."""

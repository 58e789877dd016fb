"""What the scenes are made of: the stage, sky, land and water, clouds, shadows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from engine.composing.fields import GRID, Field, Frame, blurred, cut, distance, line_noise, noise, veil
from engine.composing.regions import Region
from engine.composing.silhouettes import proportions
from engine.composing.stamping import Placement, Stamped, stamp, wobbles
from engine.conditions import Other

FLOATING = frozenset({"geometric", "birds", "insects", "sky", "aircraft", "symbols", "music"})
SWIMMING = frozenset({"sea life", "boats"})
NET, SMALL_NET = 8, 3
"""Cells along the warping net of a large and of a small silhouette."""
ROUND = 0.3
"""Of a silhouette's size: how far light reaches around it."""
VARIANTS = 3
"""Hand-cut variants of a silhouette that stands in many places."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a scene is given.

    colors: how many were asked for; wild: 0..1, how far things may stray
    light: unit vector towards the light, y downwards
    number, others: see `Conditions`
    """

    frame: Frame
    rng: np.random.Generator
    shape: str
    category: str
    colors: int
    wild: float
    light: tuple[float, float]
    number: int = 1
    others: tuple[Other, ...] = ()

    @property
    def crowded(self) -> bool:
        """Whether more is asked for than one figure of one shape."""
        return self.number > 1 or bool(self.others)

    @property
    def floats(self) -> bool:
        """Whether the figure stands on nothing."""
        return self.category in FLOATING

    @property
    def swims(self) -> bool:
        """Whether the figure belongs to water."""
        return self.category in SWIMMING

    @property
    def room(self) -> float:
        """The shorter side in units."""
        return min(self.frame.across, self.frame.down)

    def pick(self, low: float, high: float) -> float:
        """A number between; further out when wild."""
        middle, half = (low + high) / 2, (high - low) / 2
        return middle + half * (1 + self.wild) * float(self.rng.uniform(-1, 1))

    def figures(self, places: Sequence[Placement], role: str = "figure") -> Region:
        """The asked silhouette at all the places, as one region with light and shadow."""
        cells = NET if len(places) == 1 else SMALL_NET
        amount = (0.008 if len(places) == 1 else 0.005) + 0.03 * self.wild
        wobble = [wobbles(self.rng, amount, cells) for _ in places[:VARIANTS]]
        stamped = stamp(self.shape, self.frame, places, wobble)
        size = float(np.mean([place.size for place in places]))
        relief = self.lit(stamped, size)
        return Region(stamped.mask, role, 0.9, relief, stamped.height * np.float32(size * 0.5), stamped.body)

    def lit(self, stamped: Stamped, size: float) -> Field:
        """Light on a round body, one side in shadow, broken by patches; a little of it on the edge."""
        reach = 2 * round(ROUND * size * GRID / 2) + 1
        whole = blurred(blurred(np.asarray(stamped.height > 0.03, np.float32), reach), reach)
        turned = np.tanh(self._towards_light(whole) * 1.4 * reach)
        edge = np.tanh(self._towards_light(stamped.height) * 26 * size)
        patches = np.round(noise(self.rng, self.frame, 4 / size**0.7) * 1.4) / 1.4
        return np.asarray(1.1 * turned + 0.3 * edge + 0.4 * patches, np.float32)

    def _towards_light(self, height: Field) -> Field:
        down, right = np.gradient(height)
        return np.asarray(-(right * self.light[0] + down * self.light[1]), np.float32)

    def disc(self, x: float, y: float, radius: float, role: str, depth: float = 0.3) -> Region:
        """A round thing with a slightly unsteady outline."""
        inset = self.inside(x, y, radius)
        return Region(cut(inset, self.frame), role, depth, noise(self.rng, self.frame, 4), inset)

    def inside(self, x: float, y: float, radius: float) -> Field:
        """Distance inwards from a circle, in units."""
        unsteady = 0.015 * radius * noise(self.rng, self.frame, 6, 1)
        return np.asarray(radius - np.hypot(self.frame.x - x, self.frame.y - y) + unsteady, np.float32)


def sky(stage: Stage, horizon: float, sun: tuple[float, float] | None = None) -> Region:
    """The whole frame, lighter towards the horizon and about the sun."""
    frame, rng = stage.frame, stage.rng
    relief = 1.7 * np.minimum(frame.y / horizon, 1) - 1 + 0.3 * noise(rng, frame, 2.5, stretch=3)
    if sun:
        relief = relief + 0.9 * np.exp(-((np.hypot(frame.x - sun[0], frame.y - sun[1]) / 0.2) ** 2))
    mask = Image.new("L", (frame.width, frame.height), 255)
    return Region(mask, "sky", 0.0, np.asarray(relief, np.float32))


def land(stage: Stage, top: float, count: int, *, first: float = 0.35) -> list[Region]:
    """Hills, or waves for what swims, from `top` to the lower edge; the farthest, of depth `first`, first."""
    frame, rng = stage.frame, stage.rng
    regions = []
    for index in range(count):
        near = index / max(1, count - 1)
        crest = top + (frame.down - top) * (index / count) ** 0.9
        inset = np.asarray(frame.y - crest - _skyline(stage, near), np.float32)
        lit = np.clip(1 - inset / 0.035, 0, 1) + 0.35 * np.sin(inset * (70 if stage.swims else 50))
        relief = np.asarray(lit + 0.45 * noise(rng, frame, 3 + 3 * near, stretch=2) - 0.2, np.float32)
        depth = first + (0.85 - first) * near
        regions.append(Region(cut(inset, frame), "band", depth, relief, inset))
    return regions


def _skyline(stage: Stage, near: float) -> Field:
    """(1, columns) the line of a crest about zero, in units."""
    rng, frame = stage.rng, stage.frame
    if stage.swims:
        phase, count = rng.uniform(0, 6.3), rng.uniform(4, 6) * (1.6 - 0.8 * near)
        swell = np.abs(np.sin(frame.x * count * np.pi + phase + 0.5 * line_noise(rng, frame, 3, 1)))
        line = (0.012 + 0.022 * near) * (0.6 - swell) + 0.004 * line_noise(rng, frame, 4)
    else:
        line = (0.042 - 0.015 * near) * (1 + stage.wild) * line_noise(rng, frame, 2.2)
    return np.asarray(line, np.float32)


def front(stage: Stage) -> Region:
    """A dark strip along the lower edge, before the figure's feet."""
    frame = stage.frame
    line = frame.down * 0.92 + _skyline(stage, 1.0) * 0.6
    inset = np.asarray(frame.y - line, np.float32)
    relief = np.asarray(0.6 * noise(stage.rng, frame, 6, stretch=3), np.float32)
    return Region(cut(inset, frame), "front", 1.0, relief, inset)


def clouds(stage: Stage, horizon: float) -> Region:
    """A few long clouds above the horizon, lit from above."""
    frame, rng = stage.frame, stage.rng
    cover = np.full(frame.shape, -9.0, np.float32)
    for _ in range(int(rng.integers(2, 5))):
        x, y = rng.uniform(0, frame.across), rng.uniform(0.08, 0.8) * horizon
        across, down = rng.uniform(0.13, 0.28), rng.uniform(0.025, 0.05)
        base = np.where(frame.y > y, 2.2, 1.0)
        cover = np.maximum(cover, 1 - np.hypot((frame.x - x) / across, base * (frame.y - y) / down))
    cover = np.asarray(cover + 0.3 * noise(rng, frame, 10), np.float32)
    return Region(cut(distance(cover), frame), "cloud", 0.2, np.asarray(cover * 1.5 - 0.8, np.float32))


def shadow(stage: Stage, place: Placement, foot: float) -> list[Region]:
    """What the figure throws: a shadow on the ground, a broken mirror image on water, nothing in the air."""
    frame = stage.frame
    wide = proportions(stage.shape)[0] * place.size
    if stage.floats:
        return []
    if stage.swims:
        stripes = np.sin(frame.y * 130 + 2 * line_noise(stage.rng, frame, 5)) + 0.4
        inside = 1 - np.hypot((frame.x - place.x) / (wide * 0.5), (frame.y - foot) / (place.size * 0.22))
        strength = np.clip(inside * 3, 0, 1) * np.clip(stripes * 1.5, 0, 1) * (frame.y > foot) * 0.4
    else:
        return [cast_shadow(stage, place.x, wide, foot)]
    return [Region(veil(np.asarray(strength, np.float32), frame), "shade")]


def cast_shadow(stage: Stage, x: float, wide: float, foot: float) -> Region:
    """What something `wide` units across that stands at (x, foot) throws on level ground."""
    frame = stage.frame
    away = x - stage.light[0] * wide * 0.25
    inside = 1 - np.hypot((frame.x - away) / (wide * 0.62), (frame.y - foot) / 0.045)
    strength = np.clip(inside * 1.8, 0, 1) * 0.4
    return Region(veil(np.asarray(strength, np.float32), frame), "shade")

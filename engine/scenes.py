"""Where things stand: each scene lays out regions in painter's order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from PIL import Image, ImageChops

from engine.fields import (
    Field,
    Frame,
    Place,
    cut,
    distance,
    line_noise,
    noise,
    stamp,
    veil,
    wobbles,
)
from engine.regions import Region
from engine.silhouettes import proportions

FLOATING = frozenset({"geometric", "birds", "insects", "sky", "weather", "aircraft", "symbols", "fantasy", "music"})
SWIMMING = frozenset({"sea life", "boats"})


@dataclass(frozen=True, slots=True)
class Stage:
    """What a scene is given.

    wild: 0..1, how far things may stray; colors: how many colours were asked for
    light: (2,) unit vector towards the light, y downwards
    """

    frame: Frame
    rng: np.random.Generator
    shape: str
    category: str
    colors: int
    wild: float
    light: tuple[float, float]

    @property
    def floats(self) -> bool:
        """Whether the figure stands on nothing."""
        return self.category in FLOATING

    @property
    def swims(self) -> bool:
        """Whether the figure belongs to water."""
        return self.category in SWIMMING

    def pick(self, low: float, high: float) -> float:
        """A number between, further out when wild."""
        middle, half = (low + high) / 2, (high - low) / 2
        return middle + half * (1 + self.wild) * float(self.rng.uniform(-1, 1))

    def figure(self, place: Place, role: str = "figure", depth: float = 0.9) -> Region:
        """The asked silhouette, cut by hand."""
        mask = stamp(self.shape, self.frame, place, wobbles(self.rng, 0.008 + 0.03 * self.wild))
        return Region(mask, role, depth)

    def disc(self, x: float, y: float, radius: float, role: str, depth: float = 0.3) -> Region:
        """A round thing with a slightly unsteady outline."""
        return Region(cut(self.around(x, y, radius), self.frame), role, depth)

    def around(self, x: float, y: float, radius: float) -> Field:
        """Distance inwards from a circle, in units."""
        unsteady = 0.02 * radius * noise(self.rng, self.frame, 6, 1)
        return (radius - np.hypot(self.frame.x - x, self.frame.y - y) + unsteady).astype(np.float32)


def everywhere(frame: Frame) -> Image.Image:
    """A mask of the whole frame."""
    return Image.new("L", (frame.width, frame.height), 255)


def land(stage: Stage, top: float, count: int, *, first_depth: float = 0.35) -> list[Region]:
    """Hills, or waves for what swims, from `top` to the lower edge, the farthest first."""
    frame = stage.frame
    regions = []
    for index in range(count):
        near = index / max(1, count - 1)
        crest = top + (frame.down - top) * (index / count) ** 0.9
        line = crest + ripple(stage, near)
        relief = noise(stage.rng, frame, 5 + 4 * near) * 0.7 + 0.8 * np.clip(1 - (frame.y - line) * 9, 0, 1) - 0.3
        mask = cut((frame.y - line).astype(np.float32), frame)
        regions.append(Region(mask, "band", first_depth + (0.8 - first_depth) * near, relief))
    return regions


def ripple(stage: Stage, near: float) -> Field:
    """(1, columns) the line of a crest about zero."""
    rng, frame = stage.rng, stage.frame
    if stage.swims:
        phase, count = rng.uniform(0, 6.3), rng.uniform(4, 6) * (1.6 - 0.8 * near)
        swell = np.abs(np.sin(frame.x * count * np.pi + phase + 0.5 * line_noise(rng, frame, 3, 1)))
        return (0.012 + 0.022 * near) * (0.6 - swell) + 0.006 * line_noise(rng, frame, 4)
    height = (0.045 - 0.015 * near) * (1 + stage.wild)
    return (height * line_noise(rng, frame, 2.2)).astype(np.float32)


def clouds(stage: Stage, horizon: float) -> list[Region]:
    """A few long clouds above the horizon."""
    frame, rng = stage.frame, stage.rng
    cover = np.full(frame.shape, -9.0, np.float32)
    for _ in range(int(rng.integers(2, 5))):
        x, y = rng.uniform(0, frame.across), rng.uniform(0.06, 0.8) * horizon
        across, down = rng.uniform(0.12, 0.26), rng.uniform(0.025, 0.055)
        puff = 1 - np.hypot((frame.x - x) / across, (frame.y - y) / down)
        cover = np.maximum(cover, puff)
    cover = cover + 0.35 * noise(rng, frame, 9)
    return [Region(cut(distance(cover), frame), "cloud", 0.2)]


def landscape(stage: Stage) -> list[Region]:
    """Sky, light, depth bands; the figure by thirds, its feet behind the nearest band."""
    frame, rng = stage.frame, stage.rng
    horizon = frame.down * stage.pick(0.54, 0.64)
    side = float(rng.choice([-1, 1]))
    wide, high = proportions(stage.shape)
    size = min(0.64 * frame.across / wide, (0.52 if stage.floats else 0.6) * frame.down / high)
    size *= stage.pick(0.92, 1.08)
    x = frame.across * (0.5 + side * 0.11 * (1 + stage.wild))
    foot = horizon + (frame.down - horizon) * 0.62
    y = frame.down * 0.4 if stage.floats else foot - size * high / 2
    place = Place(x, y, size, stage.pick(-4, 4) * (1 + 3 * stage.wild), side > 0)
    sun = stage.disc(
        frame.across * 0.5 - side * frame.across * stage.pick(0.24, 0.34),
        frame.down * stage.pick(0.16, 0.26),
        min(frame.across, frame.down) * stage.pick(0.06, 0.1),
        "accent",
    )
    bands = land(stage, horizon, 3 + (stage.colors > 3))
    front = land(stage, frame.down * 0.9, 1)[0]
    front.role, front.depth = "front", 1.0
    sky = Region(everywhere(frame), "sky", 0.0, noise(rng, frame, 3))
    figure = stage.figure(place)
    shadow = cast(stage, place, foot)
    return [sky, sun, *clouds(stage, horizon), *bands, *shadow, figure, front]


def cast(stage: Stage, place: Place, foot: float) -> list[Region]:
    """The shadow on the ground, or the broken mirror image in water."""
    frame = stage.frame
    if stage.floats:
        return []
    wide = proportions(stage.shape)[0] * place.size
    if stage.swims:
        stripes = np.sin(frame.y * 150 + 2 * line_noise(stage.rng, frame, 5)) * 0.5 + 0.3
        inside = 1 - np.hypot((frame.x - place.x) / (wide * 0.45), (frame.y - foot) / (place.size * 0.2))
        strength = np.clip(inside * 3, 0, 1) * np.clip(stripes * 3, 0, 1) * (frame.y > foot) * 0.5
    else:
        x = place.x - stage.light[0] * wide * 0.25
        inside = 1 - np.hypot((frame.x - x) / (wide * 0.6), (frame.y - foot) / 0.045)
        strength = np.clip(inside * 1.6, 0, 1) * 0.55
    return [Region(veil(strength.astype(np.float32), frame), "shade")]


def portrait(stage: Stage) -> list[Region]:
    """The figure large before a disc, planes of a wall behind and a ledge before it."""
    frame, rng = stage.frame, stage.rng
    room = min(frame.across, frame.down)
    wide, high = proportions(stage.shape)
    size = min(0.76 * frame.across / wide, 0.74 * frame.down / high, room * 0.8)
    x, y = frame.across * stage.pick(0.47, 0.53), frame.down * stage.pick(0.45, 0.49)
    place = Place(x, y, size, stage.pick(-5, 5), bool(rng.random() < 0.5))
    regions = [Region(everywhere(frame), "sky", 0.1, noise(rng, frame, 2.5))]
    for index in range(2 if stage.colors > 2 else 1):
        lean = stage.pick(-0.2, 0.2)
        edge = frame.across * (0.24 if index == 0 else 0.78)
        toward = (edge - frame.x + lean * (frame.y - y)) * (1 if index == 0 else -1)
        plane = toward + 0.004 * noise(rng, frame, 8)
        regions.append(Region(cut(plane.astype(np.float32), frame), "band", 0.45, noise(rng, frame, 4)))
    halo = stage.disc(x, y, room * stage.pick(0.36, 0.42), "band", 0.15)
    halo.relief = noise(rng, frame, 3)
    ledge = land(stage, frame.down * 0.8, 1 + (stage.colors > 4), first_depth=0.6)
    figure = stage.figure(place)
    thrown = ImageChops.offset(figure.mask, round(-stage.light[0] * 0.04 * frame.scale), round(0.03 * frame.scale))
    shadow = Region(thrown.point(lambda value: value * 0.4), "shade")
    return [*regions, halo, *ledge, shadow, figure]


def pattern(stage: Stage) -> list[Region]:
    """The figure repeated in a half-drop lattice over stripes, small discs between."""
    frame, rng = stage.frame, stage.rng
    columns = int(rng.integers(3, 5)) + int(stage.wild > 0.5)
    step = 1.0 / columns
    stripes = max(2, stage.colors)
    regions = [Region(everywhere(frame), "sky", 0.1, noise(rng, frame, 3))]
    slant = float(rng.choice([0.0, 0.0, 0.5, -0.5]))
    turn = np.mod((frame.x + slant * frame.y) / step / stripes + 0.004 * noise(rng, frame, 10), 1) * stripes
    for index in range(1, stripes):
        inside = (0.5 - np.abs(turn - index - 0.5)) * step
        regions.append(
            Region(cut(inside.astype(np.float32), frame), "band", 0.2 + 0.3 * index / stripes, noise(rng, frame, 4))
        )
    mask, dots = Image.new("L", (frame.width, frame.height)), np.full(frame.shape, -1.0, np.float32)
    for column in range(-1, columns + 2):
        for row in range(-1, columns + 2):
            x, y = (column + 0.5) * step, (row + 0.5 + 0.5 * (column % 2)) * step
            if not (-step < x < frame.across + step and -step < y < frame.down + step):
                continue
            place = Place(x, y, step * 0.78, 12 * (-1) ** row * (1 + stage.wild), bool(row % 2))
            mask = ImageChops.lighter(mask, stage.figure(place).mask)
            dots = np.maximum(dots, 0.055 * step * 2 - np.hypot(frame.x - x, frame.y - y - step / 2))
    return [*regions, Region(cut(dots, frame), "accent"), Region(mask, "figure", 0.9)]


def flock(stage: Stage) -> list[Region]:
    """Many figures along a curve, small and far ones first."""
    frame, rng = stage.frame, stage.rng
    horizon = frame.down * stage.pick(0.7, 0.8)
    sky = Region(everywhere(frame), "sky", 0.0, noise(rng, frame, 3))
    sun = stage.disc(
        frame.across * stage.pick(0.3, 0.7),
        frame.down * stage.pick(0.25, 0.45),
        min(frame.across, frame.down) * stage.pick(0.12, 0.18),
        "accent",
    )
    bands = land(stage, horizon, 2 + (stage.colors > 2) + (stage.colors > 4))
    count = int(rng.integers(8, 13) + 5 * stage.wild)
    bend, side = stage.pick(-0.2, 0.2), float(rng.choice([-1, 1]))
    mask = Image.new("L", (frame.width, frame.height))
    for index in range(count):
        t = index / (count - 1)
        x = frame.across * (0.5 + side * (t - 0.5) * 0.85) + stage.pick(-0.05, 0.05)
        y = frame.down * (0.24 + 0.42 * t + bend * np.sin(t * np.pi)) + stage.pick(-0.09, 0.09)
        place = Place(float(x), float(y), 0.1 + 0.2 * t * stage.pick(0.85, 1.15), stage.pick(-12, 12), side > 0)
        mask = ImageChops.lighter(mask, stage.figure(place).mask)
    return [sky, sun, *clouds(stage, horizon), *bands, Region(mask, "figure", 0.9)]


def mandala(stage: Stage) -> list[Region]:
    """Rings of the figure about the middle on scalloped discs."""
    frame, rng = stage.frame, stage.rng
    x, y = frame.across / 2, frame.down / 2
    room = min(frame.across, frame.down)
    fold = int(rng.choice([6, 8, 10, 12]))
    angle = np.arctan2(frame.y - y, frame.x - x)
    regions = [Region(everywhere(frame), "sky", 0.0, noise(rng, frame, 3))]
    rings = 3 + (stage.colors > 3)
    for index in range(rings):
        radius = room * (0.49 - 0.38 * index / rings)
        scallop = 0.035 * radius * np.cos(fold * angle + np.pi * index)
        regions.append(
            Region(cut(stage.around(x, y, radius) + scallop, frame), "band", 0.2 + 0.5 * index / rings)
        )
    mask = stamp(stage.shape, frame, Place(x, y, room * 0.24), wobbles(rng, 0.006))
    dots = np.full(frame.shape, -1.0, np.float32)
    for ring, (radius, size) in enumerate(((0.385, 0.17), (0.235, 0.13))):
        for index in range(fold):
            turn = 360 / fold * (index + 0.5 * ring)
            far = room * radius
            sin, cos = np.sin(np.radians(turn)), np.cos(np.radians(turn))
            place = Place(float(x + far * sin), float(y - far * cos), room * size * min(1, 8 / fold), turn)
            mask = ImageChops.lighter(mask, stage.figure(place).mask)
            if ring == 0:
                dots = np.maximum(dots, 0.012 - np.hypot(frame.x - x - room * 0.465 * sin, frame.y - y + room * 0.465 * cos))
    return [*regions, Region(cut(dots, frame), "accent"), Region(mask, "figure", 0.9)]


SCENES: Mapping[str, Callable[[Stage], list[Region]]] = MappingProxyType(
    {"portrait": portrait, "landscape": landscape, "pattern": pattern, "flock": flock, "mandala": mandala}
)

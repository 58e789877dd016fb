"""Where things stand: each scene lays out regions in painter's order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from PIL import ImageChops

from engine.composing.groups import Group, PlacedGroup, groups_of
from engine.composing.placement import Setting, arranged, guests
from engine.composing.regions import Region
from engine.composing.scenes.backdrops import backdrop
from engine.composing.scenes.gatherings import GATHERINGS, LIGHTS
from engine.composing.scenes.growth import far_off, grassy, wooded
from engine.composing.scenes.ornaments import mandala, pattern
from engine.composing.scenes.scenery import Stage, clouds, front, land, shadow, sky
from engine.composing.scenes.studies import abstract, still_life
from engine.composing.silhouettes import proportions
from engine.composing.stamping import Placement

TRIES = 200
"""For each figure of a flock of which the number was said."""
GROWN, FEWEST = (0.75, 1.45), 4
"""How large the figures of a flock are from seed to seed; the larger the fewer, but not less than so many."""


def landscape(stage: Stage) -> list[Region]:
    """Sky, a sun or moon, depth bands; the figure by thirds, its feet behind the nearest strip."""
    frame = stage.frame
    horizon = frame.down * stage.pick(0.4, 0.74)
    side = -1.0 if stage.light[0] > 0 else 1.0
    wide, high = proportions(stage.shape)
    size = min(0.64 * frame.across / wide, (0.52 if stage.floats else 0.62) * frame.down / high)
    size *= stage.pick(0.5, 1.08)
    foot = horizon + (frame.down - horizon) * stage.pick(0.42, 0.78)
    edge = min(0.5 * size * wide + 0.02, frame.across / 2)
    x = frame.across * (0.5 + side * stage.pick(-0.04, 0.24) * (1 + stage.wild))
    x = min(max(x, edge), frame.across - edge)
    y = frame.down * stage.pick(0.3, 0.48) if stage.floats else foot - size * high / 2
    place = Placement(x, y, size, stage.pick(-3, 3) * (1 + 4 * stage.wild), side > 0)
    sun_x = frame.across * (0.5 - side * stage.pick(0.22, 0.4))
    sun_y = frame.down * stage.pick(0.11, 0.29)
    sun = stage.disc(sun_x, sun_y, stage.room * stage.pick(0.04, 0.15), "accent")
    bands = land(
        stage, horizon, int(stage.rng.integers(2, 5)) if stage.colors < 3 else 3 + (stage.colors > 4)
    )
    wooded(stage, bands[0], (x - edge, x + edge))
    return [
        sky(stage, horizon, (sun_x, sun_y)),
        sun,
        clouds(stage, horizon),
        *far_off(stage, horizon),
        *bands,
        *shadow(stage, place, foot),
        stage.figures([place]),
        grassy(stage, front(stage)),
    ]


def portrait(stage: Stage) -> list[Region]:
    """The figure large before a backdrop, a ledge below."""
    frame = stage.frame
    wide, high = proportions(stage.shape)
    size = min(0.78 * frame.across / wide, 0.74 * frame.down / high) * stage.pick(0.52, 1.06)
    x, y = frame.across * stage.pick(0.36, 0.64), frame.down * stage.pick(0.4, 0.55)
    edge = min(0.5 * size * wide + 0.02, frame.across / 2)
    x = min(max(x, edge), frame.across - edge)
    place = Placement(x, y, size, stage.pick(-8, 8) * (1 + 2 * stage.wild), bool(stage.rng.random() < 0.5))
    figure = stage.figures([place])
    thrown = (-0.035 * stage.light[0], 0.03)
    cast = ImageChops.offset(figure.mask, round(thrown[0] * frame.scale), round(thrown[1] * frame.scale))
    return [
        sky(stage, frame.down * 1.2),
        *backdrop(stage, x, y),
        *land(
            stage,
            frame.down * (stage.pick(0.7, 0.9) - 0.04 * max(0, stage.colors - 2)),
            1 + (stage.colors > 4),
            first=0.6,
        ),
        Region(cast.point(lambda level: level * 0.2), "shade"),
        figure,
    ]


def flock(stage: Stage) -> list[Region]:
    """Many figures along a curve above a low horizon, the far ones small; some in other colours."""
    frame = stage.frame
    stands = not stage.floats and stage.category != "sea life"
    horizon = frame.down * (stage.pick(0.27, 0.39) if stands else stage.pick(0.68, 0.84))
    sun_x = frame.across * stage.pick(0.15, 0.85)
    sun_y = frame.down * (stage.pick(0.1, 0.18) if stands else stage.pick(0.18, 0.5))
    count, grown = int(stage.rng.integers(7, 17) + 4 * stage.wild), 1.0
    if stage.number > 1:
        count = stage.number
    else:
        grown = stage.pick(*GROWN)
        count = max(FEWEST, round(count / grown**2))
    places = _on_the_ground(stage, horizon, count, grown) if stands else _along_a_curve(stage, count, grown)
    if len(places) < stage.number:
        main = groups_of(stage)[0]
        places = list(main.places(main.box(frame.across / 2, frame.down / 2)))
    groups = min(3, stage.colors, len(places))
    regions = [
        sky(stage, horizon, (sun_x, sun_y)),
        stage.disc(sun_x, sun_y, stage.room * stage.pick(0.08, 0.2), "accent"),
        clouds(stage, horizon),
        *far_off(stage, horizon),
        *land(stage, horizon, (3 if stands else 2) + (stage.colors > 2) + (stage.colors > 4)),
    ]
    if any(other.shape in LIGHTS for other in stage.others):
        del regions[1]
    behind, before = _beside(stage, places, horizon)
    regions += behind
    for group in reversed(range(groups)):
        regions.append(stage.figures(places[group::groups], "echo" if group else "figure"))
    return [*regions, *before]


def _beside(stage: Stage, places: Sequence[Placement], horizon: float) -> tuple[list[Region], list[Region]]:
    """The other shapes behind a flock and before it."""
    if not stage.others:
        return [], []
    groups = groups_of(stage)
    flock = [_standing(groups[0], place) for place in reversed(places)]
    standing = arranged(groups, Setting(horizon), flock)
    return guests([standing[0], *standing[len(flock) :]])


def _standing(group: Group, place: Placement) -> PlacedGroup:
    """One of a flock."""
    wide, high = (side * place.size / 2 for side in proportions(group.stage.shape))
    return PlacedGroup(group, (place.x - wide, place.y - high, place.x + wide, place.y + high), (place,))


def _along_a_curve(stage: Stage, count: int, grown: float) -> list[Placement]:
    """Places from far to near that keep clear of each other."""
    frame, rng = stage.frame, stage.rng
    bend, side = stage.pick(-0.35, 0.35), float(rng.choice([-1, 1]))
    places: list[Placement] = []
    for _ in range(count * (TRIES if stage.number > 1 else 12)):
        t = len(places) / max(1, count - 1)
        along = float(rng.uniform(0, 1))
        x = frame.across * (0.5 + side * (along - 0.5) * 0.9)
        y = frame.down * (0.14 + 0.58 * along + bend * np.sin(along * np.pi)) + stage.pick(-0.16, 0.16)
        size = grown * stage.room * (0.13 + 0.15 * t) * stage.pick(0.9, 1.1)
        y = min(max(y, size * 0.5), frame.down - size * 0.5)
        place = Placement(float(x), float(y), size, stage.pick(-10, 10) * (1 + stage.wild), side > 0)
        if all(_apart(place, other) for other in places):
            places.append(place)
        if len(places) == count:
            break
    return places[::-1]


def _on_the_ground(stage: Stage, horizon: float, count: int, grown: float) -> list[Placement]:
    """Places standing from the horizon to the lower edge, nearer ones larger, the near ones last."""
    frame = stage.frame
    high = proportions(stage.shape)[1]
    flip = bool(stage.rng.random() < 0.5)
    places: list[Placement] = []
    for _ in range(count * (TRIES if stage.number > 1 else 12)):
        near = float(stage.rng.uniform(0, 1))
        size = grown * stage.room * (0.1 + 0.16 * near) * stage.pick(0.95, 1.05)
        foot = horizon + (frame.down - horizon) * (0.06 + 0.86 * near)
        x = float(stage.rng.uniform(0.06, 0.94)) * frame.across
        place = Placement(x, foot - size * high / 2, size, stage.pick(-2, 2) * (1 + 4 * stage.wild), flip)
        if all(_apart(place, other) for other in places):
            places.append(place)
        if len(places) == count:
            break
    return sorted(places, key=lambda place: place.y)


def _apart(one: Placement, other: Placement) -> bool:
    return bool(np.hypot(one.x - other.x, one.y - other.y) > 0.5 * (one.size + other.size))


def arrange(scene: str, stage: Stage) -> list[Region]:
    """The regions of a scene. Raises KeyError for an unknown one."""
    return (GATHERINGS if stage.crowded and scene in GATHERINGS else SCENES)[scene](stage)


SCENES: Mapping[str, Callable[[Stage], list[Region]]] = MappingProxyType(
    {
        "portrait": portrait,
        "landscape": landscape,
        "still-life": still_life,
        "pattern": pattern,
        "flock": flock,
        "mandala": mandala,
        "abstract": abstract,
    }
)

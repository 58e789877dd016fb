"""The scenes where several figures are asked for: every one in its place, the main one uppermost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from PIL import ImageChops

from engine.composing.groups import PlacedGroup, groups_of
from engine.composing.placement import Setting, arranged, guests
from engine.composing.regions import Region
from engine.composing.scenes.backdrops import planes
from engine.composing.scenes.growth import far_off, grassy, wooded
from engine.composing.scenes.scenery import Stage, clouds, front, land, shadow, sky
from engine.composing.scenes.studies import bars, disc_beside, slanted, table
from engine.composing.silhouettes import proportions

LIGHTS = frozenset(
    {"sun", "moon", "crescent", "sunrise", "sunny-cloud", "moonlit-cloud", "planet", "rainbow"}
)
"""Shapes beside which there is no other sun in the sky."""
BEHIND_A_HILL = 0.4
"""Of the way from the horizon down: just below the crest of the second band of land."""


def _landscape(stage: Stage) -> list[Region]:
    """Sky and land; what is massive at the horizon, what stands on the land, and what flies above."""
    frame = stage.frame
    horizon = frame.down * stage.pick(0.54, 0.66)
    standing = arranged(groups_of(stage), Setting(horizon, BEHIND_A_HILL))
    ground = grounded(stage, standing)
    behind, before = guests(standing)
    far = [region for region, each in zip(behind, _by_depth(standing), strict=True) if each.group.massive]
    near = behind[len(far) :]
    main = [stage.figures(standing[0].places)]
    bands = land(ground, horizon, 3 + (stage.colors > 4))
    wooded(ground, bands[0], (standing[0].box[0], standing[0].box[2]))
    massive = standing[0].group.massive
    return [
        *heavens(stage, ground, standing, horizon),
        bands[0],
        *far,
        *(main if massive else []),
        *bands[1:],
        *shadows(standing, horizon),
        *near,
        *([] if massive else main),
        *before,
        grassy(ground, front(ground)),
    ]


def _by_depth(standing: Sequence[PlacedGroup]) -> list[PlacedGroup]:
    """The others behind the main figure, in the order of `guests`."""
    others = [each for each in standing[1:] if each.group.relation != "behind"]
    return sorted(others, key=lambda each: (not each.group.massive, each.box[3]))


def grounded(stage: Stage, standing: Sequence[PlacedGroup]) -> Stage:
    """The stage as the land is to see it: water where somebody swims, no wood beside plants."""
    stages = [each.group.stage for each in standing]
    if not stage.swims and (stage.floats or standing[0].group.massive):
        stage = next((each for each in stages if each.swims), stage)
    if not stage.swims and any(each.category == "plants" for each in stages):
        return replace(stage, category="plants")
    return stage


def heavens(stage: Stage, ground: Stage, standing: Sequence[PlacedGroup], horizon: float) -> list[Region]:
    """Sky, a sun where nothing hides it and no other light is asked for, clouds, and what is far off."""
    frame = stage.frame
    y = frame.down * stage.pick(0.15, 0.24)
    middle = (standing[0].box[0] + standing[0].box[2]) / 2
    x = frame.across * (stage.pick(0.12, 0.22) if middle > frame.across / 2 else stage.pick(0.78, 0.88))
    radius = stage.room * stage.pick(0.05, 0.1)
    lit = not any(each.group.stage.shape in LIGHTS or _meets(each, x, y, radius) for each in standing)
    massive = any(each.group.massive for each in standing)
    return [
        sky(stage, horizon, (x, y) if lit else None),
        *([stage.disc(x, y, radius, "accent")] if lit else []),
        clouds(stage, horizon),
        *([] if massive else far_off(ground, horizon)),
    ]


def _meets(standing: PlacedGroup, x: float, y: float, radius: float) -> bool:
    left, upper, right, lower = standing.box
    return left - radius < x < right + radius and upper - radius < y < lower + radius


def shadows(standing: Sequence[PlacedGroup], horizon: float) -> list[Region]:
    """What those throw that stand on the ground."""
    thrown: list[Region] = []
    for each in standing:
        stage, high = each.group.stage, proportions(each.group.stage.shape)[1]
        for place in each.places if not each.group.massive else ():
            foot = place.y + place.size * high / 2
            if foot > horizon:
                thrown += shadow(stage, place, foot)
    return thrown


def _portrait(stage: Stage) -> list[Region]:
    """The main figure large before a disc, the others about it; planes of a wall behind, a ledge below."""
    frame = stage.frame
    floor = frame.down * (stage.pick(0.72, 0.8) - 0.04 * max(0, stage.colors - 2))
    standing = arranged(groups_of(stage, 0.58, 0.4), Setting(floor))
    behind, before = guests(standing)
    figure = stage.figures(standing[0].places)
    left, upper, right, lower = standing[0].box
    thrown = [round(by * frame.scale) for by in (-0.035 * stage.light[0], 0.03)]
    cast = ImageChops.offset(figure.mask, *thrown)
    return [
        sky(stage, frame.down * 1.2),
        *planes(stage, 1 + (stage.colors > 2)),
        stage.disc((left + right) / 2, (upper + lower) / 2, stage.room * stage.pick(0.3, 0.42), "wall", 0.15),
        *land(stage, floor, 1 + (stage.colors > 4), first=0.6),
        *behind,
        Region(cast.point(lambda level: level * 0.2), "shade"),
        figure,
        *before,
    ]


def _still_life(stage: Stage) -> list[Region]:
    """Everything on a table before a wall."""
    frame = stage.frame
    edge = frame.down * stage.pick(0.56, 0.62)
    standing = arranged(groups_of(stage, 0.5, 0.32), Setting(edge, air=False))
    behind, before = guests(standing)
    return [
        sky(stage, frame.down * 1.1),
        *planes(stage, 1 + (stage.colors > 2)),
        *table(stage, edge),
        *shadows(standing, edge),
        *behind,
        stage.figures(standing[0].places),
        *before,
    ]


def _abstract(stage: Stage) -> list[Region]:
    """Slanted planes, discs and bars; the figures are forms among them."""
    frame, room = stage.frame, stage.room
    standing = arranged(groups_of(stage, 0.5, 0.36), Setting(frame.down, floor=False))
    behind, before = guests(standing)
    left, upper, right, lower = standing[0].box
    x, y = (left + right) / 2, (upper + lower) / 2
    return [
        sky(stage, frame.down * 1.2),
        *slanted(stage, 2 + (stage.colors > 2)),
        *(disc_beside(stage, x, y, room * radius, 0.25 + 0.2 * radius) for radius in (0.3, 0.19)),
        disc_beside(stage, x, y, room * 0.08, 0.3, "accent"),
        bars(stage, "band", 5),
        bars(stage, "front", 2),
        *behind,
        stage.figures(standing[0].places),
        *before,
    ]


GATHERINGS: Mapping[str, Callable[[Stage], list[Region]]] = MappingProxyType(
    {"portrait": _portrait, "landscape": _landscape, "still-life": _still_life, "abstract": _abstract}
)
"""By scene; pattern, flock and mandala show many figures whatever is asked for."""

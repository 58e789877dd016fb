"""Where several groups of figures stand, none hiding the main one.

The main one is placed first, by how it stands to the others. Each other one then takes the best of some
dozens of places: free of what is there, and where the relation to the main one wants it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.composing.groups import EDGE, SMALLEST, Box, Group, PlacedGroup
from engine.composing.regions import Region

HIDDEN, LAPPED = 0.06, 0.3
"""Share of the smaller box that may lie under another one, and that lies under one that stands before it."""
NEAR = 0.06
"""Units between two figures of which nobody said how they stand."""
FEET = (0.16, 0.38, 0.6)
"""Where figures may stand, from the horizon to the lower edge."""
DIP = 0.3
"""How much further down that is which is in the water."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where figures can be. horizon: how far down things stand at the farthest

    massive: where that stands which is massive, as a share of the way from the horizon to the lower edge
    floor: whether there is one at all; air: whether what flies does so, since on a table everything stands
    """

    horizon: float
    massive: float = 0.06
    floor: bool = True
    air: bool = True


def arranged(
    groups: Sequence[Group], setting: Setting, given: Sequence[PlacedGroup] = ()
) -> list[PlacedGroup]:
    """Every group in its place, the main one first. given: what stands already, the main figures first"""
    standing = list(given)
    if not standing:
        groups, standing = _first(groups, setting)
    for group in groups[1 if given else len(standing) :]:
        standing.append(_best(group, standing, setting))
    return standing


def _first(groups: Sequence[Group], setting: Setting) -> tuple[Sequence[Group], list[PlacedGroup]]:
    """The main group by its relation to the first other one; that one too, where it stands on top of it."""
    main, frame = groups[0], groups[0].stage.frame
    relation = groups[1].relation if len(groups) > 1 else ""
    side = 1.0 if main.stage.rng.random() < 0.5 else -1.0
    if relation == "over" and _stands(main, setting) and setting.floor and _stands(groups[1], setting):
        return _stacked(groups, setting)
    # Beside one other figure aside, between two in the middle.
    x = frame.across * (0.5 + side * main.stage.pick(0.04, 0.16) * (len(groups) == 2))
    if relation in ("over", "under"):
        x = frame.across * main.stage.pick(0.44, 0.56)
    return groups, [PlacedGroup.of(main, _inside(main.box(x, _height(main, relation, setting)), main))]


def _height(main: Group, relation: str, setting: Setting) -> float:
    """The middle of the main group, down the sheet."""
    down, high = main.stage.frame.down, main.sides[1]
    if _stands(main, setting) or (setting.floor and relation == "under" and not setting.air):
        near = {"before": 0.62, "behind": 0.14, "under": 0.6}.get(relation, 0.46)
        near += DIP * (_dives(main) or main.columns < main.number)
        foot = setting.horizon + (down - setting.horizon) * (setting.massive if main.massive else near)
        return foot - high / 2
    if relation == "over":
        return 0.06 * down + high / 2
    middle = {"under": 0.62, "before": 0.5}.get(relation, 0.36 if setting.floor else 0.5)
    return down * middle


def _stacked(groups: Sequence[Group], setting: Setting) -> tuple[Sequence[Group], list[PlacedGroup]]:
    """The main group on top of the first other one."""
    main, below = groups[0], groups[1]
    frame = main.stage.frame
    foot = setting.horizon + (frame.down - setting.horizon) * (setting.massive if below.massive else FEET[1])
    fits = min(1.0, (foot - 2 * EDGE) / (main.sides[1] + below.sides[1]))
    main, below = main.scaled(fits), below.scaled(fits)
    x = frame.across * main.stage.pick(0.42, 0.58)
    under = below.box(x, foot - below.sides[1] / 2)
    over = main.box(x, under[1] - main.sides[1] * 0.42)
    return [main, below, *groups[2:]], [PlacedGroup.of(main, over), PlacedGroup.of(below, under)]


def _stands(group: Group, setting: Setting) -> bool:
    """Whether it stands on the ground."""
    return setting.floor and not (group.stage.floats and (setting.air or group.stage.category == "sky"))


def _best(group: Group, standing: Sequence[PlacedGroup], setting: Setting) -> PlacedGroup:
    """The group where it does least harm; smaller when there is no room."""
    for _ in range(6):
        costs = [(_cost(box, group, standing), box) for box in _candidates(group, setting, standing[0])]
        cost, box = min(costs)
        if cost < 1 or group.size < SMALLEST * group.stage.room * group.number**-0.4:
            break
        group = group.scaled(0.86)
    return PlacedGroup.of(group, box)


def _candidates(group: Group, setting: Setting, main: PlacedGroup) -> Iterator[Box]:
    """Boxes in which the group may be."""
    frame, wide = group.stage.frame, group.sides[0]
    downs = _downs(group, setting, main)
    for x in np.linspace(EDGE + wide / 2, max(EDGE + wide / 2, frame.across - EDGE - wide / 2), 17):
        for y in downs:
            yield _inside(group.box(float(x), y), group)


def _downs(group: Group, setting: Setting, main: PlacedGroup) -> list[float]:
    """Middles of the group, down the sheet."""
    frame, high = group.stage.frame, group.sides[1]
    if not _stands(group, setting):
        low = setting.horizon * 0.9 if setting.floor else frame.down - EDGE
        return [float(y) for y in np.linspace(EDGE + high / 2, max(EDGE + high / 2, low - high / 2), 7)]
    feet: tuple[float, ...] = (setting.massive,) if group.massive else FEET
    if _dives(group):
        feet = tuple(foot + DIP for foot in FEET)
    elif group.relation == "behind":
        feet = (0.7,)
    elif group.relation in ("under", "before") and _stands(main.group, setting):
        feet = (setting.massive,) if group.massive else (0.14,)
    downs = [setting.horizon + (frame.down - setting.horizon) * foot - high / 2 for foot in feet]
    if group.relation == "beside" and _stands(main.group, setting):
        downs.append(main.box[3] - high / 2)
    return downs


def _dives(group: Group) -> bool:
    """Whether it is in the water more than on it."""
    return group.stage.category == "sea life"


def _inside(box: Box, group: Group) -> Box:
    """The box moved onto the sheet."""
    frame = group.stage.frame
    right = max(EDGE - box[0], 0.0) or min(frame.across - EDGE - box[2], 0.0)
    down = max(EDGE - box[1], 0.0) or min(frame.down - EDGE - box[3], 0.0)
    return box[0] + right, box[1] + down, box[2] + right, box[3] + down


def _cost(box: Box, group: Group, standing: Sequence[PlacedGroup]) -> float:
    """What is wrong with a place; 1 is too much."""
    main, *others = standing
    lapped = _lapped(box, main.box)
    if group.massive and not main.group.massive and group.relation != "behind":
        cost = 0.3 * lapped if group.relation != "over" else 6 * max(0.0, lapped - 0.25)
    elif _is_behind(group, main.group):
        cost = 2 * abs(lapped - LAPPED)
    else:
        cost = 30 * max(0.0, lapped - (HIDDEN if group.relation == "behind" else 0.0))
    for other in others:
        cost += (0.5 if other.group.massive or group.massive else 15) * _lapped(box, other.box)
    if group.stage.floats and group.relation in ("", "under"):
        cost += 0.6 * box[1] / group.stage.frame.down
    return cost + _out_of_relation(box, group.relation, main.box)


def _is_behind(group: Group, main: Group) -> bool:
    """Whether the main figure stands before it, so that it is partly hidden."""
    return group.relation == "before" or (group.relation == "under" and not group.stage.floats)


def _lapped(one: Box, other: Box) -> float:
    """Share of the smaller box that lies in the other one."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return max(0.0, across) * max(0.0, down) / min(areas)


def _out_of_relation(box: Box, relation: str, main: Box) -> float:
    """How far a place is from where the relation wants it, or from keeping some way off without one."""
    aside = abs(box[0] + box[2] - main[0] - main[2]) / 2
    if relation == "over":
        return 2 * aside + max(0.0, main[3] - box[1])
    if relation == "under":
        return aside + 0.5 * max(0.0, box[3] - main[1])
    gap = max(box[0] - main[2], main[0] - box[2], 0.0)
    level = abs(box[3] - main[3])
    return gap + level if relation == "beside" else 0.5 * abs(gap - NEAR) + 0.1 * level


def guests(standing: Sequence[PlacedGroup]) -> tuple[list[Region], list[Region]]:
    """The regions of all but the main group: those behind it, far ones first, and those before it."""
    main, *others = standing
    behind = sorted((each for each in others if each.group.relation != "behind"), key=_nearness)
    before = [each for each in others if each.group.relation == "behind"]
    return [_guest(each, main) for each in behind], [_guest(each, main) for each in before]


def _nearness(standing: PlacedGroup) -> tuple[bool, float]:
    return not standing.group.massive, standing.box[3]


def _guest(standing: PlacedGroup, main: PlacedGroup) -> Region:
    """Far ones and those behind the main figure are as airy as the land, so that it stands out."""
    group = standing.group
    backdrop = group.massive or (_is_behind(group, main.group) and _lapped(standing.box, main.box) > 0.02)
    region = group.stage.figures(standing.places, "band" if backdrop else "echo")
    # Without an inset it is no land, of which paper would be left bare.
    return replace(region, guest=True, depth=0.85, inset=None) if backdrop else replace(region, guest=True)

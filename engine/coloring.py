"""Which region takes which colour, and how light.

The figure takes the first asked colour. The others are dealt out by trying every way to colour the large
regions and keeping the cheapest: each asked colour holds its share, the first the most, and the figure
stands out from what it is seen against.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.fields import Frame
from engine.palette import GRAY, HUE_REACH, SHARE, Tone, hue_distance
from engine.regions import OPEN_ROLES, Region, areas

CONTRAST = 0.25
"""Difference in OKLab lightness between figure and surroundings that is aimed at."""
LIGHTEST_ON_LIGHT = {"paper": 0.66, "print": 0.58}
"""The figure's highest lightness before light surroundings, by ground; elsewhere 0.53."""
DARKEST_ON_DARK = 0.7
"""The figure's lowest lightness before dark surroundings."""
MOST_ACCENT = 0.18
"""The largest share of a companion across the wheel from the one asked colour."""
MOST_CHOICES = 7
"""Regions beyond the largest seven follow the choice made for those."""
SEEN = GRAY + 0.03
"""Least chroma of a region that is to count as coloured, with room for light and shadow."""
WHITE, BLACK = 0.85, 0.35
"""Grays lighter and darker than these are white and black to the eye."""


@dataclass(frozen=True, slots=True)
class Key:
    """The picture's play of light: how light the figure is, and whether it is seen against the dark.

    paper: whether bare paper shows, which is white without being painted
    """

    dark: bool
    figure: float
    paper: bool

    @property
    def surroundings(self) -> tuple[float, float]:
        """Lowest and highest lightness of what the figure is seen against."""
        if self.dark:
            return max(0.24, self.figure - 0.52), self.figure - CONTRAST
        return self.figure + CONTRAST, 0.93


def key_of(asked: Sequence[Tone], ground: str) -> Key:
    """The key in which the first asked colour looks most like itself and stands out."""
    first, paper = asked[0].lightness, ground in ("paper", "print")
    grays = [tone.lightness for tone in asked[1:] if tone.is_gray]
    if paper:
        dark = first > (0.84 if ground == "paper" else 0.78)
    elif min(grays, default=1) < BLACK:
        dark = first > 0.4
    else:
        dark = first > (0.8 if max(grays, default=0) > WHITE else 0.64)
    if dark:
        return Key(True, min(max(first, DARKEST_ON_DARK), 0.96), paper)
    return Key(False, max(0.2, min(first, LIGHTEST_ON_LIGHT.get(ground, 0.53))), paper)


def tone_of(region: Region, tone: Tone, key: Key, *, free: bool) -> Tone:
    """The tone in which a region is painted.

    free: the lightness is planned from the region's depth alone, as for a companion or the figure's own hue;
        otherwise the tone's own lightness shows
    """
    if region.role == "figure":
        return tone.at(key.figure)
    lightness = _lightness(tone, region, key, free=free)
    if tone.is_gray:
        return tone.at(lightness)
    chroma = max(tone.chroma * (0.75 + 0.25 * region.depth), SEEN)
    turn = _warmed(tone, lightness)
    painted = tone.at(lightness, chroma, turn)
    # Very light and very dark colours have little chroma to show: go towards the middle until it is seen.
    while region.role != "front" and painted.chroma < SEEN and abs(lightness - 0.6) > 0.1:
        lightness += 0.02 if lightness < 0.6 else -0.02
        painted = tone.at(lightness, chroma, turn)
    return painted


def _lightness(tone: Tone, region: Region, key: Key, *, free: bool) -> float:
    low, high = key.surroundings
    planned = low + (high - low) * (0.94 - 0.89 * region.depth)
    if tone.is_gray and not free:
        return tone.lightness
    if region.role == "echo":
        return max(tone.lightness, key.figure - 0.06) if key.dark else min(tone.lightness, key.figure + 0.06)
    if region.role == "front":
        return low - 0.06 if key.dark else max(0.24, key.figure - 0.12)
    if free:
        return planned
    wished = min(max(tone.lightness, low), min(high, 0.87))
    return 0.6 * wished + 0.4 * min(planned, 0.87)


def _warmed(tone: Tone, lightness: float) -> float:
    """Degrees towards orange for a darkened yellow, which would look like mud in its own hue."""
    if not 75 < tone.hue < 125:
        return 0.0
    return -min(15.0, 45 * max(0.0, tone.lightness - lightness))


def assign(
    regions: Sequence[Region],
    frame: Frame,
    tones: Sequence[Tone],
    asked: int,
    key: Key,
    rng: np.random.Generator,
) -> list[int]:
    """The index in `tones` of each region's colour.

    tones: the asked colours, then a neighbour of the first and an accent; asked: how many are asked
    """
    shares, touch = areas(regions, frame)
    by_area = [int(i) for i in np.argsort(-shares, kind="stable") if regions[i].role in OPEN_ROLES]
    largest, rest = sorted(by_area[:MOST_CHOICES]), by_area[MOST_CHOICES:]
    usable = _usable(tones, asked, key)
    choices = _choices(len(largest), len(usable))
    figure = float(sum(shares[i] for i, region in enumerate(regions) if region.role == "figure"))
    painted = [
        [tone_of(regions[i], tones[u], key, free=is_free(tones, u, asked)) for u in usable] for i in largest
    ]
    if asked == 1:
        cost = _companion_cost(choices, shares[largest], figure)
    else:
        cost = _share_cost(choices, shares[largest], figure, [tones[u] for u in usable])
    cost += _contrast_cost(choices, [regions[i] for i in largest], touch[largest], painted, key)
    cost += 0.05 * (np.diff(choices, axis=1) == 0).sum(1) + rng.uniform(0, 0.06, len(choices))
    best = [usable[color] for color in choices[int(np.argmin(cost))]]
    result = [0] * len(regions)
    for index, color in zip(largest, best, strict=True):
        result[index] = color
    for turn, index in enumerate(rest):
        result[index] = best[turn % len(best)]
    return result


def _usable(tones: Sequence[Tone], asked: int, key: Key) -> list[int]:
    """Which colours are dealt out: the asked ones, or one and its companions; not the white of bare paper."""
    if asked == 1:
        return list(range(len(tones)))
    bare = key.paper and not key.dark
    given = [bare and tone.is_gray and tone.lightness > WHITE for tone in tones[:asked]]
    return [0, *(color for color in range(1, asked) if not given[color])]


@functools.lru_cache(maxsize=32)
def _choices(regions: int, colors: int) -> NDArray[np.int64]:
    """(colors ** regions, regions): every way to give each region a colour."""
    return np.asarray(np.indices((colors,) * regions).reshape(regions, -1).T)


def is_free(tones: Sequence[Tone], color: int, asked: int) -> bool:
    """Whether a colour may take any lightness: a companion, or the figure's own hue when it has one."""
    return color >= asked or (color == 0 and not tones[0].is_gray)


def _held(
    choices: NDArray[np.int64], shares: NDArray[np.float32], figure: float, colors: int
) -> NDArray[np.float64]:
    """(colors, choices): the share each colour holds; the figure's goes to colour 0."""
    total = float(shares.sum()) + figure
    held = np.stack([(choices == color) @ shares for color in range(colors)]) / total
    held[0] += figure / total
    return np.asarray(held, np.float64)


def _companion_cost(
    choices: NDArray[np.int64], shares: NDArray[np.float32], figure: float
) -> NDArray[np.float64]:
    """One colour is asked: colour 1 is its neighbour and counts with it, colour 2 is an accent."""
    accent = _held(choices, shares, figure, 3)[2]
    return np.asarray(20 * np.maximum(0, accent - MOST_ACCENT))


def _share_cost(
    choices: NDArray[np.int64], shares: NDArray[np.float32], figure: float, tones: Sequence[Tone]
) -> NDArray[np.float64]:
    """How far the shares are from each colour holding its part and the first one the most."""
    held = _held(choices, shares, figure, len(tones))
    claims = np.array([[_claims(one, other) for other in tones] for one in tones], np.float64) @ held
    cost = (20 * np.maximum(0, SHARE + 0.06 - claims)).sum(0)
    # Two asked colours of nearly one hue hold each other's pixels: the paint itself decides between them.
    return np.asarray(cost + (20 * np.maximum(0, held[1:] + 0.06 - claims[0])).sum(0))


def _claims(one: Tone, other: Tone) -> bool:
    """Whether pixels of the other tone count for the one."""
    if one.is_gray or other.is_gray:
        return one == other
    return float(hue_distance(other.hue, one.hue)) < HUE_REACH - 8


def _contrast_cost(
    choices: NDArray[np.int64],
    regions: Sequence[Region],
    touch: NDArray[np.float32],
    painted: Sequence[Sequence[Tone]],
    key: Key,
) -> NDArray[np.float64]:
    """How little the figure stands out. painted: the tone of each region in each colour."""
    cost = np.zeros(len(choices))
    for column, region in enumerate(regions):
        against = sum(key.surroundings) / 2 if region.role == "echo" else key.figure
        weight = 3.0 if region.role == "echo" else 12 * float(touch[column])
        gaps = np.array([abs(tone.lightness - against) for tone in painted[column]])
        cost += (weight * np.maximum(0, CONTRAST - 0.01 - gaps))[choices[:, column]]
    return cost

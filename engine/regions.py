"""The parts of a layout before they have colours, and the choice of a colour for each."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.fields import Field, Frame, blurred, shrunk
from engine.palette import GRAY, SHARE, Tone

CONTRAST = 0.24
"""Difference in OKLab lightness between figure and surroundings that is aimed at."""
FIGURE_LIGHT, FIGURE_DARK = 0.68, 0.53
"""The figure is at least this light on dark surroundings, at most this light on light ones."""
OPEN_REGIONS = 7
"""More regions than this are coloured in turn by the choice made for the largest ones."""


@dataclass(slots=True)
class Region:
    """One part of the picture in painter's order.

    mask: mode L, full size; role: "sky", "band", "front", "figure", "accent", "cloud" or "shade"
    depth: 0 far and airy to 1 near and strong
    relief: light (1) and shadow (-1) on it, on the small grid; None when it is even
    """

    mask: Image.Image
    role: str
    depth: float = 0.5
    relief: Field | None = field(default=None, repr=False)

    @property
    def is_open(self) -> bool:
        """Whether its colour is chosen among the asked ones by area."""
        return self.role in ("sky", "band", "front")


@dataclass(frozen=True, slots=True)
class Key:
    """The picture's play of light: what lightness the figure and its surroundings take.

    dark: the figure is lighter than its surroundings
    """

    dark: bool
    figure: float

    @property
    def surroundings(self) -> tuple[float, float]:
        """Lowest and highest lightness of what the figure is seen against."""
        return (0.17, self.figure - CONTRAST) if self.dark else (self.figure + CONTRAST, 0.94)


def key_of(asked: Sequence[Tone], ground: str) -> Key:
    """A key in which the first asked colour looks most like itself and stands out."""
    first = asked[0].lightness
    others = [tone.lightness for tone in asked[1:] if tone.is_gray]
    if ground in ("paper", "print"):
        dark = first > (0.82 if ground == "paper" else 0.74)
    elif any(lightness < 0.35 for lightness in others):
        dark = first > 0.35
    else:
        dark = first > (0.82 if any(lightness > 0.85 for lightness in others) else 0.64)
    if dark:
        return Key(dark, min(max(first, FIGURE_LIGHT), 0.95))
    return Key(dark, max(0.2, min(first, 0.66 if ground == "paper" else FIGURE_DARK)))


def lightness_of(tone: Tone, region: Region, key: Key, is_own: bool) -> float:
    """The lightness a region takes when it is painted with `tone`.

    is_own: the tone is the figure's, so that only lightness tells them apart
    """
    low, high = key.surroundings
    air = 1 - region.depth
    planned = high - (high - low) * (0.1 + 0.9 * region.depth) if not key.dark else low + (high - low) * air
    if region.role == "front":
        planned = 0.2 if key.dark else max(0.24, key.figure - 0.1)
        return planned if not tone.is_gray else tone.lightness
    if tone.is_gray and not is_own:
        return tone.lightness
    if is_own:
        return planned
    wished = min(max(tone.lightness, low), min(high, 0.87))
    return 0.65 * wished + 0.35 * min(planned, 0.87)


def areas(regions: Sequence[Region], frame: Frame) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Share of the frame in which each region is seen, and its share of the figure's border; both (N,)."""
    covers = [shrunk(region.mask, frame) for region in regions]
    seen = _seen(covers)
    figure = np.maximum.reduce([c for c, r in zip(seen, regions, strict=True) if r.role == "figure"])
    border = np.clip(blurred(figure, 5) * 4, 0, 1) * (1 - figure)
    weight = max(float(border.sum()), 1e-6)
    shares = np.array([cover.mean() for cover in seen], np.float32)
    return shares, np.array([(cover * border).sum() / weight for cover in seen], np.float32)


def _seen(covers: Sequence[Field]) -> list[Field]:
    left = np.ones_like(covers[0])
    seen = []
    for cover in reversed(covers):
        seen.append(cover * left)
        left = left * (1 - cover)
    return seen[::-1]


@functools.lru_cache(maxsize=32)
def _choices(regions: int, colors: int) -> NDArray[np.int64]:
    """(colors ** regions, regions): every way to give each region a colour."""
    return np.indices((colors,) * regions).reshape(regions, -1).T


def assign(
    regions: Sequence[Region],
    frame: Frame,
    tones: Sequence[Tone],
    asked: int,
    key: Key,
    rng: np.random.Generator,
) -> list[int]:
    """The index of each region's colour in `tones`.

    tones: the asked colours, then companions; asked: how many are asked
    Of all ways to colour the largest regions, the cheapest: every asked colour holds its share, the first the
    most, companions little, and the figure stands out.
    """
    shares, touch = areas(regions, frame)
    order = [i for i in np.argsort(-shares) if regions[i].is_open]
    largest, rest = order[:OPEN_REGIONS], order[OPEN_REGIONS:]
    usable = len(tones) if asked == 1 else asked
    choices = _choices(len(largest), usable)
    cost = _share_cost(choices, shares[largest], _figure_area(regions, shares), asked)
    cost += _contrast_cost(choices, largest, regions, touch, tones[:usable], key)
    cost += _sameness_cost(choices, largest)
    cost += rng.uniform(0, 0.06, len(choices))
    best = choices[int(np.argmin(cost))]
    result = [0] * len(regions)
    for index, color in zip(largest, best, strict=True):
        result[index] = int(color)
    for turn, index in enumerate(rest):
        result[index] = int(best[turn % len(best)])
    return result


def _figure_area(regions: Sequence[Region], shares: NDArray[np.float32]) -> float:
    return float(sum(shares[i] for i, region in enumerate(regions) if region.role == "figure"))


def _share_cost(
    choices: NDArray[np.int64], shares: NDArray[np.float32], figure: float, asked: int
) -> NDArray[np.float64]:
    total = float(shares.sum()) + figure
    held = [((choices == color) @ shares) / total for color in range(int(choices.max()) + 1)]
    held[0] = held[0] + figure / total
    cost = np.zeros(len(choices))
    for color in range(asked):
        cost += 20 * np.maximum(0, SHARE + 0.06 - held[color])
    for color in range(1, asked):
        cost += 20 * np.maximum(0, held[color] + 0.06 - held[0])
    if asked == 1:
        cost += 20 * np.maximum(0, held[2] - 0.16)
    return cost


def _contrast_cost(
    choices: NDArray[np.int64],
    indices: Sequence[int],
    regions: Sequence[Region],
    touch: NDArray[np.float32],
    tones: Sequence[Tone],
    key: Key,
) -> NDArray[np.float64]:
    cost = np.zeros(len(choices))
    for column, index in enumerate(indices):
        per_color = []
        for color, tone in enumerate(tones):
            gap = abs(lightness_of(tone, regions[index], key, color == 0) - key.figure)
            per_color.append(12 * float(touch[index]) * max(0.0, CONTRAST - gap))
        cost += np.array(per_color)[choices[:, column]]
    return cost


def _sameness_cost(choices: NDArray[np.int64], indices: Sequence[int]) -> NDArray[np.float64]:
    """Regions that follow each other in depth should not all have one colour."""
    order = np.argsort(indices)
    return 0.04 * (np.diff(choices[:, order], axis=1) == 0).sum(1)


def tone_of(region: Region, color: int, tones: Sequence[Tone], key: Key) -> Tone:
    """The tone in which a region is painted."""
    tone = tones[color]
    if region.role == "figure":
        return tone.at(key.figure)
    lightness = lightness_of(tone, region, key, color == 0)
    chroma = tone.chroma if tone.is_gray else max(tone.chroma * (0.75 + 0.25 * region.depth), GRAY + 0.03)
    return tone.at(lightness, chroma)

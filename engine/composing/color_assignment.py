"""Dealing the asked colours out to the regions by area.

The figure takes the first asked colour. For the others every way to colour the large regions is reckoned
and the cheapest kept: each asked colour holds its share, the first the most, and the figure stands out.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.color.oklab import Lab
from engine.color.palette import HUE_REACH, SHARE, WHITE, Tone, hue_distance, shares_of
from engine.composing.fields import Field
from engine.composing.regions import OPEN_ROLES, Region, areas
from engine.composing.shading import CONTRAST, Key, is_free, tone_of, tones_for

MOST_ACCENT = 0.18
"""The largest share of a companion across the wheel from the one asked colour."""
MOST_CHOICES = 16384
"""Ways to colour that are tried; regions too small to be among them follow the choice for the large ones."""
HELD, RULES = 20.0, 8.0
"""Cost of a colour's missing share, and of another colour holding more than the first."""
SPARE = 0.12
"""Share that an asked colour holds beyond the least: painting takes of what is small."""
OTHER = 0.4
"""Cost of another shape in the main one's colour."""
PROOFS = 12
"""Ways to colour that are proofed at most."""


def colored(
    regions: Sequence[Region],
    parts: Sequence[Field],
    tones: Sequence[Tone],
    asked: int,
    key: Key,
    rng: np.random.Generator,
) -> list[Tone]:
    """The tone of each region.

    parts: how much of each shows in each cell of the small grid
    tones: the asked colours, then a neighbour of the first and an accent; asked: how many are asked
    The cheapest way to deal the colours out is proofed on the small grid; what the reckoning got wrong
    corrects it for the next try, until the proof holds what was asked.
    """
    usable = _usable(tones, asked, key)
    deals = _Deals.of(regions, parts, [tones[color] for color in usable], asked, key, rng)
    error = np.zeros(len(usable))
    proofs: list[tuple[float, list[Tone]]] = []
    for _ in range(PROOFS):
        index, against = deals.cheapest(error)
        dealt = [usable[color] for color in deals.by_region(index, len(regions))]
        painted = tones_for(regions, dealt, tones, asked, key)
        shares, stranger = shares_of(_proof(regions, parts, painted, key), tones[:asked])
        lack = _lack(shares, stranger, usable)
        proofs.append((lack + against, painted))
        if lack <= 0:
            break
        if asked > 1:
            error = np.array([shares[color] for color in usable]) - deals.claims[:, index]
    return min(proofs, key=lambda proof: proof[0])[1]


def _proof(regions: Sequence[Region], parts: Sequence[Field], painted: Sequence[Tone], key: Key) -> Lab:
    """(cells, 3) OKLab: the picture on the small grid as it will about look."""
    bare = 1 - sum(parts, np.zeros_like(parts[0]))
    lab = bare[..., None] * key.mood.paper.lab
    for region, part, tone in zip(regions, parts, painted, strict=True):
        color = np.broadcast_to(tone.lab, (*part.shape, 3)).copy()
        if region.relief is not None:
            color[..., 0] += 0.07 * np.clip(region.relief, -1.5, 1.5)
        lab = lab + part[..., None] * color
    return np.asarray(lab.reshape(-1, 3), np.float32)


def _lack(shares: Sequence[float], stranger: float, usable: Sequence[int]) -> float:
    """How much is missing of what was asked; 0 when every colour holds its share and the first the most."""
    missing = sum(max(0.0, SHARE + SPARE - share) for share in shares)
    rivals = [stranger, *(shares[color] for color in usable[1:] if color < len(shares))]
    return HELD * missing + RULES * max(0.0, max(rivals) + 0.01 - shares[0])


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


@functools.lru_cache(maxsize=32)
def _repeats(regions: int, colors: int) -> NDArray[np.int64]:
    """(colors ** regions,): in how many places a region repeats the colour of the one before it."""
    return np.asarray((np.diff(_choices(regions, colors), axis=1) == 0).sum(1))


@dataclass(slots=True)
class _Deals:
    """Every way to deal colours to the largest regions.

    order: the regions by area; choices: (ways, regions) colours of the first of them
    claims: (colors, ways) share of the picture each colour would hold
    cost: (ways,) everything else that speaks against a way; infinite once it was tried
    companions: whether but one colour was asked for and the others only go with it
    """

    order: list[int]
    choices: NDArray[np.int64]
    claims: NDArray[np.float64]
    cost: NDArray[np.float64]
    companions: bool

    @classmethod
    def of(
        cls,
        regions: Sequence[Region],
        parts: Sequence[Field],
        tones: Sequence[Tone],
        asked: int,
        key: Key,
        rng: np.random.Generator,
    ) -> _Deals:
        shares, touch = areas(regions, parts)
        order = [int(i) for i in np.argsort(-shares, kind="stable") if regions[i].role in OPEN_ROLES]
        count = len(order) if len(tones) == 1 else int(math.log(MOST_CHOICES) / math.log(len(tones)) + 1e-9)
        largest = sorted(order[:count])
        choices = _choices(len(largest), len(tones))
        figure = float(sum(shares[i] for i, region in enumerate(regions) if region.role == "figure"))
        cost = _contrast_cost(choices, [regions[i] for i in largest], touch[largest], tones, asked, key)
        cost += 0.05 * _repeats(len(largest), len(tones)) + rng.uniform(0, 0.06, len(choices))
        claims = _claims(choices, shares[largest], figure, tones)
        return cls([*largest, *order[count:]], choices, claims, cost, asked == 1)

    def cheapest(self, error: NDArray[np.float64]) -> tuple[int, float]:
        """The best way not yet tried and its own cost, when claims are off by `error` (colors,)."""
        claims = self.claims + error[:, None]
        if self.companions:
            lack = HELD * np.maximum(0, claims[-1] - MOST_ACCENT)
        else:
            lack = HELD * np.maximum(0, SHARE + SPARE - claims).sum(0)
            lack += RULES * np.maximum(0, claims[1:] + 0.05 - claims[0]).sum(0)
        index = int(np.argmin(self.cost + lack))
        cost = float(self.cost[index])
        self.cost[index] = np.inf
        return index, cost

    def by_region(self, index: int, count: int) -> list[int]:
        """The colour of each of `count` regions; small ones repeat those of the large ones."""
        choice = self.choices[index]
        dealt = [0] * count
        for turn, region in enumerate(self.order):
            dealt[region] = int(choice[turn % len(choice)])
        return dealt


def _claims(
    choices: NDArray[np.int64], shares: NDArray[np.float32], figure: float, tones: Sequence[Tone]
) -> NDArray[np.float64]:
    """(colors, ways): the share of pixels that would count for each colour, the figure's among them."""
    held = np.stack([(choices == color) @ shares for color in range(len(tones))])
    held[0] += figure
    counts = np.array([[_counts_for(one, other) for other in tones] for one in tones], np.float64)
    return np.asarray(counts @ held / (float(shares.sum()) + figure))


def _counts_for(one: Tone, other: Tone) -> bool:
    """Whether pixels of the other tone count for the one."""
    if one.is_gray or other.is_gray:
        return one == other
    return float(hue_distance(other.hue, one.hue)) < HUE_REACH - 8


def _contrast_cost(
    choices: NDArray[np.int64],
    regions: Sequence[Region],
    touch: NDArray[np.float32],
    tones: Sequence[Tone],
    asked: int,
    key: Key,
) -> NDArray[np.float64]:
    """(ways,): how little the figures stand out."""
    cost = np.zeros(len(choices))
    for column, region in enumerate(regions):
        if region.role == "echo":
            cost += _echo_cost(tones, key)[choices[:, column]]
            cost += OTHER * (region.guest & (choices[:, column] == 0))
            continue
        weight = 40.0 * float(touch[column])
        painted = [
            tone_of(region, tone, key, free=is_free(tones, color, asked)) for color, tone in enumerate(tones)
        ]
        # Surroundings on both sides of the figure's lightness would break its outline.
        gaps = np.array([(key.figure - tone.lightness) * (1 if key.dark else -1) for tone in painted])
        lack = np.clip(CONTRAST - 0.01 - gaps, 0, CONTRAST)
        cost += (weight * lack)[choices[:, column]]
    return cost


def _echo_cost(tones: Sequence[Tone], key: Key) -> NDArray[np.float64]:
    """(colors,): a gray that is as light as the surroundings makes a poor figure; hues are fitted in."""
    middle = sum(key.surroundings) / 2
    gaps = np.array([abs(tone.lightness - middle) if tone.is_gray else 1.0 for tone in tones])
    return np.asarray(6.0 * np.maximum(0, CONTRAST - gaps))

"""Describe a picture by features that people may like. Pure.

Every feature is 0..1. Hue, lightness and chroma are coded by overlapping triangles, so what is learned of a
color also holds for its neighbors.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.color.palette import hue_distance, tone
from engine.conditions import MAX_CHAOS, SCENES, Conditions, StyleMix
from engine.vocabulary import Vocabulary

Array = NDArray[np.float64]

HUES = tuple(22.0 + 45.0 * step for step in range(8))
"""Centers of the triangles, in degrees of OKLCH hue."""
LIGHTNESSES, CHROMAS = (0.3, 0.58, 0.86), (0.02, 0.11, 0.2)
FAMILIES = len(HUES) + 1
"""Color families: the hues, and gray."""
NUMBERS = 4
"""Number of colors: natural, one, two, and three or more."""
POSITIONS = (0.6, 0.25, 0.15)
"""Weights of the first, second and later colors of a palette."""
CONTRASTS = 2
PALETTE = FAMILIES + len(LIGHTNESSES) + len(CHROMAS) + NUMBERS + CONTRASTS

WHOLES = ("style", "hue", "lightness", "chroma", "number", "category", "shape", "scene")
"""Groups whose features add up to 1 in every picture."""

DEVIATIONS = {
    "bias": 0.7,
    "style": 0.8,
    "hue": 0.9,
    "lightness": 0.4,
    "chroma": 0.4,
    "number": 0.2,
    "contrast": 0.1,
    "category": 0.7,
    "shape": 0.3,
    "scene": 0.45,
    "chaos": 0.3,
    "style x hue": 0.5,
    "style x category": 0.5,
}
"""How much people are expected to differ in each group of features: standard deviations in logits."""

KINDS = ("style", "color", "shape", "scene")
"""The kinds that a request can leave open, and that it can ask for in words."""
PALETTE_GROUPS = ("hue", "lightness", "chroma", "number", "contrast")
_GROUPS: Mapping[tuple[str, ...], tuple[str, ...]] = MappingProxyType(
    {
        ("style",): ("style",),
        ("color",): PALETTE_GROUPS,
        ("shape",): ("category", "shape"),
        ("scene",): ("scene",),
        ("style", "color"): ("style x hue",),
        ("style", "shape"): ("style x category",),
    }
)
"""Groups of features that a wish has when it names these kinds."""


@dataclass(frozen=True, slots=True)
class Wish(Conditions):
    """Conditions of which a person named only some. said: of `KINDS`"""

    said: tuple[str, ...] = ()


def wish_naming(conditions: Conditions, said: tuple[str, ...]) -> Wish:
    """Return the conditions as a wish that named only these kinds."""
    return Wish(**{each.name: getattr(conditions, each.name) for each in fields(Conditions)}, said=said)


@dataclass(frozen=True, slots=True)
class Row:
    """The features of a picture that are not zero. at: their numbers; amount: 0..1"""

    at: NDArray[np.intp]
    amount: Array


class TasteFeatures:
    """Number the features of a vocabulary, group after group."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.styles = tuple(word.name for word in vocabulary.words("style"))
        shapes = vocabulary.words("shape")
        self.shapes = tuple(word.name for word in shapes)
        self.categories = tuple(sorted({word.category for word in shapes}))
        self.category_of = np.array([self.categories.index(word.category) for word in shapes])
        self._style_at = {name: place for place, name in enumerate(self.styles)}
        self._shape_at = {name: place for place, name in enumerate(self.shapes)}
        self.groups = dict(self._laid_out())
        self.size = self.groups["style x category"].stop
        self.variance = np.zeros(self.size)
        for group, where in self.groups.items():
            self.variance[where] = DEVIATIONS[group] ** 2

    def _laid_out(self) -> Iterator[tuple[str, slice]]:
        styles, categories = len(self.styles), len(self.categories)
        colors = (FAMILIES, len(LIGHTNESSES), len(CHROMAS), NUMBERS, CONTRASTS)
        motifs = (categories, len(self.shapes), len(SCENES))
        counts = (1, styles, *colors, *motifs, 1, styles * FAMILIES, styles * categories)
        start = 0
        for group, count in zip(DEVIATIONS, counts, strict=True):
            yield group, slice(start, start + count)
            start += count

    def of(self, picture: Conditions) -> Row:
        """Return the features of a picture; words that the vocabulary does not know have none.

        A wish has only the features of what was said, and no bias, as nothing was shown.
        """
        dense = np.zeros(self.size)
        palette = palette_row(picture.colors)
        first = self.groups["hue"].start
        dense[first : first + PALETTE] = palette
        dense[self.groups["bias"]] = 1
        dense[self.groups["scene"].start + SCENES.index(picture.scene)] = 1
        dense[self.groups["chaos"]] = picture.chaos / MAX_CHAOS
        shares = self.shares(picture.style)
        dense[self.groups["style"]] = shares
        dense[self.groups["style x hue"]] = np.outer(shares, family_row(picture.colors)).ravel()
        if picture.shape in self._shape_at:
            self._put_shape(dense, shares, self._shape_at[picture.shape])
        if isinstance(picture, Wish):
            named = [groups for kinds, groups in _GROUPS.items() if set(kinds) <= set(picture.said)]
            for group in self.groups.keys() - set(itertools.chain(*named)):
                dense[self.groups[group]] = 0
        at = np.flatnonzero(dense)
        return Row(at, dense[at])

    def _put_shape(self, dense: Array, shares: Array, shape: int) -> None:
        category = self.category_of[shape]
        dense[self.groups["shape"].start + shape] = 1
        dense[self.groups["category"].start + category] = 1
        dense[self.groups["style x category"]].reshape(len(self.styles), -1)[:, category] = shares

    def shares(self, style: StyleMix) -> Array:
        """Return the share of each style in a mix, (S,)."""
        shares = np.zeros(len(self.styles))
        for name, share in style:
            if name in self._style_at:
                shares[self._style_at[name]] = share
        return shares

    def pairs(self, weights: Array, other: str) -> Array:
        """Return the weights of each style with each `other`, "hue" or "category": (S, F) or (S, K)."""
        return weights[self.groups[f"style x {other}"]].reshape(len(self.styles), -1)


def family_row(colors: Sequence[str]) -> Array:
    """Return how near the main color is to each family, (FAMILIES,); zeros for natural colors."""
    return color_row(colors[0])[:FAMILIES] if colors else np.zeros(FAMILIES)


@functools.lru_cache(maxsize=4096)
def color_row(name: str) -> Array:
    """Return hue, gray, lightness and chroma of one color; read-only."""
    seen = tone(name)
    row = np.zeros(FAMILIES)
    if seen.is_gray:
        row[-1] = 1
    else:
        row[:-1] = np.clip(1 - hue_distance(np.array(HUES), seen.hue) / 45, 0, None)
    whole = np.concatenate([row, _triangles(seen.lightness, LIGHTNESSES), _triangles(seen.chroma, CHROMAS)])
    whole.flags.writeable = False
    return whole


def _triangles(value: float, centers: Sequence[float]) -> Array:
    inside = min(max(value, centers[0]), centers[-1])
    return np.clip(1 - np.abs(np.array(centers) - inside) / (centers[1] - centers[0]), 0, None)


def _natural() -> Array:
    row = np.zeros(PALETTE)
    row[FAMILIES + len(LIGHTNESSES) + len(CHROMAS)] = 1
    row.flags.writeable = False
    return row


_NATURAL = _natural()


@functools.lru_cache(maxsize=4096)
def palette_row(colors: tuple[str, ...]) -> Array:
    """Return the features of a palette, (PALETTE,); read-only."""
    if not colors:
        return _NATURAL
    weights = np.array([POSITIONS[min(place, len(POSITIONS) - 1)] for place in range(len(colors))])
    mixed: Any = sum(
        weight * color_row(name) for weight, name in zip(weights / weights.sum(), colors, strict=True)
    )
    number = np.zeros(NUMBERS)
    number[min(len(colors), NUMBERS - 1)] = 1
    tones = [tone(name) for name in colors]
    lightness = [each.lightness for each in tones]
    hues = [each.hue for each in tones if not each.is_gray]
    turned = max(
        (float(hue_distance(one, other)) for one, other in itertools.combinations(hues, 2)), default=0
    )
    whole = np.concatenate([mixed, number, [max(lightness) - min(lightness), turned / 180]])
    whole.flags.writeable = False
    return whole

"""What about a picture a person may like, as numbers. Pure.

Every feature is 0..1, so that more of it is never less. Hue, lightness and chroma are coded by overlapping
triangles, so that what is learnt of a colour holds for its neighbours on the circle too.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.color.palette import hue_distance, tone
from engine.conditions import MAX_CHAOS, SCENES, Conditions, StyleMix
from engine.vocabulary import Vocabulary

Array = NDArray[np.float64]

HUES = tuple(22.0 + 45.0 * step for step in range(8))
"""Degrees of OKLCH hue at which the triangles stand."""
LIGHTNESSES, CHROMAS = (0.3, 0.58, 0.86), (0.02, 0.11, 0.2)
FAMILIES = len(HUES) + 1
"""Of colours, in pairs: the hues, and gray."""
NUMBERS = 4
"""Natural colours, one, two, and three or more are told apart."""
POSITIONS = (0.6, 0.25, 0.15)
"""How much the first, second and later colours of a palette weigh."""
CONTRASTS = 2
PALETTE = FAMILIES + len(LIGHTNESSES) + len(CHROMAS) + NUMBERS + CONTRASTS

WHOLES = ("style", "hue", "lightness", "chroma", "number", "category", "shape", "scene")
"""Groups of which every picture has one in all, shared among their features."""

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


@dataclass(frozen=True, slots=True)
class Row:
    """The features of a picture that are not zero: where they stand, and how much there is of each, 0..1."""

    at: NDArray[np.intp]
    amount: Array


class TasteFeatures:
    """Numbers the features of a vocabulary, group after group."""

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
        """The features of a picture. Words that the vocabulary does not know (any more) have none."""
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
        at = np.flatnonzero(dense)
        return Row(at, dense[at])

    def _put_shape(self, dense: Array, shares: Array, shape: int) -> None:
        category = self.category_of[shape]
        dense[self.groups["shape"].start + shape] = 1
        dense[self.groups["category"].start + category] = 1
        dense[self.groups["style x category"]].reshape(len(self.styles), -1)[:, category] = shares

    def shares(self, style: StyleMix) -> Array:
        """(S,) how much of each style a mix holds."""
        shares = np.zeros(len(self.styles))
        for name, share in style:
            if name in self._style_at:
                shares[self._style_at[name]] = share
        return shares

    def pairs(self, weights: Array, other: str) -> Array:
        """(S, F) or (S, K): the weights of each style with each `other`, "hue" or "category"."""
        return weights[self.groups[f"style x {other}"]].reshape(len(self.styles), -1)


def family_row(colors: Sequence[str]) -> Array:
    """(FAMILIES,) which hues the ruling colour is near to, or that it is gray; none for natural colours."""
    return color_row(colors[0])[:FAMILIES] if colors else np.zeros(FAMILIES)


@functools.lru_cache(maxsize=4096)
def color_row(name: str) -> Array:
    """Hue, gray, lightness and chroma of one colour; not to be written to."""
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
    """(PALETTE,) the colours by their weight, how many they are, and how far apart; not to be written to."""
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

"""Simulate people with hidden tastes, for whom `bot/bench/tastes.py` compares policies.

A taste has parts that everybody shares, parts of the server, and parts of the person alone. The figures below
were set before the model that learns tastes was written, and are not tuned to it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from engine.color.palette import hue_distance, tone
from engine.conditions import SCENES, Conditions
from engine.vocabulary import Vocabulary

Array = NDArray[np.float64]

SHARES = (0.60, 0.25, 0.15)
"""Shares of a taste's variance: the person's own, the server's, everybody's."""
STYLE, FAMILY, CATEGORY, SHAPE, SCENE = 0.8, 0.5, 0.7, 0.4, 0.5
"""Standard deviations in logits; styles of one kind share FAMILY."""
HUE, LIGHTNESS, CHROMA, NUMBER, CHAOS = 0.8, 0.4, 0.4, 0.2, 0.4
PAIR = 0.6
"""The same for pairs of style and color, and of style and category; drawn with heavy tails."""
GENEROSITY = (-2.6, 0.7)
"""Mean and deviation of how readily a person favourites anything, in logits."""
DRIFTED = 0.5
"""Share of the own variance that is drawn anew when a taste drifts."""
NOISE = 0.1
"""Share of reactions that are random."""
RARELY, ATTENTION, RARE_ATTENTION = 0.2, 0.95, 0.3
"""Share of people who rarely react; share of liked pictures that the others, and they, react to."""
HOURS_BETWEEN = 8.0
"""Mean time between two pictures of a person."""
POSITIONS = (0.6, 0.25, 0.15)
"""Weights of the first, second and third color."""


@dataclass(frozen=True, slots=True)
class Level:
    """What one level (everybody, a server, a person) adds to a taste, in logits.

    color: appeal of each color; pairs: style x color family, style x shape category
    """

    style: Array  # (S,)
    color: Array  # (C,)
    category: Array  # (K,)
    shape: Array  # (N,)
    scene: Array  # (5,)
    color_pair: Array  # (S, F)
    category_pair: Array  # (S, K)
    number: float
    chaos: float

    def plus(self, other: Level, mine: float, theirs: float) -> Level:
        """Return mine x this + theirs x other, part by part."""
        parts = {
            each.name: mine * getattr(self, each.name) + theirs * getattr(other, each.name)
            for each in fields(Level)
        }
        return Level(**parts)


@dataclass(frozen=True, slots=True)
class SimulatedPerson:
    """A hidden taste. `own` and `around` make `taste`; attention: share of liked pictures reacted to."""

    own: Level
    around: Level
    taste: Level
    generosity: float
    attention: float


class Society:
    """Draw people, and compute how much each likes a picture."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.styles = tuple(word.name for word in vocabulary.words("style"))
        self.colors = tuple(word.name for word in vocabulary.words("color"))
        self.shapes = tuple(word.name for word in vocabulary.words("shape"))
        self._style_kind = _codes([word.category for word in vocabulary.words("style")])
        self.color_family = _codes([word.category for word in vocabulary.words("color")])
        self.shape_category = _codes([word.category for word in vocabulary.words("shape")])
        tones = [tone(name) for name in self.colors]
        self._hue = np.array([each.hue for each in tones])
        self._vivid = np.array([0.0 if each.is_gray else min(each.chroma / 0.12, 1.0) for each in tones])
        self._lightness = _standard(np.array([each.lightness for each in tones]))
        self._chroma = _standard(np.array([each.chroma for each in tones]))
        self._style_at = {name: place for place, name in enumerate(self.styles)}
        self._color_at = {name: place for place, name in enumerate(self.colors)}
        self._shape_at = {name: place for place, name in enumerate(self.shapes)}

    def level(self, random: np.random.Generator) -> Level:
        """Draw one level of a taste, with the variance of a whole taste."""
        styles, categories = len(self.styles), self.shape_category.max() + 1
        kinds = random.normal(0, FAMILY, self._style_kind.max() + 1)
        pair = PAIR / math.sqrt(2)
        return Level(
            style=kinds[self._style_kind] + random.normal(0, STYLE, styles),
            color=self._color_appeal(random),
            category=random.normal(0, CATEGORY, categories),
            shape=random.normal(0, SHAPE, len(self.shapes)),
            scene=random.normal(0, SCENE, len(SCENES)),
            color_pair=random.laplace(0, pair, (styles, self.color_family.max() + 1)),
            category_pair=random.laplace(0, pair, (styles, categories)),
            number=random.normal(0, NUMBER),
            chaos=random.normal(0, CHAOS),
        )

    def _color_appeal(self, random: np.random.Generator) -> Array:
        """Draw a loved and a disliked hue with their neighbors, and a liking for light and for vivid."""
        appeal = random.normal(0, LIGHTNESS) * self._lightness + random.normal(0, CHROMA) * self._chroma
        for sign in (1, -1):
            hue, width = random.uniform(0, 360), random.uniform(20, 60)
            near = np.exp(-0.5 * (hue_distance(self._hue, hue) / width) ** 2) * self._vivid
            appeal = appeal + sign * abs(random.normal(0, 2 * HUE)) * near
        return np.asarray(appeal)

    def person(self, everybody: Level, server: Level, random: np.random.Generator) -> SimulatedPerson:
        """Draw a member of a server."""
        own_share, server_share, shared = (math.sqrt(share) for share in SHARES)
        around = server.plus(everybody, server_share, shared)
        own = self.level(random)
        attention = RARE_ATTENTION if random.random() < RARELY else ATTENTION
        taste = around.plus(own, 1, own_share)
        return SimulatedPerson(own, around, taste, random.normal(*GENEROSITY), attention)

    def drifted(self, person: SimulatedPerson, random: np.random.Generator) -> SimulatedPerson:
        """Return the person with part of their own taste drawn anew."""
        own = person.own.plus(self.level(random), math.sqrt(1 - DRIFTED), math.sqrt(DRIFTED))
        return replace(person, own=own, taste=person.around.plus(own, 1, math.sqrt(SHARES[0])))

    def appeal(self, person: SimulatedPerson, picture: Conditions) -> float:
        """Return how much the person likes a picture, in logits."""
        taste, shape = person.taste, self._shape_at[picture.shape]
        category = self.shape_category[shape]
        colors = [self._color_at[name] for name in picture.colors]
        weights = np.array(POSITIONS[: len(colors)])
        palette = (
            taste.color[colors] @ weights / weights.sum() + taste.number * (len(colors) - 1)
            if colors
            else 0.0
        )
        total = person.generosity + palette + taste.category[category] + taste.shape[shape]
        total += taste.scene[SCENES.index(picture.scene)] + taste.chaos * picture.chaos / 20
        for name, share in picture.style:
            style = self._style_at[name]
            pairs = taste.category_pair[style, category]
            if colors:
                pairs += taste.color_pair[style, self.color_family[colors[0]]]
            total += share * (taste.style[style] + pairs)
        return float(total)

    def best(self, person: SimulatedPerson, palettes: Sequence[tuple[str, ...]]) -> Conditions:
        """Return the picture that the person likes best, of one style and these palettes, without chaos."""
        taste = person.taste
        mixed, ruling = np.zeros((len(palettes), len(self.colors))), np.zeros(len(palettes), np.intp)
        for place, names in enumerate(palettes):
            colors = [self._color_at[name] for name in names]
            weights = np.array(POSITIONS[: len(colors)])
            if colors:
                mixed[place, colors], ruling[place] = weights / weights.sum(), self.color_family[colors[0]]
        numbers = np.array([max(0, len(names) - 1) for names in palettes])
        palette = mixed @ taste.color + taste.number * numbers + taste.color_pair[:, ruling]  # (S, P)
        shape = (taste.category + taste.category_pair)[:, self.shape_category] + taste.shape  # (S, N)
        style = int(np.argmax(taste.style + palette.max(1) + shape.max(1)))
        return Conditions(
            style=((self.styles[style], 1.0),),
            colors=palettes[int(palette[style].argmax())],
            shape=self.shapes[int(shape[style].argmax())],
            scene=SCENES[int(taste.scene.argmax())],
            seed=0,
        )

    def chance(self, person: SimulatedPerson, picture: Conditions) -> float:
        """Return the probability that the person favourites the picture."""
        liked = 1 / (1 + math.exp(-self.appeal(person, picture)))
        return person.attention * ((1 - NOISE) * liked + NOISE / 2)


def _codes(names: list[str]) -> NDArray[np.intp]:
    return np.asarray(np.unique(names, return_inverse=True)[1], np.intp)


def _standard(values: Array) -> Array:
    return np.asarray((values - values.mean()) / values.std())

"""What is believed of a taste, as people can read it. Pure.

A weight of the belief is a logit: its exponential is how many times the odds of a favourite are those of an
average one of its kind. Every picture has one style, one hue and so on in all, so that of somebody who
favourites little all of them may look disliked: only the differences tell. Of a color it is the hue that is
told, of a shape its category: single ones move too little.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

import numpy as np

from bot.taste_features import HUES, Features, family_row
from bot.taste_model import Belief
from commands.tastes import Liking
from engine.conditions import SCENES, Conditions

HUE_NAMES = ("red", "orange", "lime", "emerald", "cyan", "blue", "violet", "plum")
"""The vocabulary's colours nearest to `HUES`."""
GRAY_NAME = "gray"
INTERVAL = 1.96
"""Standard deviations around the middle that hold 95 %."""
NEAREST = 3
"""Pictures that stand for a taste."""
SURER = 0.97
"""Of the variance before: more is no knowledge yet."""
_GROUPS = MappingProxyType({"style": "style", "color": "hue", "category": "category", "scene": "scene"})


def likings(features: Features, belief: Belief, known: Collection[int]) -> tuple[Liking, ...]:
    """The most liked first. known: numbers of the features of which to tell"""
    belief = centred(features, belief)
    found = [
        liking(belief, at, kind, name)
        for kind in _GROUPS
        for at, name in _numbered(features, kind)
        if at in known
    ]
    return tuple(sorted(found, key=lambda each: -each.times))


def wheel(features: Features, belief: Belief) -> tuple[tuple[float, Liking], ...]:
    """Every hue with its angle in degrees."""
    belief = centred(features, belief)
    hues = list(_numbered(features, "color"))[: len(HUES)]
    return tuple((hue, liking(belief, at, "color", name)) for hue, (at, name) in zip(HUES, hues, strict=True))


def parts(features: Features, belief: Belief, picture: Conditions) -> tuple[Liking, ...]:
    """What is believed of each thing in a picture."""
    present = set(features.of(picture).at.tolist())
    ruling = features.groups["hue"].start + int(np.argmax(family_row(picture.colors)))
    hues = range(features.groups["hue"].start, features.groups["hue"].stop)
    return likings(features, belief, present - set(hues) | {ruling})


def centred(features: Features, belief: Belief) -> Belief:
    """The belief with each kind's mean taken to be neither liked nor not."""
    mean = belief.mean.copy()
    for group in _GROUPS.values():
        where = features.groups[group]
        mean[where] -= mean[where].mean()
    return Belief(mean, belief.variance)


def nearest(features: Features, belief: Belief, pictures: Mapping[str, Conditions]) -> tuple[str, ...]:
    """The pictures most to a taste, the best first."""

    def worth(name: str) -> float:
        row = features.of(pictures[name])
        return float(belief.mean[row.at] @ row.amount)

    return tuple(sorted(pictures, key=worth, reverse=True)[:NEAREST])


def learnt(before: Belief, belief: Belief) -> set[int]:
    """Numbers of the features of which a belief is surer than one was before."""
    return set(np.flatnonzero(belief.variance < SURER * before.variance).tolist())


def liking(belief: Belief, at: int, kind: str, name: str) -> Liking:
    """Of feature number `at`."""
    mean, reach = float(belief.mean[at]), INTERVAL * math.sqrt(float(belief.variance[at]))
    return Liking(kind, name, math.exp(mean), math.exp(mean - reach), math.exp(mean + reach))


def _numbered(features: Features, kind: str) -> Iterator[tuple[int, str]]:
    names = {
        "style": features.styles,
        "color": (*HUE_NAMES, GRAY_NAME),
        "category": features.categories,
        "scene": SCENES,
    }
    return enumerate(names[kind], features.groups[_GROUPS[kind]].start)

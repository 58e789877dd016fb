"""Policies that choose pictures for people; `bot/bench/tastes.py` compares them."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from bot.bench.simulated_people import SimulatedPerson, Society
from bot.tastes.events import SHOWN, Event
from bot.tastes.features import Array, TasteFeatures
from bot.tastes.learner import TasteLearner
from bot.tastes.recommender import TastePicker
from bot.tastes.sampling import Candidates
from engine.conditions import MAX_SEED, Asked, Conditions
from engine.defaults import SeededDefaults
from engine.vocabulary import Vocabulary

POOL, CANDIDATES = 4000, 400
"""Random pictures; how many of them a policy that scores each one chooses among at a time."""
FOLDED = {"shape": 24, "style x hue": 32, "style x category": 32}
"""Groups that are hashed into fewer features, because some policies invert a matrix for each event."""


class Policy(Protocol):
    """Choose for person `who`, and observe what they did. at: seconds"""

    def choose(self, who: int, at: float) -> Conditions: ...
    def observe(self, who: int, picture: Conditions, liked: bool, at: float) -> None: ...


class Easel:
    """Learn and choose as Easel does, but without controls."""

    def __init__(
        self, vocabulary: Vocabulary, features: TasteFeatures, servers: Sequence[int], seed: int
    ) -> None:
        """servers: the server of each person"""
        self._servers, self._random = servers, np.random.default_rng(seed)
        self._learner, self._numbers = TasteLearner(features), itertools.count(1)
        self._picker = TastePicker(vocabulary, features, SeededDefaults(vocabulary), ignored=0.0)

    def choose(self, who: int, at: float) -> Conditions:
        seed = int(self._random.integers(MAX_SEED + 1))
        return self._picker.pick(self._learner, self._known(who), Asked(), seed, at).pictures[0]

    def observe(self, who: int, picture: Conditions, liked: bool, at: float) -> None:
        number = next(self._numbers)
        shown = Event(number, at, *self._known(who), SHOWN, str(number), picture)
        self._learner.take(shown)
        if liked:
            self._learner.take(replace(shown, kind="favourite"))

    def _known(self, who: int) -> tuple[str, str]:
        """Return the names of a person and of their server."""
        return str(who), str(self._servers[who])

    def settle(self) -> None:
        """Do what Easel does once a day."""
        self._learner.tastes.settle()


class AtRandom:
    """Choose at random: the floor."""

    def __init__(self, menu: Candidates, seed: int) -> None:
        self._menu, self._random = menu, np.random.default_rng(seed)

    def choose(self, who: int, at: float) -> Conditions:
        return self._menu.at_random(self._random)

    def observe(self, who: int, picture: Conditions, liked: bool, at: float) -> None:
        """Learn nothing."""


class MostPopular:
    """Choose the most popular of each kind, by favourites per picture shown; one in ten at random."""

    def __init__(self, menu: Candidates, seed: int) -> None:
        self._menu, self._random = menu, np.random.default_rng(seed)
        kinds: dict[str, Sequence[Any]] = {"style": menu.styles, "colors": menu.palettes}
        kinds |= {"shape": menu.shapes, "scene": menu.scenes}
        self._names = kinds
        self._at = {kind: {name: at for at, name in enumerate(names)} for kind, names in kinds.items()}
        # Start with one favourite in ten pictures, so that a single favourite does not win.
        self._liked = {kind: np.ones(len(names)) for kind, names in kinds.items()}
        self._seen = {kind: np.full(len(names), 10.0) for kind, names in kinds.items()}

    def choose(self, who: int, at: float) -> Conditions:
        picture = self._menu.at_random(self._random)
        if self._random.random() < 0.1:
            return picture
        best = {kind: names[int(self._rate(kind).argmax())] for kind, names in self._names.items()}
        return Conditions(**best, seed=picture.seed)

    def _rate(self, kind: str) -> Array:
        return np.asarray(self._liked[kind] / self._seen[kind])

    def observe(self, who: int, picture: Conditions, liked: bool, at: float) -> None:
        for kind, places in self._at.items():
            place = places[getattr(picture, kind)]
            self._seen[kind][place] += 1
            self._liked[kind][place] += liked


class Mabwiser:
    """Use a policy of MABWiser for each person, which scores candidates by their features."""

    def __init__(self, learning: Any, features: TasteFeatures, menu: Candidates, seed: int) -> None:
        self._learning, folder = learning, Folder(features)
        self._random, self._seed = np.random.default_rng(seed), seed
        self._pool = [menu.at_random(self._random) for _ in range(POOL)]
        self._rows = np.array([folder.of(each) for each in self._pool])
        self._models: dict[int, Any] = {}
        self._last: dict[int, Array] = {}

    def choose(self, who: int, at: float) -> Conditions:
        candidates = self._random.choice(POOL, CANDIDATES, replace=False)
        best = 0
        if who in self._models:
            scores = self._models[who].predict_expectations(self._rows[candidates])
            best = int(np.argmax([each["it"] for each in scores]))
        self._last[who] = self._rows[candidates[best]]
        return self._pool[int(candidates[best])]

    def observe(self, who: int, picture: Conditions, liked: bool, at: float) -> None:
        from mabwiser.mab import MAB

        known = who in self._models
        model = self._models.setdefault(who, MAB(["it"], self._learning, seed=self._seed + who))
        learn = model.partial_fit if known else model.fit
        learn(["it"], [int(liked)], self._last[who][None])


class Folder:
    """Make features a dense vector, with the large groups hashed (Weinberger et al., 2009, without signs)."""

    def __init__(self, features: TasteFeatures) -> None:
        self._features, self._place, self.size = features, np.zeros(features.size, np.intp), 0
        for group, where in features.groups.items():
            count = FOLDED.get(group, where.stop - where.start)
            for at in range(where.start, where.stop):
                code = zlib.crc32(f"{group} {at}".encode()) if group in FOLDED else at - where.start
                self._place[at] = self.size + code % count
            self.size += count

    def of(self, picture: Conditions) -> Array:
        """Return the picture's features, (size,)."""
        row, dense = self._features.of(picture), np.zeros(self.size)
        np.add.at(dense, self._place[row.at], row.amount)
        return dense


class Oracle:
    """Choose by the hidden taste itself: the ceiling."""

    def __init__(self, society: Society, menu: Candidates, people: Sequence[SimulatedPerson]) -> None:
        self._best = [society.best(person, menu.palettes) for person in people]

    def choose(self, who: int, at: float) -> Conditions:
        return self._best[who]

    def observe(self, who: int, picture: Conditions, liked: bool, at: float) -> None:
        """Learn nothing."""

"""Chooses what a person left open by the seed alone."""

from __future__ import annotations

import zlib

import numpy as np

from engine.color.palette import hue_distance, tone
from engine.conditions import SCENES, Asked, StyleMix
from engine.styles import Subjects, style_named
from engine.vocabulary import Vocabulary

SCENE_SHARES = (0.24, 0.28, 0.14, 0.06, 0.13, 0.06, 0.09)
"""Of portrait, landscape, still life, pattern, flock, mandala, abstract."""
COLOR_COUNTS = (0.4, 0.4, 0.2)
"""Of one, two and three colours."""
APART = 35.0
"""Degrees of hue between chosen colours: nearer ones would read as one."""


SUITED = 0.5
"""How often scene, shape and colours are of those that the art of the style is mostly of."""


class SeededDefaults:
    """Choices by the seed; a style has its own subjects, otherwise asking for one thing changes no other."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._styles = tuple(word.name for word in vocabulary.words("style"))
        self._shapes = tuple(word.name for word in vocabulary.words("shape"))
        self._colors = tuple(word.name for word in vocabulary.words("color"))

    def style(self, asked: Asked, seed: int) -> StyleMix:
        """One pure style."""
        return ((str(_random(seed, "style").choice(self._styles)), 1.0),)

    def colors(self, asked: Asked, seed: int) -> tuple[str, ...]:
        """One to three colours that are told apart at a glance, those of the style more often.

        The first is never a gray where the style is not of grays.
        """
        random, suited = _random(seed, "colors"), self._suited(asked, seed)
        own = suited.palettes
        anything = self._any_colors(random)
        return own[int(random.integers(len(own)))] if own and random.random() < SUITED else anything

    def _any_colors(self, random: np.random.Generator) -> tuple[str, ...]:
        count = 1 + int(random.choice(len(COLOR_COUNTS), p=COLOR_COUNTS))
        chosen: list[str] = []
        for name in random.permutation(self._colors):
            if len(chosen) < count and self._suits(str(name), chosen):
                chosen.append(str(name))
        return tuple(chosen)

    def shape(self, asked: Asked, seed: int) -> str:
        """Any shape, those of the style's subjects more often."""
        random = _random(seed, "shape")
        anything, suited = str(random.choice(self._shapes)), self._suited(asked, seed)
        return str(random.choice(suited.shapes)) if random.random() < SUITED else anything

    def scene(self, asked: Asked, seed: int) -> str:
        """Any scene that is open, those with one clear figure and those of the style more often."""
        random, suited = _random(seed, "scene"), self._suited(asked, seed)
        scene = _any_scene(random, suited)
        while scene not in asked.open_scenes:
            scene = _any_scene(random, suited)
        return scene

    def _suited(self, asked: Asked, seed: int) -> Subjects:
        """The subjects of the heaviest style."""
        style = asked.style or self.style(asked, seed)
        return style_named(max(style, key=lambda part: part[1])[0]).subjects

    @staticmethod
    def _suits(name: str, chosen: list[str]) -> bool:
        new = tone(name)
        if not chosen:
            return not new.is_gray
        old = [tone(other) for other in chosen]
        if new.is_gray:
            return not any(other.is_gray for other in old)
        return all(other.is_gray or hue_distance(other.hue, new.hue) > APART for other in old)


def _any_scene(random: np.random.Generator, suited: Subjects) -> str:
    anything = str(random.choice(SCENES, p=SCENE_SHARES))
    return str(random.choice(suited.scenes)) if random.random() < SUITED else anything


def _random(seed: int, purpose: str) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())])

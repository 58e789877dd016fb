"""Chooses what a person left open by the seed alone."""

from __future__ import annotations

import zlib

import numpy as np

from engine.conditions import SCENES, Asked, StyleMix
from engine.palette import hue_distance, tone
from engine.vocabulary import Vocabulary

SCENE_SHARES = (0.24, 0.28, 0.14, 0.06, 0.13, 0.06, 0.09)
"""Of portrait, landscape, still life, pattern, flock, mandala, abstract."""
COLOR_COUNTS = (0.4, 0.4, 0.2)
"""Of one, two and three colours."""
APART = 35.0
"""Degrees of hue between chosen colours: nearer ones would read as one."""


class ChanceChooser:
    """Even-handed choices; each thing is drawn on its own, so asking for one changes none of the others."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._styles = tuple(word.name for word in vocabulary.words("style"))
        self._shapes = tuple(word.name for word in vocabulary.words("shape"))
        self._colors = tuple(word.name for word in vocabulary.words("color"))

    def style(self, asked: Asked, seed: int) -> StyleMix:
        """One pure style."""
        return ((str(_random(seed, "style").choice(self._styles)), 1.0),)

    def colors(self, asked: Asked, seed: int) -> tuple[str, ...]:
        """One to three colours that are told apart at a glance, the first never a gray."""
        random = _random(seed, "colors")
        count = 1 + int(random.choice(len(COLOR_COUNTS), p=COLOR_COUNTS))
        chosen: list[str] = []
        for name in random.permutation(self._colors):
            if len(chosen) < count and self._suits(str(name), chosen):
                chosen.append(str(name))
        return tuple(chosen)

    def shape(self, asked: Asked, seed: int) -> str:
        """Any shape."""
        return str(_random(seed, "shape").choice(self._shapes))

    def scene(self, asked: Asked, seed: int) -> str:
        """Any scene, those with one clear figure more often."""
        return str(_random(seed, "scene").choice(SCENES, p=SCENE_SHARES))

    @staticmethod
    def _suits(name: str, chosen: list[str]) -> bool:
        new = tone(name)
        if not chosen:
            return not new.is_gray
        old = [tone(other) for other in chosen]
        if new.is_gray:
            return not any(other.is_gray for other in old)
        return all(other.is_gray or hue_distance(other.hue, new.hue) > APART for other in old)


def _random(seed: int, purpose: str) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())])

"""Choose what a person left open, by the seed alone."""

from __future__ import annotations

import zlib

import numpy as np

from engine.color.palette import hue_distance, tone
from engine.composing.subjects import load_subjects
from engine.conditions import SCENES, Asked, StyleMix
from engine.styles import Style, Subjects, style_named
from engine.vocabulary import Vocabulary

ABSTRACT = "abstract"
"""A style, and the scene of forms alone."""
SCENE_SHARES = (0.24, 0.28, 0.14, 0.06, 0.13, 0.06, 0.09)
"""Probabilities of portrait, landscape, still life, pattern, flock, mandala and abstract."""
COLOR_COUNTS = (0.4, 0.4, 0.2)
"""Probabilities of one, two and three colors."""
NATURAL = 0.6
"""Share of pictures that keep natural colors."""
APART = 35.0
"""Least degrees of hue between chosen colors, so that people can tell them apart."""
SUITED = 0.5
"""Share of choices from what the art of the style mostly shows."""


class SeededDefaults:
    """Choose by the seed. What is asked for changes no other choice, but styles have their own subjects."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._styles = tuple(word.name for word in vocabulary.words("style"))
        self._shapes = tuple(word.name for word in vocabulary.words("shape"))
        drawn = {key for key, variants in load_subjects().items() if any(each.realistic for each in variants)}
        self._realistic = tuple(name for name in self._shapes if name in drawn)
        self._colors = tuple(word.name for word in vocabulary.words("color"))

    def style(self, asked: Asked, seed: int) -> StyleMix:
        """Return one pure style."""
        return ((str(_random(seed, "style").choice(self._styles)), 1.0),)

    def colors(self, asked: Asked, seed: int) -> tuple[str, ...]:
        """Return one to three colors that differ at a glance, or mostly none, for natural ones.

        Random colors never begin with a gray.
        """
        random, suited = _random(seed, "colors"), self._suited(asked, seed)
        own = suited.palettes
        anything = self._any_colors(random)
        if random.random() < NATURAL:
            return ()
        return own[int(random.integers(len(own)))] if own and random.random() < SUITED else anything

    def _any_colors(self, random: np.random.Generator) -> tuple[str, ...]:
        count = 1 + int(random.choice(len(COLOR_COUNTS), p=COLOR_COUNTS))
        chosen: list[str] = []
        for name in random.permutation(self._colors):
            if len(chosen) < count and self._suits(str(name), chosen):
                chosen.append(str(name))
        return tuple(chosen)

    def shape(self, asked: Asked, seed: int) -> str:
        """Return any shape, more often one of the style's subjects; an emoji only in a digital style."""
        random, style = _random(seed, "shape"), self._style(asked, seed)
        shapes = self._shapes if style.group == "digital" else self._realistic
        anything = str(random.choice(shapes))
        suited = [shape for shape in style.subjects.shapes if shape in shapes]
        return str(random.choice(suited)) if suited and random.random() < SUITED else anything

    def scene(self, asked: Asked, seed: int) -> str:
        """Any scene that is open, those with one clear figure and those of the style more often.

        A still life only shows what lies on tables. Only abstract art dissolves a thing into forms.
        """
        random, suited = _random(seed, "scene"), self._suited(asked, seed)
        shape = self.shape(asked, seed) if asked.shape is None else asked.shape
        on_tables = not shape or "table" in load_subjects()[shape][0].habitat
        dissolves = not shape or self._style(asked, seed).name == ABSTRACT
        shut = {"still-life": not on_tables, ABSTRACT: not dissolves}
        open_ = [scene for scene in asked.open_scenes if not shut.get(scene)]
        scene = _any_scene(random, suited)
        while scene not in open_:
            scene = _any_scene(random, suited)
        return scene

    def _style(self, asked: Asked, seed: int) -> Style:
        """Return the main style."""
        style = asked.style or self.style(asked, seed)
        return style_named(max(style, key=lambda part: part[1])[0])

    def _suited(self, asked: Asked, seed: int) -> Subjects:
        return self._style(asked, seed).subjects

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

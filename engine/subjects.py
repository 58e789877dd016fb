"""What the art of each style is mostly of, from `engine/data/subjects.toml`."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from engine.vocabulary import Vocabulary, load_vocabulary


@dataclass(frozen=True, slots=True)
class Subjects:
    """scenes, palettes: as often as they are to come up; shapes: each as likely as any other.

    Only palettes may be empty, for a style whose art is of any colours.
    """

    scenes: tuple[str, ...]
    shapes: tuple[str, ...]
    palettes: tuple[tuple[str, ...], ...] = ()


@functools.cache
def load_subjects() -> Mapping[str, Subjects]:
    """By style; read once per process. Raises KeyError for a word that the vocabulary does not have."""
    text = (resources.files("engine") / "data" / "subjects.toml").read_text("utf-8")
    vocabulary = load_vocabulary()
    return {style: _subjects(table, vocabulary) for style, table in tomllib.loads(text).items()}


def _subjects(table: Mapping[str, list[str]], vocabulary: Vocabulary) -> Subjects:
    scenes = tuple(vocabulary.word("scene", name).name for name in table["scenes"])
    shapes = tuple(shape for name in table["shapes"] for shape in _shapes(name, vocabulary))
    palettes = tuple(
        tuple(vocabulary.word("color", name).name for name in line.split(","))
        for line in table.get("palettes", ())
    )
    return Subjects(scenes, shapes, palettes)


def _shapes(name: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The words of a category, else the one word."""
    inside = tuple(word.name for word in vocabulary.words("shape") if word.category == name)
    return inside or (vocabulary.word("shape", name).name,)

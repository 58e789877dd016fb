"""Colors that are in the name of a thing: a goldfish is gold, and an emerald is a gem of that color."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from types import MappingProxyType

from engine.captions import plural
from engine.vocabulary import normalize

_DATA = tomllib.loads((resources.files("commands") / "sentences.toml").read_text("utf-8"))


def _by_word(tables: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    for name, words in tables.items():
        for word in words:
            yield word, name
            yield plural(word), name


_TINTED, _THINGS = (MappingProxyType(dict(_by_word(_DATA[table]))) for table in ("tinted", "things"))


def tint(phrase: str) -> str:
    """The color in the name of a shape, empty where there is none."""
    return _TINTED.get(normalize(phrase), "")


def thing(phrase: str) -> str:
    """The shape that a word for a color names where it stands as a thing, empty where it names none."""
    return _THINGS.get(normalize(phrase), "")

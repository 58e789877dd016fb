"""What the words of the vocabulary are called in the reader's language."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from commands.i18n import SOURCE, language_of
from commands.parsing.nouns import ASIAN, DATA, cells, noun_of
from engine.vocabulary import Vocabulary

WHOLE = (SOURCE, "zh", "zh_Hant")
"""Languages whose labels are in the vocabulary, or in their file in `data/says`."""


def label(vocabulary: Vocabulary, kind: str, name: str, locale: str) -> str:
    """Return a word in the reader's language, else in English; unknown names are their own label."""
    language = language_of(locale)
    found = ""
    if vocabulary.has(kind, name):
        found = _shape(name, language) if kind == "shape" else _other(kind, name, language)
    return found or vocabulary.label(kind, name, language)


def labels(
    vocabulary: Vocabulary, kind: str, names: Sequence[str], locale: str
) -> tuple[tuple[str, str], ...]:
    """Return names with their labels."""
    return tuple((name, label(vocabulary, kind, name, locale)) for name in names)


def _shape(name: str, language: str) -> str:
    cell = str(cells()[language].get(name, "")) if language != SOURCE else ""
    return cell if language in ASIAN else noun_of(cell, "", language).one


def _other(kind: str, name: str, language: str) -> str:
    table = says_table(language)
    if named := table.get("names", {}).get(kind, {}).get(name):
        return str(named)
    if kind == "color":
        adjectives, _, noun = str(table.get("colors", {}).get(name, "")).partition("|")
        return noun or adjectives.partition("/")[0]
    words = () if language in WHOLE else _own_words(language).get(f"{kind}s", {}).get(name, ())
    # The tables of words are in lower case, also where nouns have capitals.
    word = str(words[0]) if words else ""
    return word.capitalize() if language == "de" else word


@functools.cache
def says_table(language: str) -> Mapping[str, Any]:
    """Return how a language says what is on a picture: its file in `data/says`."""
    return tomllib.loads((DATA / "says" / f"{language}.toml").read_text("utf-8"))


@functools.cache
def _own_words(language: str) -> Mapping[str, Any]:
    return tomllib.loads((DATA / f"{language}.toml").read_text("utf-8"))

"""What is drawn, as nouns of nine languages with their grammar: `data/labels.tsv`.

A cell has a code, a label and, where the rules of the language do not make it, its plural:
"m reloj de pulsera", "mw Bär/Bären", "fp gafas". Letters of a code: m, f, n for the gender; p for what is
plural by itself; w for a German noun whose dative is spelled like its plural; - for what has no article.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

from engine.captions import plural

DATA = resources.files("commands") / "parsing" / "data"
ASIAN = ("zh", "zh_Hant", "ja", "ko")
"""Languages whose cells are labels alone."""
PREPOSITIONS = frozenset(
    {
        *("de", "del", "da", "do", "dos", "das", "d'", "du", "des", "a", "à", "au", "aux", "al"),
        *("con", "com", "en", "em", "in", "para", "pour", "sin", "sans", "e", "y", "et"),
    }
)
"""Romance words after which a noun keeps its number: "relojes de pulsera"."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun of one language. several: its plural; gender: m, f or n; bare: it has no article"""

    one: str
    several: str
    gender: str = "n"
    is_plural: bool = False
    is_bare: bool = False
    is_weak: bool = False


def noun_of(cell: str, label: str, language: str) -> Noun:
    """Read a cell. label: for a cell without one"""
    code, _, words = cell.partition(" ")
    one, _, several = (words or label).partition("/")
    gender = next((each for each in code if each in "mfn"), "n")
    is_plural, is_bare = "p" in code, "-" in code
    if not several:
        several = one if is_plural or is_bare else _PLURALS.get(language, str)(one)
    is_bare |= is_plural and language in ("en", "de")
    return Noun(one, several, gender, is_plural, is_bare, "w" in code)


@functools.cache
def cells() -> Mapping[str, Mapping[str, str]]:
    """Return the cells by language and thing, without the empty ones."""
    head, *lines = (DATA / "labels.tsv").read_text("utf-8").splitlines()
    languages = head.split("\t")[1:]
    found: dict[str, dict[str, str]] = {language: {} for language in languages}
    for line in lines:
        thing, *row = line.split("\t")
        for language, cell in zip(languages, row, strict=True):
            if cell:
                found[language][thing] = cell
    return MappingProxyType({language: MappingProxyType(row) for language, row in found.items()})


def _romance(one: str, ending: Callable[[str], str]) -> str:
    """Put a noun and its adjectives into the plural, up to a preposition."""
    words = re.split(r"(?<=')|\s", one)
    end = next((at for at, word in enumerate(words) if word in PREPOSITIONS), len(words))
    return " ".join(
        [*map(ending, words[:end]), one.split(maxsplit=end)[end] if end < len(words) else ""]
    ).strip()


def _spanish(word: str) -> str:
    if word.endswith("z"):
        return f"{word[:-1]}ces"
    for accented, plain in (("ón", "ones"), ("án", "anes"), ("ín", "ines"), ("és", "eses"), ("ás", "ases")):
        if word.endswith(accented):
            return word[: -len(accented)] + plain
    if word.endswith(("s", "x")):
        return word
    return f"{word}s" if word[-1] in "aeiouáéó" else f"{word}es"


def _portuguese(word: str) -> str:
    for ending, several in (
        ("ão", "ões"),
        ("al", "ais"),
        ("el", "éis"),
        ("ol", "óis"),
        ("ul", "uis"),
        ("m", "ns"),
    ):
        if word.endswith(ending):
            return word[: -len(ending)] + several
    if word.endswith("il"):
        return f"{word[:-2]}is"
    if word.endswith(("r", "z", "ês")):
        return f"{word}es".replace("êses", "eses")
    return word if word.endswith(("s", "x")) else f"{word}s"


def _french(word: str) -> str:
    if word.endswith(("s", "x", "z")):
        return word
    if word.endswith("al"):
        return f"{word[:-2]}aux"
    return f"{word}x" if word.endswith(("eau", "au", "eu")) else f"{word}s"


_PLURALS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "en": plural,
        "es": lambda one: _romance(one, _spanish),
        "pt": lambda one: _romance(one, _portuguese),
        "fr": lambda one: _romance(one, _french),
    }
)
"""The regular plural of a language; German has none, and the Asian languages need none."""

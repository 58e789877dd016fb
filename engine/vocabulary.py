"""The words for styles, colours, shapes, scenes, places, times and weathers, in English and Chinese.

The words are in `engine/data/*.toml`: one table per category, one line per word. A style has its own file;
subjects are in `subjects.csv`.
"""

from __future__ import annotations

import csv
import functools
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

DATA = resources.files("engine") / "data"
Key = TypeVar("Key")
KINDS = {
    "style": "styles",
    "color": "colors",
    "shape": "shapes",
    "scene": "scenes",
    "place": "places",
    "time": "times",
    "weather": "weathers",
}
"""Kinds of words, with their plurals."""
CATEGORIES = {
    **{kind: "things" for kind in ("object", "tool")},
    **{kind: "food" for kind in ("food", "fruit")},
    **{kind: "plants" for kind in ("plant", "flower", "tree")},
    **{"animal": "animals", "bird": "birds", "insect": "insects", "fish": "sea life", "nature": "nature"},
    **{
        "celestial": "sky",
        "building": "buildings",
        "vehicle": "vehicles",
        "boat": "boats",
        "aircraft": "aircraft",
    },
    **{"drink": "drinks", "person": "people", "fantasy": "fantasy", "instrument": "music", "toy": "games"},
    **{"clothing": "clothing", "furniture": "home"},
}
"""Categories of kinds in `subjects.csv`, for words that `shapes.toml` does not have."""
ALIKE, ALIKE_HAN, SAME = 0.8, 0.6, 0.4
"""Least similarity of a misspelled word by Jaro and Winkler, lower in Chinese, whose words are two characters
long, and least share of its letters in their places.

A unicorn is no anchor (0.75, 0.43) and a dinosaur no DNA (0.81, 0.38), but "inc" may be linocut (0.81, 0.43).
"""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that people can ask for.

    kind: one of `KINDS`; name: the canonical name, lower case with hyphens
    en, zh: other words for it; regular English plurals are understood without being listed,
        and the first Chinese word is its label
    category: groups words of a kind, for example "animals"
    value: '#rrggbb' of a color; medium of a style; kind of a subject
    """

    kind: str
    name: str
    en: tuple[str, ...]
    zh: tuple[str, ...]
    category: str = ""
    value: str = ""

    @property
    def terms(self) -> tuple[str, ...]:
        """Return its names, normalized, its own name first."""
        return tuple(dict.fromkeys(normalize(term) for term in (self.name, *self.en, *self.zh)))


class Vocabulary:
    """Look words up in any language. Raises ValueError when a word means two things of one kind."""

    def __init__(self, words: Iterable[Word]) -> None:
        self._words: dict[str, dict[str, Word]] = {kind: {} for kind in KINDS}
        self._names: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
        for word in words:
            self._add(word)
        self._terms = {
            kind: tuple((word.name, term) for word in self.words(kind) for term in word.terms)
            for kind in KINDS
        }

    def terms(self, kind: str) -> tuple[tuple[str, str], ...]:
        """Return (canonical name, normalized term) of all words of a kind."""
        return self._terms[kind]

    def _add(self, word: Word) -> None:
        names = self._names[word.kind]
        self._words[word.kind][word.name] = word
        for term in word.terms:
            if names.setdefault(term, word.name) != word.name:
                raise ValueError(f"{word.kind} {term!r} means both {names[term]} and {word.name}")

    def words(self, kind: str) -> tuple[Word, ...]:
        """Return all words of a kind, in the order of the data file."""
        return tuple(self._words[kind].values())

    def word(self, kind: str, name: str) -> Word:
        """Return the word of a canonical name. Raises KeyError for any other text."""
        return self._words[kind][name]

    def has(self, kind: str, name: str) -> bool:
        """Return whether this is a canonical name."""
        return name in self._words[kind]

    def find(self, kind: str, text: str) -> str | None:
        """Return the canonical name of a word in any language, singular or plural; None if unknown.

        A color may also be a CSS name, which stays as it is, or another opaque CSS color ('#rrggbb').
        """
        names = self._names[kind]
        for form in _singulars(normalize(text)):
            if form in names:
                return names[form]
        return _css_color(text) if kind == "color" else None

    def nearest(self, kind: str, text: str, limit: int = 3) -> tuple[str, ...]:
        """Return at most `limit` canonical names of the words spelled most like `text`, best first."""
        names = self._names[kind]
        return tuple(dict.fromkeys(names[term] for term in alike(text, {term: term for term in names})))[
            :limit
        ]

    def label(self, kind: str, name: str, locale: str) -> str:
        """Return the word in the reader's language, an unknown name as it is. locale: a BCP 47 tag"""
        word = self._words[kind].get(name)
        if word and word.zh and locale.lower().startswith("zh"):
            return word.zh[0]
        # Hyphens belong to the names of styles ("ukiyo-e"); elsewhere they stand for spaces.
        return name.replace("-", " ") if word and kind != "style" else name

    def suggest(self, kind: str, text: str, locale: str, limit: int = 25) -> tuple[tuple[str, str], ...]:
        """Return (name, label) of the words that `text` may become, best first."""
        names = tuple(dict.fromkeys(self._completions(kind, normalize(text))))[:limit]
        return tuple((name, self.label(kind, name, locale)) for name in names)

    def _completions(self, kind: str, start: str) -> Iterator[str]:
        exact = self.find(kind, start)
        if exact:
            yield exact
        for word in self._words[kind].values():
            if any(normalize(label).startswith(start) for label in (word.name, *word.zh[:1])):
                yield word.name
        terms = self._names[kind]
        yield from (name for term, name in terms.items() if term.startswith(start))
        yield from (name for term, name in terms.items() if start in term)
        if kind == "color":
            # CSS names that are words of the vocabulary were completed above.
            yield from (name for name in _css_names() if name.startswith(start) and name not in terms)
        if start and not exact:
            yield from self.nearest(kind, start)


def alike(text: str, terms: Mapping[Key, str]) -> list[Key]:
    """Return the keys of terms that `text` may misspell, best first."""
    text = normalize(text)
    least = ALIKE if text.isascii() else ALIKE_HAN
    ranked = process.extract(text, terms, scorer=JaroWinkler.similarity, score_cutoff=least, limit=None)
    return [key for term, _, key in ranked if OSA.normalized_similarity(text, term) >= SAME]


def normalize(text: str) -> str:
    """Make letters lower case and narrow, and hyphens and underscores spaces."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(text.replace("-", " ").replace("_", " ").split())


def _singulars(term: str) -> Iterator[str]:
    yield term
    for ending, singular in (("ies", "y"), ("s", ""), ("es", ""), ("men", "man"), ("mice", "mouse")):
        if term.endswith(ending) and len(term) > len(ending) + 1:
            yield term.removesuffix(ending) + singular


@functools.cache
def _css_names() -> tuple[str, ...]:
    from coloraide.css import color_names

    return tuple(name for name in color_names.name2val_map if name != "transparent")


def _css_color(text: str) -> str | None:
    from coloraide import Color

    name = normalize(text).replace(" ", "")
    if name in _css_names():
        return name
    # Reading colours is slow, and lines of people are full of words that are none.
    if not text.isascii() or not set(text) & set("#("):
        return None
    match = Color.match(text.strip().lower(), fullmatch=True)
    if match is None or match.color.alpha() < 1:
        return None
    return match.color.convert("srgb").to_string(hex=True, fit=True)


def _read(kind: str, tables: Mapping[str, Mapping[str, Any]]) -> Iterator[Word]:
    for category, table in tables.items():
        for name, entry in table.items():
            en, zh = tuple(entry.get("en", ())), tuple(entry.get("zh", ()))
            yield Word(kind, name, en, zh, category, entry.get("value", ""))


def _style_words() -> Iterator[Word]:
    for name, table in style_tables().items():
        words = table["words"]
        yield Word("style", name, tuple(words["en"]), tuple(words["zh"]), table["group"], table["medium"])


@functools.cache
def style_tables() -> Mapping[str, Mapping[str, Any]]:
    """Return the parsed files of `engine/data/styles` by style, in their order.

    Raises ValueError as `check_words` does; `engine.styles` checks the rest.
    """
    files = [file for file in (DATA / "styles").iterdir() if file.name.endswith(".toml")]
    tables = {file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8")) for file in files}
    for name, table in tables.items():
        check_words(name, table)
    return dict(sorted(tables.items(), key=lambda item: (item[1]["order"], item[0])))


def check_words(style: str, table: Mapping[str, Any]) -> None:
    """Check what the vocabulary uses of a style's file. Raises ValueError that names file, key and value."""
    for key, kind in (("order", int), ("group", str), ("medium", str), ("words", dict)):
        if not isinstance(table.get(key), kind):
            raise ValueError(f"{style}.toml: {key} = {table.get(key)!r}: expected {kind.__name__}")
    for language in ("en", "zh"):
        words = table["words"].get(language)
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise ValueError(f"{style}.toml: words.{language} = {words!r}: expected a list of words")


def _shape_words() -> Iterator[Word]:
    """Yield the words of `shapes.toml`, then the subjects that only have a key.

    A key always means its own subject, even if another word lists it as a synonym.
    """
    named = {word.name: word for word in _read("shape", _tables("shapes"))}
    kinds = subject_kinds()
    keys = {normalize(key): key for key in kinds}
    for name, word in named.items():
        own = tuple(
            term for term in word.en if not ({*map(keys.get, _singulars(normalize(term)))} - {None, name})
        )
        yield replace(word, en=own, value=kinds.get(name, ""))
    for key, kind in kinds.items():
        if key not in named:
            yield Word("shape", key, (), (), CATEGORIES[kind], kind)


def _place_words() -> Iterator[Word]:
    for kind, table in _tables("places").items():
        yield from _read(kind, {"": table})


def _tables(stem: str) -> Mapping[str, Any]:
    return tomllib.loads((DATA / f"{stem}.toml").read_text("utf-8"))


@functools.cache
def load_vocabulary() -> Vocabulary:
    """Return the shipped vocabulary, read once per process."""
    plain = (word for kind in ("color", "scene") for word in _read(kind, _tables(KINDS[kind])))
    return Vocabulary([*_style_words(), *_shape_words(), *plain, *_place_words()])


@functools.cache
def subject_kinds() -> Mapping[str, str]:
    """Return the kind of each subject, such as "tree" for an oak."""
    return {row["key"]: row["kind"] for row in _subject_rows()}


def _subject_rows() -> Iterator[dict[str, str]]:
    return csv.DictReader((DATA / "subjects.csv").read_text("utf-8").splitlines())


@functools.cache
def former_shapes() -> Mapping[str, str]:
    """Return shapes that are no longer drawn, with their substitutes."""
    return _tables("former_shapes")

"""The words of nine languages and what each may mean.

Our own tables are `data/<language>.toml`; `scripts/names` and `scripts/nouns` build the others.
"""

from __future__ import annotations

import functools
import gzip
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from itertools import groupby
from types import MappingProxyType

from commands.parsing.artists import load_artists
from commands.parsing.inflection import forms
from engine.vocabulary import Vocabulary

DATA = resources.files("commands") / "parsing" / "data"
LATIN, ASIAN = ("en", "es", "fr", "de", "pt"), ("zh", "ja", "ko")
_TRANSLATED = ("es", "fr", "de", "pt", "zh", "ja", "ko")
_BLOCK = 3
NAME, KIND, MEMBER, NEAR = "name", "kind", "member", "near"
"""How a thing stands for a word: as its name, as the kind it is one of, as a typical one, or roughly."""
_MANNERS = frozenset(["style", "artist", "scene", "quality", "little"])
"""Kinds of words about the picture as a whole."""
_SEPARATORS = re.compile(r"[\s\-_'\u2019.·・/]+")
_FLAT = ("joins", "groups", "negations", "negations_after", "articles", "quality", "left", "little")
_VALUED = {
    "numbers": "number",
    "relations": "relation",
    "after": "after",
    "contents": "content",
    "sizes": "size",
    "shifts": "shift",
    "mixtures": "mixture",
    "colors": "color",
    "styles": "style",
    "artists": "artist",
    "scenes": "scene",
    "places": "place",
    "times": "time",
    "weathers": "weather",
    "activities": "activity",
    "kinds": "category",
}
"""Table of a language -> kind of word."""


@dataclass(frozen=True, slots=True)
class Sense:
    """One thing a word may mean. kind: see `_VALUED`, or the name of a flat table

    value: a name of the vocabulary, or what the kind needs; how: of a thing, see NAME
    """

    kind: str
    value: str = ""
    how: str = NAME


Senses = tuple[Sense, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The words of one language. longest: in words, of Asian languages in characters

    initials: words by their first letters, to find what a misspelled one was meant to be
    openings: first words of phrases
    """

    language: str
    index: Mapping[str, Senses]
    longest: int
    initials: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    openings: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """All languages, over the things that can be painted.

    irregular: English plurals; wordnet: lines "word/parts of speech" by the first letters of the word
    emoji, shortcodes: English names; people: things that are somebody
    """

    languages: Mapping[str, Table]
    irregular: Mapping[str, str]
    wordnet: Mapping[str, str]
    emoji: Mapping[str, str]
    shortcodes: Mapping[str, str]
    people: frozenset[str]

    def parts_of_speech(self, word: str) -> str:
        """Of n, v, a and r what an English word may be, the most used first; empty for an unknown word."""
        block = self.wordnet.get(word[:_BLOCK], "")
        start = block.find(f"\n{word}/")
        return "" if start < 0 else block[start + len(word) + 2 : block.index("\n", start + 1)]


def key(text: str) -> str:
    """A word as the tables spell it: lower case, single spaces for hyphens and apostrophes."""
    return _SEPARATORS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def bare(text: str) -> str:
    """Without accents: people leave them out."""
    return "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))


class _Builder:
    def __init__(self, language: str, drawn: frozenset[str]) -> None:
        self.language, self.drawn = language, drawn
        self.index: dict[str, list[Sense]] = {}

    def add(self, word: str, sense: Sense, *, first: bool = False) -> None:
        """Give a word a meaning. first: before those of its kind that it has"""
        spelled = word.casefold() if self.language in ASIAN else key(word)
        senses = self.index.setdefault(spelled, [])
        same = [each for each in senses if each.kind == sense.kind]
        # The first meaning of a kind counts; a name goes before what only stands for a word.
        if not same:
            senses.append(sense)
        elif first or (sense.kind == "thing" and same[0].how != NAME and sense.how == NAME):
            senses[senses.index(same[0])] = sense

    def noun(self, word: str, candidates: str, how: str) -> None:
        """Let something stand for an English noun that says nothing of how pictures are made."""
        kinds = {each.kind for each in self.index.get(key(word), ())}
        if kinds & _MANNERS:
            return
        if how in ("place", "none"):
            self.add(word, Sense("place", candidates, KIND) if candidates else Sense("left"))
        else:
            self.thing(word, candidates.split(","), how)

    def thing(self, word: str, candidates: Iterable[str], how: str, *, first: bool = False) -> None:
        """Let the first candidate that is drawn stand for a word."""
        found = next((each for each in candidates if each in self.drawn), None)
        if found:
            self.add(word, Sense("thing", found, how), first=first)

    def drop_described(self) -> None:
        """Forget "black cat" where "black" and "cat" are known: the color is told apart then."""
        for kind in ("thing", "place"):
            for word in [each for each, senses in self.index.items() if any(s.kind == kind for s in senses)]:
                if any(
                    self._describes(first, last, word, kind) for first, last in _halves(word, self.language)
                ):
                    self.index[word] = [each for each in self.index[word] if each.kind != kind]
                    if not self.index[word]:
                        del self.index[word]

    def _describes(self, color: str, thing: str, whole: str, kind: str) -> bool:
        named = next((each for each in self.index.get(thing, ()) if each.kind == kind), None)
        found = next((each for each in self.index[whole] if each.kind == kind), None)
        if named is None or found is None or not self._is_color(color):
            return False
        same = named.value == found.value or found.value.rpartition("-")[2] == named.value
        return same or (found.how != NAME and named.how == NAME)

    def _is_color(self, word: str) -> bool:
        spelled = (
            [word, *(form for form, _ in forms(word, self.language, {}))]
            if self.language in LATIN
            else [word]
        )
        kinds = {each.kind for form in spelled for each in self.index.get(form, ())}
        return bool(kinds & {"color", "size", "shift"})

    def table(self) -> Table:
        if self.language in LATIN[1:]:
            for word in [each for each in self.index if each != bare(each)]:
                self.index.setdefault(bare(word), self.index[word])
        spaced = self.language in LATIN
        longest = max((each.count(" ") + 1 if spaced else len(each)) for each in self.index)
        openings = frozenset(each.partition(" ")[0] for each in self.index if " " in each)
        index = MappingProxyType({word: tuple(senses) for word, senses in self.index.items()})
        return Table(self.language, index, longest, _initials(index) if spaced else {}, openings)


def _halves(word: str, language: str) -> Iterator[tuple[str, str]]:
    """How a phrase may be a color and a thing."""
    if language in ASIAN:
        yield from ((word[:at].strip(), word[at:].strip()) for at in range(1, len(word)))
    elif " " in word:
        first, _, rest = word.partition(" ")
        before, _, last = word.rpartition(" ")
        yield (first, rest) if language in ("en", "de") else (last, before)


def _initials(index: Mapping[str, Senses]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word, senses in index.items():
        if len(word) > 2 and " " not in word and senses[0].kind not in ("little", "articles", "quality"):
            found.setdefault(word[0], []).append(word)
    return {letter: tuple(words) for letter, words in found.items()}


def _lines(name: str) -> Iterator[list[str]]:
    for line in (DATA / name).read_text("utf-8").splitlines():
        yield line.split("\t")


def _own(builder: _Builder) -> None:
    told = tomllib.loads((DATA / f"{builder.language}.toml").read_text("utf-8"))
    for name, kind in _VALUED.items():
        for value, words in told.get(name, {}).items():
            for word in words:
                builder.add(word, Sense(kind, value))
    for name, how in (("subjects", NAME), ("near", NEAR)):
        for thing, words in told.get(name, {}).items():
            for word in words:
                builder.thing(word, (thing,), how, first=how == NAME)
    for name in _FLAT:
        for word in told.get(name, {}).get("words", ()):
            builder.add(word, Sense(name))


def _dead_artists(builder: _Builder) -> None:
    """Let names of dead artists stand for the style nearest to theirs."""
    for artist in load_artists():
        for name in artist.names if artist.died else ():
            if (builder.language == "en") if name[0] < "\u2e80" else builder.language in ASIAN:
                builder.add(name, Sense("artist", artist.styles[0]))


def _from_vocabulary(builder: _Builder, vocabulary: Vocabulary) -> None:
    for kind in ("color", "style", "scene"):
        for word in vocabulary.words(kind):
            own = (word.name, *word.en) if builder.language == "en" else word.zh
            for term in own:
                builder.add(term, Sense(kind, word.name))
    for word in vocabulary.words("shape"):
        own = (word.name, *word.en) if builder.language == "en" else word.zh
        for term in own:
            builder.thing(term, (word.name,), NAME)


def _build(language: str, vocabulary: Vocabulary, drawn: frozenset[str]) -> Table:
    builder = _Builder(language, drawn)
    if language in ("en", "zh"):
        _from_vocabulary(builder, vocabulary)
    for thing, spoken, words in _lines("names.tsv"):
        if spoken == language:
            for word in words.split("|"):
                builder.thing(word, (thing,), NAME)
    for thing, *told in _lines("translations.tsv"):
        words = dict(zip(_TRANSLATED, told, strict=True)).get(language, "")
        for word in words.split("|") if words else ():
            builder.thing(word, (thing,), NAME, first=True)
    _own(builder)
    _dead_artists(builder)
    if language == "en":
        for candidates, how, words in _lines("nouns.tsv"):
            for word in words.split("|"):
                builder.noun(word, candidates, how)
    builder.drop_described()
    return builder.table()


def _blocks(words: Iterable[str]) -> Mapping[str, str]:
    """Lines by their first letters: a tenth of the memory of a set of words."""
    blocks = groupby(words, key=lambda line: line.partition("/")[0][:_BLOCK])
    return {letters: "\n" + "\n".join(lines) + "\n" for letters, lines in blocks}


@functools.lru_cache(maxsize=4)
def load_tables(vocabulary: Vocabulary) -> Tables:
    """The tables over what this vocabulary can paint, read once for each."""
    drawn = frozenset(word.name for word in vocabulary.words("shape"))
    emoji = {sign: name for sign, name, _ in _lines("emoji.tsv")}
    shortcodes = {code: name for _, name, codes in _lines("emoji.tsv") for code in codes.split("|") if code}
    words = gzip.decompress((DATA / "words.txt.gz").read_bytes()).decode().splitlines()
    return Tables(
        languages={each: _build(each, vocabulary, drawn) for each in (*LATIN, *ASIAN)},
        irregular=dict((form, lemma) for form, lemma in _lines("plurals.tsv")),
        wordnet=_blocks(words),
        emoji=MappingProxyType(emoji),
        shortcodes=MappingProxyType(shortcodes),
        people=frozenset(word.name for word in vocabulary.words("shape") if word.value == "person"),
    )

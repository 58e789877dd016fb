"""The vocabulary as one reader sees it: names in running text, and the nearest words for unknown ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from commands.chat import UserError
from commands.cleaning import echo
from commands.words import N_, listed
from engine.vocabulary import Vocabulary, normalize

KINDS = ("shape", "style", "scene", "color")
"""What a word that may be two things ("rose", "pencil") is taken for, the first that is still open."""
HAN = "\u3400-\u9fff"
LONGEST = 6
"""Pieces (a word, or one Chinese character) of the longest entry of the vocabulary."""
NEAREST = 3
_PIECE = re.compile(
    rf"#[0-9a-f]+|[a-z]+\([^()]*\)|[{HAN}]|[^\W_{HAN}]+(?:['\u2019](?!s\b)[^\W_{HAN}]+)*", re.IGNORECASE
)
_HAN = re.compile(f"[{HAN}]")
_UNKNOWN: Mapping[str, str] = MappingProxyType(
    {
        "style": N_("I know no style {word}; did you mean {near}?"),
        "color": N_("I know no color {word}; did you mean {near}?"),
        "shape": N_("I know no shape {word}; did you mean {near}?"),
        "scene": N_("I know no scene {word}; did you mean {near}?"),
    }
)


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase of a text that names something. end: its place; names: the canonical one by each kind."""

    phrase: str
    end: int
    names: Mapping[str, str]


def pieces(text: str, start: int) -> Iterator[re.Match[str]]:
    """Words, Chinese characters and CSS colours from `start` on; what stands between them is skipped."""
    return _PIECE.finditer(text, start)


def _is_han(text: str) -> bool:
    return _HAN.match(text) is not None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """locale: the reader's language as a BCP 47 tag."""

    vocabulary: Vocabulary
    locale: str = "en"

    def longest(self, kinds: Iterable[str], text: str, start: int) -> Match | None:
        """The longest phrase at the first piece from `start` that names one of `kinds`."""
        found = list(islice(pieces(text, start), LONGEST))
        for last in reversed(found):
            phrase = text[found[0].start() : last.end()]
            named = {kind: name for kind in kinds if (name := self.vocabulary.find(kind, phrase)) is not None}
            if named:
                return Match(phrase, last.end(), named)
        return None

    def labels(self, kind: str, names: Sequence[str]) -> str:
        """Names in the reader's language, as a list that ends in "or"."""
        return listed([self.vocabulary.label(kind, name, self.locale) for name in names], self.locale)

    def unknown(self, kind: str, text: str) -> UserError:
        """The refusal for a text that is not of this kind."""
        near = self.labels(kind, self.vocabulary.nearest(kind, text, NEAREST))
        return UserError(_UNKNOWN[kind], word=echo(text) or "?", near=near)

    def unknown_word(self, text: str) -> UserError:
        """The refusal for a word of a sentence that names nothing."""
        near = listed(self._nearest(text), self.locale)
        return UserError(
            "I do not know the word {word}; did you mean {near}?", word=echo(text) or "?", near=near
        )

    def _nearest(self, text: str) -> list[str]:
        """The known words of any kind, in its own script, that are spelled most like `text`."""
        han = _is_han(text)
        terms = {
            (kind, name, term): term
            for kind in KINDS
            for name, term in self.vocabulary.terms(kind)
            if _is_han(term) == han
        }
        text, scorer = normalize(text), JaroWinkler.similarity
        ranked = process.extract(text, terms, scorer=scorer, limit=len(KINDS) * NEAREST)
        different = {(kind, name): term for _, _, (kind, name, term) in reversed(ranked)}
        return list(reversed(different.values()))[:NEAREST]

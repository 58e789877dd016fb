"""The vocabulary as one reader sees it: names in running text, and the nearest words for unknown ones."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from commands.chat import Phrase, UserError
from commands.i18n import N_, listed
from commands.parsing.labels import label
from commands.parsing.sanitize import echo
from commands.parsing.tables import NAME, Sense, Tables, key, load_tables
from engine.conditions import RELATIONS
from engine.vocabulary import Vocabulary, alike

KINDS = ("shape", "style", "scene", "color")
"""What a word that may be two things ("rose", "pencil") is taken for, the first that is still open."""
HAN = "\u3400-\u9fff"
LONGEST = 6
"""Pieces (a word, or one Chinese character) of the longest entry of the vocabulary."""
NEAREST = 3
MOST_NAMED = 5
"""Unknown words that a refusal names."""
EXAMPLE = Phrase(N_("a blue fish in ink"))
_ABROAD = {
    "shape": "thing",
    "color": "color",
    "style": "style",
    "scene": "scene",
    "place": "place",
    "time": "time",
}
_ABROAD |= {"weather": "weather"}
_PIECE = re.compile(
    rf"#[0-9a-f]+|(?:rgb|rgba|hsl|hsla|hwb|lab|lch|oklab|oklch|color)\([^()]*\)|[{HAN}]|[^\W_{HAN}]+(?:['\u2019](?!s\b)[^\W_{HAN}]+)*",
    re.IGNORECASE,
)
_HAN = re.compile(f"[{HAN}]")
_HEX = re.compile(r"\s*#")
_BARE_HEX = re.compile(r"(?:0x)?[0-9a-f]{6}", re.IGNORECASE)
_STRANGE: Mapping[str, str] = MappingProxyType(
    {
        "style": N_("I know no style {word}; choose {near}."),
        "color": N_("I know no color {word}; say for example {example}."),
        "shape": N_("I know no shape {word}; say for example {example}."),
        "scene": N_("I know no scene {word}; choose {near}."),
    }
)
"""For words like no other one: there are few enough styles and scenes to name them all."""
_EXAMPLES = {"color": "color=teal", "shape": "shape=fish"}
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

    @property
    def tables(self) -> Tables:
        """The words of all languages."""
        return load_tables(self.vocabulary)

    def _sense(self, kind: str, word: str) -> Sense | None:
        """What a word of any language means of a kind, English first."""
        for table in self.tables.languages.values():
            for sense in table.index.get(key(word), ()):
                if sense.kind == kind:
                    return sense
        return None

    def find(self, kind: str, phrase: str) -> str | None:
        """The canonical name of a word of any language."""
        name = self.vocabulary.find(kind, phrase)
        if kind == "color" and _BARE_HEX.fullmatch(phrase):
            return self.vocabulary.find(kind, f"#{phrase[-6:]}")
        if name is None and kind in _ABROAD and not self.is_little(phrase):
            sense = self._sense(_ABROAD[kind], phrase)
            return sense.value if sense and sense.how == NAME else None
        return name

    def number(self, word: str) -> int | None:
        """The number that a word says, None for other words."""
        if word.isdecimal():
            return int(word) if len(word) < 6 else 10**6
        sense = self._sense("number", word)
        return int(sense.value) if sense and sense.value.isdecimal() else None

    def relation(self, word: str) -> str | None:
        """The relation that a word names."""
        if word.casefold() in RELATIONS:
            return word.casefold()
        sense = self._sense("relation", word)
        return sense.value if sense else None

    def is_little(self, word: str) -> bool:
        """Whether a word says nothing by itself."""
        return self._sense("little", word) is not None

    def longest(self, kinds: Iterable[str], text: str, start: int) -> Match | None:
        """The longest phrase at the first piece from `start` that names one of `kinds`."""
        found = list(islice(pieces(text, start), LONGEST))
        for last in reversed(found):
            phrase = text[found[0].start() : last.end()]
            named = {kind: name for kind in kinds if (name := self.find(kind, phrase)) is not None}
            if named:
                return Match(phrase, last.end(), named)
        return None

    def labels(self, kind: str, names: Sequence[str]) -> str:
        """Names in the reader's language, as a list that ends in "or"."""
        return listed([label(self.vocabulary, kind, name, self.locale) for name in names], self.locale)

    def unknown(self, kind: str, text: str) -> UserError:
        """The refusal for a text that is not of this kind."""
        if kind == "color" and _HEX.match(text):
            return _wrong_hex()
        near = self.vocabulary.nearest(kind, text, NEAREST)
        sentence = _UNKNOWN[kind] if near else _STRANGE[kind]
        shown = self.labels(kind, near or [word.name for word in self.vocabulary.words(kind)])
        refusal = UserError(sentence, word=echo(text) or "?", near=shown, example=_EXAMPLES.get(kind, ""))
        return refusal.hinting(text.strip(), near)

    def unknown_words(self, words: Sequence[str]) -> UserError:
        """The refusal for a sentence in which nothing can be painted: all its words at once."""
        shown = [echo(each) for each in words[:MOST_NAMED] if echo(each)]
        if any(_HEX.match(each) for each in words):
            return _wrong_hex()
        told = listed(shown, self.locale) or "?"
        pairs = [(word, each) for word in words[:MOST_NAMED] for each in self._nearest(word)]
        near = {each: word for word, each in reversed(pairs[:NEAREST])}
        if near:
            shown_near = listed(list(reversed(near)), self.locale)
            sentence = "I can paint nothing of {words}; did you mean {near}?"
            refusal = UserError(sentence, words=told, near=shown_near)
            for each, word in reversed(near.items()):
                refusal.hinting(word, [each])
            return refusal
        sentence = "I can paint nothing of {words}; say for example {example}."
        return UserError(sentence, words=told, example=EXAMPLE).hinting("", [EXAMPLE])

    def _nearest(self, text: str) -> list[str]:
        """The known words of any kind, in its own script, that are spelled most like `text`."""
        terms = _terms(self.vocabulary, han=_is_han(text))
        ranked = alike(text, terms)[: len(KINDS) * NEAREST]
        different = {(kind, name): term for kind, name, term in reversed(ranked)}
        return list(reversed(different.values()))[:NEAREST]


@functools.lru_cache(maxsize=8)
def _terms(vocabulary: Vocabulary, *, han: bool) -> Mapping[tuple[str, str, str], str]:
    """All words of one script, each by its kind, its name and itself."""
    return {
        (kind, name, term): term
        for kind in KINDS
        for name, term in vocabulary.terms(kind)
        if _is_han(term) == han
    }


def _wrong_hex() -> UserError:
    return UserError(
        "A hex color has three or six digits; or name a color, for example {example}.",
        example=_EXAMPLES["color"],
    )

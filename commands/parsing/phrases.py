"""The phrases that change a picture, in each language, and where they stand in a line."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from commands.parsing.tables import DATA, LATIN

_BREAKS = re.compile(r"(\s*[,;!?，、。；！？\n]+\s*|\s*\.(?=\s|$)\s*)")
_STARTS = ("make", "set", "add", "also", "remove", "swap", "again", "more", "less", "begins")
_ENDS = ("make_last", "add_last", "remove_last", "swap_last", "more_last", "begins_last")
_LEADS = 4
"""Phrases without a meaning before a change that are read."""


def flat(text: str) -> str:
    """A text in which capitals and accents of European letters do not matter, of the same length."""
    return "".join(map(_plain, text))


@functools.lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    if letter in "\u2019\u2018`":
        return "'"
    if ord(letter) >= 0x250:
        return letter
    low = unicodedata.normalize("NFD", letter)[0].lower()
    return low if len(low) == 1 else letter


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in a clause. how: its tables, in their order; before, after: the rest"""

    how: tuple[str, ...]
    before: str
    after: str

    @property
    def rest(self) -> str:
        """The clause without the phrase."""
        return f"{self.before} {self.after}".strip()


class ChangeWords:
    """The phrases of one language that change a picture."""

    def __init__(
        self, language: str, tables: Mapping[str, Sequence[str]], words: Mapping[str, Sequence[str]]
    ) -> None:
        self.language, self._tables = language, tables
        self._spaced = language not in ("zh", "ja")
        middle = [
            each
            for each in (*self._of("more"), *self._of("less"))
            if self._spaced or len(each) > 1 or each == "更"
        ]
        self._start = self._index(_STARTS)
        self._end = self._index(_ENDS)
        self._within = {
            each: how for each, how in self._index(("more", "less")).items() if each in map(flat, middle)
        }
        self._become = self._index(("swap", "become"))
        self._words = {flat(each): (kind,) for kind, own in words.items() for each in own}
        self._lead, self._trail = self._index(("lead",)), self._index(("trail",))
        self._and = self._index(("and",))
        phrases = [each for each, how in self._start.items() if how != ("also",)]
        self.singles = frozenset(
            word for each in (*phrases, *self._words, *self._lead) for word in each.split()
        )
        self.pictures = frozenset(map(flat, self._of("pictures")))
        self.anything = frozenset(map(flat, self._of("anything")))

    def _of(self, name: str) -> Sequence[str]:
        return self._tables.get(name, ())

    def _index(self, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name in names:
            for phrase in self._of(name):
                spelled = flat(phrase)
                found[spelled] = (*found.get(spelled, ()), name.removesuffix("_last"))
        return found

    def _search(self, text: str, phrases: Mapping[str, tuple[str, ...]], form: str) -> Iterator[Found]:
        """Where a phrase stands. form: a pattern with {} for the phrases"""
        if phrases:
            pattern = _pattern(tuple(phrases), form, self._spaced)
            for match in pattern.finditer(flat(text)):
                yield Found(phrases[match[1]], text[: match.start(1)].strip(), text[match.end(1) :].strip())

    def start(self, text: str) -> Found | None:
        """The phrase that a clause begins with."""
        return next(self._search(text, self._start, r"^\s*{}"), None)

    def end(self, text: str) -> Found | None:
        """The phrase that a clause ends with."""
        return next(self._search(text, self._end, r"{}\s*$"), None)

    def within(self, text: str) -> Iterator[Found]:
        """Phrases of more and less anywhere."""
        return self._search(text, self._within, "{}")

    def between(self, text: str) -> Iterator[Found]:
        """Phrases between a thing of the picture and how it shall be."""
        return self._search(text, self._become, r"(?<=.){}(?=.)")

    def word(self, text: str) -> Found | None:
        """A word that is a change by itself; its key is `how`."""
        return next(self._search(text, self._words, "{}"), None)

    def is_nothing(self, text: str) -> bool:
        """Whether only phrases without a meaning are there."""
        return not all(each.strip() for each in self.variants(text))

    def variants(self, text: str) -> Iterator[str]:
        """A clause with and without what says nothing after it, then without what says nothing before it."""
        for longer in self.leads(text):
            shorter = self._without_trail(longer)
            # A verb at the end may be part of a phrase: 「月を消して」.
            both = (shorter, longer) if self.language in LATIN else (longer, shorter)
            yield from dict.fromkeys(both)

    def leads(self, text: str) -> Iterator[str]:
        """A clause, then without what says nothing before it."""
        for _ in range(_LEADS):
            yield text
            lead = next(self._search(text, self._lead, r"^\s*{}"), None)
            if lead is None:
                return
            text = lead.after

    def _without_trail(self, text: str) -> str:
        while (found := next(self._search(text, self._trail, r"{}\s*$"), None)) is not None:
            text = found.before
        return text

    def clauses(self, text: str) -> Iterator[str]:
        """The clauses of a line."""
        for piece in _BREAKS.split(text)[::2]:
            yield from self._parts(piece)

    def _parts(self, piece: str) -> Iterator[str]:
        """A piece, parted where another change follows after "and"."""
        for found in self._search(piece, self._and, r"(?<=.){}(?=.)"):
            if found.after and self._opens(found.after):
                yield from self._parts(found.before)
                yield from self._parts(found.after)
                return
        if piece.strip():
            yield piece.strip()

    def _opens(self, text: str) -> bool:
        start = self.start(text)
        word = self.word(text)
        return bool(start and not {"also", "begins"} & {*start.how}) or bool(word and not word.before)


@functools.lru_cache(maxsize=256)
def _pattern(phrases: tuple[str, ...], form: str, spaced: bool) -> re.Pattern[str]:
    """Any of the phrases, the longest first; a word of its own where words are spaced."""
    either = "|".join(re.escape(each) for each in sorted(phrases, key=len, reverse=True))
    edges = (
        (r"(?<!\w)({})(?!\w)" if form.startswith(("^", "{}")) and "$" not in form else r"({})(?!\w)")
        if spaced
        else "({})"
    )
    return re.compile(form.format(edges.format(either)))


@functools.cache
def load_changes() -> Mapping[str, ChangeWords]:
    """The phrases of each language."""
    told = tomllib.loads((DATA / "changes.toml").read_text("utf-8"))
    return {
        language: ChangeWords(language, {k: v for k, v in tables.items() if k != "words"}, tables["words"])
        for language, tables in told.items()
    }

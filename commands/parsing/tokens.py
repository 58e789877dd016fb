"""A line -> its words, each with what it may mean in the language of the line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from commands.parsing.inflection import forms
from commands.parsing.segment import segmented
from commands.parsing.spelling import corrected
from commands.parsing.tables import ASIAN, LATIN, NAME, Sense, Senses, Table, Tables, bare, key
from engine.vocabulary import Vocabulary

HAN, KANA, HANGUL = "\u3005\u3400-\u9fff", "\u3041-\u309f\u30a1-\u30fa\u30fc", "\uac00-\ud7a3"
_PIECES = re.compile(
    rf"(?P<color>#[0-9a-f]+\b|(?<![\w#])0x[0-9a-f]{{6}}\b|(?<!\w)(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{{6}}\b|\b(?:rgb|hsl)\([^()]*\))"
    rf"|(?P<korean>[{HANGUL}]+(?: +[{HANGUL}]+)*)|(?P<asian>[{HAN}{KANA}]+)"
    rf"|(?P<word>[^\W_{HAN}{KANA}{HANGUL}]+)|(?P<sign>[&+](?!\d))",
    re.IGNORECASE,
)
_KANA = re.compile(f"[{KANA}]")
_BREAK = re.compile(r"[^\s\-'\u2019\u2018\"“”.*_~`]|[.](?=\s|$)")
"""What ends a phrase, where it stands between two words."""
_ABROAD = ("artist", "style", "quality", "thing", "color", "scene", "mixture")
"""Kinds of English words that are understood in lines of other languages."""


@dataclass(frozen=True, slots=True)
class Token:
    """A phrase. said: as it was typed; start, end: its place

    apart: whether punctuation stands before it; read: what a misspelled word was read as
    """

    senses: Senses
    said: str
    start: int
    end: int
    language: str
    apart: bool = False
    plural: bool = False
    read: str = ""

    def has(self, *kinds: str) -> bool:
        """Whether it may be of one of these kinds."""
        return any(each.kind in kinds for each in self.senses)

    def sense(self, kind: str) -> Sense | None:
        """Its meaning of a kind."""
        return next((each for each in self.senses if each.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads words. locale: the person's, which decides where a line may be of several languages"""

    tables: Tables
    vocabulary: Vocabulary
    locale: str = "en"

    @property
    def home(self) -> str:
        """The reader's language, English where there is no table for it."""
        language = self.locale.lower().split("-")[0].split("_")[0]
        return language if language in self.tables.languages else "en"

    def tokens(self, text: str) -> list[Token]:
        """All words of a text."""
        found = list(_PIECES.finditer(text))
        latin = [each for each in found if each.lastgroup == "word" and not each[0].isdecimal()]
        table = self.tables.languages[self._language([key(each[0]) for each in latin])]
        asian = self.asian(text)
        tokens: list[Token] = []
        around = self._around_numerals(found, asian) if not latin else table.language
        at = 0
        while at < len(found):
            piece = found[at]
            if piece.lastgroup in ("korean", "asian"):
                language = "ko" if piece.lastgroup == "korean" else asian
                tokens += self._run(piece, language)
                at += 1
            else:
                token, used = self._phrase(found, at, text, table)
                token = replace(token, language=around) if piece[0].isdecimal() else token
                tokens.append(token)
                at += used
        return [self._apart(token, tokens[i - 1].end if i else 0, text) for i, token in enumerate(tokens)]

    @staticmethod
    def _around_numerals(found: Sequence[re.Match[str]], asian: str) -> str:
        """The language of figures in a line without European words: 「木を2本」."""
        kinds = {piece.lastgroup for piece in found}
        return "ko" if "korean" in kinds else asian if "asian" in kinds else "en"

    @staticmethod
    def _apart(token: Token, end: int, text: str) -> Token:
        between = text[end : token.start]
        loose = (
            token.language in ASIAN and token.language != "ko" and bool(between.strip(" ") == "" and between)
        )
        return replace(token, apart=loose or _BREAK.search(between) is not None)

    def asian(self, text: str) -> str:
        """The language of Chinese or Japanese signs."""
        if _KANA.search(text):
            return "ja"
        runs = re.findall(f"[{HAN}]+", text)
        if not runs:
            return "zh"
        costs = {
            each: sum(segmented(run, self.tables.languages[each])[1] for run in runs) for each in ("zh", "ja")
        }
        return (
            "ja" if costs["ja"] < costs["zh"] or (costs["ja"] == costs["zh"] and self.home == "ja") else "zh"
        )

    def _run(self, piece: re.Match[str], language: str) -> Iterator[Token]:
        table = self.tables.languages[language]
        for start, end, senses in segmented(piece[0], table)[0]:
            said = piece[0][start:end].strip()
            if not senses and language == "ja":
                senses = self.tables.languages["zh"].index.get(said, ())
            if said:
                yield Token(senses, said, piece.start() + start, piece.start() + end, language)

    def _language(self, words: Sequence[str]) -> str:
        """The European language that knows most of the words."""
        scores = {each: self.score(words, each) for each in LATIN}
        best = max(scores.values(), default=0.0)
        ranked = [each for each in dict.fromkeys((self.home, *LATIN)) if scores.get(each, -1) >= best - 1e-9]
        return ranked[0] if ranked else "en"

    def score(self, words: Sequence[str], language: str) -> float:
        """How many of some words a European language knows, by weight."""
        index, total, at = self.tables.languages[language].index, 0.0, 0
        irregular, openings = self.tables.irregular, self.tables.languages[language].openings
        while at < len(words):
            used, worth = 1, 0.0
            most = min(4, len(words) - at) if words[at] in openings else 1
            for length in range(most, 0, -1):
                phrase = " ".join(words[at : at + length])
                if phrase in index:
                    used, worth = length, length * (1.0 if len(phrase) > 1 else 0.4)
                    break
            else:
                word = words[at]
                if any(form in index for form, _ in forms(word, language, irregular)):
                    worth = 0.8
                elif language == "en" and self.tables.parts_of_speech(word):
                    worth = 0.5
            total, at = total + worth, at + used
        return total

    def _phrase(self, found: Sequence[re.Match[str]], at: int, text: str, table: Table) -> tuple[Token, int]:
        """The longest phrase that is known from a piece on, and of how many pieces it is."""
        piece = found[at]
        if piece.lastgroup == "color":
            return self._css(piece, table), 1
        if piece.lastgroup == "sign":
            return Token((Sense("joins"),), piece[0], piece.start(), piece.end(), table.language), 1
        if piece[0].isdecimal() and not self._known_number(found, at, text, table):
            return _numeral(piece, table), 1
        longest = table.longest if key(piece[0]) in table.openings else 1
        run = list(_unbroken(found, at, text, longest))
        for length in range(len(run), 0, -1):
            phrase = " ".join(run[:length])
            senses, plural = self._senses(phrase, table)
            if senses:
                end = found[at + length - 1].end()
                said = text[piece.start() : end]
                return Token(senses, said, piece.start(), end, table.language, plural=plural), length
        return self._single(piece, table), 1

    def _known_number(self, found: Sequence[re.Match[str]], at: int, text: str, table: Table) -> bool:
        run = list(_unbroken(found, at, text, 3))
        return any(" ".join(run[:length]) in table.index for length in range(2, len(run) + 1))

    def _senses(self, phrase: str, table: Table) -> tuple[Senses, bool]:
        exact = table.index.get(phrase, ())
        if exact and all(each.kind == "category" for each in exact):
            things, plural = self._formed(phrase, table)
            return (*things, *exact), plural
        thing = next((each for each in exact if each.kind == "thing"), None)
        if exact and not (thing and table.language == "en"):
            return exact, False
        for form, plural in forms(phrase, table.language, self.tables.irregular):
            formed = table.index.get(form)
            if formed is None:
                continue
            one = next((each for each in formed if each.kind == "thing"), None)
            if not exact:
                kept = tuple(each for each in formed if each.kind not in ("little", "articles", "joins"))
                if kept:
                    return kept, plural and one is not None
            elif plural and one and thing and _is_plural(phrase, thing, one):
                return (exact if one.value == thing.value else formed), True
        return exact, False

    def _formed(self, phrase: str, table: Table) -> tuple[Senses, bool]:
        """The things that a form of a word names, and whether it is a plural."""
        for form, plural in forms(phrase, table.language, self.tables.irregular):
            things = tuple(each for each in table.index.get(form, ()) if each.kind == "thing")
            if things:
                return things, plural
        return (), False

    def _single(self, piece: re.Match[str], table: Table) -> Token:
        """A word that the language of the line does not know."""
        token = Token((), piece[0], piece.start(), piece.end(), table.language)
        word = key(piece[0])
        abroad = self._abroad(word, table)
        if abroad:
            return replace(token, senses=abroad)
        css = self.vocabulary.find("color", word) if table.language == "en" and len(word) > 3 else None
        if css:
            return replace(token, senses=(Sense("color", css),))
        if self._is_a_word(word, table):
            return token
        if piece[0].istitle() and piece.start() and not piece.string.istitle():
            # A name within a sentence.
            return token
        meant = corrected(word, table, self.tables.languages["en"])
        if meant is None:
            return token
        source, plural = table if meant in table.index else self.tables.languages["en"], False
        return replace(token, senses=source.index[meant], read=meant, plural=plural)

    def _abroad(self, word: str, table: Table) -> Senses:
        if table.language == "en" or len(word) < 3:
            return ()
        senses, _ = self._senses(word, self.tables.languages["en"])
        return tuple(each for each in senses if each.kind in _ABROAD and each.how == NAME)

    def _is_a_word(self, word: str, table: Table) -> bool:
        if not word.isalpha():
            return True
        english = [word, *(form for form, _ in forms(word, "en", self.tables.irregular)), *_verbal(word)]
        if any(self.tables.parts_of_speech(bare(each)) for each in english):
            return True
        return any(
            word in other.index or any(form in other.index for form, _ in forms(word, language, {}))
            for language, other in self.tables.languages.items()
            if language in LATIN
        )

    def _css(self, piece: re.Match[str], table: Table) -> Token:
        text = re.sub(r"^(0x)?(?=[0-9a-fA-F]{6}$)", "#", piece[0])
        name = self.vocabulary.find("color", text)
        senses = (Sense("color", name),) if name else ()
        return Token(senses, piece[0], piece.start(), piece.end(), table.language)


def _is_plural(phrase: str, thing: Sense, one: Sense) -> bool:
    """Whether a word that names a thing is rather several of another: "flowers", but not "grapes"."""
    if one.value == thing.value:
        return phrase != key(thing.value)
    return one.how == NAME


def _verbal(word: str) -> Iterator[str]:
    """What a verb's or an adjective's form may come from."""
    for ending in ("ing", "ed", "er", "est", "ly", "ish", "like", "less"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            yield from (stem, f"{stem}e", stem[:-1] if stem[-1:] == stem[-2:-1] else stem)
            if stem.endswith("i"):
                yield f"{stem[:-1]}y"


def _numeral(piece: re.Match[str], table: Table) -> Token:
    digits = piece[0].lstrip("0") or "0"
    value = digits if len(digits) < 3 and int(digits) <= 12 else "13"
    return Token((Sense("number", value),), piece[0], piece.start(), piece.end(), table.language)


def _unbroken(found: Sequence[re.Match[str]], at: int, text: str, most: int) -> Iterator[str]:
    """The words from a piece on that no punctuation parts."""
    for piece in found[at : at + most]:
        if piece.lastgroup == "sign" and piece is not found[at]:
            yield "and"
        elif piece.lastgroup != "word":
            return
        else:
            yield key(piece[0])
        index = found.index(piece, at)
        if index + 1 < len(found) and _BREAK.search(text[piece.end() : found[index + 1].start()]):
            return

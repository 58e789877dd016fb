"""Find words that are spelled so that a list misses them: l33t, look-alikes, s p a c i n g. Pure.

A text is folded to candidates: its words, words with the signs inside them left out, and words of pieces that
mean nothing apart. A listed word is a pattern over its letters and what stands for them, and must be a whole
candidate. Words of scripts without spaces are looked for anywhere, with nothing but their script left between
sentence marks.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import groupby
from typing import Any

import re2

from commands.parsing.tables import load_tables
from engine.vocabulary import load_vocabulary

_STANDS_FOR = {
    "a": "4@^",
    "b": "8",
    "c": "(<{",
    "e": "3€",
    "g": "96",
    "h": "#",
    "i": "1!|l",
    "l": "1!|i£",
    "o": "0°",
    "q": "9",
    "s": "5$§",
    "t": "7+†",
    "u": "vµ",
    "v": "u",
    "z": "2",
}
"""Signs and letters that are written in place of a letter."""
_MASKS = "*#•·_%"
"""Signs that hide a letter inside a word."""
_INSIDE = "".join(sorted(each for each in {*"".join(_STANDS_FOR.values()), *_MASKS} if not each.isalnum()))
_APART = re.compile(rf"[^\w{re.escape(_INSIDE)}]+|_+")
_ANY_SIGN = re.compile(r"[\W_]+")
_SENTENCE = re.compile(r"[。、\n]")
_FULL_WIDTH = str.maketrans(dict.fromkeys("，！？；：", "。") | {"\u0345": ""})
"""Sentence marks of Chinese and Japanese, which NFKC would make those that are typed inside words, and a mark
that becomes a letter in lower case."""
_DRAWN = {"/\\": "a", "|3": "b", "|-|": "h", "()": "o", "|_|": "u", "\\/": "v"}
"""Letters that are drawn with several signs."""
_ENDINGS = {"de": "(?:e?[ns])?"}
_ENDING = "(?:e?s)?"
"""Endings of a plural, by language, and of all other languages."""
MOST_MEMORY = 1 << 26
"""Bytes of a compiled list."""
SHORT = 3
"""Letters of a piece that may be a part of a word that was taken apart."""
_ASIAN = re.compile(r"[\u3005-\u3007\u3041-\u30fa\u30fc-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


def is_asian(word: str) -> bool:
    """Return whether a word is of a script that is read without spaces."""
    return _ASIAN.search(word) is not None


class Words:
    """A list of words of one language to look for. Immutable."""

    def __init__(self, words: Iterable[str], language: str = "") -> None:
        known = [unicodedata.normalize("NFKC", each).casefold() for each in words]
        self._asian = tuple(_script(each) for each in known if is_asian(each) and " " not in each)
        self._asian_phrases = tuple(_script(each) for each in known if is_asian(each) and " " in each)
        spaced = [each for each in known if not is_asian(each)]
        single = [each for each in spaced if not _ANY_SIGN.search(each)]
        ending = _ENDINGS.get(language, _ENDING)
        self._plain = _compiled((each for each in single if each.isascii()), ending)
        self._accented = _compiled((each for each in single if not each.isascii()), ending)
        self._phrases = _compiled(
            (_ANY_SIGN.sub("", each) for each in spaced if _ANY_SIGN.search(each)), ending
        )

    def are_in(self, text: Folded) -> bool:
        """Return whether one of the words is in a text, however it is spelled."""
        return (
            any(each in part for each in self._asian for part in text.asian)
            or any(each in text.script for each in self._asian_phrases)
            or _has(self._plain, text.plain)
            or _has(self._accented, text.accented)
            or _has(self._phrases, text.phrases)
        )


@dataclass(frozen=True, slots=True)
class Folded:
    """What may be words of a text, one a line.

    plain: in plain Latin letters; accented: with their accents; phrases: several words in one
    asian: parts of scripts without spaces; script: all of it
    """

    plain: str
    accented: str
    phrases: str
    asian: tuple[str, ...]
    script: str


def fold(text: str, innocent: Iterable[str] = ()) -> Folded:
    """Fold a text.

    innocent: what is taken out of it first, in lower case, since a listed word seems to be in it
    """
    text = text.encode(errors="replace").decode().translate(_FULL_WIDTH)
    text = unicodedata.normalize("NFKC", text).casefold()
    for each in innocent:
        if each in text:
            text = _without(each, text)
    parts = [part for whole in _asian_parts(text) for part in _without_innocent(whole, innocent)]
    for signs, letter in _DRAWN.items():
        text = text.replace(signs, letter)
    latin, accented = _latin(text), _looks(text)
    return Folded(
        "\n".join(_candidates(latin)),
        "\n".join(_candidates(accented)) if accented != latin else "",
        "\n".join(_phrases(latin)),
        tuple(dict.fromkeys(each for each in parts if each)),
        _script(text),
    )


def _without(phrase: str, text: str) -> str:
    if is_asian(phrase):
        return text.replace(phrase, " ")
    return re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", " ", text)


def _without_innocent(part: str, innocent: Iterable[str]) -> list[str]:
    """Return what is left of a part without phrases that it seems to have only once its signs are gone."""
    for each in innocent:
        if is_asian(each):
            part = part.replace(_script(each), " ")
    return part.split()


def _script(word: str) -> str:
    return "".join(_ASIAN.findall(word.translate(_KATAKANA)))


def _asian_parts(text: str) -> Iterator[str]:
    """Yield the characters of scripts without spaces, from one sentence mark to the next.

    Korean has spaces: there only what has one syllable is put together.
    """
    for part in _SENTENCE.split(text):
        words = [_script(each) for each in part.split()]
        if any(map(_HANGUL.search, words)):
            yield from words
            for single, run in groupby(words, key=lambda word: len(word) <= 1):
                if single:
                    yield "".join(run)
        else:
            yield "".join(words)


def _candidates(text: str) -> set[str]:
    """Return what may be a word of a folded text."""
    words = text.split()
    bare = [each for each in (_ANY_SIGN.sub("", word) for word in words) if each]
    pieces = _pieces(text)
    found = {*words, *bare, *pieces, *(each.strip(_INSIDE) for each in pieces), *_joined(bare)}
    if pieces != bare:
        found.update(_joined(pieces))
    return found


def _pieces(text: str) -> list[str]:
    return _APART.sub(" ", text).split()


def _joined(words: Sequence[str]) -> Iterator[str]:
    """Yield words made of what stands side by side: single letters, and short pieces with their neighbours.

    No word is made of short words alone that mean something by themselves, and what stands beside them.
    """
    for single, run in groupby(words, key=lambda word: len(word) == 1):
        letters = "".join(run) if single else ""
        yield from (letters[start:] for start in range(len(letters) - 2))
        yield from (letters[:end] for end in range(3, len(letters)))
    short = _short_words()
    pieces = [len(word) <= SHORT and word not in short and not word.isdecimal() for word in words]
    for count in (2, 3):
        for at in range(len(words) - count + 1):
            if any(pieces[at : at + count]) or (count == 2 and _is_rest(words[at : at + 2], short)):
                yield "".join(words[at : at + count])


def _is_rest(pair: Sequence[str], short: frozenset[str]) -> bool:
    """Return whether a short word stands beside what is no word, but may be the rest of one."""
    first, last = sorted(pair, key=len)
    return first in short and len(last) > SHORT and not _is_word(last)


def _phrases(text: str) -> set[str]:
    """Return two and three words of a folded text without what stands between them."""
    words = _pieces(text)
    return {"".join(words[at : at + count]) for count in (1, 2, 3) for at in range(len(words) - count + 1)}


def _has(pattern: Any, lines: str) -> bool:
    """Return whether a line is a listed word, with as many letters of its own as others stand for."""
    return pattern is not None and any(_is_spelled(match[0]) for match in pattern.finditer(lines))


def _is_spelled(found: str) -> bool:
    letters = sum(each.isalpha() for each in found)
    return letters >= 2 and 2 * letters >= len(found)


def _compiled(words: Iterable[str], ending: str) -> Any:
    patterns = sorted({_pattern(each) for each in words})
    if not patterns:
        return None
    options = re2.Options()
    options.max_mem, options.log_errors = MOST_MEMORY, False
    return re2.compile(f"(?m)^(?:{'|'.join(patterns)}){ending}$", options)


@functools.cache
def _pattern(word: str) -> str:
    """Return a pattern of a word's letters, each as often as it is there or oftener."""
    runs = [(letter, len(list(run))) for letter, run in groupby(word)]
    parts = [_run(letter, count, inner=0 < at < len(runs) - 1) for at, (letter, count) in enumerate(runs)]
    return "".join(parts)


def _run(letter: str, count: int, inner: bool) -> str:
    signs = letter + _STANDS_FOR.get(letter, "") + (_MASKS if inner and letter.isalpha() else "")
    one = "[" + "".join(re.escape(each) for each in dict.fromkeys(signs)) + "]"
    one = f"(?:{one}|ph)" if letter == "f" else one
    return f"{one}{{{count},}}"


def _latin(text: str) -> str:
    """Return a text in plain Latin letters, as far as its signs look like them."""
    parted = unicodedata.normalize("NFD", text)
    return _looks("".join(each for each in parted if unicodedata.category(each) not in ("Mn", "Me")))


def _looks(text: str) -> str:
    """Return a text with the letters that its look-alikes are taken for."""
    return unicodedata.normalize("NFC", text).translate(_look_alikes())


@functools.lru_cache(maxsize=1 << 14)
def _is_word(text: str) -> bool:
    """Return whether WordNet has an English word."""
    return bool(load_tables(load_vocabulary()).parts_of_speech(text))


@functools.cache
def _look_alikes() -> dict[int, str]:
    return {ord(each): letter for letter, found in _lines("homoglyphs.tsv") for each in found}


@functools.cache
def _short_words() -> frozenset[str]:
    return frozenset(word for _, words in _lines("short_words.tsv") for word in words.split())


def _lines(name: str) -> list[list[str]]:
    text = (resources.files("commands") / "policy" / name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines()]

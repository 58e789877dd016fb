"""Plain sentences: "a blue fish in ink" or 「水墨 蓝色 鱼」 -> what they name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from commands.chat import UserError
from commands.cleaning import echo
from engine.vocabulary import Vocabulary

KINDS = ("style", "shape", "scene", "color")
LONGEST_PHRASE = 4
"""Words of the longest entry of the vocabulary."""
LONGEST_CHINESE = 8
_TOKEN = re.compile(r"#[0-9a-f]+|[\u3400-\u9fff]+|[^\W_]+(?:['\u2019-][^\W_]+)*", re.IGNORECASE)
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_FILLERS = tomllib.loads((resources.files("commands") / "fillers.toml").read_text("utf-8"))
_ENGLISH_FILLERS, _CHINESE_FILLERS = frozenset(_FILLERS["en"]), tuple(_FILLERS["zh"])


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that name something. kinds: canonical name by each kind it may be."""

    text: str
    kinds: dict[str, str]


def read_sentence(text: str, vocabulary: Vocabulary, locale: str) -> dict[str, list[str]]:
    """Names by kind, in the order they were said. Raises UserError for a word that names nothing.

    A word that may be two things ("rose", "orange") is a shape while none is named, else a colour.
    """
    phrases = list(_phrases(text, vocabulary, locale))
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for phrase in phrases:
        if len(phrase.kinds) == 1:
            _add(found, *next(iter(phrase.kinds.items())))
    for phrase in phrases:
        if len(phrase.kinds) > 1:
            kind = next((kind for kind in phrase.kinds if not found[kind]), list(phrase.kinds)[-1])
            _add(found, kind, phrase.kinds[kind])
    return found


def _add(found: dict[str, list[str]], kind: str, name: str) -> None:
    if name not in found[kind]:
        found[kind].append(name)


def _phrases(text: str, vocabulary: Vocabulary, locale: str) -> Iterator[Phrase]:
    tokens = _TOKEN.findall(text)
    place = 0
    while place < len(tokens):
        if _CHINESE.match(tokens[place]):
            yield from _chinese(tokens[place], vocabulary, locale)
            place += 1
            continue
        length, phrase = _longest(tokens[place:], vocabulary)
        if phrase:
            yield phrase
        elif tokens[place].casefold() not in _ENGLISH_FILLERS:
            raise unknown_word(tokens[place], vocabulary, locale)
        place += length


def _longest(tokens: list[str], vocabulary: Vocabulary) -> tuple[int, Phrase | None]:
    """How many tokens the longest phrase at the start has, and the phrase; one token when there is none."""
    for length in range(min(LONGEST_PHRASE, len(tokens)), 0, -1):
        text = " ".join(tokens[:length])
        kinds = _kinds(text, vocabulary)
        # "as" and "in" are nobody's colour, even where a spelling rule could make them one.
        if kinds and not (length == 1 and text.casefold() in _ENGLISH_FILLERS):
            return length, Phrase(text, kinds)
    return 1, None


def _chinese(run: str, vocabulary: Vocabulary, locale: str) -> Iterator[Phrase]:
    """Chinese is written without spaces: take the longest word each time."""
    while run:
        lengths = range(min(LONGEST_CHINESE, len(run)), 0, -1)
        match = next(((n, kinds) for n in lengths if (kinds := _kinds(run[:n], vocabulary))), None)
        filler = max((len(each) for each in _CHINESE_FILLERS if run.startswith(each)), default=0)
        if match and match[0] >= filler:
            yield Phrase(run[: match[0]], match[1])
            run = run[match[0] :]
        elif filler:
            run = run[filler:]
        else:
            raise unknown_word(run, vocabulary, locale)


def _kinds(text: str, vocabulary: Vocabulary) -> dict[str, str]:
    return {kind: name for kind in KINDS if (name := vocabulary.find(kind, text)) is not None}


def unknown_word(word: str, vocabulary: Vocabulary, locale: str) -> UserError:
    """The refusal for a word that names nothing, with the three nearest of any kind."""
    nearest = [vocabulary.nearest(kind, word, 1)[0] for kind in KINDS[:3]]
    labels = [vocabulary.label(kind, name, locale) for kind, name in zip(KINDS, nearest, strict=False)]
    return UserError(
        "I do not know the word {word}; the nearest I know are {near}.",
        word=echo(word) or "?",
        near=", ".join(labels),
    )

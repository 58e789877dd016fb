"""Words that name nothing by themselves: fillers, numbers, and how things stand to each other."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

from commands.chat import UserError
from commands.parsing.lexicon import HAN
from commands.parsing.sanitize import echo
from engine.conditions import MAX_COUNT, MAX_NUMBER

_DATA = tomllib.loads((resources.files("commands") / "sentences.toml").read_text("utf-8"))
FILLERS, CHINESE_FILLERS = frozenset(_DATA["fillers"]["en"]), tuple(_DATA["fillers"]["zh"])
PREPOSITIONS = frozenset(_DATA["prepositions"]["en"])
TOO_MANY = MAX_NUMBER + 1


def _by_word(tables: Mapping[str, Iterable[str]]) -> Mapping[str, str]:
    return MappingProxyType({word: name for name, words in tables.items() for word in words})


NUMBERS: Mapping[str, int] = MappingProxyType(
    {word: number for number, words in enumerate(_DATA["numbers"].values(), 1) for word in words}
)
"""Number words; those that are no number count as more than there may be."""
RELATIONS, RELATIONS_AFTER = _by_word(_DATA["relations"]), _by_word(_DATA["relations_after"])
"""Words before and after what they are about, and which of `engine.conditions.RELATIONS` they mean."""
WHOLES = frozenset(_DATA["wholes"]["words"])
"""Words after which a "one" before them is used up."""
_PICTURES = frozenset(_DATA["pictures"]["words"])
_IS_HAN = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Little:
    """A little word. end: its place in the text

    number: how many there are, 0 for a word that does not count; relation: empty for a word that tells none
    """

    word: str
    end: int
    number: int = 0
    relation: str = ""


def little_word(text: str, start: int, end: int) -> Little | None:
    """The little word at a piece of a text, from `start` to `end`; Chinese ones may be longer than it."""
    word = text[start:end].casefold()
    if word in NUMBERS and not _IS_HAN.match(word):
        return Little(word, end, NUMBERS[word])
    if word.isdecimal():
        return Little(word, end, _counted(word))
    if word in RELATIONS:
        return Little(word, end, relation=RELATIONS[word])
    if word in FILLERS:
        return Little(word, end)
    return _chinese(text, start)


def _counted(digits: str) -> int:
    return min(int(digits), TOO_MANY) if len(digits) < 3 else TOO_MANY


def _chinese(text: str, start: int) -> Little | None:
    word = _longest(text, start, [*CHINESE_FILLERS, *(each for each in NUMBERS if not each.isascii())])
    if not word:
        return None
    # 「一只」 and 「画一」 are fillers with the article in them.
    return Little(word, start + len(word), NUMBERS.get(word, NUMBERS["一"] if "一" in word else 0))


def relation_after(text: str, start: int) -> Little | None:
    """The Chinese word right at `start` that tells how things stand to what was named before it."""
    word = _longest(text, start, RELATIONS_AFTER)
    return Little(word, start + len(word), relation=RELATIONS_AFTER[word]) if word else None


def _longest(text: str, start: int, words: Iterable[str]) -> str:
    return max((each for each in words if text.startswith(each, start)), key=len, default="")


def number_of(little: Little, text: str) -> int:
    """How many the word says there are of a shape, 0 when it does not count.

    Raises UserError for more than nine, for none at all, and for a number of pictures.
    """
    if not little.number and not little.word.isdecimal():
        return 0
    rest = text[little.end :].lstrip()
    if little.number > 1 and any(rest.casefold().startswith(each) for each in _PICTURES):
        example = f"count={min(little.number, MAX_COUNT)}"
        raise UserError("For more pictures of one wish say for example {example}.", example=example)
    if not 1 <= little.number <= MAX_NUMBER:
        raise number_refused()
    return little.number


def number_refused() -> UserError:
    """The refusal for a number of figures that cannot be read or is too large."""
    return UserError(
        "How many there are of a shape is a number from 1 to {most}, for example {example}; "
        "for more pictures say {pictures}.",
        most=MAX_NUMBER,
        example="shape=bird:2",
        pictures="count=2",
    )


def nothing_counted(word: str) -> UserError:
    """The refusal for a number without anything that it counts."""
    return UserError(
        "I do not know of what there are to be {word}; say for example {example}, "
        "or for more pictures {pictures}.",
        word=echo(word),
        example="shape=bird:2",
        pictures="count=2",
    )

"""Which shapes are asked for, how many of each, and how they stand to each other.

`shape=bird:2+mountain`, `shape=bird:2-over-mountain`, `shape=two birds over a mountain`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commands.chat import UserError
from commands.parsing import values
from commands.parsing.color_nouns import tint
from commands.parsing.function_words import RELATIONS as RELATION_WORDS
from commands.parsing.function_words import little_word, number_of, number_refused
from commands.parsing.lexicon import Lexicon, pieces
from engine.conditions import MAX_FIGURES, MAX_NUMBER, MAX_SHAPES, RELATIONS, Conditions, Other

_RELATIONS = {**{name: name for name in RELATIONS}, **RELATION_WORDS}
_NUMBER = re.compile(r"\s*[:×]\s*([^\s,+、;_-]*)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A shape as somebody mentioned it.

    number: how many, None where nobody counted
    relation: how what was mentioned before stands to it, empty where nobody said
    tint: the color in its name, empty where there is none
    """

    shape: str
    number: int | None = None
    relation: str = ""
    tint: str = ""


def read_shapes(text: str, lexicon: Lexicon) -> tuple[list[Mention], str]:
    """The shapes that a value begins with, and the rest of the text. Raises UserError when there is none."""
    read = list(_mentions(text, lexicon))
    return [mention for mention, _ in read], text[read[-1][1] :]


def _mentions(text: str, lexicon: Lexicon) -> Iterator[tuple[Mention, int]]:
    """Each shape with its end in the text."""
    following: tuple[str, int] | None = ("", 0)
    while following is not None:
        relation, place = following
        number, start = _counted(text, place)
        match = lexicon.longest(("shape",), text, start)
        if match is None:
            raise lexicon.unknown("shape", values.chunk(text[place:]))
        after, end = number_after(text, match.end)
        yield Mention(match.names["shape"], after or number, relation, tint(match.phrase)), end
        following = _following(text, end, lexicon)


def number_after(text: str, place: int) -> tuple[int | None, int]:
    """The number in "bird:2", and where it ends. Raises UserError for what is no number from 1 to 9."""
    found = _NUMBER.match(text, place)
    if found is None:
        return None, place
    if not re.fullmatch("[0-9]{1,2}", found[1], re.ASCII) or not 1 <= int(found[1]) <= MAX_NUMBER:
        raise number_refused()
    return int(found[1]), found.end()


def _counted(text: str, place: int) -> tuple[int | None, int]:
    """The number before a shape, None without one, and where the shape begins."""
    number = None
    while (piece := next(pieces(text, place), None)) is not None:
        little = little_word(text, *piece.span())
        if little is None or little.relation:
            break
        number = number_of(little, text) or number
        place = little.end
    return number, place


def _following(text: str, end: int, lexicon: Lexicon) -> tuple[str, int] | None:
    """The relation to the next shape of the value, and where that begins; None when there is none."""
    piece = next(pieces(text, end), None)
    relation = _RELATIONS.get(piece[0].casefold()) if piece else None
    if piece and relation and _begins_with_shape(text, piece.end(), lexicon):
        return relation, piece.end()
    entry = values.next_entry(text, end)
    if entry is None or (entry[1] and not _begins_with_shape(text, entry[0], lexicon)):
        return None
    return "", entry[0]


def _begins_with_shape(text: str, place: int, lexicon: Lexicon) -> bool:
    return lexicon.longest(("shape",), text, _counted(text, place)[1]) is not None


def gathered(mentions: Sequence[Mention]) -> Mapping[str, Any]:
    """shape, number and others of what was mentioned, for `Asked`. Raises UserError for too many."""
    by_shape: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_shape.setdefault(mention.shape, []).append(mention)
    if len(by_shape) > MAX_SHAPES:
        raise UserError(
            "At most {most} different shapes fit into one picture; leave some out.", most=MAX_SHAPES
        )
    shapes = [
        Other(shape, _total([each.number for each in said]), max(each.relation for each in said))
        for shape, said in by_shape.items()
    ]
    if sum(each.number for each in shapes) > MAX_FIGURES:
        raise UserError("At most {most} figures fit into one picture; ask for fewer.", most=MAX_FIGURES)
    if not shapes:
        return {}
    return {"shape": shapes[0].shape, "number": shapes[0].number, "others": tuple(shapes[1:])}


def are_counted(mentions: Sequence[Mention]) -> bool:
    """Whether anybody said how many there are, be it one."""
    return any(each.number for each in mentions)


def _total(numbers: Sequence[int | None]) -> int:
    """ "two red birds and a blue bird" are three; one thing said twice without a number is one thing."""
    if all(number in (None, 1) for number in numbers):
        return 1
    total = sum(number or 0 for number in numbers)
    if total > MAX_NUMBER:
        raise number_refused()
    return total


def value_of(conditions: Conditions, *, counted: bool = False) -> str:
    """What stands after `shape=` for these figures. counted: whether one is to be said as a number"""
    one = f"{conditions.shape}:1"
    said = one if counted and conditions.number == 1 else _entry(conditions.shape, conditions.number)
    for other in conditions.others:
        said += f"-{other.relation}-" if other.relation else "+"
        said += _entry(other.shape, other.number)
    return said


def _entry(shape: str, number: int) -> str:
    return shape if number == 1 else f"{shape}:{number}"

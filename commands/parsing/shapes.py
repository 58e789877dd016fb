"""The values of `shape=`, and what figures a picture is asked to show.

`shape=bird:2+mountain`, `shape=fox(red)-behind-tree:3`, `shape=two birds over a mountain`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from commands.chat import UserError
from commands.parsing import values
from commands.parsing.lexicon import Lexicon, pieces
from commands.parsing.reading import Mention
from engine.conditions import MAX_NUMBER, Conditions

NONE = "none"
"""The value for a picture without a figure."""
_NUMBER = re.compile(r"\s*[:×]\s*([^\s,+、;_()-]*)")
_COLOR = re.compile(r"\(([^()]*)\)")


def number_refused() -> UserError:
    """The refusal for a number of figures that cannot be read or is too large."""
    return UserError(
        "How many there are of a shape is a number from 1 to {most}, for example {example}; "
        "for more pictures say {pictures}.",
        most=MAX_NUMBER,
        example="shape=bird:2",
        pictures="count=2",
    )


def read_shapes(text: str, lexicon: Lexicon) -> tuple[list[Mention], str]:
    """The shapes that a value begins with, and the rest of the text. Raises UserError when there is none."""
    read = list(_mentions(text, lexicon))
    return [mention for mention, _ in read], text[read[-1][1] :]


def _mentions(text: str, lexicon: Lexicon) -> Iterator[tuple[Mention, int]]:
    """Each shape with its end in the text."""
    following: tuple[str, int] | None = ("", 0)
    while following is not None:
        relation, place = following
        number, start = _counted(text, place, lexicon)
        match = lexicon.longest(("shape",), text, start)
        if match is None:
            raise lexicon.unknown("shape", values.chunk(text[place:]))
        color, end = _colored(text, match.end, lexicon)
        after, end = _number_after(text, end)
        colors = [color] if color else []
        name = match.names["shape"]
        yield Mention(name, match.phrase, number=after or number, colors=colors, relation=relation), end
        following = _following(text, end, lexicon)


def _colored(text: str, place: int, lexicon: Lexicon) -> tuple[str, int]:
    """The color in "fox(red)", and where it ends."""
    found = _COLOR.match(text, place)
    if found is None:
        return "", place
    color = lexicon.vocabulary.find("color", found[1])
    if color is None:
        raise lexicon.unknown("color", found[1])
    return color, found.end()


def _number_after(text: str, place: int) -> tuple[int | None, int]:
    """The number in "bird:2", and where it ends. Raises UserError for what is no number of figures."""
    found = _NUMBER.match(text, place)
    if found is None:
        return None, place
    if not re.fullmatch("[0-9]{1,2}", found[1], re.ASCII) or not 1 <= int(found[1]) <= MAX_NUMBER:
        raise number_refused()
    return int(found[1]), found.end()


def _counted(text: str, place: int, lexicon: Lexicon) -> tuple[int | None, int]:
    """The number before a shape, None without one, and where the shape begins."""
    number = None
    while (piece := next(pieces(text, place), None)) is not None:
        told = lexicon.number(piece[0])
        is_part = told is None and not lexicon.is_little(piece[0])
        # "eight-ball" is a thing, and no eight balls.
        if is_part or lexicon.longest(("shape",), text, place):
            break
        number = told or number
        place = piece.end()
    if number is not None and number > MAX_NUMBER:
        raise number_refused()
    return number, place


def _following(text: str, end: int, lexicon: Lexicon) -> tuple[str, int] | None:
    """The relation to the next shape of the value, and where that begins; None when there is none."""
    piece = next(pieces(text, end), None)
    relation = lexicon.relation(piece[0]) if piece else None
    if piece and relation and _begins_with_shape(text, piece.end(), lexicon):
        return relation, piece.end()
    entry = values.next_entry(text, end)
    if entry is None or (entry[1] and not _begins_with_shape(text, entry[0], lexicon)):
        return None
    return "", entry[0]


def _begins_with_shape(text: str, place: int, lexicon: Lexicon) -> bool:
    return lexicon.longest(("shape",), text, _counted(text, place, lexicon)[1]) is not None


def are_counted(mentions: Sequence[Mention]) -> bool:
    """Whether anybody said how many there are, be it one."""
    return any(each.number for each in mentions)


def value_of(conditions: Conditions, *, counted: bool = False) -> str:
    """What stands after `shape=` for these figures. counted: whether one is to be said as a number"""
    if not conditions.shape:
        return NONE
    tinted = _tinted(conditions.shape, conditions.color)
    said = f"{tinted}:1" if counted and conditions.number == 1 else _entry(tinted, conditions.number)
    for other in conditions.others:
        said += f"-{other.relation}-" if other.relation else "+"
        said += _entry(_tinted(other.shape, other.color), other.number)
    return said


def _tinted(shape: str, color: str) -> str:
    return f"{shape}({color})" if color else shape


def _entry(shape: str, number: int) -> str:
    return shape if number == 1 else f"{shape}:{number}"

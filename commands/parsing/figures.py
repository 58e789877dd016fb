"""The things that a sentence mentions -> the figures of a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commands.parsing.reading import PLURAL, Mention
from engine.conditions import MAX_FIGURES, MAX_NUMBER, MAX_SHAPES


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing with all that was said of it.

    said: in the person's words; relation: how the main one stands to it
    color: its own, empty where none was said or several were
    """

    name: str
    said: str
    number: int = 1
    color: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Subjects, the main one first, and what there was no room for.

    colors: all that were said of them; scale: of the main one
    """

    subjects: tuple[Subject, ...]
    crowded_out: tuple[str, ...]
    colors: tuple[str, ...]
    counted: bool
    scale: str = ""


def gathered(mentions: Sequence[Mention]) -> Gathered:
    """One subject for each thing, however often it was mentioned."""
    by_name: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_name.setdefault(mention.name, []).append(mention)
    kept = list(by_name.values())[:MAX_SHAPES]
    crowded_out = [each[0].said for each in list(by_name.values())[MAX_SHAPES:]]
    room, subjects = MAX_FIGURES, []
    for at, said in enumerate(kept):
        # Each later thing needs room for one.
        number = max(1, min(_total(said), MAX_NUMBER, room - (len(kept) - at - 1)))
        room -= number
        subjects.append(_subject(said, number))
    colors = tuple(dict.fromkeys(color for said in kept for each in said for color in each.colors))
    counted = any(each.number for said in kept for each in said)
    scale = next((each.scale for each in kept[0] if each.scale), "") if kept else ""
    return Gathered(tuple(subjects), tuple(crowded_out), colors, counted, scale)


def _subject(said: Sequence[Mention], number: int) -> Subject:
    colors = list(dict.fromkeys(color for each in said for color in each.colors))
    color = colors[0] if colors and (len(said) == 1 or len(colors) == 1) else ""
    return Subject(said[0].name, said[0].said, number, color, max(each.relation for each in said))


def _total(said: Sequence[Mention]) -> int:
    """ "two red birds and a blue bird" are three; one thing said twice without a number is one thing."""
    numbers = [each.number or (PLURAL if each.plural else None) for each in said]
    if all(number in (None, 1) for number in numbers):
        colors = {tuple(each.colors) for each in said if each.colors}
        return len(said) if len(colors) > 1 and len(colors) == len(said) else 1
    return sum(number or 0 for number in numbers)

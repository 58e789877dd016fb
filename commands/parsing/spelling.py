"""Typing errors: a word that nobody knows, one or two letters from one that is known."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from commands.parsing.tables import NAME, Senses, Table

ONE, TWO = 4, 8
"""Letters of a word in which one letter, and in which two may be wrong."""
SHORT = 5
"""Letters of a word that is only read as the name of something that is drawn."""
ABROAD = 6
"""Of a word in a language whose dictionary is not here."""


def corrected(word: str, table: Table, english: Table) -> str | None:
    """The word that was meant, None where none is near enough."""
    if len(word) < (ONE if table is english else ABROAD) or not word.isalpha():
        return None
    most = 2 if len(word) >= TWO and table is english else 1
    for source in dict.fromkeys((table.language, "en")):
        words = (table if source == table.language else english).initials
        index = (table if source == table.language else english).index
        if found := _nearest(word, words.get(word[0], ()), index, most):
            return found
    return None


def _nearest(word: str, words: tuple[str, ...], index: Mapping[str, Senses], most: int) -> str | None:
    ranked = process.extract(word, words, scorer=OSA.distance, score_cutoff=most, limit=8)
    if not ranked:
        return None
    least = min(distance for _, distance, _ in ranked)
    near = [each for each, distance, _ in ranked if distance == least]
    near = [each for each in near if len(word) > SHORT or not _rank(index[each])]
    if not near:
        return None
    return min(near, key=lambda each: (_rank(index[each]), abs(len(each) - len(word))))


def _rank(senses: Senses) -> int:
    """What is drawn or decides a picture before what only leads to something drawn."""
    return 0 if any(each.kind != "thing" or each.how == NAME for each in senses) else 1

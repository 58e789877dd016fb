"""Every word of a line is used or told as left out, and nothing is painted that nobody named."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from commands.chat import UserError
from commands.parsing import meaning
from commands.parsing.line import understand
from commands.parsing.tables import load_tables
from commands.parsing.tokens import Reader
from engine.conditions import complete
from engine.defaults import SeededDefaults
from tests.support.parsed_lines import VOCABULARY, told

TABLES = load_tables(VOCABULARY)
READER = Reader(TABLES, VOCABULARY)
CHANCE = SeededDefaults(VOCABULARY)
NOUNS = Path("tests/data/nouns.txt").read_text("utf-8").split()
THINGS = ["fox", "cats", "spaniel", "oak", "trees", "birds", "dragon", "roof", "lawyer", "saucepan"]
UNKNOWN = ["xyzzy", "gribble", "flumox", "catalyst", "vantage"]
OTHERS = {
    "manner": ["ink", "watercolor", "oil", "monet", "pale", "dark", "red", "blue", "gold", "4k", "portrait"],
    "around": ["forest", "city", "sea", "night", "sunset", "snow", "fog", "swimming"],
    "adjectives": ["cozy", "ancient", "brave", "tiny", "huge", "two", "three", "many", "no", "without"],
    "verbs": ["runs", "sleeping", "dances", "watches", "barks"],
    "little": ["a", "the", "and", "in", "on", "under", "with", "of", ","],
}
WORDS = [*THINGS, *UNKNOWN, *(word for words in OTHERS.values() for word in words)]
UNSAID = (
    *("little", "articles", "joins", "relation", "after", "negations", "negations_after", "content"),
    *("mixture", "groups", "left"),
)
"""Kinds of words that say how others belong together, or that always are left out."""
TOLD = {"style": "style", "artist": "style", "place": "place", "time": "time", "weather": "weather"}
TOLD |= {"scene": "scene", "size": "scale", "activity": "place"}


def is_used(word: meaning.Meaning, report: dict[str, Any]) -> bool:
    """Whether a word shows in what is told of its line."""
    said = word.token.said.casefold()
    if any(said in each.casefold().split() or said == each.casefold() for each in report["left_out"]):
        return True
    if word.value in report["without"]:
        return True
    if word.kind == "thing":
        return any(each["name"] == word.value for each in report["subjects"])
    if word.kind in ("color", "shift"):
        return bool(report["colors"] or report["without"])
    if word.kind == "number":
        return word.value == "1" or report["count"] > 1 or bool(report["subjects"] or report["without"])
    return bool(word.kind in TOLD and report[TOLD[word.kind]])


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=10).map(" ".join))
def test_every_content_word_is_used_or_left_out(line):
    report = told(line)
    if report["error"] is None:
        words = meaning.words(READER.tokens(line), TABLES)
        assert [
            each.token.said for each in words if each.kind not in UNSAID and not is_used(each, report)
        ] == []


def lines(count: int) -> list[str]:
    """Lines of known and unknown words, drawn by a seed, each with a thing in it."""
    draw = random.Random(20261201)  # noqa: S311
    found = []
    for _ in range(count):
        words = [draw.choice(WORDS if draw.random() < 0.6 else NOUNS) for _ in range(draw.randint(0, 6))]
        words.insert(draw.randint(0, len(words)), draw.choice([*THINGS, *UNKNOWN, *NOUNS]))
        found.append(" ".join(words))
    return found


def test_nothing_is_painted_that_nobody_named_where_something_was_named():
    painted = 0
    for line in lines(1000):
        try:
            understood = understand(line, VOCABULARY)
        except UserError:
            continue
        named = {each.name for each in understood.subjects}
        if not named and understood.asked.without:
            # Only what is to be kept out was named.
            continue
        [conditions] = complete(understood.asked, CHANCE, 7)[:1]
        shown = {conditions.shape, *(each.shape for each in conditions.others)} - {""}
        assert all(each.said.casefold() in line for each in understood.subjects), line
        assert shown == named, line
        painted += bool(shown)
    assert painted > 500

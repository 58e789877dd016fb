"""Parse lines for tests."""

from __future__ import annotations

from typing import Any

from commands.parsing.report import report_on
from engine.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()


def told(line: str, locale: str = "en") -> dict[str, Any]:
    return report_on(line, VOCABULARY, locale)


def figures(line: str, locale: str = "en") -> list[tuple[Any, ...]]:
    """Return (number, name, color, relation) of each subject, without empty values at the end."""
    found = []
    for each in told(line, locale)["subjects"]:
        figure = [each["number"], each["name"], each["color"] or "", each["relation"]]
        while not figure[-1]:
            figure.pop()
        found.append(tuple(figure))
    return found

"""What became of a line, as JSON: the contract of `easel parse --json`."""

from __future__ import annotations

from typing import Any

from commands.chat import UserError
from commands.parsing.line import Understood, understand
from commands.parsing.said import says
from engine.vocabulary import Vocabulary

_NAMES = {"before": "in front of"}
"""Relations that are called otherwise inside."""


def report_on(line: str, vocabulary: Vocabulary, locale: str = "en") -> dict[str, Any]:
    """Everything that a line asks for; `error` is the sentence where it is refused."""
    try:
        told = understand(line, vocabulary, locale)
    except UserError as error:
        return _EMPTY | {"says": str(error), "error": str(error)}
    return _told(told) | {"says": says(told, vocabulary, locale), "error": None}


_EMPTY: dict[str, Any] = {
    **{key: [] for key in ("style", "colors", "subjects", "without", "left_out")},
    **{key: None for key in ("place", "time", "weather", "scene", "scale", "text", "size", "seed")},
    **{"aspect": None, "chaos": None, "count": 1, "read_as": {}},
}


def _told(told: Understood) -> dict[str, Any]:
    asked = told.asked
    own = [each.color for each in told.subjects if each.color]
    return _EMPTY | {
        "style": [name for name, _ in asked.style or ()],
        "colors": list(dict.fromkeys([*own, *(asked.colors or ())])),
        "subjects": [
            {
                "name": each.name,
                "said": each.said,
                "number": each.number,
                "color": each.color or None,
                "relation": _NAMES.get(each.relation, each.relation),
            }
            for each in told.subjects
        ],
        **{
            key: getattr(asked, key)
            for key in ("place", "time", "weather", "scene", "scale", "text", "seed", "chaos", "count")
        },
        "size": list(told.pixels) if told.pixels else None,
        "aspect": list(asked.aspect) if asked.aspect else None,
        "without": list(asked.without),
        "read_as": {each.said: each.read for each in told.read_as},
        "left_out": list(told.left_out),
    }

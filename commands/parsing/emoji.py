"""Lines of nothing but symbols: "🦊🦊" is two foxes, and "===" is nothing that could be painted."""

from __future__ import annotations

import unicodedata
from collections import Counter

from commands.chat import UserError
from engine.vocabulary import Vocabulary


def shapes_shown(text: str, vocabulary: Vocabulary) -> str:
    """What a line without words shows, as a value of `shape`; an emoji is known by its name, as in FOX FACE.

    Raises UserError where one of its symbols is no known shape, and where it has none.
    """
    symbols = [each for each in text if unicodedata.category(each) == "So"]
    shapes = [vocabulary.find("shape", _name(each)) for each in symbols]
    if not shapes or None in shapes:
        raise UserError(
            "I can read no word in that; say for example {example}, or {anything} to leave it all to me.",
            example="shape=fish",
            anything="surprise",
        )
    return "+".join(
        f"{shape}:{times}" if times > 1 else f"{shape}" for shape, times in Counter(shapes).items()
    )


def _name(symbol: str) -> str:
    return unicodedata.name(symbol, "").casefold().removesuffix(" face")

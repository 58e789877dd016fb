"""Hostile lines: those of hostile.toml, those that TOML cannot store, and hostile words in usual lines."""

from __future__ import annotations

import tomllib
from itertools import chain, cycle
from pathlib import Path

KINDS = tomllib.loads((Path(__file__).parent / "hostile.toml").read_text(encoding="utf-8"))
HALVES = ("\ud800", "\udfff", "\ud800\udc00", "a\udc80b", "style=\udfff")
LONG = (
    *(
        "x" * 500,
        "x" * 501,
        "x" * 5000,
        "fish " * 99,
        "fish " * 2000,
        "a " * 250,
        "a" * 300 + "=b",
        "9" * 400,
    ),
    *("=" * 500, "," * 500, "(" * 500, "[" * 4000, "{" * 4000, "\\" * 500, '"' * 499, "%" * 500, "\n" * 300),
    *("style=ink," * 50, "style=" + "ink+" * 124, "color=" + "blue," * 99, "鱼" * 500, "🐟" * 250, "ﷺ" * 40),
    *("🏴" + "\U000e0067" * 200, "\U0001f468\u200d" * 90, "\x00" * 100, "\u200b" * 400, "\u0301" * 500),
    *("\u202e" * 50, "\u2066" * 200 + "x", "\u0e33" * 100, "้" * 60, "ঙ" + "্" * 50),
    *(
        "f" + "\u0301" * 40 + "i" + "\u0336" * 40 + "sh",
        "".join(each + "\u0300\u0316\u0489" * 9 for each in "fish"),
    ),
)
FRAMES = ("style=□", "a blue fish □", "server blocked=□", "7 □", "□ daily=3", "color=blue,□ seed=7")
"""What people would say, with a placeholder □."""
SHORT = 30
"""Characters of what is put into a frame."""


def framed(strings: list[str]) -> list[str]:
    """Put each string into one of the frames, in turn."""
    return [frame.replace("□", each) for frame, each in zip(cycle(FRAMES), strings, strict=False)]


PLAIN = [*chain.from_iterable(KINDS.values()), *HALVES, *LONG]
HOSTILE = tuple(dict.fromkeys([*PLAIN, *framed([each for each in PLAIN if len(each) <= SHORT])]))
WHOLE = tuple(each for each in HOSTILE if each.encode(errors="ignore").decode() == each)
"""Leave out strings with half a surrogate pair, which no platform can send."""

"""What a person typed, made safe to read and safe to say again."""

from __future__ import annotations

import re
import unicodedata

MAX_LINE = 500
"""Characters of one line; nobody needs more to ask for a picture."""
MAX_ECHO = 30
ZERO_WIDTH_SPACE = "\u200b"
"""Parts words, though it is of the format characters."""
_ACTIVE = re.compile(r"[@<>&`*_~|\[\](){}\\/\"'#:=]+|\.(?=\w)")
"""Mentions, markup, quotes; and the dot in evil.com, which some platforms make a link of."""


def readable(text: str) -> str:
    """NFKC, so that full-width letters and signs are the ordinary ones, without invisible characters.

    Control characters become spaces; format characters (bidirectional overrides, zero-width) go.
    """
    kept = []
    for character in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(character)
        if category in ("Cc", "Zl", "Zp") or character == ZERO_WIDTH_SPACE:
            kept.append(" ")
        elif category not in ("Cf", "Cs", "Co", "Cn"):
            kept.append(character)
    return "".join(kept).strip()


def echo(text: str) -> str:
    """A person's own words for an answer: short, and nothing in them that a platform acts on."""
    plain = " ".join(_ACTIVE.sub(" ", readable(text)).split())
    return plain if len(plain) <= MAX_ECHO else plain[: MAX_ECHO - 1].rstrip() + "…"

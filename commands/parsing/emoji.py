"""Emoji and :shortcodes: as words: "🐟🐟" is two fish."""

from __future__ import annotations

import re
from collections.abc import Iterator

from commands.parsing.tables import Tables

_SELECTORS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_SHORTCODE = re.compile(r":([a-z0-9_+-]{2,40}):", re.IGNORECASE)
_SIGNS = re.compile("[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]")
_LONGEST = 10
"""Code points of the longest emoji."""


def spelled(text: str, tables: Tables) -> str:
    """The text with a word in the place of every emoji; those that follow each other are counted."""
    if ":" in text:
        text = _SHORTCODE.sub(lambda found: _shortcode(found, tables), text)
    if text.isascii() or not _SIGNS.search(text):
        return text
    said, run = "", list[str]()
    for name, plain in _pieces(_SELECTORS.sub("", text), tables):
        if name:
            run.append(name)
        elif run and plain.isspace():
            continue
        else:
            said += _listed(run) + plain
            run = []
    return said + _listed(run)


def _pieces(text: str, tables: Tables) -> Iterator[tuple[str, str]]:
    """Names of emoji, and the characters between them."""
    at = 0
    while at < len(text):
        longest = _LONGEST if _SIGNS.match(text, at) else 0
        for length in range(longest, 0, -1):
            if name := tables.emoji.get(text[at : at + length]):
                yield name, ""
                at += length
                break
        else:
            yield "", text[at]
            at += 1


def _shortcode(found: re.Match[str], tables: Tables) -> str:
    name = tables.shortcodes.get(found[1].casefold())
    return f" {name} " if name else found[0]


def _listed(names: list[str]) -> str:
    parts: list[tuple[str, int]] = []
    for name in names:
        if parts and parts[-1][0] == name:
            parts[-1] = (name, parts[-1][1] + 1)
        else:
            parts.append((name, 1))
    told = ", ".join(name if times == 1 else f"{times} {name}" for name, times in parts)
    return f" {told} " if told else ""

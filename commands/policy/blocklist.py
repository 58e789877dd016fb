"""A server's blocked words: plain ones, and patterns between slashes. Pure.

Admins write the patterns, and no pattern may hold Easel up. RE2 needs no timeout: its time is linear in the
text, whatever the pattern, and one that would take much memory is refused when it is set.
https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

from commands.chat import UserError
from commands.parsing.sanitize import echo
from commands.policy.folding import Folded, Words

MOST_PATTERN = 100
"""Most characters of a pattern."""
MOST_MEMORY = 1 << 20
"""Most bytes of a compiled pattern."""
EXAMPLE = "blocked=/sku+ll/"
_ENTRY = re.compile(r"\s*/(?:[^/\\]|\\.)+/\s*(?=[,，、]|$)|[^,，、]+")


def entries(text: str) -> tuple[str, ...]:
    """Split at commas, each entry once; a comma within a pattern belongs to the pattern."""
    found = (match[0].strip() for match in _ENTRY.finditer(text))
    return tuple(dict.fromkeys(each for each in found if each))


def checked(entry: str) -> str:
    """Return an entry as it is stored. Raises UserError for an invalid pattern."""
    if not is_pattern(entry):
        return entry.casefold()
    try:
        if len(entry) > MOST_PATTERN:
            raise ValueError
        _compiled(entry)
    except (re2.error, ValueError):
        raise UserError(
            "I cannot read the pattern {word}; say for example {example}.",
            word=echo(entry) or "?",
            example=EXAMPLE,
        ) from None
    return entry


def stands_in(entry: str, text: str, folded: Folded | None = None) -> bool:
    """Return whether an entry is in a lower-case text: a pattern anywhere; a word as a whole, or anywhere in
    a language that writes without spaces.

    folded: the same text, to find words that are spelled so that they are missed
    """
    if is_pattern(entry):
        return _compiled(entry).search(text) is not None
    if folded is not None and _words(entry).are_in(folded):
        return True
    if not entry.isascii():
        return entry in text
    return re.search(rf"(?<![a-z0-9]){re.escape(entry)}(?![a-z0-9])", text) is not None


@lru_cache(maxsize=1024)
def _words(entry: str) -> Words:
    return Words([entry])


def is_pattern(entry: str) -> bool:
    return len(entry) > 2 and entry.startswith("/") and entry.endswith("/")


@lru_cache(maxsize=256)
def _compiled(entry: str) -> Any:
    """Raises re2.error."""
    options = re2.Options()
    options.case_sensitive, options.log_errors, options.max_mem = False, False, MOST_MEMORY
    return re2.compile(entry[1:-1], options)

"""Find commands by the words people type."""

from __future__ import annotations

from types import MappingProxyType

from rapidfuzz import process

from commands import (
    audit,
    block,
    cancel,
    change,
    gallery,
    link,
    mydata,
    paint,
    picture,
    quota,
    report,
    settings,
    taste,
    variations,
)
from commands.chat import TALK, UserError
from commands.command import Command
from commands.help import help_command
from commands.parsing.sanitize import echo, readable

_SPOKEN = (
    paint.COMMAND,
    change.COMMAND,
    *(variations.REROLL, variations.VARY, variations.UPSCALE, variations.BLEND),
    *(picture.INFO, picture.FAVOURITE, picture.SEND, picture.SPOILER, picture.DELETE, picture.VERIFY),
    report.COMMAND,
    cancel.COMMAND,
    gallery.COMMAND,
    taste.COMMAND,
    link.COMMAND,
    mydata.COMMAND,
    quota.COMMAND,
    settings.COMMAND,
    audit.COMMAND,
    block.COMMAND,
)
COMMANDS = MappingProxyType({each.name: each for each in (*_SPOKEN, help_command(_SPOKEN))})
LIKE = 65
"""Least similarity, of 100, of a command that somebody may have meant."""
_BY_WORD = {word: each for each in COMMANDS.values() for word in (each.name, *each.aliases)}


def find(word: str) -> Command:
    """Return the command of a word in any language. Raises UserError with the nearest one."""
    command = _BY_WORD.get(readable(word).casefold().lstrip("/"))
    if command is None and not echo(word):
        raise UserError("A command comes after the slash; /help lists all.")
    if command is None:
        nearest = process.extractOne(readable(word), list(COMMANDS), score_cutoff=LIKE)
        if nearest is None:
            raise UserError("There is no command {word}; /help lists all.", word=echo(word))
        refusal = UserError(
            "There is no command {word}; did you mean /{near}?", word=echo(word), near=nearest[0]
        )
        raise refusal.hinting(f"/{word}", [f"/{nearest[0]}"])
    return command


def split_line(line: str) -> tuple[str, str]:
    """Split a typed line into (command, words); a line without a slash is talk.

    A Chinese command needs no space after it: 「/画水墨鱼」.
    """
    line = line.strip()
    if not line.startswith(("/", "／")):
        return TALK, line
    first, *rest = line[1:].split(maxsplit=1) or [""]
    chinese = (word for word in _BY_WORD if not word.isascii() and first.startswith(word))
    joined = max(chinese, key=len, default=first)
    return joined.casefold(), " ".join([first[len(joined) :], *rest]).strip()

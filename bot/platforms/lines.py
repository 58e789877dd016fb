"""Read lines that people write to Easel without a slash."""

from __future__ import annotations

import re

from commands.chat import TALK, UserError
from commands.command import NAMING, Command
from commands.registry import find, split_line


def read_bare_line(line: str, named: str) -> tuple[str, str]:
    """Return (command, words) of a line: it may begin with a command's word, else it is talk.

    An empty line asks for help. Without a slash, what says something else is no command: "paint it black",
    "delete the moon".

    line: without mentions of people, roles and channels
    named: the same with their ids, which is read instead for a command that takes some
    """
    command, words = _split(line)
    return _split(named) if names_others(command) else (command, words)


def read_form(picture: str, change: str, line: str) -> tuple[str, str]:
    """Return (command, words) of a form that was sent.

    picture: the id of the one that it changes, empty for none; change: what shall be different, which counts
    before the whole line
    """
    return ("change", f"{picture} {change.strip()}") if picture and change.strip() else ("paint", line)


def names_others(word: str) -> bool:
    """Return whether a command takes people, roles or channels."""
    command = _command(word)
    return command is not None and any(option.kind in NAMING for option in command.options)


def _split(line: str) -> tuple[str, str]:
    bare = line.lstrip("/／").strip()
    if not bare:
        return "help", ""
    word, words = split_line(f"/{bare}")
    command = _command(word)
    if command is None or (bare == line.strip() and _is_talk(command, words)):
        return TALK, line
    return command.name, words


def _is_talk(command: Command, words: str) -> bool:
    """Return whether a line that begins with a command's word, but no slash, rather says something."""
    if command.name in ("paint", "change"):
        return True
    names_a_picture = not words or re.match(r"[#№]?[0-9]|[a-z]+:", words)
    return any(option.name == "picture" for option in command.options) and not names_a_picture


def _command(word: str) -> Command | None:
    try:
        return find(word)
    except UserError:
        return None

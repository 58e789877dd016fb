"""Read lines that people write to Easel without a slash."""

from __future__ import annotations

from commands.chat import UserError
from commands.command import NAMING, Command
from commands.registry import find, split_line


def read_bare_line(line: str, named: str) -> tuple[str, str]:
    """Return (command, words) of a line: it may begin with a command's word, else it asks for a painting.

    An empty line asks for help.

    line: without mentions of people, roles and channels
    named: the same with their ids, which is read instead for a command that takes some
    """
    command, words = _split(line)
    return _split(named) if names_others(command) else (command, words)


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
    return (command.name, words) if command else ("paint", line)


def _command(word: str) -> Command | None:
    try:
        return find(word)
    except UserError:
        return None

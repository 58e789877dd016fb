"""Describe a command; adapters, the help and the docs are made from this description."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from commands.chat import Answer, Ask
from commands.services.context import Services

VOCABULARY_KINDS = ("style", "color", "shape", "scene")
NAMING = ("subject", "person", "role", "channel", "channels")
"""Kinds of options whose values are ids of people, roles or channels."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a command, said as `name=value`.

    kind: a kind of the vocabulary (completed from it), "number", "choice" (one of `choices`), "subject"
        (a person's id, or "server" or "total"), "person", "role" or "channel" (its id), "channels" or "text"
    summary: what it does, as a key of the catalogue
    low, high: range of a number
    choices: all that can be said, or for a number the words that may stand for one
    bare: said as the value alone, without its name
    """

    name: str
    kind: str
    summary: str
    low: int = 0
    high: int = 0
    choices: tuple[str, ...] = ()
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A word people type after the slash.

    aliases: the same word in other languages
    summary: one line of the help, as a key of the catalogue
    examples: lines that work as they stand
    admin_only: hidden from everyone else where the platform can hide it; `run` checks the rights itself
    """

    name: str
    summary: str
    run: Callable[[Ask, Services], Awaitable[Answer]]
    options: tuple[Option, ...] = ()
    aliases: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    admin_only: bool = False

"""Between Discord's text and plain words, both ways. Pure.

Discord writes `<@1>` for a person, `<@&1>` for a role, `<#1>` for a channel, `<:name:1>` for an emoji and
`</name:1>` for a command: https://docs.discord.com/developers/reference#message-formatting
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import discord

from commands.chat import Answer, UserError
from commands.command import NAMING, Command, Option
from commands.parsing.lexicon import HAN
from commands.parsing.sanitize import echo
from commands.registry import find, split_line

MOST_WORDS = 1800
"""Characters of one message; Discord takes 2000, and a mention and a hint want room."""
MOST_ALT = 1024
_MARKED = re.compile(
    r"<(?:@!?(?P<user>\d+)|@&(?P<role>\d+)|#(?P<channel>\d+)|/(?P<command>[^:<>]+):\d+"
    r"|(?:[@#]&?|a?:|t:|id:)[^<>]*)>"
)
_ACTIVE = re.compile(r"[\\*_~`|<>@\[\]]|://|^[^\S\n]*(?:[-#+]|\d+\.(?=\s))", re.MULTILINE)
"""Markup, mentions and addresses. `discord.utils` leaves channels, times and lists as they are."""
_QUOTES = re.compile(r"[\"\u201c\u201d]")


def cut(text: str, most: int) -> str:
    """At most that many characters, with an ellipsis for what is left out."""
    if len(text) <= most:
        return text
    # A backslash at the end would escape what follows.
    return text[: most - 1].rstrip("\\ \n") + "…"


def escape(text: str) -> str:
    """Plain words for Discord: nothing in them is active, and they fit into a message."""
    return cut(_ACTIVE.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", text), MOST_WORDS)


def said(answer: Answer) -> str:
    """The words of an answer, and below them when it is due, in each reader's own language and time."""
    words = escape(answer.text)
    return words if answer.due is None else f"{words}\n-# ⏳ <t:{answer.due:.0f}:R>"


def person_of(user: int | str) -> str:
    """The house's id of a user, a role or a channel."""
    return f"discord:{user}"


def plain(text: str, named: bool = False) -> str:
    """What was typed, from what Discord made of it.

    named: people, roles and channels stay, by their ids in the house
    """

    def opened(match: re.Match[str]) -> str:
        for kind, sign in (("user", ""), ("role", "&"), ("channel", "#")):
            if match[kind]:
                return f"{sign}{person_of(match[kind])}" if named else " "
        return f"/{match['command']}" if match["command"] else " "

    return _MARKED.sub(opened, text).strip()


def is_spoken_to(text: str, me: int) -> bool:
    """Whether a message names Easel itself. me: Easel's user id"""
    return f"<@{me}>" in text or f"<@!{me}>" in text


def read_message(text: str, me: int) -> tuple[str, str]:
    """(command, words) of a message: it may begin with a command's word, with or without its slash, else it
    is a wish to paint. Nothing at all asks for help. me: Easel's user id"""
    said = re.sub(rf"<@!?{me}>", " ", text)
    command, words = _spoken(plain(said))
    return _spoken(plain(said, named=True)) if names_others(_command(command)) else (command, words)


def _spoken(line: str) -> tuple[str, str]:
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


def names_others(command: Command | None) -> bool:
    """Whether people, roles or channels may be named after it."""
    return command is not None and any(option.kind in NAMING for option in command.options)


def language_of_text(text: str, otherwise: str) -> str:
    """The language to answer a message in, for Discord does not tell its author's."""
    return "zh" if re.search(f"[{HAN}]", text) else otherwise


def words_of(options: Sequence[Option], given: Mapping[str, object]) -> str:
    """The words of the line that says the same as these options of a slash command."""
    said = [(option, str(given[option.name])) for option in options if given.get(option.name) is not None]
    plainly = [(option, plain(value, named=option.kind in NAMING)) for option, value in said]
    bare = [value for option, value in plainly if option.bare]
    return " ".join(
        [*bare, *(f"{option.name}={_quoted(value)}" for option, value in plainly if not option.bare)]
    )


def _quoted(value: str) -> str:
    """A value of several words stays one value."""
    value = _QUOTES.sub("", value)
    return f'"{value}"' if re.search(r"\s", value) else value


_ID = re.compile(r"\bdiscord:(\d{17,20})\b")
"""As the house has it; none of Discord's is shorter."""


def parent_of(channel: object) -> str:
    """The channel that a thread belongs to; empty for any other."""
    return f"discord:{channel.parent_id}" if isinstance(channel, discord.Thread) else ""


class Names(Mapping[str, str]):
    """What a server calls its roles and channels, by their ids in the house; made safe to say."""

    def __init__(self, guild: discord.Guild | None) -> None:
        self._guild = guild

    def __getitem__(self, subject: str) -> str:
        number = subject.removeprefix("discord:")
        found = self._find(int(number)) if number.isdecimal() else None
        if found is None:
            raise KeyError(subject)
        return echo(found.name) or subject

    def _find(self, number: int) -> discord.Role | discord.abc.GuildChannel | discord.Thread | None:
        if self._guild is None:
            return None
        return self._guild.get_role(number) or self._guild.get_channel_or_thread(number)

    def __iter__(self) -> Iterator[str]:
        known = (*self._guild.roles, *self._guild.channels) if self._guild else ()
        return (person_of(each.id) for each in known)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def with_names(words: str, guild: discord.Guild | None) -> str:
    """Words for one reader alone, in which people and channels stand by their names: that calls nobody."""

    def shown(found: re.Match[str]) -> str:
        number = int(found[1])
        if guild and guild.get_role(number):
            return found[0]
        return f"<#{number}>" if guild and guild.get_channel_or_thread(number) else f"<@{number}>"

    return _ID.sub(shown, words)

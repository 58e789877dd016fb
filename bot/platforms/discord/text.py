"""Translate between Discord's text and plain words. Pure.

Discord writes `<@1>` for a person, `<@&1>` for a role, `<#1>` for a channel, `<:name:1>` for an emoji and
`</name:1>` for a command: https://docs.discord.com/developers/reference#message-formatting
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import discord

from bot.platforms.lines import read_bare_line
from commands.chat import Answer
from commands.command import NAMING, Option
from commands.parsing.sanitize import echo
from commands.parsing.tokens import HAN, HANGUL, KANA

MOST_WORDS = 1800
"""Characters of one message; Discord takes 2000, and a mention and a hint need room."""
MOST_ALT = 1024
_MARKED = re.compile(
    r"<(?:@!?(?P<user>\d+)|@&(?P<role>\d+)|#(?P<channel>\d+)|/(?P<command>[^:<>]+):\d+"
    r"|(?:[@#]&?|a?:|t:|id:)[^<>]*)>"
)
_ACTIVE = re.compile(r"[\\*_~`|<>@\[\]]|://|^[^\S\n]*(?:[-#+]|\d+\.(?=\s))", re.MULTILINE)
"""Markup, mentions and addresses. `discord.utils` leaves channels, times and lists as they are."""
_QUOTES = re.compile(r"[\"\u201c\u201d]")
_ID = re.compile(r"\bdiscord:(\d{17,20})\b")
"""An id as the service has it; none of Discord's is shorter."""


def shorten(text: str, most: int) -> str:
    """Return at most so many characters, with an ellipsis for the rest."""
    if len(text) <= most:
        return text
    # A backslash at the end would escape what follows.
    return text[: most - 1].rstrip("\\ \n") + "…"


def escape_markdown(text: str) -> str:
    """Return plain words for Discord: no markup or mention is active, and they fit into a message."""
    return shorten(_ACTIVE.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", text), MOST_WORDS)


def text_of(answer: Answer) -> str:
    """Return the words of an answer, and below them when it is due, in each reader's language and time."""
    words = escape_markdown(answer.text)
    return words if answer.due is None else f"{words}\n-# ⏳ <t:{answer.due:.0f}:R>"


def discord_id(number: int | str) -> str:
    """Return the service's id of a user, a role or a channel."""
    return f"discord:{number}"


def plain_text(text: str, named: bool = False) -> str:
    """Return what somebody typed. named: keep people, roles and channels, by the service's ids"""

    def replaced(match: re.Match[str]) -> str:
        for kind, sign in (("user", ""), ("role", "&"), ("channel", "#")):
            if match[kind]:
                return f"{sign}{discord_id(match[kind])}" if named else " "
        return f"/{match['command']}" if match["command"] else " "

    return _MARKED.sub(replaced, text).strip()


def mentions(text: str, me: int) -> bool:
    """Return whether a message mentions Easel. me: Easel's user id"""
    return f"<@{me}>" in text or f"<@!{me}>" in text


def read_message(text: str, me: int) -> tuple[str, str]:
    """Return (command, words) of a message, see `read_bare_line`. me: Easel's user id"""
    line = re.sub(rf"<@!?{me}>", " ", text)
    return read_bare_line(plain_text(line), plain_text(line, named=True))


def language_of_text(text: str, otherwise: str) -> str:
    """Return the language to answer a message in: Discord does not say its author's."""
    scripts = {"ko": HANGUL, "ja": KANA, "zh": HAN}
    found = next((each for each, signs in scripts.items() if re.search(f"[{signs}]", text)), otherwise)
    # Chinese signs alone may be either script's, or Japanese.
    return otherwise if found == "zh" and otherwise.startswith(("zh", "ja")) else found


def words_of(options: Sequence[Option], given: Mapping[str, object]) -> str:
    """Return the words of the line that means the same as these options of a slash command."""
    typed = [(option, str(given[option.name])) for option in options if given.get(option.name) is not None]
    plain = [(option, plain_text(value, named=option.kind in NAMING)) for option, value in typed]
    bare = [value for option, value in plain if option.bare]
    return " ".join(
        [*bare, *(f"{option.name}={_quoted(value)}" for option, value in plain if not option.bare)]
    )


def _quoted(value: str) -> str:
    """Keep a value of several words one value."""
    value = _QUOTES.sub("", value)
    return f'"{value}"' if re.search(r"\s", value) else value


def parent_of(channel: object) -> str:
    """Return the id of the channel that a thread belongs to; empty for any other channel."""
    return discord_id(channel.parent_id) if isinstance(channel, discord.Thread) else ""


class ServerNames(Mapping[str, str]):
    """Names of a server's roles and channels by the service's ids, made safe to say."""

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
        return (discord_id(each.id) for each in known)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def with_names(words: str, guild: discord.Guild | None) -> str:
    """Show people and channels by their names in words for one reader only: that notifies nobody."""

    def named(found: re.Match[str]) -> str:
        number = int(found[1])
        if guild and guild.get_role(number):
            return found[0]
        return f"<#{number}>" if guild and guild.get_channel_or_thread(number) else f"<@{number}>"

    return _ID.sub(named, words)

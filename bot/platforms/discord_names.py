"""What a server calls its roles, channels and people, and to which channel a thread belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import discord

from bot.platforms.discord_text import person_of
from commands.cleaning import echo

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

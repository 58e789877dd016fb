"""Publish the commands of `commands.registry` as slash commands: typed options, completion, translations."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType, Choice, TranslationContextLocation

from bot.platforms.discord.text import shorten, words_of
from bot.ports import Service
from commands.command import VOCABULARY_KINDS, Command, Option
from commands.i18n import SOURCE, language_of, translator
from commands.parsing.options import KEYS
from commands.parsing.sanitize import MAX_LINE
from commands.registry import COMMANDS

MOST_CHOICES = 25
MOST_NAME = 100
"""Characters of a choice and of a description."""

RunCommand = Callable[[discord.Interaction, str, str], Awaitable[None]]
"""Takes an interaction, its command and the words of its line."""
OnMessage = Callable[[discord.Interaction, discord.Message], Awaitable[None]]
Complete = Callable[[discord.Interaction, str], Coroutine[Any, Any, list[Choice[str]]]]
SlashCommand = app_commands.Command[Any, ..., None]
_BETWEEN = re.compile(r"[,+、，]\s*")
_EVERY = ("server", "total")


def slash_command(command: Command, run: RunCommand, service: Service) -> SlashCommand:
    """Return a slash command."""

    async def callback(interaction: discord.Interaction, **given: object) -> None:
        typed = {name: _mention(value) for name, value in given.items()}
        await run(interaction, command.name, words_of(command.options, typed))

    # discord.py reads a command's options from the signature of its function.
    callback.__signature__ = _signature(command.options)  # type: ignore[attr-defined]
    choices = {each.name: _choices(each) for each in command.options if each.kind == "choice"}
    summaries = {each.name: shorten(each.summary, MOST_NAME) for each in command.options}
    described = app_commands.describe(**summaries)(app_commands.choices(**choices)(callback))
    slash: SlashCommand = app_commands.Command(
        name=command.name,
        description=shorten(command.summary, MOST_NAME),
        callback=described,
        allowed_contexts=AppCommandContext(guild=True, dm_channel=True, private_channel=False),
        allowed_installs=AppInstallationType(guild=True, user=False),
    )
    if command.admin_only:
        slash.default_permissions = discord.Permissions(manage_guild=True)
    for option in command.options:
        if option.kind in (*VOCABULARY_KINDS, "subject"):
            slash.autocomplete(option.name)(_completer(option.kind, service))
    return slash


def message_command(name: str, run: OnMessage) -> app_commands.ContextMenu:
    """Return an entry in the menu of every message."""

    async def callback(interaction: discord.Interaction, message: discord.Message) -> None:
        await run(interaction, message)

    return app_commands.ContextMenu(
        name=name,
        callback=callback,
        allowed_contexts=AppCommandContext(guild=True, dm_channel=True, private_channel=False),
        allowed_installs=AppInstallationType(guild=True, user=False),
    )


def _signature(options: Iterable[Option]) -> inspect.Signature:
    kind = inspect.Parameter.KEYWORD_ONLY
    first = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    rest = [inspect.Parameter(each.name, kind, default=None, annotation=_type(each)) for each in options]
    return inspect.Signature([first, *rest])


def _type(option: Option) -> Any:
    """Return the type that discord.py reads an option from. A number that may be a word is text."""
    span: Any = app_commands.Range
    if option.kind in _PICKERS:
        return _PICKERS[option.kind] | None
    if option.kind == "number" and not option.choices:
        return span[int, option.low, option.high] | None
    return str | None if option.kind == "choice" else span[str, 1, MAX_LINE] | None


_PICKERS: Mapping[str, Any] = {
    "role": discord.Role,
    "channel": app_commands.AppCommandChannel,
    "person": discord.User,
}


def _mention(value: object) -> object:
    """Return a picked person, role or channel as somebody would type it."""
    if isinstance(value, discord.Role):
        return f"<@&{value.id}>"
    if isinstance(value, (discord.User, discord.Member)):
        return f"<@{value.id}>"
    return f"<#{value.id}>" if isinstance(value, app_commands.AppCommandChannel) else value


def _choices(option: Option) -> list[Choice[str]]:
    return [Choice(name=each, value=each) for each in option.choices[:MOST_CHOICES]]


def _completer(kind: str, service: Service) -> Complete:
    async def complete(interaction: discord.Interaction, text: str) -> list[Choice[str]]:
        locale = interaction.locale.value
        if kind == "subject":
            translate = service.translate(locale)
            every = (translate("Each person in this server"), translate("All of this server together"))
            return [Choice(name=name, value=value) for name, value in zip(every, _EVERY, strict=True)]
        before, last = split_list(text)
        return choices_after(before, service.suggest(kind, last, locale, MOST_CHOICES))

    return complete


def split_list(text: str) -> tuple[str, str]:
    """Split a list such as "teal, go" into what is before its last word, and that word."""
    end = max((match.end() for match in _BETWEEN.finditer(text)), default=0)
    return text[:end], text[end:]


def choices_after(before: str, suggestions: Iterable[tuple[str, str]]) -> list[Choice[str]]:
    """Return choices for completion. before: the list so far; suggestions: (name, label) of its last word"""
    choices = [Choice(name=before + label, value=before + name) for name, label in suggestions]
    return [each for each in choices if max(len(each.name), len(each.value)) <= MOST_NAME][:MOST_CHOICES]


class Localizations(app_commands.Translator):
    """Translate names and descriptions by the catalogue."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return None where a language has no words of its own."""
        if language_of(locale.value) == SOURCE:
            return None
        words = _words_for(context.location, string.message)
        if words is not None:
            return _chinese(words) if locale.value.startswith("zh") else None
        translated = shorten(translator(locale.value)(string.message), MOST_NAME)
        return translated if translated != string.message else None


def _words_for(location: TranslationContextLocation, name: str) -> Iterable[str] | None:
    """Return the words that a command or an option may be called by; None for what is no name."""
    if location is TranslationContextLocation.command_name and name in COMMANDS:
        return COMMANDS[name].aliases
    return KEYS.get(name, ()) if location is TranslationContextLocation.parameter_name else None


def _chinese(words: Iterable[str]) -> str | None:
    """Return the first Chinese word: names of other languages there are none."""
    return next((word for word in words if not word.isascii()), None)


class SlashCommands(app_commands.CommandTree[discord.Client]):
    """Every command. failed: called when something goes wrong before a command runs"""

    def __init__(
        self,
        client: discord.Client,
        service: Service,
        run: RunCommand,
        failed: Callable[[discord.Interaction, Exception], Awaitable[None]],
        commands: Mapping[str, Command] = COMMANDS,
    ) -> None:
        super().__init__(client)
        self._failed = failed
        for command in commands.values():
            self.add_command(slash_command(command, run, service))

    async def on_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """Handle an option of a foreign kind, or a command that an update removed."""
        await self._failed(interaction, error)

    async def publish(self) -> None:
        """Send the commands to Discord. Raises discord.HTTPException or AppCommandError."""
        await self.set_translator(Localizations())
        await self.sync()

"""/help: list all commands, or explain one."""

from __future__ import annotations

from collections.abc import Sequence

from commands.chat import Answer, Ask, Translate, UserError
from commands.command import Command, Option
from commands.i18n import N_
from commands.parsing.sanitize import echo, readable
from commands.services.context import Services

SUMMARY = N_("See every command.")


def help_command(others: Sequence[Command]) -> Command:
    """Make the command that explains `others` and itself."""

    async def run(ask: Ask, services: Services) -> Answer:
        word = readable(ask.words).casefold().lstrip("/")
        shown = [each for each in (*others, command) if ask.is_admin or not each.admin_only]
        if not word:
            return Answer(_overview(shown, services.translate), private=True)
        for each in shown:
            if word == each.name or word in each.aliases:
                return Answer(_in_full(each, services.translate), private=True)
        raise UserError("There is no command {word}; /help lists all.", word=echo(word) or "?")

    names = tuple(each.name for each in others)
    option = Option("command", "choice", N_("The command to explain"), choices=names, bare=True)
    command = Command("help", SUMMARY, run, (option,), aliases=("帮助",), examples=("/help", "/help paint"))
    return command


def _overview(commands: Sequence[Command], translate: Translate) -> str:
    lines = [f"/{each.name} – {translate(each.summary)}" for each in commands]
    examples = next(each.examples for each in commands if each.name == "paint")
    return "\n".join([*lines, translate("Try: {example}", example=examples[0])])


def _in_full(command: Command, translate: Translate) -> str:
    lines = [f"/{command.name} – {translate(command.summary)}"]
    lines += [_option(option, translate) for option in command.options]
    lines += [translate("For example: {example}", example=example) for example in command.examples]
    return "\n".join(lines)


def _option(option: Option, translate: Translate) -> str:
    name = option.name if option.bare else f"{option.name}="
    span = [f"{option.low}–{option.high}"] if option.kind == "number" else []
    values = ", ".join([*span, *option.choices])
    return f"  {name} – {translate(option.summary)}" + (f" ({values})" if values else "")

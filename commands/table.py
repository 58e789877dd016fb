"""Make docs/commands.md from the commands: each as every platform has it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from commands.command import NAMING, VOCABULARY_KINDS, Command, Option
from commands.reactions import SHORTCUTS
from commands.registry import COMMANDS
from commands.text.results import EDIT, NEXT

_HEAD = """\
# Commands

`scripts/commands` writes this page; a test keeps it up to date. *A word in italics* is an option that Discord
completes while you type. In the web chat every line is completed as you type, and a line without a slash is a
wish to paint; in Slack and in mentions the same line works with or without its slash. Chinese words stand
beside the English ones.

| command | in Discord | in Slack | in the web chat | who may | what it answers |
|---|---|---|---|---|---|
"""
_BUTTONS = """

## Buttons under a picture

They are pressed as long as the message is there, after any restart. Whoever presses is charged and answered.

| button | says |
|---|---|
"""
_REACTIONS = """

## Reactions on Discord and Slack

They hold for all pictures of a post, and stand for the same commands. Taken back, they take back a favourite
and what was hidden.

| reaction | says |
|---|---|
"""
_BY_BUTTON = {verb: sign for verb, sign, _ in NEXT} | {"cancel": "✖️"}
_IN_MENU = {
    "info": "*Picture info* in a message's menu",
    "report": "*Report picture* in a message's menu",
}
_OWNERS = "who asked for the picture, and moderators"
_OWNER = {"delete": _OWNERS, "spoiler": _OWNERS, "cancel": "who asked for it, and moderators"}
_CHANGED_BY_ADMINS = {"quota": "everybody sees their own; admins see and set all"} | {
    "settings": "everybody their own; admins a server's",
    "report": "everybody; moderators see what was reported",
    "block": "admins; moderators see who is blocked",
    "taste": "everybody their own; admins see what it is worth too (`/taste lift`)",
}
_PUBLIC = ("paint", "reroll", "vary", "upscale", "blend")


def page() -> str:
    """Return the whole page as Markdown."""
    rows = [_row(each) for each in COMMANDS.values()]
    buttons = [f"| {sign} {label} | {_said(verb)} |" for verb, sign, label in NEXT]
    reactions = [f"| {line} | `/{verb}` |" for verb, line in SHORTCUTS.items()]
    parts = (_HEAD, "\n".join(rows), _BUTTONS, "\n".join(buttons), _REACTIONS, "\n".join(reactions), "\n")
    return "".join(parts)


def _row(command: Command) -> str:
    foreign = [word for word in command.aliases if not word.isascii()]
    cells = (
        ", ".join(f"`/{word}`" for word in (command.name, *foreign)),
        _in_discord(command),
        "**/easel help**" if command.name == "help" else _with_buttons(f"`{command.examples[-1]}`", command),
        _with_buttons(f"`{command.examples[0]}`", command, menu=False),
        _who(command),
        _answer(command),
    )
    return f"| {' | '.join(cells)} |"


def _in_discord(command: Command) -> str:
    options = " ".join(_option(each) for each in command.options)
    return _with_buttons(f"`/{command.name}` {options}".strip(), command)


def _option(option: Option) -> str:
    completed = option.kind in (*VOCABULARY_KINDS, *NAMING)
    return f"*{option.name}*" if completed else option.name


def _with_buttons(text: str, command: Command, menu: bool = True) -> str:
    more: Sequence[str] = [
        *([_IN_MENU[command.name]] if menu and command.name in _IN_MENU else []),
        *([f"the button {_BY_BUTTON[command.name]}"] if command.name in _BY_BUTTON else []),
    ]
    return "; ".join([text, *more])


def _who(command: Command) -> str:
    if command.admin_only:
        return "admins; Discord hides it from others"
    return _OWNER.get(command.name) or _CHANGED_BY_ADMINS.get(command.name) or "everybody"


def _answer(command: Command) -> str:
    seen = "seen by all" if command.name in _PUBLIC else "seen by who asks"
    return f"{command.summary} ({seen})"


def _said(verb: str) -> str:
    return (
        "opens a form: what shall be different, or the picture's line"
        if verb == EDIT
        else f"`/{verb}` of that picture"
    )


if __name__ == "__main__":
    sys.stdout.write(page())

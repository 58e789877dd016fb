"""Buttons and forms in Discord. What is pressed stands in a button's custom_id, so that every button works
after a restart and for as long as its message is there.

https://docs.discord.com/developers/components/reference: 5 rows of 5 buttons, a custom_id of 100 characters
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord

from bot.platforms.discord.text import cut
from commands.chat import Answer, Button, Translate
from commands.parsing.sanitize import MAX_LINE
from commands.text.results import EDIT

MOST_ROWS, MOST_IN_ROW = 5, 5
MOST_ID = 100
MOST_LABEL = 80
FORM = "line"
"""The custom_id of the form in which a line is changed, and of its one field."""

Press = Callable[[discord.Interaction, str, str], Awaitable[None]]
"""Takes an interaction, and the command and words that were pressed."""


def view_of(answer: Answer) -> discord.ui.View | None:
    """The buttons of an answer, a row for each of several pictures; None without any."""
    rows = _rows(answer)
    if not rows:
        return None
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows[:MOST_ROWS]):
        for button, label in row[:MOST_IN_ROW]:
            view.add_item(_button(button, label, number))
    # discord.py keeps a view that is not stopped for as long as it runs; ours are known by their custom_id.
    view.stop()
    return view


def _rows(answer: Answer) -> list[list[tuple[Button, str]]]:
    """Buttons with what is written on them."""
    several = len(answer.pictures) > 1
    rows: list[list[tuple[Button, str]]] = []
    edits: list[tuple[Button, str]] = []
    for number, picture in enumerate(answer.pictures, 1):
        own = [each for each in answer.buttons if each.picture == picture.id]
        written = [(each, str(number) if several else each.label) for each in own]
        rows.append([pair for pair in written if pair[0].verb != EDIT])
        edits += [pair for pair in written if pair[0].verb == EDIT]
    shown = {picture.id for picture in answer.pictures}
    rest = [(each, each.label) for each in answer.buttons if each.picture not in shown]
    return [row for row in (*rows, edits, rest) if row]


def _button(button: Button, label: str, row: int) -> discord.ui.Button[Any]:
    return discord.ui.Button(
        style=discord.ButtonStyle.secondary,
        custom_id=f"{button.verb}:{button.words}"[:MOST_ID],
        label=cut(label, MOST_LABEL),
        emoji=button.emoji or None,
        row=row,
    )


def pressed_item(press: Press) -> type[discord.ui.DynamicItem[Any]]:
    """What takes every press of every button that Easel ever made."""

    class Pressed(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"(?P<verb>[a-z]+):(?P<words>.*)"):
        def __init__(self, item: discord.ui.Button[Any], verb: str, words: str) -> None:
            super().__init__(item)
            self.verb, self.words = verb, words

        @classmethod
        async def from_custom_id(
            cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
        ) -> Pressed:
            assert isinstance(item, discord.ui.Button)  # noqa: S101  # nothing else has such an id
            return cls(item, match["verb"], match["words"])

        async def callback(self, interaction: discord.Interaction) -> None:
            await press(interaction, self.verb, self.words)

    return Pressed


def form_of(line: str, translate: Translate) -> discord.ui.Modal:
    """The form that asks for a line. line: what stands there at first"""
    form = discord.ui.Modal(title="Easel", custom_id=FORM)
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        style=discord.TextStyle.paragraph, custom_id=FORM, default=line, max_length=MAX_LINE
    )
    form.add_item(discord.ui.Label(text=translate("What shall I paint?"), component=field))
    form.stop()
    return form


def read_form(data: Mapping[str, Any]) -> str | None:
    """The line of a form that was sent; None for another form."""
    if data.get("custom_id") != FORM:
        return None
    held = [each.get("component") or each["components"][0] for each in data["components"]]
    return next((str(each["value"]) for each in held if each.get("custom_id") == FORM), None)

"""Build and read Discord's buttons and forms.

A button's custom_id holds its command, so that it works after a restart and as long as its message exists.

https://docs.discord.com/developers/components/reference: 5 rows of 5 buttons, a custom_id of 100 characters
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import discord

from bot.platforms.discord.text import shorten
from bot.platforms.lines import read_form
from commands.change import EXAMPLE
from commands.chat import Button, Picture, Translate
from commands.parsing.sanitize import MAX_LINE
from commands.text.results import ASK_CHANGE, ASK_LINE, DETAILS, EDIT

MOST_ROWS, MOST_IN_ROW = 5, 5
MOST_ID = 100
MOST_LABEL = 80
LAST = (EDIT, DETAILS)
"""Verbs of buttons that share the last row, for which those of a picture leave no room."""
FORM, CHANGE = "line", "change"
"""The custom_id of the form before the picture's id, and those of its fields."""

Press = Callable[[discord.Interaction, str, str], Awaitable[None]]
"""Handles an interaction, with the command and words of the button."""


def view_of(pictures: Sequence[Picture], buttons: Sequence[Button]) -> discord.ui.View | None:
    """Return the buttons of a message, a row for each of several pictures; None without any."""
    rows = _rows(pictures, buttons)
    if not rows:
        return None
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows[:MOST_ROWS]):
        for button, label in row[:MOST_IN_ROW]:
            view.add_item(_button(button, label, number))
    # discord.py keeps a view in memory until it is stopped; ours are known by their custom_id.
    view.stop()
    return view


def _rows(pictures: Sequence[Picture], buttons: Sequence[Button]) -> list[list[tuple[Button, str]]]:
    """Return buttons with their labels."""
    several = len(pictures) > 1
    rows: list[list[tuple[Button, str]]] = []
    last: list[tuple[Button, str]] = []
    for number, picture in enumerate(pictures, 1):
        own = [each for each in buttons if each.picture == picture.id]
        labelled = [(each, str(number) if several else each.label) for each in own]
        rows.append([pair for pair in labelled if pair[0].verb not in LAST])
        last += [pair for pair in labelled if pair[0].verb in LAST]
    shown = {picture.id for picture in pictures}
    last += [(each, each.label) for each in buttons if each.picture not in shown]
    return [row for row in (*rows, last) if row]


def _button(button: Button, label: str, row: int) -> discord.ui.Button[Any]:
    return discord.ui.Button(
        style=discord.ButtonStyle.secondary,
        custom_id=f"{button.verb}:{button.words}"[:MOST_ID],
        label=shorten(label, MOST_LABEL),
        emoji=button.emoji or None,
        row=row,
    )


def pressed_item(press: Press) -> type[discord.ui.DynamicItem[Any]]:
    """Return the handler of every button that Easel ever sent."""

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


def modal_of(picture: str, line: str, translate: Translate) -> discord.ui.Modal:
    """Return the form that asks what shall be different about a picture. line: its own, to be edited"""
    form = discord.ui.Modal(title="Easel", custom_id=f"{FORM}:{picture}"[:MOST_ID])
    change: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=CHANGE, required=False, placeholder=translate(EXAMPLE), max_length=MAX_LINE
    )
    whole: discord.ui.TextInput[Any] = discord.ui.TextInput(
        style=discord.TextStyle.paragraph, custom_id=FORM, required=False, default=line, max_length=MAX_LINE
    )
    form.add_item(discord.ui.Label(text=translate(ASK_CHANGE), component=change))
    form.add_item(discord.ui.Label(text=translate(ASK_LINE), component=whole))
    form.stop()
    return form


def said_in_modal(data: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the command and words of a form that was sent; None for another form."""
    form, _, picture = str(data.get("custom_id", "")).partition(":")
    if form != FORM:
        return None
    fields = [each.get("component") or each["components"][0] for each in data["components"]]
    values = {str(each.get("custom_id")): str(each["value"]) for each in fields}
    return read_form(picture, values.get(CHANGE, ""), values[FORM]) if FORM in values else None

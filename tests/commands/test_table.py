"""Facts about commands/table.py: the page of all commands is made from them."""

from __future__ import annotations

from pathlib import Path

from commands.registry import COMMANDS
from commands.table import page
from commands.text.results import NEXT

PAGE = Path(__file__).parents[2] / "docs/commands.md"


def cells(head):
    """Return the rows of the table whose head begins like this."""
    table = page().split(f"\n| {head} |", 1)[1].split("\n\n", 1)[0]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table.splitlines()[2:]]


def test_the_page_is_as_the_commands_are():
    assert PAGE.read_text() == page()


def test_every_command_has_a_row_on_each_platform_and_nothing_is_left_unsaid():
    rows = cells("command")
    assert [row[0].split("`")[1] for row in rows] == [f"/{name}" for name in COMMANDS]
    assert all(len(row) == 6 and all(row) for row in rows)


def test_every_option_is_named_where_it_can_be_typed():
    for row, command in zip(cells("command"), COMMANDS.values(), strict=True):
        assert all(option.name in row[1] for option in command.options)


def test_every_button_has_a_row():
    assert len(cells("button")) == len(NEXT)

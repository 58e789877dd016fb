"""The documents say what is there: commands, options, config keys, links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from commands.parsing import KEYS, parse
from commands.registry import COMMANDS
from engine.vocabulary import load_vocabulary

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "engine").rglob("*.md")])
README = (ROOT / "README.md").read_text()
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)(#[^)]*)?\)")


@pytest.mark.parametrize(
    ("document", "target"),
    [
        pytest.param(document, target, id=f"{document.relative_to(ROOT)}: {target}")
        for document in DOCUMENTS
        for target, _ in LINK.findall(document.read_text())
    ],
)
def test_a_relative_link_leads_somewhere(document, target):
    assert (document.parent / target).exists()


def rows(header: str) -> dict[str, list[str]]:
    """The table of the README whose head begins with `header`: first cell, without backticks -> other cells."""
    table = README.split(f"\n| {header} |", 1)[1].split("\n\n", 1)[0]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table.splitlines()[2:]]
    return {first.strip("`/").removeprefix("easel "): rest for first, *rest in cells}


def test_the_readme_lists_exactly_the_chat_commands():
    assert set(rows("say")) == set(COMMANDS)


def test_the_readme_lists_exactly_the_options_of_paint():
    assert set(rows("option")) == set(KEYS)
    assert set(KEYS) == {option.name for option in COMMANDS["paint"].options} - {"words"}


@pytest.mark.parametrize("words", re.findall(r"`/paint (.+?)`", README))
def test_an_example_in_the_readme_can_be_painted(words):
    parse(words, load_vocabulary())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_chat_command_named_in_a_document_exists(document):
    named = set(re.findall(r"`/([a-z_]+)\b(?!/)", document.read_text()))
    assert named <= set(COMMANDS)

"""Test that the documents list every command, option and config key, and that their links work."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import click
import pytest

from bot.cli.main import easel
from bot.config import VARIABLES
from bot.operations.metrics import Meter
from commands.parsing.line import parse
from commands.parsing.options import KEYS
from commands.registry import COMMANDS
from engine.vocabulary import load_vocabulary

ROOT = Path(__file__).parents[2]
CONFIG = (ROOT / "config.toml").read_text()
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "engine").rglob("*.md")])
PATHS = re.compile(r"`((?:bot|commands|engine|docs|scripts|tests)/[\w./-]*\w)`")
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)(#[^)]*)?\)")


def test_a_relative_link_leads_somewhere():
    links = [(each, target) for each in DOCUMENTS for target, _ in LINK.findall(each.read_text())]
    assert not [(each.name, target) for each, target in links if not (each.parent / target).exists()]


TABLES = {"option": "paint.md", "command": "cli.md", "key": "settings.md", "variable": "settings.md"}
"""The first heading of each table, and its document in docs/."""


def rows(header: str) -> dict[str, list[str]]:
    """Read the table whose head begins with `header`: first cell, without marks -> the other cells."""
    table = (ROOT / "docs" / TABLES[header]).read_text().split(f"\n| {header} |", 1)[1].split("\n\n", 1)[0]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table.splitlines()[2:]]
    return {first.strip("`/").removeprefix("easel "): rest for first, *rest in cells}


def test_both_readmes_show_the_same_commands_examples_and_links():
    english, chinese = (each.read_text() for each in READMES)
    for pattern in (r"```\w*\n(\w[^ ]+)", r"`(/paint [^`]+)`", r"\]\((docs/[^)#]+|CONTRIBUTING.md)\)"):
        assert sorted(re.findall(pattern, english)) == sorted(re.findall(pattern, chinese))


def test_the_options_of_paint_are_listed_exactly():
    assert set(rows("option")) == set(KEYS)
    assert set(KEYS) == {option.name for option in COMMANDS["paint"].options} - {"words"}


def in_documents(pattern: str) -> list[tuple[str, str]]:
    """Find a pattern in every document: (document, match)."""
    return [(each.name, found) for each in DOCUMENTS for found in re.findall(pattern, each.read_text())]


def test_an_example_of_a_request_can_be_painted():
    for _, words in in_documents(r"`/paint ([^*`]+)`"):
        parse(words, load_vocabulary())


def test_a_chat_command_named_in_a_document_exists():
    known = {*COMMANDS, *(alias for command in COMMANDS.values() for alias in command.aliases)}
    assert not [found for found in in_documents(r"`/([a-z_]+)\b(?!/)") if found[1] not in known]


def test_a_file_of_ours_named_in_a_document_exists():
    named = [(each.name, path) for each in DOCUMENTS for path in PATHS.findall(each.read_text())]
    assert not [found for found in named if not (ROOT / found[1]).exists()]


def test_a_document_named_in_the_code_exists():
    sources = [path for floor in ("bot", "commands", "engine") for path in (ROOT / floor).rglob("*.py")]
    named = {
        name for path in sources for name in re.findall(r"\b(?:docs|scripts)/\w[\w.-]*\w", path.read_text())
    }
    assert not [name for name in named if not (ROOT / name).exists()]


def test_the_commands_of_easel_are_listed_exactly():
    assert set(rows("command")) == set(easel.commands)


def test_a_line_for_easel_uses_commands_and_options_that_exist():
    code = "\n".join(code_in(document) for document in DOCUMENTS)
    for line in re.findall(r"\beasel ([a-z]+\b[^`\n]*)", code):
        command, *words = line.split("#")[0].split()
        assert command in easel.commands, line
        found = easel.commands[command]
        if isinstance(found, click.Group) and words and not words[0].startswith("-"):
            assert words[0] in found.commands, line
            found = found.commands[words[0]]
        options = {option for each in found.params for option in (*each.opts, *each.secondary_opts)}
        assert {word for word in words if word.startswith("--")} <= {*options, "--help"}, line


def code_in(document: Path) -> str:
    """Return everything between backticks."""
    text = document.read_text()
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))])


def test_every_key_of_the_config_is_listed_with_its_default():
    sections = tomllib.loads(CONFIG)
    defaults = {f"{name}.{key}": value for name, keys in sections.items() for key, value in keys.items()}
    listed = {key: tomllib.loads(f"value = {cells[0].strip('`')}") for key, cells in rows("key").items()}
    assert {key: value["value"] for key, value in listed.items()} == defaults


def test_every_key_of_the_config_has_a_comment_above_it():
    assert not [
        key for above, key in pairwise(CONFIG.splitlines()) if key[:1].isalpha() and above[:2] != "# "
    ]


def test_every_variable_of_the_environment_is_listed():
    assert set(rows("variable")) == set(VARIABLES.values())


@pytest.mark.parametrize("header", list(TABLES))
def test_no_row_of_a_table_is_left_unsaid(header):
    assert all(all(cells) for cells in rows(header).values())


def test_the_metrics_of_the_guide_are_exactly_those_that_are_there():
    guide = (ROOT / "docs/deploy.md").read_text()
    told = set(re.findall(r"^\| `(easel_\w+)` \|", guide, re.MULTILINE))
    there = set(re.findall(r"^# TYPE (easel_\w+) ", Meter(lambda: 0).text().decode(), re.MULTILINE))
    assert told == {name for name in there if not name.endswith("_created")}


def test_the_map_names_exactly_the_packages_that_are_there():
    shown = (ROOT / "docs/architecture.md").read_text().split("```")[1]
    found = [
        path.parent for floor in ("bot", "commands", "engine") for path in (ROOT / floor).rglob("__init__.py")
    ]
    assert re.findall(r"^([a-z_/]+)/ ", shown, re.M) == sorted(
        str(folder.relative_to(ROOT)) for folder in found
    )

"""One name, one meaning: in the code's public classes and functions, and in CONTRIBUTING's glossary."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLOORS = ("bot", "commands", "engine")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
ENTRY_POINT = "main"
"""Python's own name for what `python -m` runs: each such module has one."""


def shared(*kinds: type[ast.stmt]) -> dict[str, list[str]]:
    """Find the public top-level names of these kinds that two modules define."""
    found = defaultdict(list)
    for path in sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, kinds) and not node.name.startswith("_"):
                found[node.name].append(str(path.relative_to(ROOT)))
    return {name: paths for name, paths in found.items() if len(paths) > 1}


def glossary() -> list[tuple[str, str]]:
    """Read the rows of CONTRIBUTING's glossary: terms, meanings."""
    section = (ROOT / "CONTRIBUTING.md").read_text().split("## Words we use")[1].split("\n## ")[0]
    return re.findall(r"^\| (?!term |---)(.+?) \| (.+?) \|$", section, re.MULTILINE)


def test_no_two_public_classes_share_a_name() -> None:
    assert not shared(ast.ClassDef)


def test_no_two_public_functions_share_a_name() -> None:
    assert not {name: paths for name, paths in shared(*FUNCTIONS).items() if name != ENTRY_POINT}


def test_each_term_of_the_glossary_has_one_meaning() -> None:
    terms = [term for row, _ in glossary() for term in row.split(", ")]
    assert len(terms) >= 20
    assert len(terms) == len(set(terms))
    assert all(
        len(meaning.split("; ")) in (1, len(row.split(", "))) for row, meaning in glossary() if ", " in row
    )


def test_a_class_in_the_glossary_is_defined_once() -> None:
    named = [name for row, _ in glossary() for name in re.findall(r"`([A-Z]\w+)`", row)]
    sources = [path.read_text() for floor in FLOORS for path in (ROOT / floor).rglob("*.py")]
    defined = [name for source in sources for name in re.findall(r"^class (\w+)", source, re.MULTILINE)]
    assert named
    assert [name for name in named if defined.count(name) != 1] == []

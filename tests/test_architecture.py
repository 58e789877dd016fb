"""Rules of the three floors that import-linter cannot say."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("bot", "commands", "engine")
SOURCES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
WRITTEN = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))]
MAX_LINES = 300
PLATFORM_WORDS = re.compile(
    r"guild|interaction|webhook|ephemeral|thread_ts|socket_mode|snowflake|block_kit", re.I
)
HEAVY = ("torch", "matplotlib", "efficientnet_lite_pytorch")
CHAT_PROCESS = "bot.__main__, bot.app, bot.cli, bot.platforms.discord, bot.platforms.slack, bot.platforms.web"


def named(paths: list[Path]) -> list:
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


def names(path: Path) -> set[str]:
    """Every identifier of a file: what prose says is free, what code is called is not."""
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text()).readline)
    return {token.string for token in tokens if token.type == tokenize.NAME}


@pytest.mark.parametrize("path", named(WRITTEN))
def test_a_file_has_at_most_300_lines(path):
    assert len(path.read_text().splitlines()) <= MAX_LINES


def test_nine_functions_in_ten_have_under_25_lines():
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for path in SOURCES for node in ast.walk(ast.parse(path.read_text()))]
    lengths = sorted(1 + node.end_lineno - node.lineno for node in nodes if isinstance(node, functions))
    assert lengths[len(lengths) * 9 // 10] < 25


@pytest.mark.parametrize(
    "path", named([path for path in SOURCES if "platforms" not in path.parts or path.name == "base.py"])
)
def test_platform_words_stay_in_the_adapters(path):
    assert not {name for name in names(path) if PLATFORM_WORDS.search(name)}


@pytest.mark.parametrize("path", named(SOURCES))
def test_a_module_says_what_it_is(path):
    assert path.name == "__init__.py" or ast.get_docstring(ast.parse(path.read_text()))


def test_the_chat_process_never_imports_torch():
    code = f"import sys, {CHAT_PROCESS}; print([name for name in {HEAVY} if name in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert result.stdout == "[]\n", result.stderr


def test_a_worker_can_be_spawned_without_the_chat_libraries():
    code = (
        "import sys, engine.worker; print([m for m in ('discord', 'slack_bolt', 'bot') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert result.stdout == "[]\n", result.stderr


@pytest.mark.parametrize("path", named(sorted((ROOT / "tests").glob("test_*.py"))))
def test_the_test_of_x_is_test_x(path):
    subject = path.stem.removeprefix("test_")
    programs = (ROOT / "tests/bench").glob("*.py")
    about = {"architecture", "docs", "reliability", "scripts", "end_to_end", "end_to_end_pages"}
    about |= {"end_to_end_connection", "web_routes", "scenario", "hostile", "hostile_shown"}
    assert subject in about | {source.stem for source in (*SOURCES, *programs)}


def test_tests_lie_flat():
    assert not [path for path in (ROOT / "tests").rglob("__init__.py")]

"""Test rules of the three floors that import-linter cannot express."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLOORS = ("bot", "commands", "engine")
SOURCES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
WRITTEN = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))]
MAX_LINES = 500
PLATFORM_WORDS = re.compile(
    r"guild|interaction|webhook|ephemeral|thread_ts|socket_mode|snowflake|block_kit", re.I
)
HEAVY = ("torch", "matplotlib", "efficientnet_lite_pytorch")
PLATFORMS = ", ".join(f"bot.platforms.{name}.adapter" for name in ("discord", "slack", "web"))
CHAT_PROCESS = f"bot.__main__, bot.app, bot.cli.main, {PLATFORMS}"


def names(path: Path) -> set[str]:
    """Return every identifier of a file."""
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text()).readline)
    return {token.string for token in tokens if token.type == tokenize.NAME}


def test_a_file_has_at_most_500_lines():
    assert not [path for path in WRITTEN if len(path.read_text().splitlines()) > MAX_LINES]


def test_nine_functions_in_ten_have_under_25_lines():
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for path in SOURCES for node in ast.walk(ast.parse(path.read_text()))]
    lengths = sorted(1 + node.end_lineno - node.lineno for node in nodes if isinstance(node, functions))
    assert lengths[len(lengths) * 9 // 10] < 25


def test_platform_words_stay_in_the_adapters():
    neutral = [path for path in SOURCES if "platforms" not in path.parts or path.name == "base.py"]
    assert not [(path, name) for path in neutral for name in names(path) if PLATFORM_WORDS.search(name)]


def test_a_module_says_what_it_is():
    modules = [path for path in SOURCES if path.name != "__init__.py"]
    assert not [path for path in modules if not ast.get_docstring(ast.parse(path.read_text()))]


def test_the_chat_process_never_imports_torch():
    code = f"import sys, {CHAT_PROCESS}; print([name for name in {HEAVY} if name in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert result.stdout == "[]\n", result.stderr


def test_a_worker_can_be_spawned_without_the_chat_libraries():
    forbidden = ("discord", "slack_bolt", "bot")
    code = f"import sys, engine.workers.worker; print([name for name in {forbidden} if name in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert result.stdout == "[]\n", result.stderr


MIRRORED = [path for floor in FLOORS for path in (ROOT / "tests" / floor).rglob("*.py")]


def test_tests_mirror_the_packages_and_hide_none():
    """Require tests/bot/jobs/test_queue.py, or files that begin so, for bot/jobs/queue.py."""
    subjects = {path.relative_to(ROOT).with_suffix("") for path in SOURCES}
    strays = []
    for path in MIRRORED:
        folder, name = path.relative_to(ROOT / "tests").parent, path.stem.removeprefix("test_")
        beside = [subject.name for subject in subjects if subject.parent == folder]
        if not any(f"{name}_".startswith(f"{subject}_") for subject in beside):
            strays.append(str(path.relative_to(ROOT)))
    assert not strays
    assert not list((ROOT / "tests").rglob("__init__.py"))

"""Test `python -m bot`, and what a spawned worker imports of it."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.cli.main import easel

ROOT = Path(__file__).parents[2]


def python(*words):
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_the_help_is_called_easel_and_lists_every_command(option):
    text = python("-m", "bot", option)
    assert text.startswith("Usage: easel ")
    assert all(f"\n  {name} " in text for name in easel.commands)


def test_the_version_is_that_of_the_distribution():
    assert python("-m", "bot", "--version") == version("easel") + "\n"


def test_importing_the_module_again_brings_nothing_with_it():
    code = "import sys; before = set(sys.modules); import bot.__main__; print(*set(sys.modules) - before)"
    assert set(python("-c", code).split()) == {"bot", "bot.__main__"}

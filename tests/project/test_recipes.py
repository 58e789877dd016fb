"""Follow the recipes of CONTRIBUTING.md on a copy: nothing else must be written."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STYLE = ROOT / "engine/data/styles/watercolor.toml"
COMMAND = '''"""/wave: wave back."""

from commands.chat import Answer, Ask
from commands.command import Command
from commands.i18n import N_
from commands.services.context import Services


async def _run(ask: Ask, services: Services) -> Answer:
    """Wave back."""
    return Answer("👋")


COMMAND = Command("wave", N_("Wave back."), _run, examples=("/wave",))
'''


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the two lower floors, which a test may change."""
    root = tmp_path_factory.mktemp("copy")
    for floor in ("commands", "engine"):
        shutil.copytree(
            ROOT / floor, root / floor, ignore=shutil.ignore_patterns("__pycache__", "*.safetensors")
        )
    return root


def told(copy: Path, code: str) -> str:
    """Run code that imports the copy, and return what it prints."""
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=copy, env={"PYTHONPATH": str(copy)}, capture_output=True, text=True
    )
    assert not found.returncode, found.stderr
    return found.stdout.strip()


def test_a_style_is_one_file(copy: Path) -> None:
    text = STYLE.read_text().replace("order = 3", "order = 15")
    text = re.sub(r"^en = .*$", 'en = ["tinted wash"]', text, flags=re.M)
    text = re.sub(r"^zh = .*$", 'zh = ["淡彩"]', text, flags=re.M)
    (copy / "engine/data/styles/tinted.toml").write_text(text)
    code = "from engine.vocabulary import load_vocabulary as v; print(v().find('style', 'tinted wash'))"
    assert told(copy, code) == "tinted"


def test_a_subject_is_one_picture_and_one_line(copy: Path) -> None:
    data = copy / "engine/data"
    shutil.copy(data / "subjects/fox-1.webp", data / "subjects/vixen.webp")
    with (data / "subjects.csv").open("a") as file:
        file.write("vixen.webp,vixen,,animal,left,0.6,stands,forest,0.3,0.98,1,CC0-1.0,drawn,\n")
    code = (
        "from engine.composer import compose; from engine.conditions import Conditions;"
        "wish = Conditions((('oil', 1.0),), (), 'vixen', 'portrait', seed=1, size=256);"
        "print(compose(wish).figure.max() > 0.5)"
    )
    assert told(copy, code) == "True"


def test_a_command_is_one_file_and_its_name_in_the_registry(copy: Path) -> None:
    (copy / "commands/wave.py").write_text(COMMAND)
    registry = copy / "commands/registry.py"
    text = registry.read_text().replace("    variations,\n)", "    variations,\n    wave,\n)")
    registry.write_text(text.replace("    audit.COMMAND,\n", "    audit.COMMAND,\n    wave.COMMAND,\n"))
    assert told(copy, "from commands.registry import find; print(find('/wave').name)") == "wave"

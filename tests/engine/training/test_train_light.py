"""Facts about engine/training/train_light.py, on small made-up art."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path

import pytest
from PIL import Image

from engine.composing.learned_light import load_composition
from engine.training import train_light as module
from engine.training.data import DataError
from engine.training.light_gan import CompositionSettings
from engine.training.train import TrainingError, TrainSettings
from engine.training.train_light import train_composition
from tests.support.made_up_art import STYLES, make_art

SMALL = CompositionSettings(batch=2)


@pytest.fixture
def art(tmp_path: Path) -> Path:
    make_art(tmp_path / "art", 3)
    return tmp_path


def sit(root: Path, minutes: float, *, resume: bool = False) -> Path:
    settings = TrainSettings(root / "art", root / "run", minutes, resume=resume, report_minutes=100)
    return train_composition(settings, SMALL, iter(count()).__next__)


def test_a_sitting_leaves_weights_that_compose_and_a_sheet(art: Path) -> None:
    weights = sit(art, 0.1)
    assert load_composition(weights).styles == STYLES
    (sheet,) = (art / "run").glob("composition-*.png")
    with Image.open(sheet) as opened:
        assert opened.height == 96 * len(STYLES)


def test_the_log_tells_the_losses(art: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOG_EVERY", 2)
    sit(art, 0.15)
    lines = (art / "run" / "composition.jsonl").read_text().splitlines()
    assert {"step", "seconds", "discriminator", "adversarial"} <= set(json.loads(lines[0]))


def test_resume_goes_on_where_the_checkpoint_stopped(art: Path) -> None:
    sit(art, 0.05)
    sit(art, 0.05, resume=True)
    sheets = sorted(each.name for each in (art / "run").glob("composition-*.png"))
    assert len(sheets) == 2


def test_a_run_that_cannot_be_gone_on_with_says_why(art: Path) -> None:
    sit(art, 0.05)
    with pytest.raises(TrainingError, match="--resume"):
        sit(art, 0.05)
    (art / "run" / "composition-checkpoint.pt").write_bytes(b"no checkpoint")
    with pytest.raises(TrainingError, match="move it away"):
        sit(art, 0.05, resume=True)


def test_a_folder_without_art_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="art"):
        sit(tmp_path, 0.05)

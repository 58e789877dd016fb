"""Facts about engine/training/train.py and the trainer it drives, on small made-up art."""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import torch
from PIL import Image

from engine.painting.weights import load_generator, training_facts
from engine.training import train as module
from engine.training.batches import Batch
from engine.training.data import DataError
from engine.training.train import TrainingError, TrainSettings, train
from engine.training.trainer import StepSettings, Trainer, Weights
from tests.support.made_up_art import STYLES, make_art

pytestmark = pytest.mark.timeout(300)


def settings(root: Path, minutes: float, **changes: object) -> TrainSettings:
    small = StepSettings(pairs=2, made=2)
    values = {"report_minutes": 100, "sheet_columns": 1, "workers": 0, "step": small, **changes}
    return TrainSettings((root / "art",), root / "run", minutes, **values)  # type: ignore[arg-type]


def ticking(step: float) -> Iterator[float]:
    """A clock that goes on by `step` seconds each time it is read."""
    return (number * step for number in count())


@pytest.fixture
def art(tmp_path: Path) -> Path:
    make_art(tmp_path / "art", 4)
    return tmp_path


def test_a_sitting_leaves_weights_checkpoint_log_sheet_and_plot(art: Path) -> None:
    weights = train(settings(art, 0.35), ticking(1).__next__)
    assert load_generator(weights).config.styles == STYLES
    steps = int(training_facts(weights)["steps"])
    assert steps >= module.LOG_EVERY
    records = [json.loads(line) for line in (art / "run" / "log.jsonl").read_text().splitlines()]
    assert {"step", "seconds", "discriminator", "adversarial", "feature", "low_frequency"} <= set(records[0])
    for picture in ("losses.png", f"sheet-{steps:06}.png"):
        with Image.open(art / "run" / picture) as opened:
            assert opened.width > 100


def test_resume_goes_on_where_the_checkpoint_stopped(art: Path) -> None:
    first = int(training_facts(train(settings(art, 0.05), ticking(1).__next__))["steps"])
    second = int(training_facts(train(settings(art, 0.05, resume=True), ticking(1).__next__))["steps"])
    assert second > first > 0


def test_the_learning_rate_rises_is_even_and_then_falls_to_little() -> None:
    assert module.rate_at(0.0) == pytest.approx(module.COLDEST)
    rates = [module.rate_at(done / 20) for done in range(1, 21)]
    assert rates[:7] == [1.0] * 7
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] == module.rate_at(1.5) == pytest.approx(module.COLDEST)


def test_a_run_is_not_overwritten_without_resume(art: Path) -> None:
    train(settings(art, 0.02), ticking(1).__next__)
    with pytest.raises(TrainingError, match="--resume"):
        train(settings(art, 0.02), ticking(1).__next__)


def test_resuming_from_shipped_weights_of_other_styles_is_refused(art: Path) -> None:
    with pytest.raises(TrainingError, match="dots, stripes"):
        train(settings(art, 0.02, resume=True), ticking(1).__next__)


def test_without_a_checkpoint_a_training_goes_on_from_the_shipped_weights(
    art: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(settings(art, 0.05), ticking(1).__next__)
    shipped = art / "shipped"
    (art / "run").rename(shipped)
    for name in ("SHIPPED", "SHIPPED_DISCRIMINATOR"):
        monkeypatch.setattr(module, name, shipped / getattr(module, name).name)
    before, start = (
        training_facts(shipped / "painter.safetensors"),
        load_generator(shipped / "painter.safetensors"),
    )
    weights = train(settings(art, 0.02, resume=True), ticking(1).__next__)
    assert int(training_facts(weights)["steps"]) > int(before["steps"])
    moved = [
        (new - old).abs().max()
        for new, old in zip(load_generator(weights).parameters(), start.parameters(), strict=True)
    ]
    assert max(moved) < 0.05, "a fresh generator would differ by far more"


def test_a_resumed_session_draws_other_crops(art: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = []
    made = module.Batches
    monkeypatch.setattr(module, "Batches", lambda *rest: seeds.append(rest[-1]) or made(*rest))
    for resume in (False, True):
        train(settings(art, 0.05, resume=resume, index=False), ticking(1).__next__)
    assert seeds[0] == (0, 0)
    assert seeds[1][1] > 0


def test_the_index_is_written_unless_it_is_not_wanted(art: Path) -> None:
    for index in (False, True):
        train(settings(art, 0.02, resume=index, index=index), ticking(1).__next__)
        assert (art / "run" / "originality.safetensors").exists() is index


def test_a_damaged_checkpoint_is_named(art: Path) -> None:
    (art / "run").mkdir()
    (art / "run" / "checkpoint.pt").write_bytes(b"no checkpoint")
    with pytest.raises(TrainingError, match=r"checkpoint\.pt"):
        train(settings(art, 0.02, resume=True), ticking(1).__next__)


def test_a_gpu_that_is_not_there_is_told_before_the_art_is_read(
    art: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(TrainingError, match="no GPU"):
        train(settings(art, 0.02, device="cuda"), ticking(1).__next__)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "art").mkdir()
    with pytest.raises(DataError):
        train(settings(tmp_path, 0.02), ticking(1).__next__)


def test_ctrl_c_saves_what_was_learned(art: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = iter(range(2))

    def interrupted(self: Trainer, batch: Batch) -> dict[str, float]:
        if next(steps, None) is None:
            raise KeyboardInterrupt
        self.steps_done += 1
        return {"adversarial": 0.0}

    monkeypatch.setattr(Trainer, "step", interrupted)
    assert training_facts(train(settings(art, 60), ticking(1).__next__))["steps"] == "2"


def test_training_brings_paintings_nearer_to_their_art(art: Path) -> None:
    step = StepSettings(pairs=2, made=1, weights=Weights(feature=20.0))
    train(settings(art, 1.0, seed=3, step=step), ticking(1).__next__)
    records = [json.loads(line) for line in (art / "run" / "log.jsonl").read_text().splitlines()]
    assert records[-1]["feature"] < records[0]["feature"]


def test_what_is_frozen_stays_as_it_was(art: Path) -> None:
    run = {}

    def keep(each: module.Run, seconds: float) -> None:
        run["trainer"] = each.trainer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "save", keep)
        train(settings(art, 0.1), ticking(1).__next__)
    trainer = run["trainer"]
    assert not any(parameter.requires_grad for parameter in trainer.features.parameters())
    assert not any(parameter.requires_grad for parameter in trainer.discriminator.projections.parameters())
    assert all(torch.isfinite(parameter).all() for parameter in trainer.generator.parameters())

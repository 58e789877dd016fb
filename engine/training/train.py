"""Train on a folder of art and write a weights file: loop, clock, log, checkpoints.

`easel train` calls `train`. The run's folder gets `checkpoint.pt` (to resume), `painter.safetensors` (the
averaged generator), `discriminator.safetensors`, `originality.safetensors` (`engine.painting.originality`),
`log.jsonl`, `losses.png` and `sheet-<step>.png`.
"""

from __future__ import annotations

import math
import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from rich.progress import Progress

from engine.errors import EngineError
from engine.painting.generator import Generator
from engine.painting.originality import SHIPPED as SHIPPED_INDEX
from engine.painting.weights import (
    SHIPPED,
    SHIPPED_DISCRIMINATOR,
    load_generator,
    load_weights,
    save_generator,
    save_weights,
    training_facts,
)
from engine.training.art_index import index_of
from engine.training.batches import Batch, Batches, load_batches
from engine.training.data import Art, CropSampler, find_art, split_art
from engine.training.report import ContactSheet, append_log, mean_of, plot_losses
from engine.training.trainer import StepSettings, Trainer, new_generator

LOG_EVERY = 10
"""Steps per line of the log."""
EVEN_PART, COLDEST = 0.4, 0.05
"""Part of a sitting with a constant learning rate, and the share of that rate at its end."""

WARMING = 0.02
"""Part of a sitting in which the learning rate rises, because the optimizers start without memory."""


class TrainingError(EngineError):
    """The training cannot start; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """Settings of one sitting.

    data: folders of style sub-folders; out: the run's folder
    minutes: how long to train, not counting the loading
    resume: continue from the run's checkpoint, or else from the shipped weights
    report_minutes: time between contact sheets and checkpoints
    bank_depth: made-up layouts kept per style; workers: processes that make batches, each with its own
    index: write the originality index of the training art at the end
    """

    data: tuple[Path, ...]
    out: Path
    minutes: float
    resume: bool = False
    seed: int = 0
    device: str = "cpu"
    report_minutes: float = 5.0
    bank_depth: int = 24
    workers: int = 1
    index: bool = True
    sheet_columns: int = 4
    step: StepSettings = field(default_factory=StepSettings)


@dataclass(frozen=True, slots=True)
class Run:
    """One sitting and its objects. seconds_before: trained in earlier sittings"""

    settings: TrainSettings
    trainer: Trainer
    batches: Iterator[Batch]
    art: Sequence[Art]
    sheet: ContactSheet
    seconds_before: float


def train(settings: TrainSettings, clock: Callable[[], float] = time.monotonic) -> Path:
    """Train until the minutes are over or Ctrl-C, and return the weights file.

    Raises DataError for a folder without art and TrainingError for a run that cannot be resumed.
    """
    checkpoint = settings.out / "checkpoint.pt"
    if settings.device == "cuda" and not torch.cuda.is_available():
        raise TrainingError("PyTorch finds no GPU here; train without --device cuda.")
    if checkpoint.exists() and not settings.resume:
        raise TrainingError(
            f"{settings.out} holds a training already; go on with --resume or choose another folder."
        )
    settings.out.mkdir(parents=True, exist_ok=True)
    with Progress() as progress:
        run = _prepare(settings, checkpoint)
        _loop(run, progress, clock)
        if settings.index:
            _index(run, progress)
    return settings.out / "painter.safetensors"


def _prepare(settings: TrainSettings, checkpoint: Path) -> Run:
    art, step = find_art(*settings.data), settings.step
    styles = tuple(sorted({each.style for each in art}))
    generator = _first_generator(settings, styles, checkpoint)
    trainer = Trainer(generator, styles, step, settings.seed, settings.device)
    before = _go_on(trainer, checkpoint) if settings.resume else 0.0
    sampler = CropSampler(split_art(art)[0], styles)
    # A resumed sitting draws other crops than the one before.
    seed = (settings.seed, trainer.steps_done)
    drawn = load_batches(Batches(sampler, settings.bank_depth, step.pairs, step.made, seed), settings.workers)
    sheet = ContactSheet(styles, settings.sheet_columns, settings.seed)
    return Run(settings, trainer, drawn, art, sheet, before)


def _first_generator(settings: TrainSettings, styles: tuple[str, ...], checkpoint: Path) -> Generator:
    """Make fresh weights, or load the shipped ones when resuming without a checkpoint."""
    if not settings.resume or checkpoint.exists():
        return new_generator(styles, settings.seed)
    shipped = load_generator(SHIPPED)
    if shipped.config.styles != styles:
        raise TrainingError(
            f"The shipped weights know {', '.join(shipped.config.styles)}, "
            f"the folder holds {', '.join(styles)}; train without --resume to start anew."
        )
    return shipped


def _go_on(trainer: Trainer, checkpoint: Path) -> float:
    """Load the run's checkpoint, or else the shipped weights; return the seconds trained so far."""
    if checkpoint.exists():
        return _restore(trainer, checkpoint)
    load_weights(trainer.discriminator, SHIPPED_DISCRIMINATOR)
    facts = training_facts(SHIPPED)
    trainer.steps_done = int(facts["steps"])
    return float(facts["hours"]) * 3600


def _restore(trainer: Trainer, checkpoint: Path) -> float:
    try:
        state = torch.load(checkpoint, map_location=trainer.device, weights_only=True)
        trainer.restore(state["trainer"])
        return float(state["seconds"])
    except (OSError, KeyError, TypeError, RuntimeError, pickle.UnpicklingError) as error:
        raise TrainingError(
            f"{checkpoint} cannot be gone on with: {error}; move it away to start anew."
        ) from error


def _loop(run: Run, progress: Progress, clock: Callable[[], float]) -> None:
    minutes = run.settings.minutes
    bar = progress.add_task("Training", total=minutes * 60)
    start = last_report = clock()
    records: list[dict[str, float]] = []
    try:
        while (elapsed := clock() - start) < minutes * 60:
            run.trainer.cool(rate_at(elapsed / (minutes * 60)))
            records.append(run.trainer.step(next(run.batches)))
            progress.update(bar, completed=elapsed, description=f"Training, step {run.trainer.steps_done}")
            if len(records) == LOG_EVERY:
                _log(run, records, run.seconds_before + elapsed)
                records = []
            if clock() - last_report > run.settings.report_minutes * 60:
                save(run, run.seconds_before + elapsed)
                last_report = clock()
    except KeyboardInterrupt:
        progress.console.print("Stopped; what was learned is saved.")
    save(run, run.seconds_before + clock() - start)


def _index(run: Run, progress: Progress) -> None:
    """Write the index of the training art, unless an earlier sitting did."""
    path = run.settings.out / SHIPPED_INDEX.name
    if not path.exists():
        progress.add_task("Indexing art", total=None)
        index_of(run.art, run.trainer.features, run.settings.seed).save(path)


def rate_at(done: float) -> float:
    """Return the share of the learning rate after `done` of the sitting, 0..1.

    It rises, is constant, then falls along a cosine; a resumed sitting restarts (Loshchilov and Hutter, arXiv
    1608.03983, eq. 5).
    """
    falling = min(1.0, max(0.0, done - EVEN_PART) / (1 - EVEN_PART))
    warm = min(1.0, COLDEST + done / WARMING)
    return warm * (COLDEST + (1 - COLDEST) * (1 + math.cos(math.pi * falling)) / 2)


def _log(run: Run, records: list[dict[str, float]], seconds: float) -> None:
    record = {"step": float(run.trainer.steps_done), "seconds": seconds, **mean_of(records)}
    append_log(run.settings.out / "log.jsonl", record)


def save(run: Run, seconds: float) -> None:
    """Write checkpoint, weights, contact sheet and plot."""
    out, trainer = run.settings.out, run.trainer
    partial = out / "checkpoint.partial"
    torch.save({"trainer": trainer.state(), "seconds": seconds}, partial)
    partial.replace(out / "checkpoint.pt")
    facts = {"steps": str(trainer.steps_done), "hours": f"{seconds / 3600:.2f}"}
    save_generator(trainer.average, out / SHIPPED.name, facts)
    save_weights(trainer.discriminator, out / SHIPPED_DISCRIMINATOR.name, facts)
    run.sheet.save(trainer.average, out / f"sheet-{trainer.steps_done:06}.png")
    if (out / "log.jsonl").exists():
        plot_losses(out / "log.jsonl", out / "losses.png")

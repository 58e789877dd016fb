"""Training the composition from a folder of art: `easel train --part composition`.

The run's folder holds `composition-checkpoint.pt` (to go on from), `composition.safetensors` (the averaged
generator), `composition.jsonl` and `composition-<step>.png`: of each style five maps of art, seven composed.
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from rich.progress import Progress
from safetensors.torch import save_file

from engine.composing.learned_light import SHIPPED, SIDE, Composition, load_composition
from engine.training.data import split_art
from engine.training.light_gan import CompositionSettings, CompositionTrainer
from engine.training.report import append_log, mean_of
from engine.training.tone_maps import MapSampler
from engine.training.train import TrainingError, TrainSettings, read_art

LOG_EVERY = 200
"""Steps between two lines of the log."""
OF_ART, COMPOSED, ENLARGED = 5, 7, 3
"""Maps of each kind in a row of the sheet, and pixels of a place."""


def train_composition(
    settings: TrainSettings,
    how: CompositionSettings = CompositionSettings(),  # noqa: B008 (frozen)
    clock: Callable[[], float] = time.monotonic,
) -> Path:
    """Train until the minutes are over or Ctrl-C, and return the weights file.

    Raises DataError for a folder without art and TrainingError for a run that cannot be gone on with.
    """
    checkpoint = settings.out / "composition-checkpoint.pt"
    if checkpoint.exists() and not settings.resume:
        raise TrainingError(
            f"{settings.out} holds a training already; go on with --resume or choose another folder."
        )
    settings.out.mkdir(parents=True, exist_ok=True)
    with Progress() as progress:
        styles, art = read_art(settings, progress)
        trainer = CompositionTrainer(MapSampler(split_art(art)[0], styles), how, settings.seed)
        if checkpoint.exists():
            _restore(trainer, checkpoint)
        _loop(trainer, settings, progress, clock)
    return settings.out / SHIPPED.name


def _restore(trainer: CompositionTrainer, checkpoint: Path) -> None:
    try:
        trainer.restore(torch.load(checkpoint, map_location="cpu", weights_only=True))
    except (OSError, KeyError, TypeError, RuntimeError, pickle.UnpicklingError) as error:
        raise TrainingError(
            f"{checkpoint} cannot be gone on with: {error}; move it away to start anew."
        ) from error


def _loop(
    trainer: CompositionTrainer, settings: TrainSettings, progress: Progress, clock: Callable[[], float]
) -> None:
    seconds = settings.minutes * 60
    bar = progress.add_task("Training", total=seconds)
    start = last_report = clock()
    records: list[dict[str, float]] = []
    try:
        while (elapsed := clock() - start) < seconds:
            records.append(trainer.step())
            progress.update(bar, completed=elapsed, description=f"Training, step {trainer.steps_done}")
            if len(records) == LOG_EVERY:
                record = {"step": float(trainer.steps_done), "seconds": elapsed, **mean_of(records)}
                append_log(settings.out / "composition.jsonl", record)
                records = []
            if clock() - last_report > settings.report_minutes * 60:
                _save(trainer, settings.out)
                last_report = clock()
    except KeyboardInterrupt:
        progress.console.print("Stopped; what was learned is saved.")
    _save(trainer, settings.out)


def _save(trainer: CompositionTrainer, out: Path) -> None:
    """Write checkpoint, weights in float16, which numpy reads, and the sheet."""
    partial = out / "composition-checkpoint.partial"
    torch.save(trainer.state(), partial)
    partial.replace(out / "composition-checkpoint.pt")
    tensors = {name: value.half().contiguous() for name, value in trainer.average.state_dict().items()}
    tensors["lightness"] = trainer.sampler.typical_lightness().half()
    facts = {"styles": ",".join(trainer.sampler.styles), "steps": str(trainer.steps_done)}
    save_file(tensors, out / SHIPPED.name, facts)
    load_composition.cache_clear()
    rows = [_row(trainer, load_composition(out / SHIPPED.name), style) for style in trainer.sampler.styles]
    sheet = Image.fromarray(np.concatenate(rows))
    larger = (sheet.width * ENLARGED, sheet.height * ENLARGED)
    sheet.resize(larger, Image.Resampling.NEAREST).save(out / f"composition-{trainer.steps_done:06}.png")


def _row(trainer: CompositionTrainer, composition: Composition, style: str) -> NDArray[np.uint8]:
    """(32, 12 · 32) gray: maps of art, then composed ones, one seed for all styles."""
    random = np.random.default_rng(0)
    lightness = composition.weights["lightness"][composition.styles.index(style)]
    art = trainer.sampler.of_style(style)[:OF_ART]
    maps = [_gray(each.shares[:, :SIDE, :SIDE], each.lightness) for each in art]
    blank = [np.full((SIDE, SIDE), 255, np.uint8)] * (OF_ART - len(maps))
    composed = [_gray(composition.tone_map(((style, 1.0),), random), lightness) for _ in range(COMPOSED)]
    return np.concatenate([*maps, *blank, *composed], axis=1)


def _gray(shares: NDArray[np.float32], lightness: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.asarray(np.clip(np.tensordot(lightness, shares, 1) * 255, 0, 255), np.uint8)

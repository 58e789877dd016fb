"""Reports of a running training: a log, a contact sheet and a plot of the losses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from matplotlib.figure import Figure
from PIL import Image

from engine.composer import compose
from engine.layout import Pixels
from engine.painting.generator import Generator
from engine.painting.tensors import seeded_noise, to_pixels, to_tensor
from engine.training.synthetic_requests import made_up_request

SHEET_SIZE = 256


def append_log(path: Path, record: Mapping[str, float]) -> None:
    """Add one JSON line."""
    with path.open("a", encoding="utf-8") as log:
        log.write(json.dumps({key: round(value, 5) for key, value in record.items()}) + "\n")


def read_log(path: Path) -> list[dict[str, float]]:
    """Read the lines of a log, oldest first."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def plot_losses(log: Path, out: Path) -> None:
    """Plot each loss over steps, smoothed over a fiftieth of the run."""
    records = read_log(log)
    figure = Figure(figsize=(9, 5), layout="constrained")
    axes = figure.subplots()
    window = max(1, len(records) // 50)
    for name in sorted(set(records[-1]) - {"step", "seconds"}):
        values = np.convolve([record[name] for record in records], np.ones(window) / window, "valid")
        axes.plot([record["step"] for record in records][window - 1 :], values, label=name)
    axes.set(xlabel="step", ylabel="loss")
    axes.legend()
    figure.savefig(out, dpi=110)


class ContactSheet:
    """Paints the same made-up requests each time: a row per style, each layout beside its painting."""

    def __init__(self, styles: Sequence[str], columns: int, seed: int) -> None:
        random = np.random.default_rng(seed)
        self._rows = [
            [compose(made_up_request(style, SHEET_SIZE, random)).image for _ in range(columns)]
            for style in styles
        ]
        self._seed = seed

    def save(self, generator: Generator, out: Path) -> None:
        """Paint all requests and write the sheet as PNG."""
        rows = [self._row(generator, index, layouts) for index, layouts in enumerate(self._rows)]
        Image.fromarray(np.concatenate(rows)).save(out)

    def _row(self, generator: Generator, style: int, layouts: Sequence[Pixels]) -> Pixels:
        paintings = [paint_plainly(generator, layout, style, self._seed) for layout in layouts]
        cells = [side for pair in zip(layouts, paintings, strict=True) for side in pair]
        return np.concatenate([_square(cell) for cell in cells], axis=1)


def _square(cell: Pixels) -> Pixels:
    room = np.full((SHEET_SIZE, SHEET_SIZE, 3), 255, dtype=np.uint8)
    room[: cell.shape[0], : cell.shape[1]] = cell[:SHEET_SIZE, :SHEET_SIZE]
    return room


@torch.no_grad()
def paint_plainly(generator: Generator, layout: Pixels, style: int, seed: int) -> Pixels:
    """Paint a layout (H, W, 3) uint8 in one style, in float32."""
    weights = torch.zeros(1, len(generator.config.styles))
    weights[0, style] = 1
    inputs = (to_tensor(layout[None]), weights, seeded_noise(seed, *layout.shape[:2]))
    device = next(generator.parameters()).device
    painted: Pixels = to_pixels(generator(*(each.to(device) for each in inputs)))[0]
    return painted


def mean_of(records: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of each value over records with the same keys."""
    rows = list(records)
    return {key: sum(row[key] for row in rows) / len(rows) for key in rows[0]}

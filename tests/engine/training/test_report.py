"""Facts about engine/training/report.py."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.training.report import (
    SHEET_SIZE,
    ContactSheet,
    append_log,
    mean_of,
    paint_plainly,
    plot_losses,
    read_log,
)
from tests.engine.painting.test_generator import SMALL, make_generator

STYLES = SMALL.styles


def opened(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def test_a_log_is_one_json_line_a_record_with_rounded_values(tmp_path: Path) -> None:
    records = [{"step": 10.0, "feature": 1 / 3}, {"step": 20.0, "feature": 0.25}]
    for record in records:
        append_log(tmp_path / "log.jsonl", record)
    lines = (tmp_path / "log.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == read_log(tmp_path / "log.jsonl")
    assert read_log(tmp_path / "log.jsonl") == [{"step": 10.0, "feature": 0.33333}, records[1]]


@pytest.mark.parametrize("count", [1, 120])
def test_a_log_of_any_length_is_plotted(tmp_path: Path, count: int) -> None:
    for step in range(1, count + 1):
        record = {"step": step, "seconds": 2.0 * step, "feature": 1 / step, "adversarial": 0.5}
        append_log(tmp_path / "log.jsonl", record)
    plot_losses(tmp_path / "log.jsonl", tmp_path / "losses.png")
    picture = opened(tmp_path / "losses.png")
    assert picture.shape[1] > 500
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 10


def test_the_mean_of_records_is_taken_value_by_value() -> None:
    assert mean_of([{"a": 1.0, "b": 0.0}, {"a": 3.0, "b": -1.0}]) == {"a": 2.0, "b": -0.5}
    assert mean_of(iter([{"a": 1.0}])) == {"a": 1.0}


def test_a_sheet_has_a_row_for_each_style_with_layouts_beside_paintings(tmp_path: Path) -> None:
    sheet = ContactSheet(STYLES, columns=2, seed=0)
    sheet.save(make_generator(), tmp_path / "sheet.png")
    assert opened(tmp_path / "sheet.png").shape == (len(STYLES) * SHEET_SIZE, 4 * SHEET_SIZE, 3)


def test_only_the_paintings_of_a_sheet_change_as_the_generator_learns(tmp_path: Path) -> None:
    sheet, generator = ContactSheet(STYLES[:1], columns=1, seed=0), make_generator()
    sheet.save(generator, tmp_path / "before.png")
    with torch.no_grad():
        generator.colors.bias.fill_(0.5)
    sheet.save(generator, tmp_path / "after.png")
    before, after = opened(tmp_path / "before.png"), opened(tmp_path / "after.png")
    assert np.array_equal(before[:, :SHEET_SIZE], after[:, :SHEET_SIZE])
    assert not np.array_equal(before[:, SHEET_SIZE:], after[:, SHEET_SIZE:])


def test_the_same_seed_makes_the_same_sheet(tmp_path: Path) -> None:
    for name in ("one", "two"):
        ContactSheet(STYLES[:1], columns=1, seed=3).save(make_generator(), tmp_path / f"{name}.png")
    assert np.array_equal(opened(tmp_path / "one.png"), opened(tmp_path / "two.png"))


def test_a_layout_is_painted_at_its_own_size_in_the_style_of_its_number() -> None:
    layout = np.full((64, 96, 3), 128, np.uint8)
    one, other = (paint_plainly(make_generator(), layout, style, 0) for style in (0, 1))
    assert (one.shape, one.dtype) == (layout.shape, np.uint8)
    assert not np.array_equal(one, other)

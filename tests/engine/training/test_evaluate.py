"""Facts about engine/training/evaluate.py, on small made-up art and an untrained painter."""

import math
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from engine.conditions import Conditions
from engine.layout import Layout, Pixels
from engine.training.data import DataError
from engine.training.evaluate import evaluate
from tests.support.made_up_art import make_art

pytestmark = pytest.mark.timeout(300)


class Plain:
    """Hands back the layout."""

    name = "plain"

    def paint(self, layouts: list[Layout], conditions: list[Conditions]) -> list[Pixels]:
        return [layout.image for layout in layouts]


class Blank(Plain):
    """Paints everything gray."""

    name = "blank"

    def paint(self, layouts: list[Layout], conditions: list[Conditions]) -> list[Pixels]:
        return [np.full_like(layout.image, 128) for layout in layouts]


def test_a_painter_that_hands_back_layouts_is_measured_as_their_equal(tmp_path: Path) -> None:
    figures = evaluate(make_art(tmp_path / "art", 20), tmp_path / "cache", Plain(), per_style=2)
    assert figures.kid.mean == pytest.approx(figures.kid_layout.mean)
    assert figures.palette_delta_e.mean == 0
    assert figures.requests == 4
    assert figures.left_out == ()
    assert figures.style_accuracy_real.mean > 0.8
    assert figures.shape_iou.mean > 0.6
    assert 0 < figures.originality_min <= figures.originality.mean


def test_a_blank_painter_has_no_diversity_and_hits_no_colour(tmp_path: Path) -> None:
    figures = evaluate(make_art(tmp_path / "art", 20), tmp_path / "cache", Blank(), per_style=2)
    assert figures.diversity.mean == pytest.approx(0, abs=1e-3)
    assert figures.color_hit.mean < 0.5
    assert figures.palette_delta_e.mean > 10
    assert figures.shape_iou.mean < 0.6


def test_styles_with_too_little_art_are_left_out_by_name(tmp_path: Path) -> None:
    figures = evaluate(make_art(tmp_path / "art", 6), tmp_path / "cache", Plain(), per_style=2)
    assert figures.left_out == ("dots", "stripes")
    assert math.isnan(figures.kid.mean)
    assert set(asdict(figures)["accuracy_by_style"]) == {"dots", "stripes"}


def test_one_style_alone_cannot_be_evaluated(tmp_path: Path) -> None:
    root = make_art(tmp_path / "art", 2)
    for path in (root / "dots").iterdir():
        path.unlink()
    with pytest.raises(DataError, match="at least two"):
        evaluate(root, tmp_path / "cache", Plain(), per_style=1)

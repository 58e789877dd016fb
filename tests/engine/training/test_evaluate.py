"""Facts about engine/training/evaluate.py, on small made-up art and painters that are no network."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from engine.conditions import Conditions
from engine.layout import Layout, Pixels
from engine.training import evaluate as module
from engine.training.data import DataError
from engine.training.evaluate import Evaluation, evaluate
from engine.training.metrics import Estimate
from tests.support.made_up_art import STYLES, make_art

pytestmark = pytest.mark.timeout(300)
BIG = (160, 170)


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


@pytest.fixture(autouse=True)
def few_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SEEDS", range(1, 3))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    root = make_art(tmp_path_factory.mktemp("art") / "art", 24, BIG)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SEEDS", range(1, 3))
        return evaluate(root, Plain(), per_style=2)


def test_a_painter_that_hands_back_layouts_is_measured_as_their_equal(plain: Evaluation) -> None:
    assert plain.kid.mean == pytest.approx(plain.kid_layout.mean)
    assert plain.palette_delta_e.mean == 0
    assert plain.requests == 4
    assert plain.left_out == ()
    assert 0 < plain.originality_min <= plain.originality.mean


def test_every_measure_has_a_mean_and_a_value_for_each_style(plain: Evaluation) -> None:
    found = {name: getattr(plain, name) for name in Evaluation.__slots__}
    estimates = {name: each for name, each in found.items() if isinstance(each, Estimate)}
    assert {"kid_whole", "subject_top5", "weave", "style_accuracy", "too_near", "kid"} <= set(estimates)
    for name, each in estimates.items():
        assert set(each.by_style) == set(STYLES), name
        assert math.isfinite(each.mean), name
    assert plain.kid_by_style == plain.kid.by_style
    assert plain.accuracy_by_style == plain.style_accuracy.by_style


def test_a_blank_painter_has_no_diversity_and_hits_no_color(tmp_path: Path) -> None:
    figures = evaluate(make_art(tmp_path / "art", 20, BIG), Blank(), per_style=2)
    assert figures.diversity.mean == pytest.approx(0, abs=1e-3)
    assert max(figures.color_hit.by_style.values()) < 0.5
    assert figures.palette_delta_e.mean > 10


def test_with_training_art_all_of_the_data_is_unseen(tmp_path: Path) -> None:
    known, unseen = make_art(tmp_path / "known", 8, BIG), make_art(tmp_path / "unseen", 3, BIG[::-1])
    figures = evaluate(unseen, Plain(), per_style=1, training=(known,))
    assert figures.style_accuracy_real.by_style == {"dots": 1.0, "stripes": 1.0}
    assert figures.left_out == STYLES
    assert math.isnan(figures.kid.mean)


def test_training_art_that_lacks_a_style_is_refused(tmp_path: Path) -> None:
    known, unseen = make_art(tmp_path / "known", 2), make_art(tmp_path / "unseen", 2)
    for path in (known / "dots").iterdir():
        path.unlink()
    with pytest.raises(DataError, match="no dots"):
        evaluate(unseen, Plain(), per_style=1, training=(known,))


def test_one_style_alone_cannot_be_evaluated(tmp_path: Path) -> None:
    root = make_art(tmp_path / "art", 2)
    for path in (root / "dots").iterdir():
        path.unlink()
    with pytest.raises(DataError, match="at least two"):
        evaluate(root, Plain(), per_style=1)

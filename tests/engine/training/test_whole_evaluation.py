"""Facts about engine/training/whole_evaluation.py, with made-up art as the paintings."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.painting.features import Features
from engine.training.data import Art, find_art
from engine.training.metrics import Estimate
from engine.training.whole import described_whole
from engine.training.whole_evaluation import MeasuredPainting, fit_judge, measure_whole, too_near
from tests.support.made_up_art import STYLES, make_art

FEATURES = Features()
SIZE = (160, 170)


@pytest.fixture(scope="module")
def art(tmp_path_factory: pytest.TempPathFactory) -> list[Art]:
    return find_art(make_art(tmp_path_factory.mktemp("art") / "art", 24, SIZE))


@pytest.fixture(scope="module")
def unseen(art: list[Art]) -> list[Art]:
    """The last artworks of each style."""
    return [each for each in art if int(each.path.stem.split("-")[1]) >= 16]


@pytest.fixture(scope="module")
def training(art: list[Art], unseen: list[Art]) -> list[Art]:
    return [each for each in art if each not in unseen]


def paintings(art: list[Art], style: str) -> list[MeasuredPainting]:
    figure = np.zeros(SIZE[::-1], np.float32)
    figure[40:100, 40:100] = 1
    return [MeasuredPainting(each.read(), figure, frozenset({0}), ()) for each in art if each.style == style]


@pytest.fixture(scope="module")
def found(art: list[Art], training: list[Art], unseen: list[Art]) -> dict[str, Estimate]:
    """Figures of a painter that gives back known pictures for one style, new ones for the other."""
    painted = {"dots": paintings(training, "dots"), "stripes": paintings(unseen, "stripes")}
    return measure_whole(painted, art, training, unseen, FEATURES)


def test_art_itself_is_near_to_art_and_of_its_style(found: dict[str, Estimate]) -> None:
    for name in ("kid_whole", "kid_composition"):
        assert abs(found[name].mean) < 0.5, name
    assert found["style_accuracy"].by_style == {"dots": 1.0, "stripes": 1.0}
    assert found["style_accuracy_real"].mean == 1.0


def test_known_pictures_are_too_near_and_new_ones_are_not(found: dict[str, Estimate]) -> None:
    assert found["too_near"].by_style["dots"] == 1.0
    assert found["too_near"].by_style["stripes"] < 0.5


def test_a_mirrored_known_picture_is_too_near(training: list[Art], unseen: list[Art]) -> None:
    known, new, known_mirrored, new_mirrored = (
        described_whole((each.read()[:, ::step] for each in part), FEATURES)
        for step in (1, -1)
        for part in (training, unseen)
    )
    found = too_near({"dots": (known_mirrored, known)}, (new, new_mirrored), known)
    assert found == {"dots": 1.0}


def test_a_measure_without_anything_to_measure_is_not_a_number(found: dict[str, Estimate]) -> None:
    assert np.isnan(found["color_hit"].mean)


def test_the_judge_names_the_style_of_new_art(training: list[Art], unseen: list[Art]) -> None:
    judge = fit_judge(training, FEATURES)
    assert judge.styles == STYLES
    rows = described_whole((each.read() for each in unseen if each.style == "dots"), FEATURES)
    assert judge.share_named(rows, "dots") == 1.0
    assert judge.share_named(rows, "stripes") == 0.0
    assert torch.isfinite(judge.weights).all()

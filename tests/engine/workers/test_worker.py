"""Test engine/workers/worker.py in this process."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from engine.captions import describe
from engine.composer import compose
from engine.conditions import Conditions
from engine.errors import PaintingFailed, WeightsMissing
from engine.marks.code import word_of
from engine.marks.fingerprint import fingerprint
from engine.marks.invisible import embed
from engine.marks.keys import make_key, write_key
from engine.marks.metadata import WEIGHTS_KEY, Origin
from engine.marks.signature import read_signature
from engine.painting.critic import candidates
from engine.painting.encoding import PNG, WEBP, finish
from engine.workers import worker
from tests.support import fake_painters

FISH = Conditions((("poster", 1.0),), ("blue",), "fish", "portrait", 7, 256, (3, 2))


@pytest.fixture
def _worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make this process a fresh worker, and restore it."""
    interrupts = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(worker, "_BENCH", worker.WorkerState())
    monkeypatch.setenv("OMP_WAIT_POLICY", "passive")
    yield
    signal.signal(signal.SIGINT, interrupts)


@pytest.mark.parametrize("media_type", [PNG, WEBP])
def test_a_picture_is_composed_painted_and_finished(tmp_path: Path, media_type: str) -> None:
    painted = worker.paint_with(fake_painters.MoodyPainter(tmp_path), FISH, media_type)
    layout = compose(FISH)
    origin = Origin(sources=layout.sources)
    assert painted.sources == layout.sources
    assert painted.data == finish(embed(layout.image, word_of(0)), FISH, media_type=media_type, origin=origin)
    assert (painted.width, painted.height) == (256, 171)
    assert (painted.media_type, painted.conditions) == (media_type, FISH)
    assert painted.alt == describe(FISH)


def test_every_phase_is_timed(tmp_path: Path) -> None:
    seconds = worker.paint_with(fake_painters.MoodyPainter(tmp_path), FISH, PNG).seconds
    assert list(seconds) == ["compose", "paint", "finish", "total"]
    assert seconds["total"] == pytest.approx(seconds["compose"] + seconds["paint"] + seconds["finish"])


@pytest.mark.parametrize(
    ("mood", "said"), [(fake_painters.NONSENSE, "0 pictures"), (fake_painters.SMALL, "(8, 8, 3)")]
)
def test_what_is_no_picture_of_the_layouts_size_fails(tmp_path: Path, mood: int, said: str) -> None:
    with pytest.raises(PaintingFailed) as failure:
        worker.paint_with(fake_painters.MoodyPainter(tmp_path), FISH.with_seed(mood), PNG)
    assert said in str(failure.value)


class Told:
    """An `Originality` that returns given values, and records the paintings."""

    def __init__(self, *figures: float) -> None:
        self.figures, self.seen = list(figures), []

    def of(self, painting: np.ndarray) -> float:
        self.seen.append(painting)
        return self.figures.pop(0)


class Dark:
    """A critic that prefers dark paintings."""

    def score(self, painting: np.ndarray, style: object) -> float:
        return -float(painting.mean())


@pytest.mark.parametrize(
    ("figures", "tries", "kept"),
    [((0.9,), 1, 0.9), ((0.1, 0.6), 2, 0.6), ((0.1, 0.2, 0.15), 3, 0.2)],
    ids=["original", "too near once", "too near each time"],
)
def test_what_comes_too_near_to_known_art_is_painted_again(
    tmp_path: Path, figures: tuple[float, ...], tries: int, kept: float
) -> None:
    told = Told(*figures)
    painted = worker.paint_with(fake_painters.MoodyPainter(tmp_path), FISH, PNG, originality=told)
    assert len(told.seen) == tries
    assert painted.originality == kept
    assert painted.conditions == FISH
    assert f"{kept:.2f}".encode() in painted.data


def test_without_an_index_nothing_is_said_of_originality(tmp_path: Path) -> None:
    assert worker.paint_with(fake_painters.MoodyPainter(tmp_path), FISH, PNG).originality is None


@pytest.mark.usefixtures("_worker")
def test_a_worker_that_was_started_paints_and_leaves_interrupts_to_its_parent(tmp_path: Path) -> None:
    worker.start_painting(fake_painters.moody(tmp_path), "cpu", 1, 60.0, False)
    worker.ready()
    assert worker.paint_one(FISH, PNG).data
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


@pytest.mark.usefixtures("_worker")
def test_a_worker_with_a_judge_chooses_among_the_seeds_of_a_wish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_load_critic", lambda device: Dark())
    worker.start_painting(fake_painters.moody(tmp_path), "cpu", 1, 60.0, False, True)
    chosen = worker.choose_one(FISH, 4)
    assert chosen in list(candidates(FISH, 4))
    assert chosen == worker.choose_one(FISH, 4)


@pytest.mark.usefixtures("_worker")
def test_a_worker_without_a_judge_chooses_nothing(tmp_path: Path) -> None:
    worker.start_painting(fake_painters.moody(tmp_path), "cpu", 1, 60.0, False)
    with pytest.raises(RuntimeError, match="without a judge"):
        worker.choose_one(FISH, 4)


@pytest.mark.usefixtures("_worker")
def test_a_worker_without_weights_stays_and_says_so() -> None:
    worker.start_painting(fake_painters.load_nothing, "cpu", 1, 60.0, False)
    with pytest.raises(WeightsMissing, match="no weights"):
        worker.ready()
    with pytest.raises(WeightsMissing, match="no weights"):
        worker.paint_one(FISH, PNG)


@pytest.mark.usefixtures("_worker")
def test_a_worker_that_was_not_started_is_not_ready() -> None:
    with pytest.raises(RuntimeError, match="without a painter"):
        worker.ready()


@pytest.mark.parametrize(
    ("decided", "then"),
    [
        ({}, {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "20000"}),
        ({"OMP_WAIT_POLICY": "active"}, {"OMP_WAIT_POLICY": "active"}),
        ({"GOMP_SPINCOUNT": "7"}, {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "7"}),
    ],
)
def test_threads_wait_patiently_unless_somebody_decided_otherwise(
    monkeypatch: pytest.MonkeyPatch, decided: dict[str, str], then: dict[str, str]
) -> None:
    monkeypatch.setattr(worker.os, "environ", decided)
    worker.wait_patiently()
    assert decided == then


def test_a_worker_waits_patiently_before_torch_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import os, signal, sys; from engine.workers import worker\n"
        "from tests.support.fake_painters import load_nothing\n"
        "def load(device, threads):\n"
        "    print(os.environ['OMP_WAIT_POLICY'], 'torch' in sys.modules)\n"
        "    return load_nothing(device, threads)\n"
        "worker.start_painting(load, 'cpu', 1, 60.0, False)"
    )
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "passive False\n"


def test_the_time_to_get_ready_ends_with_it() -> None:
    with worker.within(60.0):
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_a_sketch_keeps_the_aspect_and_is_at_most_320_pixels_wide() -> None:
    image = Image.open(io.BytesIO(worker.sketch_one(replace(FISH, size=1024, aspect=(2, 1)))))
    assert (image.format, image.size) == ("WEBP", (320, 160))


def test_the_sketch_of_a_large_picture_shows_what_a_small_one_does() -> None:
    large, small = (
        np.asarray(Image.open(io.BytesIO(worker.sketch_one(replace(FISH, size=size)))), np.float32)
        for size in (2048, 512)
    )
    assert np.array_equal(large, small)


def test_what_was_freed_is_handed_back_after_each_sketch(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    monkeypatch.setattr(worker.ctypes, "CDLL", lambda name: SimpleNamespace(malloc_trim=kept.append))
    worker.sketch_one(FISH)
    assert kept == [0]


def test_a_c_library_that_cannot_hand_memory_back_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker.ctypes, "CDLL", lambda name: SimpleNamespace())
    worker.give_memory_back()


def test_neither_the_client_nor_its_sketches_load_torch() -> None:
    lines = [
        "import sys, engine.workers.client",
        "from engine.workers import worker",
        "worker.start_sketching(60.0)",
        "worker.sketch_one(worker.WARM_UP)",
        "sys.exit('torch' in sys.modules)",
    ]
    subprocess.run([sys.executable, "-c", "; ".join(lines)], check=True)


@pytest.mark.usefixtures("_worker")
def test_a_worker_marks_a_picture_and_signs_it_with_the_key(tmp_path: Path) -> None:
    key = make_key(datetime.now(UTC) - timedelta(hours=1))
    write_key(tmp_path / "easel.key", key)
    worker._BENCH.painter = fake_painters.MoodyPainter(tmp_path)
    worker._BENCH.signer = worker.load_signer(tmp_path / "easel.key")
    worker._BENCH.weights = "0123456789abcdef"
    painted = worker.paint_one(FISH, PNG, number=77)
    signature = read_signature(painted.data, key)
    assert signature is not None
    assert (signature.is_own, signature.is_intact) == (True, True)
    assert signature.facts[WEIGHTS_KEY] == "0123456789abcdef"
    assert painted.number == 77
    assert painted.fingerprint == fingerprint(embed(compose(FISH).image, word_of(77)))


def test_without_a_key_nothing_is_signed(tmp_path: Path) -> None:
    assert worker.load_signer(None) is None
    assert worker.load_signer(tmp_path / "easel.key") is None

"""Test engine/bench/variants.py at the smallest size."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import torch

from engine.bench import variants
from engine.composer import compose
from engine.conditions import Conditions
from engine.painting.encoding import PNG, finish
from engine.painting.painter import load_painter
from engine.workers.worker import load_shipped, paint_with

FISH = Conditions((("ink", 1.0),), ("blue",), "fish", "portrait", 7, 256, (4, 1))
THREADS = torch.get_num_threads()


def test_a_painting_is_that_of_a_worker() -> None:
    [painting] = variants.painting(FISH, THREADS)()
    [same] = load_painter().paint([compose(FISH)], [FISH])
    assert np.array_equal(painting, same)


def test_forward_and_encode_ends_with_the_file() -> None:
    [painting] = load_painter().paint([compose(FISH)], [FISH])
    assert variants.forward_and_encode(FISH, THREADS)() == finish(painting, FISH)


def test_a_loop_makes_the_files_of_all_pictures() -> None:
    pictures = (FISH, FISH.with_seed(8))
    painter = load_shipped("cpu", THREADS)
    assert variants.loop(pictures, PNG, THREADS)() == [
        len(paint_with(painter, each, PNG).data) for each in pictures
    ]


def test_the_eager_form_paints_without_gradients() -> None:
    painting = variants.eager(FISH, THREADS)()
    assert painting.shape == (1, 3, 64, 256)
    assert not painting.requires_grad


def test_the_compiled_form_is_the_generator_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    from torch._inductor import config

    given = []
    monkeypatch.setattr(torch, "compile", lambda network: given.append(config.freezing) or network)
    monkeypatch.setattr(config, "freezing", False)
    assert torch.equal(variants.compiled(FISH, THREADS)(), variants.eager(FISH, THREADS)())
    assert given == [True]


def test_without_onnx_runtime_there_is_no_export(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ModuleNotFoundError, match="onnxruntime"):
        variants.exported(FISH, THREADS)

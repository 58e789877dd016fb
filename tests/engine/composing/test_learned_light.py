"""Facts about engine/composing/learned_light.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from engine.composing.fields import Frame
from engine.composing.learned_light import NOISE, SIDE, TONES, Composition, light, lit, load_composition
from engine.errors import WeightsMissing
from engine.training.light_gan import LEVELS, CompositionGenerator
from tests.support.scene_fixtures import FRAME, box

STYLES = ("ink", "oil")
OIL = (("oil", 1.0),)


def made(generator: CompositionGenerator) -> Composition:
    weights = {name: value.detach().numpy() for name, value in generator.state_dict().items()}
    return Composition({**weights, "lightness": np.full((2, TONES), 0.5, np.float32)}, STYLES)


@pytest.fixture(scope="module")
def generator() -> CompositionGenerator:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        generator = CompositionGenerator(len(STYLES))
        for rough in generator.rough:
            torch.nn.init.normal_(rough)
        return generator


@torch.no_grad()
def test_numpy_composes_what_the_trained_network_does(generator: CompositionGenerator) -> None:
    shares = made(generator).tone_map(OIL, np.random.default_rng(3))
    random = np.random.default_rng(3)
    noise = [random.standard_normal(NOISE, np.float32)]
    grain = [random.standard_normal((side, side), np.float32) for side in LEVELS]
    told = [torch.from_numpy(each)[None] for each in noise]
    logits = generator(
        *told,
        torch.tensor([[0.0, 1.0]]),
        torch.full((1, TONES), 0.5),
        [torch.from_numpy(each)[None, None] for each in grain],
    )
    assert np.allclose(shares, torch.softmax(logits, 1)[0].numpy(), atol=1e-4)


def test_each_place_is_shared_among_the_tones(generator: CompositionGenerator) -> None:
    shares = made(generator).tone_map((("oil", 0.5), ("unheard-of", 0.5)), np.random.default_rng(0))
    assert shares.shape == (TONES, SIDE, SIDE)
    assert np.allclose(shares.sum(0), 1, atol=1e-5)


def test_one_seed_has_one_light_and_another_has_another(generator: CompositionGenerator) -> None:
    first, again, other = (
        light(made(generator), OIL, FRAME, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("frame", [FRAME, Frame(512, 256, 1.0, 0.5)])
def test_light_is_even_on_the_whole_and_within_its_range(
    generator: CompositionGenerator, frame: Frame
) -> None:
    spread = light(made(generator), OIL, frame, np.random.default_rng(0))
    assert spread.shape == frame.shape
    assert abs(float(spread.mean())) < 0.2
    assert np.abs(spread).max() <= 1.5


def test_light_falls_on_the_ground_and_leaves_things_as_they_are() -> None:
    spread = np.ones(FRAME.shape, np.float32)
    ground, figure = lit([box("sky", 0, 0, 256, 256), box("figure", 60, 60, 90, 90)], spread)
    assert ground.relief is not None
    assert (ground.relief > 1).all()
    assert figure.relief is None


@pytest.mark.parametrize("wrong", ["absent", "damaged", "nameless"])
def test_weights_that_cannot_be_used_say_so(wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "composition.safetensors"
    if wrong == "damaged":
        path.write_bytes(b"no weights")
    elif wrong == "nameless":
        save_file({"last.bias": np.zeros(5, np.float32)}, path)
    with pytest.raises(WeightsMissing, match="procedural"):
        load_composition(path)


def test_the_shipped_weights_know_every_style_that_is_painted() -> None:
    from engine.vocabulary import load_vocabulary

    known = load_composition().styles
    assert set(known) == {word.name for word in load_vocabulary().words("style")}

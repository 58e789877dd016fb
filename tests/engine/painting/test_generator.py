"""Facts about engine/painting/generator.py."""

import pytest
import torch
from torch.nn import functional as F

from engine.painting.generator import (
    BORDER,
    CROP_BORDER,
    NOISE_CHANNELS,
    Generator,
    GeneratorConfig,
    noise_size,
    pixel_norm,
)
from engine.painting.weights import load_generator

SMALL = GeneratorConfig(
    styles=("ink", "oil"), width=8, depth=8, fine=4, style_size=4, before=1, inner=1, after=1
)


def make_generator(seed: int = 0) -> Generator:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return Generator(SMALL).eval()


def inputs(height: int, width: int, style: int = 0) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(1)
    layout = torch.rand((1, 3, height, width), generator=random) * 2 - 1
    noise = torch.randn((1, NOISE_CHANNELS, *noise_size(height, width)), generator=random)
    return layout, torch.eye(2)[style : style + 1], noise


@pytest.mark.parametrize(("height", "width"), [(64, 64), (128, 64), (64, 256), (72, 104)])
def test_a_painting_has_its_layouts_size(height: int, width: int) -> None:
    painting = make_generator()(*inputs(height, width))
    assert painting.shape == (1, 3, height, width)


@pytest.mark.parametrize("strip", [1, 4, 13, 16])
def test_a_painting_is_the_same_in_strips_of_any_height(monkeypatch: pytest.MonkeyPatch, strip: int) -> None:
    whole = make_generator()(*inputs(72, 64))
    monkeypatch.setattr("engine.painting.generator.STRIP", strip)
    assert torch.allclose(make_generator()(*inputs(72, 64)), whole, atol=1e-5)


def test_two_styles_paint_one_layout_differently() -> None:
    generator = make_generator()
    assert not torch.equal(generator(*inputs(64, 64, 0)), generator(*inputs(64, 64, 1)))


def test_the_same_inputs_give_the_same_painting() -> None:
    assert torch.equal(make_generator()(*inputs(64, 64)), make_generator()(*inputs(64, 64)))


def test_a_mix_of_two_styles_is_neither_of_them() -> None:
    generator = make_generator()
    layout, _, noise = inputs(64, 64)
    mixes = ([1.0, 0.0], [0.5, 0.5], [0.0, 1.0])
    paintings = [generator(layout, torch.tensor([mix]), noise) for mix in mixes]
    assert not torch.equal(paintings[0], paintings[1])
    assert not torch.equal(paintings[1], paintings[2])


def test_what_is_far_away_in_the_layout_does_not_change_a_pixel() -> None:
    """Painting in bands rests on it."""
    generator = make_generator()
    layout, weights, noise = inputs(64, 512)
    other = layout.clone()
    other[..., 400:] = -other[..., 400:]
    same = (generator(layout, weights, noise) - generator(other, weights, noise))[..., :200]
    assert same.abs().max() == 0


@pytest.mark.parametrize("style", ["ukiyo-e", "abstract", "pointillism"])
def test_the_edges_of_a_picture_are_painted_as_if_it_went_on(style: str) -> None:
    generator = load_generator().eval().requires_grad_(False)
    weights = torch.zeros(1, len(generator.config.styles))
    weights[0, generator.config.styles.index(style)] = 1
    layout = torch.full((1, 3, 128, 128), -0.2)
    layout[..., 70:] = 0.3
    wide = torch.randn(
        (1, NOISE_CHANNELS, *noise_size(128, 128, 96)), generator=torch.Generator().manual_seed(1)
    )
    beyond = generator(layout, weights, wide)

    def off(border: int) -> float:
        cut = (96 - border) // 4
        painting = generator(layout, weights, wide[..., cut:-cut, cut:-cut])
        rims = [(painting - beyond)[:, :, rows] for rows in (slice(4), slice(-4, None))]
        return float(torch.cat(rims).abs().mean()) * 127.5

    assert off(BORDER) < min(4, off(CROP_BORDER) / 2)


def test_pixel_norm_gives_every_pixel_unit_mean_square() -> None:
    normed = pixel_norm(torch.randn(2, 8, 5, 5) * 7)
    assert torch.allclose(normed.square().mean(1), torch.ones(2, 5, 5), atol=1e-3)


def test_the_tail_moves_channels_into_space_as_a_pixel_shuffle_does() -> None:
    generator = make_generator()
    shallow = torch.randn(2, SMALL.width, 5, 7)
    shuffled = F.leaky_relu(F.pixel_shuffle(generator.tail(shallow), 4), 0.2)
    assert torch.allclose(generator._enlarged(shallow), shuffled, atol=1e-6)


def test_every_weight_gets_a_gradient() -> None:
    generator = make_generator().train()
    generator(*inputs(64, 64)).square().mean().backward()
    assert all(parameter.grad is not None for parameter in generator.parameters())

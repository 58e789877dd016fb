"""Facts about engine/painting/discriminator.py."""

import pytest
import torch

from engine.painting.discriminator import Discriminator, augment, draw_moves
from engine.painting.features import CHANNELS, Features


def images(count: int = 2) -> torch.Tensor:
    return torch.rand((count, 3, 64, 64), generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_the_style_changes_the_verdict_of_every_head(features: Features) -> None:
    judge = Discriminator(2).eval()
    maps = features(images())
    one, other = (judge(images(), maps, torch.tensor([style, style])) for style in (0, 1))
    assert len(one) == len(CHANNELS) + 1
    assert all(not torch.equal(a, b) for a, b in zip(one, other, strict=True))


def test_the_projections_are_never_trained() -> None:
    assert not any(parameter.requires_grad for parameter in Discriminator(2).projections.parameters())


def test_augmenting_moves_and_cuts_but_leaves_colours() -> None:
    white = torch.ones(3, 3, 64, 64)
    changed = augment(white, draw_moves(3, torch.Generator().manual_seed(0)))
    assert changed.shape == white.shape
    assert set(changed.unique().tolist()) == {0.0, 1.0}
    assert changed.mean() == pytest.approx(1 - 1 / 16)


def test_the_same_moves_change_two_pictures_alike() -> None:
    moves = draw_moves(2, torch.Generator().manual_seed(0))
    assert torch.equal(augment(images(), moves), augment(images().clone(), moves))


def test_gradients_pass_through_augmenting() -> None:
    leaf = images().requires_grad_()
    augment(leaf, draw_moves(2, torch.Generator().manual_seed(0))).sum().backward()
    assert leaf.grad is not None
    assert leaf.grad.sum() > 0

"""Facts about engine/painting/features.py."""

from __future__ import annotations

import torch

from engine.painting.features import CHANNELS, MEASURED, TAPS, Features, feature_means


def images(count: int = 2) -> torch.Tensor:
    return torch.rand((count, 3, 64, 64), generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_there_are_maps_at_four_scales(features: Features) -> None:
    shapes = [tuple(each.shape) for each in features(images())]
    expected = zip(CHANNELS, (4, 8, 16, 32), strict=True)
    assert shapes == [(2, channels, 64 // stride, 64 // stride) for channels, stride in expected]
    assert len(TAPS) == len(CHANNELS)


def test_they_stay_frozen_when_told_to_train(features: Features) -> None:
    features.train()
    assert not any(module.training for module in features.modules())
    assert not any(parameter.requires_grad for parameter in features.parameters())


def test_looking_changes_nothing(features: Features) -> None:
    before = {name: value.clone() for name, value in features.state_dict().items()}
    features.train()(images())
    assert all(torch.equal(value, before[name]) for name, value in features.state_dict().items())


def test_gradients_pass_through_to_the_picture(features: Features) -> None:
    leaf = images(1).requires_grad_()
    features(leaf)[-1].sum().backward()
    assert leaf.grad is not None
    assert leaf.grad.abs().sum() > 0


def test_a_picture_is_described_by_472_numbers(features: Features) -> None:
    described = feature_means(features, images())
    assert described.shape == (2, 472)
    assert sum(CHANNELS[tap] for tap in MEASURED) == 472
    assert described.dtype == torch.float32
    assert not described.requires_grad


def test_a_description_does_not_depend_on_the_other_pictures(features: Features) -> None:
    both = feature_means(features, images())
    alone = feature_means(features, images()[1:])
    assert torch.allclose(both[1:], alone, atol=1e-4)


def test_different_pictures_are_described_differently(features: Features) -> None:
    flat = torch.zeros(1, 3, 64, 64)
    stripes = flat.clone()
    stripes[..., ::8] = 1
    assert (feature_means(features, flat) - feature_means(features, stripes)).abs().max() > 0.1

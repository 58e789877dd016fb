"""Facts about engine/training/losses.py."""

import pytest
import torch

from engine.training import losses


@pytest.mark.parametrize("kind", losses.ADVERSARIAL)
def test_a_discriminator_that_tells_real_from_painted_loses_less(kind: str) -> None:
    sure, fooled = [torch.full((2, 4), 3.0)], [torch.full((2, 4), -3.0)]
    assert losses.discriminator_loss(sure, fooled, kind) < losses.discriminator_loss(fooled, sure, kind)


@pytest.mark.parametrize("kind", losses.ADVERSARIAL)
def test_a_generator_that_fools_loses_less(kind: str) -> None:
    assert losses.generator_loss([torch.ones(2, 4)], kind) < losses.generator_loss([-torch.ones(2, 4)], kind)


def test_the_hinge_ignores_what_is_told_apart_by_more_than_one() -> None:
    assert losses.discriminator_loss([torch.full((1, 1), 2.0)], [torch.full((1, 1), -5.0)]) == 0


def test_the_low_frequency_loss_does_not_see_texture() -> None:
    flat = torch.zeros(1, 3, 32, 32)
    checks = flat.clone()
    checks[..., ::2] = 0.5
    checks[..., 1::2] = -0.5
    assert losses.low_frequency_loss(checks, flat, torch.ones(1)) < 1e-12
    assert losses.low_frequency_loss(flat + 0.5, flat, torch.ones(1)) == pytest.approx(0.25)


def test_the_low_frequency_loss_counts_each_picture_by_its_weight() -> None:
    painted = torch.ones(2, 3, 16, 16)
    loss = losses.low_frequency_loss(painted, torch.zeros_like(painted), torch.tensor([4.0, 0.0]))
    assert loss == pytest.approx(2.0)


def test_the_feature_loss_of_equal_maps_is_nothing() -> None:
    maps = [torch.randn(2, 4, 8, 8), torch.randn(2, 8, 4, 4)]
    assert losses.feature_loss(maps, maps) == 0


def test_statistics_are_a_mean_and_a_deviation_for_each_channel() -> None:
    maps = [torch.randn(3, 4, 8, 8), torch.randn(3, 2, 4, 4)]
    found = losses.statistics(maps)
    assert found.shape == (3, 2 * (4 + 2))
    assert torch.allclose(found[:, :4], maps[0].mean((2, 3)))


def test_the_statistics_loss_is_measured_in_spreads() -> None:
    loss = losses.statistics_loss(torch.ones(1, 2), torch.zeros(1, 2), torch.full((2,), 0.499))
    assert loss == pytest.approx(2.0)

"""Facts about engine/training/light_gan.py, on small made-up art."""

from __future__ import annotations

import copy
import math

import pytest
import torch

from engine.training.data import find_styles, load_art
from engine.training.light_gan import CompositionSettings, CompositionTrainer
from engine.training.tone_maps import MapSampler
from tests.support.made_up_art import make_art

SETTINGS = CompositionSettings(batch=4)


@pytest.fixture(scope="module")
def sampler(tmp_path_factory: pytest.TempPathFactory) -> MapSampler:
    root = make_art(tmp_path_factory.mktemp("art") / "art", 3)
    styles = find_styles(root)
    return MapSampler(load_art(root, styles, root / "layouts"), styles)


def test_a_step_moves_both_networks_and_the_average_a_little(sampler: MapSampler) -> None:
    trainer = CompositionTrainer(sampler, SETTINGS, 0)
    networks = (trainer.generator, trainer.discriminator, trainer.average)
    before = [copy.deepcopy([p.detach() for p in network.parameters()]) for network in networks]
    report = trainer.step()
    assert all(math.isfinite(value) for value in report.values())
    moves = [
        max(
            float((new.detach() - old).abs().max())
            for new, old in zip(network.parameters(), was, strict=True)
        )
        for network, was in zip(networks, before, strict=True)
    ]
    assert min(moves) > 0
    assert moves[2] < 0.1 * moves[0]


def test_the_same_seed_trains_alike(sampler: MapSampler) -> None:
    one, other = (CompositionTrainer(sampler, SETTINGS, 5) for _ in range(2))
    assert [one.step() for _ in range(2)] == [other.step() for _ in range(2)]


def test_the_discriminator_learns_to_tell_art_from_what_is_composed(sampler: MapSampler) -> None:
    trainer = CompositionTrainer(sampler, CompositionSettings(batch=8), 1)
    losses = [trainer.step()["discriminator"] for _ in range(30)]
    assert sum(losses[-5:]) < sum(losses[:5])


def test_a_training_goes_on_from_its_state(sampler: MapSampler) -> None:
    first = CompositionTrainer(sampler, SETTINGS, 0)
    first.step()
    later = CompositionTrainer(sampler, SETTINGS, 9)
    later.restore(copy.deepcopy(first.state()))
    assert later.steps_done == 1
    for mine, theirs in zip(later.average.parameters(), first.average.parameters(), strict=True):
        assert torch.equal(mine, theirs)

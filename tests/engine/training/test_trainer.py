"""Facts about engine/training/trainer.py, with a small generator and made-up art."""

from __future__ import annotations

import copy
import math
from dataclasses import replace

import pytest
import torch

from engine.painting.generator import Generator
from engine.training.batches import Batch, Batches, load_batches
from engine.training.data import CropSampler, find_art, find_styles
from engine.training.trainer import StepSettings, Trainer, new_generator
from tests.engine.painting.test_generator import SMALL
from tests.support.made_up_art import STYLES, make_art

SETTINGS = StepSettings(pairs=2, made=1)


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory) -> list[Batch]:
    root = make_art(tmp_path_factory.mktemp("art") / "art", 2)
    sampler = CropSampler(find_art(root), find_styles(root))
    drawn = load_batches(Batches(sampler, 1, SETTINGS.pairs, SETTINGS.made, (0,)), workers=0)
    return [next(drawn) for _ in range(2)]


def make(settings: StepSettings = SETTINGS) -> Trainer:
    """Make a trainer, always the same."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Trainer(Generator(replace(SMALL, styles=STYLES)), STYLES, settings, seed=0)


@pytest.fixture(scope="module")
def stepped(batches: list[Batch]) -> tuple[Trainer, dict[str, torch.Tensor], dict[str, float]]:
    """A trainer after one step, its generator before, and what the step reported."""
    trainer = make()
    before = {name: value.clone() for name, value in trainer.generator.state_dict().items()}
    return trainer, before, trainer.step(batches[0])


def distance(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> float:
    return sum(float((one[name] - other[name]).abs().sum()) for name in one)


def test_a_step_reports_every_loss(stepped: tuple) -> None:
    _, _, report = stepped
    assert {"discriminator", "adversarial", "feature", "low_frequency", "statistics"} <= set(report)
    assert all(math.isfinite(value) for value in report.values())


def test_a_step_changes_the_generator_and_is_counted(stepped: tuple) -> None:
    trainer, before, _ = stepped
    assert trainer.steps_done == 1
    assert distance(before, trainer.generator.state_dict()) > 0
    assert all(torch.isfinite(value).all() for value in trainer.generator.state_dict().values())


def test_the_average_lies_between_where_the_generator_was_and_is(stepped: tuple) -> None:
    trainer, before, _ = stepped
    now, average = trainer.generator.state_dict(), trainer.average.state_dict()
    assert 0 < distance(average, now) < distance(before, now)
    assert not any(parameter.requires_grad for parameter in trainer.average.parameters())


def test_what_is_frozen_stays_frozen_and_the_heads_can_learn_again(stepped: tuple) -> None:
    trainer, _, _ = stepped
    learning = [name for name, value in trainer.discriminator.named_parameters() if value.requires_grad]
    assert learning
    assert not [name for name in learning if name.startswith("projections")]
    assert not any(parameter.requires_grad for parameter in trainer.features.parameters())


def test_it_remembers_what_the_art_of_a_style_that_it_saw_looks_like(stepped: tuple) -> None:
    trainer, _, _ = stepped
    assert trainer.typical.shape[0] == len(STYLES)
    assert trainer.typical.abs().sum() > 0
    assert (trainer.spread >= 0).all()


def test_trainings_that_go_on_from_one_state_go_on_alike(batches: list[Batch], stepped: tuple) -> None:
    saved = stepped[0].state()
    reports = []
    for _ in range(2):
        again = make()
        again.restore(copy.deepcopy(saved))
        assert (again.steps_done, distance(again.state()["average"], saved["average"])) == (1, 0)
        reports.append(again.step(batches[1]))
    assert reports[0] == reports[1]
    assert reports[0] != stepped[2]


@pytest.mark.parametrize("missing", ["generator", "typical", "steps_done"])
def test_a_state_that_lacks_a_part_is_refused(missing: str) -> None:
    trainer = make()
    state = trainer.state()
    del state[missing]
    with pytest.raises(KeyError, match=missing):
        trainer.restore(state)


def test_a_state_of_another_generator_is_refused() -> None:
    trainer = make()
    state = trainer.state() | {"generator": Generator(replace(SMALL, width=16)).state_dict()}
    with pytest.raises(RuntimeError, match="size mismatch"):
        trainer.restore(state)


def test_a_new_generator_is_fixed_by_its_seed_and_leaves_chance_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    one, same, other = (new_generator(("ink", "oil"), seed).state_dict() for seed in (1, 1, 2))
    assert torch.equal(torch.rand(1), expected)
    assert distance(one, same) == 0
    assert distance(one, other) > 0

"""Facts about engine/training/checkpoint_average.py."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from engine.painting.weights import load_generator, save_generator, training_facts
from engine.training.checkpoint_average import averaged, main
from tests.engine.painting.test_generator import make_generator


def test_each_weight_is_between_those_it_was_made_of() -> None:
    late, early = make_generator(), make_generator()
    with torch.no_grad():
        for weight in early.parameters():
            weight.add_(1.0)
    mean = averaged(late, early, 0.75).state_dict()
    for name, value in late.named_parameters():
        assert torch.allclose(mean[name], value + 0.25, atol=1e-6)


def test_generators_of_different_shapes_have_no_average() -> None:
    other = make_generator()
    other.config = replace(other.config, fine=other.config.fine * 2)
    with pytest.raises(ValueError, match="no average"):
        averaged(make_generator(), other, 0.5)


def test_the_file_says_what_it_was_made_of(tmp_path: Path) -> None:
    for name, steps in (("late", "200"), ("early", "100")):
        save_generator(make_generator(), tmp_path / name, {"steps": steps})
    files = [str(tmp_path / name) for name in ("late", "early", "mean")]
    done = CliRunner().invoke(main, [*files[:2], "--share", "0.6", "--out", files[2]])
    assert done.exit_code == 0, done.output
    facts = training_facts(tmp_path / "mean")
    assert (facts["steps"], facts["averaged"]) == ("200", "0.6 of it, the rest of {'steps': '100'}")
    assert load_generator(tmp_path / "mean").config == make_generator().config


def test_weights_that_are_not_there_are_named(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, [str(tmp_path / "a"), str(tmp_path / "b"), "--out", str(tmp_path / "c")])
    assert done.exit_code == 2
    assert "cannot be used" in done.output

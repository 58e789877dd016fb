"""Facts about engine/training/batches.py, on small made-up art."""

from pathlib import Path

import pytest
import torch

from engine.training.batches import Batches, load_batches
from engine.training.data import CROP, CropSampler, find_art
from tests.support.made_up_art import STYLES, make_art


@pytest.fixture
def sampler(tmp_path: Path) -> CropSampler:
    return CropSampler(find_art(make_art(tmp_path / "art", 2)), STYLES)


def test_a_batch_has_the_layouts_of_its_art_first_and_made_up_ones_after(sampler: CropSampler) -> None:
    batch = next(load_batches(Batches(sampler, 1, 2, 3, (0,)), workers=0))
    assert batch.art.shape == (2, 3, CROP, CROP)
    assert batch.layout.shape == (5, 3, CROP, CROP)
    assert batch.style.shape == (5,)
    assert max(batch.art.abs().max(), batch.layout.abs().max()) <= 1
    own = (batch.art - batch.layout[:2]).mean((2, 3)).abs().max()
    assert own < 0.3, "a layout keeps the colors of its art"


def test_batches_are_fixed_by_their_seed(sampler: CropSampler) -> None:
    one, same, other = (next(load_batches(Batches(sampler, 1, 1, 1, seed), 0)) for seed in ((4,), (4,), (5,)))
    assert torch.equal(one.layout, same.layout)
    assert not torch.equal(one.layout, other.layout)

"""Facts about engine/painting/tensors.py."""

import numpy as np
import torch

from engine.painting.generator import noise_size
from engine.painting.tensors import on_threads, seeded_noise, to_pixels, to_tensor


def test_pixels_survive_the_way_there_and_back() -> None:
    pixels = np.arange(2 * 4 * 8 * 3).reshape(2, 4, 8, 3).astype(np.uint8)
    tensor = to_tensor(pixels)
    assert tensor.shape == (2, 3, 4, 8)
    assert np.array_equal(to_pixels(tensor), pixels)


def test_what_is_out_of_range_is_clipped() -> None:
    assert to_pixels(torch.tensor([[[[-3.0]], [[0.0]], [[3.0]]]])).tolist() == [[[[0, 128, 255]]]]


def test_noise_depends_on_the_seed_alone() -> None:
    first, again, other = (seeded_noise(seed, 64, 96) for seed in (1, 1, 2))
    assert first.shape == (1, 4, *noise_size(64, 96))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_noise_is_the_same_on_any_number_of_threads() -> None:
    drawn = []
    for count in (1, 2, 3):
        with on_threads(count):
            assert torch.get_num_threads() == count
            drawn.append(seeded_noise(7, 512, 512))
    assert torch.equal(drawn[0], drawn[1])
    assert torch.equal(drawn[0], drawn[2])


def test_after_a_block_there_are_as_many_threads_as_before() -> None:
    before = torch.get_num_threads()
    with on_threads(before + 1):
        pass
    assert torch.get_num_threads() == before

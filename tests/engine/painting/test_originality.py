"""Facts about engine/painting/originality.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import WeightsMissing
from engine.painting.features import Features, feature_means
from engine.painting.originality import AXES, Originality, OriginalityIndex, load_index
from engine.painting.tensors import to_tensor


def rows(count: int, seed: int) -> torch.Tensor:
    return torch.randn((count, 472), generator=torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def index() -> OriginalityIndex:
    return OriginalityIndex.of(rows(200, 0), rows(40, 1))


def test_known_art_is_no_distance_from_itself_and_new_art_the_usual_one(index: OriginalityIndex) -> None:
    distances, places = index.nearest(rows(200, 0)[:5])
    assert distances.max() < 0.01
    assert places.tolist() == [0, 1, 2, 3, 4]
    assert float(index.nearest(rows(40, 1))[0].median()) == pytest.approx(1)


def test_without_art_held_out_no_distance_is_usual() -> None:
    alone = OriginalityIndex.of(rows(60, 0), rows(0, 1))
    assert torch.isnan(alone.nearest(rows(2, 3))[0]).all()


def test_an_index_is_read_as_it_was_written(index: OriginalityIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "index.safetensors")
    again = load_index(tmp_path / "index.safetensors")
    assert again.known.shape == (200, AXES)
    assert torch.allclose(again.nearest(rows(9, 2))[0], index.nearest(rows(9, 2))[0], atol=0.02)


@pytest.mark.parametrize("content", [None, b"nothing of the kind"], ids=["absent", "damaged"])
def test_an_index_that_cannot_be_used_says_so(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "index.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(WeightsMissing, match="index"):
        load_index(path)


@pytest.mark.parametrize("shape", [(256, 256), (512, 512), (128, 512), (512, 128)])
def test_a_copy_of_known_art_is_found_and_noise_is_far_from_it(shape: tuple[int, int]) -> None:
    random = np.random.default_rng(0)
    known = np.kron(random.integers(0, 256, (6, 4, 4, 3)), np.ones((1, 32, 32, 1))).astype(np.uint8)
    other = np.kron(random.integers(0, 256, (3, 4, 4, 3)), np.ones((1, 32, 32, 1))).astype(np.uint8)
    features = Features()
    index = OriginalityIndex.of(*(feature_means(features, to_tensor(each)) for each in (known, other)))
    scale = (min(shape) // 128 if min(shape) == 128 else max(shape) // 256) or 1
    copy = np.kron(known[0], np.ones((scale, scale, 1))).astype(np.uint8)
    copied = random.integers(0, 256, (*shape, 3)).astype(np.uint8)
    copied[: 128 * scale, : 128 * scale] = copy
    looked = Originality(index)
    assert looked.of(copied) < 0.3 < looked.of(random.integers(0, 256, (*shape, 3)).astype(np.uint8))

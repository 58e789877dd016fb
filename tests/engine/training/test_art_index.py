"""Facts about engine/training/art_index.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from engine.painting.features import Features
from engine.painting.originality import OriginalityIndex
from engine.training.art_index import (
    CROPS,
    SIDE,
    Pair,
    crops_of,
    described,
    index_of,
    nearest_pairs,
    save_pairs,
)
from engine.training.data import find_art
from tests.support.made_up_art import make_art


def even(level: int) -> np.ndarray:
    return np.full((128, 128, 3), level, np.uint8)


def test_of_each_style_the_painting_nearest_to_art_is_found_with_that_art() -> None:
    known = torch.randn((80, 472), generator=torch.Generator().manual_seed(0))
    index = OriginalityIndex.of(known, known[:2] + 1)
    art = [even(place) for place in range(80)]
    (pair,) = nearest_pairs(
        {"ink": ([even(200), even(201)], known[[7, 9]] + torch.tensor([[2.0], [0.01]]))}, index, art
    )
    assert (pair.style, pair.painting[0, 0, 0], pair.art[0, 0, 0]) == ("ink", 201, 9)


def test_the_sheet_shows_the_nearest_first_and_the_painting_on_the_left(tmp_path: Path) -> None:
    pairs = [Pair("oil", 0.9, even(10), even(20)), Pair("ink", 0.4, even(30), even(40))]
    save_pairs(pairs, tmp_path / "pairs.png")
    with Image.open(tmp_path / "pairs.png") as sheet:
        assert [sheet.getpixel((x, 5))[0] for x in (5, SIDE + 5)] == [30, 40]


def test_the_index_knows_the_crops_of_the_art_that_is_trained_on(tmp_path: Path) -> None:
    art = find_art(make_art(tmp_path / "art", 3))
    first, again = (np.stack(list(crops_of(art, 4))) for _ in range(2))
    assert first.shape == (CROPS * len(art), 128, 128, 3)
    assert np.array_equal(first, again)
    features = Features()
    index = index_of(art, features, 4)
    assert len(index.known) == CROPS * len(art)
    distances = torch.cdist(
        (described(list(first), features) - index.mean) / index.deviation @ index.axes, index.known
    )
    assert float(distances.min(1).values.max()) < 0.1

"""Facts about engine/training/pairs.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from engine.originality import OriginalityIndex
from engine.training.pairs import SIDE, Pair, nearest_pairs, save_pairs


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

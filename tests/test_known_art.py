"""Facts about engine/training/known_art.py, on small made-up art."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from engine.training.data import find_styles, load_art
from engine.training.features import Features
from engine.training.known_art import CROPS, crops_of, described, index_of
from tests.art import make_art


def test_the_index_knows_the_crops_of_the_art_that_is_trained_on(tmp_path: Path) -> None:
    root = make_art(tmp_path / "art", 3)
    art = load_art(root, find_styles(root), tmp_path / "layouts")
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

"""Art as the measures see it: crops at its training scale, their features, and the index that ships."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from engine.layout import Pixels
from engine.originality import OriginalityIndex
from engine.tensors import to_tensor
from engine.training.data import Art, cut_pair, split
from engine.training.features import Features, describe

CROPS = 2
"""Crops a picture."""
BATCH = 32


def crops_of(art: Sequence[Art], seed: int) -> Iterator[Pixels]:
    """Two (128, 128, 3) of each picture at the style's training scale, in their own colours."""
    random = np.random.default_rng(seed)
    return (cut_pair(each, random)[0] for each in art for _ in range(CROPS))


def described(crops: Sequence[Pixels], features: Features) -> Tensor:
    """(N, 472) features of crops (128, 128, 3)."""
    device = next(features.parameters()).device
    parts = [crops[start : start + BATCH] for start in range(0, len(crops), BATCH)]
    rows = [describe(features, to_tensor(np.stack(part)).to(device)).cpu() for part in parts]
    return torch.cat(rows) if rows else torch.zeros(0, features.size)


def index_of(art: Sequence[Art], features: Features, seed: int) -> OriginalityIndex:
    """The index of what is trained on of this art; what is held out tells which distance is usual."""
    known, new = (described(list(crops_of(part, seed)), features) for part in split(art))
    return OriginalityIndex.of(known, new)

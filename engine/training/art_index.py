"""Build the originality index, and show the paintings that are nearest to the training art beside it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from engine.layout import Pixels
from engine.painting.features import Features, feature_means
from engine.painting.originality import OriginalityIndex
from engine.painting.tensors import to_tensor
from engine.training.data import Art, cut_crop, split_art

SIDE, GAP, LABEL = 192, 8, 18
"""Pixels of a crop on the sheet, between crops, and of the label under a pair."""
ACROSS = 4
"""Pairs per row."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Crops (H, W, 3) of a painting and of the nearest art. distance: over the usual one"""

    style: str
    distance: float
    painting: Pixels = field(repr=False)
    art: Pixels = field(repr=False)


def nearest_pairs(
    painted: Mapping[str, tuple[Sequence[Pixels], Tensor]], index: OriginalityIndex, art: Sequence[Pixels]
) -> list[Pair]:
    """Find, for each style, the crop of a painting that is nearest to any art.

    painted: by style, crops and their features (N, 472); art: the crops of the index, in its order
    """
    pairs = []
    for style, (crops, features) in painted.items():
        distances, places = index.nearest(features)
        at = int(distances.argmin())
        pairs.append(Pair(style, float(distances[at]), crops[at], art[int(places[at])]))
    return pairs


def save_pairs(pairs: Sequence[Pair], path: Path) -> None:
    """Write the pairs as a picture, nearest first: the painting on the left, the art on the right."""
    wide, high = 2 * SIDE + 2 * GAP, SIDE + LABEL + GAP
    rows = -(-len(pairs) // ACROSS)
    sheet = Image.new("RGB", (min(len(pairs), ACROSS) * wide, rows * high), "white")
    draw = ImageDraw.Draw(sheet)
    for place, pair in enumerate(sorted(pairs, key=lambda each: each.distance)):
        left, top = place % ACROSS * wide, place // ACROSS * high
        for index, crop in enumerate((pair.painting, pair.art)):
            sheet.paste(Image.fromarray(crop).resize((SIDE, SIDE)), (left + index * SIDE, top))
        draw.text((left + 2, top + SIDE + 3), f"{pair.style}  {pair.distance:.2f}", fill="black")
    sheet.save(path)


CROPS = 2
"""Crops per picture."""
BATCH = 32


def crops_of(art: Sequence[Art], seed: int) -> Iterator[Pixels]:
    """Cut two crops (128, 128, 3) of each picture at the style's training scale, in their own colors."""
    random = np.random.default_rng(seed)
    return (cut_crop(each, random) for each in art for _ in range(CROPS))


def described(pictures: Iterable[Pixels], features: Features) -> Tensor:
    """Compute the features (N, 472) of pictures of one size, some at a time."""
    device = next(features.parameters()).device
    rest = iter(pictures)
    parts = iter(lambda: list(itertools.islice(rest, BATCH)), [])
    rows = [feature_means(features, to_tensor(np.stack(part)).to(device)).cpu() for part in parts]
    return torch.cat(rows) if rows else torch.zeros(0, features.size)


def index_of(art: Sequence[Art], features: Features, seed: int) -> OriginalityIndex:
    """Build the index of the training part of this art; the held-out part sets the usual distance."""
    known, new = (described(crops_of(part, seed), features) for part in split_art(art))
    return OriginalityIndex.of(known, new)

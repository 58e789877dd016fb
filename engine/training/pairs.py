"""The paintings that come nearest to art that was trained on, beside it, for a person to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw
from torch import Tensor

from engine.layout import Pixels
from engine.originality import OriginalityIndex

SIDE, GAP, LABEL = 192, 8, 18
"""Pixels of a crop on the sheet, between crops, and of the line under a pair."""
ACROSS = 4
"""Pairs in a row."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Crops (H, W, 3) of a painting and of the art nearest to it. distance: over the usual one"""

    style: str
    distance: float
    painting: Pixels = field(repr=False)
    art: Pixels = field(repr=False)


def nearest_pairs(
    painted: Mapping[str, tuple[Sequence[Pixels], Tensor]], index: OriginalityIndex, art: Sequence[Pixels]
) -> list[Pair]:
    """Of each style the crop of a painting that comes nearest to any of the art.

    painted: by style, crops and their features (N, 472); art: the crops that the index knows, in its order
    """
    pairs = []
    for style, (crops, features) in painted.items():
        distances, places = index.nearest(features)
        at = int(distances.argmin())
        pairs.append(Pair(style, float(distances[at]), crops[at], art[int(places[at])]))
    return pairs


def save_pairs(pairs: Sequence[Pair], path: Path) -> None:
    """Write the pairs, nearest first, as a picture: a painting on the left, its art on the right."""
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

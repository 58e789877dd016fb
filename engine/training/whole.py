"""Distances between whole paintings and whole art, by features.

A picture is scaled to 256 px on the shorter side, and its middle square is described by the 472 features of
`engine.painting.features`; for compositions, the same from copies of 64 px, enlarged again. The distance is
the kernel distance of `engine.training.metrics`, on features standardized over the real pictures of the
averaged styles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image
from torch import Tensor

from engine.layout import Pixels
from engine.painting.features import Features
from engine.training.art_index import described
from engine.training.metrics import Estimate, interval, kernel_distance, standardise

WHOLE, COMPOSITION = 256, 64
"""Pixels along the shorter side of what is compared."""
FEWEST = 24
"""Styles with fewer real pictures are reported, but not averaged: their distance would be noise."""
DRAWN = frozenset({"linocut", "pixel", "poster", "sketch"})
"""Styles that are reported, but not averaged: their art is drawn icons, sprites and bare lines."""
SPLITS = 8
"""Random halves of the real pictures over which real against real is averaged."""


@dataclass(frozen=True, slots=True)
class RealPictures:
    """Real pictures of a style: features (N, 472), and the artwork that each is from."""

    rows: Tensor
    originals: tuple[str, ...]


def averaged_styles(counts: Mapping[str, int]) -> frozenset[str]:
    """Return the styles whose figures are averaged, from the number of their real pictures."""
    return frozenset(style for style, count in counts.items() if count >= FEWEST) - DRAWN


def figure_of(values: Mapping[str, float], averaged: frozenset[str]) -> Estimate:
    """Average the values of the averaged styles."""
    mean, half = interval([value for style, value in values.items() if style in averaged])
    return Estimate(mean, half, dict(values))


def middle_square(picture: Pixels, side: int) -> Pixels:
    """Scale a picture (H, W, 3) to `side` px on the shorter side; return its middle square."""
    height, width = picture.shape[:2]
    short = min(height, width)
    left, top = (width - short) / 2, (height - short) / 2
    box = (left, top, left + short, top + short)
    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.LANCZOS, box))


def described_whole(pictures: Iterable[Pixels], features: Features, side: int = WHOLE) -> Tensor:
    """Compute the features (N, 472) of whole pictures at 256 px, after scaling them to `side` px."""
    return described((_enlarged(middle_square(each, side)) for each in pictures), features)


def _enlarged(square: Pixels) -> Pixels:
    if len(square) == WHOLE:
        return square
    return np.asarray(Image.fromarray(square).resize((WHOLE, WHOLE), Image.Resampling.BICUBIC))


def distances(
    painted: Mapping[str, Tensor], real: Mapping[str, RealPictures], unit: Tensor
) -> dict[str, float]:
    """Return each style's kernel distance of paintings to real pictures.

    unit: (M, 472) of the real pictures over which features are standardized
    """
    return {
        style: kernel_distance(standardise(rows, unit), standardise(real[style].rows, unit))
        for style, rows in painted.items()
        if min(len(rows), len(real[style].rows)) > 1
    }


def real_distances(real: Mapping[str, RealPictures], unit: Tensor, seed: int = 0) -> dict[str, float]:
    """Return each style's mean kernel distance of one half of its artworks to the other half."""
    random = np.random.default_rng(seed)
    found = {style: _between_halves(each, unit, random) for style, each in real.items()}
    return {style: sum(values) / len(values) for style, values in found.items() if values}


def _between_halves(real: RealPictures, unit: Tensor, random: np.random.Generator) -> list[float]:
    rows = standardise(real.rows, unit)
    halves = [split_in_two(real.originals, random) for _ in range(SPLITS)]
    return [
        kernel_distance(rows[first], rows[second])
        for first, second in halves
        if min(len(first), len(second)) > 1
    ]


def split_in_two(originals: Sequence[str], random: np.random.Generator) -> tuple[list[int], list[int]]:
    """Split places at random by artwork, so that no artwork is on both sides."""
    names = random.permutation(sorted(set(originals)))
    chosen = set(names[: len(names) // 2])
    first = [place for place, name in enumerate(originals) if name in chosen]
    return first, [place for place, name in enumerate(originals) if name not in chosen]

"""Weave: regular texture that a network leaves and a hand does not.

Power spectra are averaged over tiles with a Hann window (Welch, The Use of Fast Fourier Transform for the
Estimation of Power Spectra, 1967). Paintings are compared with art that was never enlarged, in two ways:

- the distance of the radial power spectra: root mean square difference of their mean logarithms, without the
  mean level (after Durall et al., Watch Your Up-Convolution, arXiv 2003.01826, §3)
- the largest peak off the axes: how far the mean spectrum rises over its radial mean

Both are divided by the same of one half of the art against the other half, with as many pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.color.oklab import oklab_from_srgb
from engine.layout import Pixels
from engine.training.whole import SPLITS, split_in_two

SIDE, TILE, STEP = 256, 128, 64
"""Pixels of the shorter side at most, of a tile, and between tiles."""
AXIS, LOWEST = 3, 8
"""Steps of frequency that count as an axis, and under which a picture's own forms dominate."""
HIGHEST = TILE // 2
STEPS = np.arange(TILE) - TILE // 2
RINGS = np.round(np.hypot(STEPS[:, None], STEPS[None])).astype(np.int64)
"""Frequencies along a side of a spectrum, and the ring (128, 128) of each place."""

Spectrum = NDArray[np.float64]
"""(128, 128) power by frequency, zero in the middle."""


@dataclass(frozen=True, slots=True)
class Weave:
    """Both over real against real: about 1 is as in art; nan with too little art."""

    spectrum: float
    peak: float


def spectrum_of(picture: Pixels) -> Spectrum:
    """Compute the power spectrum of a picture's lightness at 256 px on the shorter side, never enlarged.

    Raises ValueError for a picture smaller than a tile.
    """
    height, width = picture.shape[:2]
    scale = min(1.0, SIDE / min(height, width))
    size = (round(width * scale), round(height * scale))
    if min(size) < TILE:
        raise ValueError(f"a picture of at least {TILE} px is needed")
    image = Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS)
    light = oklab_from_srgb(np.asarray(image))[..., 0]
    hann = np.hanning(TILE + 1)[:-1]
    window = np.outer(hann, hann)
    power = [np.abs(np.fft.fft2((tile - tile.mean()) * window)) ** 2 for tile in _tiles(light)]
    return np.fft.fftshift(np.mean(power, axis=0)) + 1e-9


def _tiles(light: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    rows, columns = (range(0, side - TILE + 1, STEP) for side in light.shape)
    return [light[top : top + TILE, left : left + TILE] for top in rows for left in columns]


def _radial(spectrum: Spectrum) -> NDArray[np.float64]:
    """Return the mean of each ring."""
    return np.bincount(RINGS.ravel(), spectrum.ravel()) / np.bincount(RINGS.ravel())


def _mean_radial(spectra: Sequence[Spectrum]) -> NDArray[np.float64]:
    """Return the mean logarithm of the radial spectra, without their levels, from `LOWEST` on."""
    logs = np.log([_radial(each)[LOWEST : HIGHEST + 1] for each in spectra])
    return np.asarray((logs - logs.mean(1, keepdims=True)).mean(0), np.float64)


def spectrum_distance(some: Sequence[Spectrum], others: Sequence[Spectrum]) -> float:
    """Return the root mean square difference of two sets' radial spectra, in nepers of power."""
    return float(np.sqrt(np.square(_mean_radial(some) - _mean_radial(others)).mean()))


def largest_peak(spectra: Sequence[Spectrum]) -> float:
    """Return how far the mean spectrum rises off the axes over its radial mean; 1 is not at all."""
    # Every picture counts the same, whatever its contrast.
    flat = np.mean([each / _radial(each)[RINGS] for each in spectra], axis=0)
    off = np.abs(STEPS) >= AXIS
    return float(flat[off[:, None] & off[None] & (RINGS >= LOWEST) & (RINGS <= HIGHEST)].max())


def weave(
    painted: Sequence[Spectrum], real: Sequence[Spectrum], originals: Sequence[str], seed: int = 0
) -> Weave:
    """Compare paintings with real pictures. originals: the artwork of each real picture"""
    random = np.random.default_rng(seed)
    rows = [_one_split(painted, real, originals, random) for _ in range(SPLITS)]
    found = np.array([row for row in rows if row is not None])
    if not len(found):
        return Weave(float("nan"), float("nan"))
    ours, theirs, our_peak, their_peak = found.mean(0)
    return Weave(ours / theirs, our_peak / their_peak)


def _one_split(
    painted: Sequence[Spectrum],
    real: Sequence[Spectrum],
    originals: Sequence[str],
    random: np.random.Generator,
) -> tuple[float, float, float, float] | None:
    """Return distances of paintings and of half the art to the other half, and peaks; None if too few."""
    first, second = split_in_two(originals, random)
    count = min(len(first), len(painted))
    if min(count, len(second)) < 2:
        return None
    ours = [painted[place] for place in random.choice(len(painted), count, replace=False)]
    theirs = [real[place] for place in random.choice(first, count, replace=False)]
    rest = [real[place] for place in second]
    return (
        spectrum_distance(ours, rest),
        spectrum_distance(theirs, rest),
        largest_peak(ours),
        largest_peak(theirs),
    )

"""An invisible mark of 64 bits in the luminance of a picture.

65 orthonormal noise tiles of 128 × 128 px are limited to a band of frequencies that survives JPEG and
halving. One shows where the tiles lie, each other carries a bit by its sign (spread spectrum: Cox et al.,
Secure Spread Spectrum Watermarking for Multimedia, 1997). Their sum is repeated over the picture, stronger
where the picture is busy, at a PSNR just above 40 dB.

To read it, a picture is whitened, all tiles are folded into one, and the place of the tiles is found by
correlation, at each scale to which the picture may have been brought.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.layout import Pixels
from engine.marks.code import LENGTH, Soft, signs

TILE = 128
LOW, HIGH = 0.04, 0.15
"""The band in cycles per px. Lower ones drown in the picture; higher ones are lost in a small JPEG."""
PLACING = 0.3
"""Share of the energy in the tile that shows where the others lie."""
PSNR = 40.4
CALM, BUSY, POWER = 2.0, 14.0, 0.5
"""The mark's strength is the local deviation, within these bounds, to this power."""
COARSE = 4
"""Pixels a side over which the deviation is averaged; it is smoothed over three such blocks."""
REACH = 4
"""Pixels to each side over which a picture is whitened."""
FOUND = 5.6
"""Least height of the correlation's peak, in its deviations; without a mark 5 is hardly ever reached."""
LIKELY = (1.0, 0.5, 0.75, 2.0, 1.5, 0.7, 0.8, 0.9, 1.25, 0.35, 0.6)
"""Scales that platforms, browsers and `engine.painting.encoding.fit` use."""
GRID = tuple(float(scale) for scale in np.geomspace(0.4, 2.6, 190))
"""Scales that are tried next; between two of them no tile is blurred."""
CLOSER = (-0.006, -0.003, 0.003, 0.006)
"""Steps around a scale of the grid at which something was found."""
LOOKED_AT, SEARCHED = 1024, 512
"""Most pixels a side that are read, at the original's scale, and that the grid looks at: more add errors of
the scale."""
FEWEST = 96
"""Pixels a side below which nothing can be read."""

Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class MarkReading:
    """What may be a mark.

    peak: height of the correlation, in its deviations; scale: of the picture to its original
    """

    peak: float
    scale: float
    bits: Soft


def embed(painting: Pixels, word: int) -> Pixels:
    """Return a copy of a painting (H, W, 3) uint8 that carries a word of 64 bits."""
    height, width = painting.shape[:2]
    luminance = np.asarray(Image.fromarray(painting).convert("L"))
    repeated = np.tile(_tile_of(word), (-(-height // TILE), -(-width // TILE)))[:height, :width]
    change = _strength(luminance) * repeated
    change *= 255 * 10 ** (-PSNR / 20) / np.sqrt(np.mean(np.square(change)))
    return np.clip(painting + change[..., None] + 0.5, 0, 255).astype(np.uint8)


def readings(picture: Pixels) -> Iterator[MarkReading]:
    """Yield what may be a mark in a picture (H, W, 3) uint8, first at likely scales, then at all others."""
    luminance: Plane = np.asarray(Image.fromarray(picture).convert("L"), np.float32)
    if min(luminance.shape) < FEWEST:
        return
    for scale in LIKELY:
        yield from _standing_out(_read(_whitened(_scaled(luminance, scale)), scale))
    # Whitening comes first here: to scale is cheap, and there are many scales.
    white = _whitened(luminance)
    peak, best = max((_peak(_scaled(white, scale, SEARCHED)), scale) for scale in GRID)
    if peak >= FOUND:
        near = [best * (1 + step) for step in (0.0, *CLOSER)]
        closer = [_read(_whitened(_scaled(luminance, scale)), scale) for scale in near]
        yield from _standing_out(max(closer, key=lambda each: each.peak))


def _standing_out(reading: MarkReading) -> Iterator[MarkReading]:
    if reading.peak >= FOUND:
        yield reading


def _read(white: Plane, scale: float) -> MarkReading:
    """Read a whitened picture at its original's scale."""
    spectrum = _spectrum(white)
    met = np.fft.irfft2(spectrum * _placing(), s=(TILE, TILE))
    top, left = np.unravel_index(int(met.argmax()), met.shape)
    tile = np.roll(np.fft.irfft2(spectrum, s=(TILE, TILE)), (-top, -left), (0, 1))
    bits = _tiles()[1:].reshape(LENGTH, -1) @ tile.ravel()
    return MarkReading(_height(met), scale, bits.astype(np.float64))


def _peak(white: Plane) -> float:
    """Return the peak of a whitened picture at its original's scale; cheaper than to read it."""
    return _height(np.fft.irfft2(_spectrum(white) * _placing(), s=(TILE, TILE)))


def _height(met: NDArray[np.float64]) -> float:
    return float(met.max() / (met.std() + 1e-12))


def _spectrum(white: Plane) -> NDArray[np.complex128]:
    """Return the spectrum of all tiles together (128, 65), half way to its phase alone.

    What repeats in the picture then stands out less.
    """
    spectrum = np.fft.rfft2(_folded(white)) * _band()
    flat: NDArray[np.complex128] = spectrum / (np.sqrt(np.abs(spectrum)) + 1e-9)
    return flat


def _scaled(plane: Plane, scale: float, most: int = LOOKED_AT) -> Plane:
    """Bring a picture of this scale back to its original's, the middle of a large one.

    most: pixels a side afterwards
    """
    height, width = plane.shape
    tall, wide = (min(side, most * scale) for side in (height, width))
    box = ((width - wide) / 2, (height - tall) / 2, (width + wide) / 2, (height + tall) / 2)
    size = (max(1, round(wide / scale)), max(1, round(tall / scale)))
    if size == (width, height):
        return plane
    return np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BICUBIC, box))


def _whitened(plane: Plane) -> Plane:
    """Take off the local mean, and divide by the local deviation."""
    left = plane - _smoothed(plane, REACH)
    return np.asarray(left / np.sqrt(_smoothed(np.square(left), REACH) + 1), np.float32)


def _folded(plane: Plane) -> Plane:
    """Add up all tiles of a picture: (128, 128)."""
    height, width = (-(-side // TILE) for side in plane.shape)
    padded = np.zeros((height * TILE, width * TILE), np.float32)
    padded[: plane.shape[0], : plane.shape[1]] = plane
    folded: Plane = padded.reshape(height, TILE, width, TILE).sum((0, 2))
    return folded


def _strength(luminance: NDArray[np.uint8]) -> Plane:
    """Return how strong the mark may be at each pixel, before it is brought to the PSNR."""
    light, squares = luminance.astype(np.float32), np.square(luminance, dtype=np.float32)
    mean, power = (_smoothed(_reduced(each), 1) for each in (light, squares))
    deviation = np.sqrt(np.maximum(power - np.square(mean), 0))
    coarse = Image.fromarray(np.clip(deviation, CALM, BUSY) ** POWER)
    return np.asarray(coarse.resize(luminance.shape[::-1], Image.Resampling.BILINEAR))


def _reduced(plane: Plane) -> Plane:
    return np.asarray(Image.fromarray(plane).reduce(COARSE))


def _smoothed(plane: Plane, reach: int) -> Plane:
    """Average over a square that reaches so many pixels to each side."""
    return _smoothed_down(_smoothed_down(plane, reach).T, reach).T


def _smoothed_down(plane: Plane, reach: int) -> Plane:
    padded = np.pad(plane, ((reach + 1, reach), (0, 0)), "edge")
    total = padded.cumsum(0, dtype=np.float64)
    width = 2 * reach + 1
    smoothed: Plane = ((total[width:] - total[:-width]) / width).astype(np.float32)
    return smoothed


def _tile_of(word: int) -> Plane:
    tiles = _tiles()
    bits = (signs(word) @ tiles[1:].reshape(LENGTH, -1)).reshape(TILE, TILE)
    tile: Plane = np.sqrt(PLACING) * tiles[0] + np.sqrt((1 - PLACING) / LENGTH) * bits
    return tile.astype(np.float32)


@cache
def _placing() -> NDArray[np.complex128]:
    """Return what a spectrum is multiplied with to correlate it with the placing tile."""
    return np.asarray(np.conj(np.fft.rfft2(_tiles()[0])), np.complex128)


@cache
def _band() -> NDArray[np.bool_]:
    """Return which frequencies of a real transform are in the band: (128, 65)."""
    across, down = np.fft.rfftfreq(TILE)[None], np.fft.fftfreq(TILE)[:, None]
    frequency = np.hypot(across, down)
    inside: NDArray[np.bool_] = (frequency >= LOW) & (frequency <= HIGH)
    return inside


@cache
def _tiles() -> NDArray[np.float32]:
    """Return the tiles (65, 128, 128), orthogonal, of variance 1, the placing one first.

    They never change: pictures that are out would be read no more. So the noise comes from a hash, and not
    from a generator that a library may improve.
    """
    count = LENGTH + 1
    noise = hashlib.shake_128(b"Easel's invisible mark").digest(count * TILE * TILE // 8)
    raw = np.unpackbits(np.frombuffer(noise, np.uint8)).reshape(count, TILE, TILE) - 0.5
    banded = np.fft.irfft2(np.fft.rfft2(raw) * _band(), s=(TILE, TILE)).reshape(count, -1)
    # Cholesky's factor has one sign only, unlike that of a QR decomposition.
    orthonormal = np.linalg.solve(np.linalg.cholesky(banded @ banded.T), banded)
    return (orthonormal * TILE).reshape(count, TILE, TILE).astype(np.float32)

"""The reduction of pictures to layouts: the same for art in training and for compositions in use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from engine.color.oklab import oklab_from_srgb, srgb_from_oklab
from engine.layout import Pixels

SEEN, ROUNDS = 2048, 5
"""Pixels whose colours are clustered, and rounds of k-means, which hardly moves after so many."""
PER_TEXEL = 3
"""Pixels a texel along which borders of regions are found; what is larger is enlarged from there."""
SCALE = np.array([255, 400, 400], np.float32)
"""What differences of L, a and b count."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in px of a picture."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """detail: texels along the shorter side; tones: colours; light: share of low-frequency light kept"""

    detail: int
    tones: int
    light: float


def reduced(
    picture: Image.Image, how: Reduction, box: Box | None = None, size: tuple[int, int] | None = None
) -> Image.Image:
    """Reduce an RGB picture to few colours and little detail; return the box of it, brought to `size`.

    Colours are chosen over the whole picture. Without box and size all of it is returned at its own size.
    """
    scale = how.detail / min(picture.size)
    grid = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    small = picture.resize(grid, Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC)
    colors, labels = clustered(small.filter(ImageFilter.MedianFilter(3)), how.tones)
    left, top, right, bottom = box or (0.0, 0.0, float(picture.width), float(picture.height))
    across, down = grid[0] / picture.width, grid[1] / picture.height
    window = (left * across, top * down, right * across, bottom * down)
    flat = _smooth_regions(colors, labels, window, size or picture.size)
    return _keep_light(flat, small, colors[labels], window, how.light) if how.light > 0 else flat


def clustered(image: Image.Image, count: int) -> tuple[Pixels, NDArray[np.uint8]]:
    """k-means in OKLab: colours (K, 3) uint8 sRGB and labels (h, w)."""
    lab = oklab_from_srgb(np.asarray(image))
    scaled = np.clip(lab * SCALE + np.array([0, 128, 128], np.float32), 0, 255).astype(np.uint8)
    first = np.asarray(Image.fromarray(scaled).quantize(count, Image.Quantize.MEDIANCUT))
    flat = (lab * SCALE).reshape(-1, 3)
    labels = first.reshape(-1)
    used = np.unique(labels)
    centres = np.stack([flat[labels == label].mean(0) for label in used])
    seen = flat[:: max(1, len(flat) // SEEN)]
    for _ in range(ROUNDS):
        near = _nearest(seen, centres)
        sums = np.stack([np.bincount(near, seen[:, k], len(centres)) for k in range(3)], 1)
        counts = np.bincount(near, minlength=len(centres))[:, None]
        centres = np.where(counts > 0, sums / np.maximum(counts, 1), centres).astype(np.float32)
    found = _nearest(flat, centres)
    return srgb_from_oklab(np.asarray(centres / SCALE, np.float32)), found.reshape(lab.shape[:2]).astype(
        np.uint8
    )


def _nearest(points: NDArray[np.float32], centres: NDArray[np.float32]) -> NDArray[np.int64]:
    """(N,) the centre (K, 3) nearest to each point (N, 3)."""
    return np.asarray((np.square(centres).sum(1) - 2 * points @ centres.T).argmin(1), np.int64)


def _smooth_regions(
    colors: Pixels, labels: NDArray[np.uint8], window: Box, size: tuple[int, int]
) -> Image.Image:
    """Enlarge the regions with smooth borders: each pixel takes the region that is strongest around it."""
    most = PER_TEXEL * max(window[2] - window[0], window[3] - window[1]) / max(size)
    inner = size if most >= 1 else (max(1, round(size[0] * most)), max(1, round(size[1] * most)))
    best = np.zeros((inner[1], inner[0]), np.uint8)
    strongest = np.zeros_like(best)
    for label in range(len(colors)):
        mask = Image.fromarray((labels == label).view(np.uint8) * 255)
        soft = mask.filter(ImageFilter.GaussianBlur(0.7)).resize(inner, Image.Resampling.BICUBIC, window)
        strength = np.asarray(soft)
        np.putmask(strongest, strength > best, label)
        np.maximum(best, strength, out=best)
    flat = Image.fromarray(colors[strongest])
    return flat if inner == size else flat.resize(size, Image.Resampling.BICUBIC)


def _keep_light(flat: Image.Image, small: Image.Image, few: Pixels, window: Box, share: float) -> Image.Image:
    """Add a share of the low frequencies that the flat regions lost; `few` is `small` in few colours."""
    blur = ImageFilter.GaussianBlur(max(small.size) / 24)
    smooth, rest = (np.asarray(image.filter(blur), np.float32) for image in (small, Image.fromarray(few)))
    lost = np.clip(share * (smooth - rest) + 128, 0, 255).astype(np.uint8)
    wide = Image.fromarray(lost).resize(flat.size, Image.Resampling.BILINEAR, window)
    lit = np.asarray(flat, np.int16) + (np.asarray(wide, np.int16) - 128)
    return Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))

"""Arithmetic on float pictures (H, W) and (H, W, C): resizing, blurring, shifting, pyramids."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Grid = NDArray[np.float32]
"""(H, W) or (H, W, C) float32."""

BOX, LINEAR, CUBIC = Image.Resampling.BOX, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC


def resized(
    grid: Grid,
    size: tuple[int, int],
    how: Image.Resampling = CUBIC,
    box: tuple[float, float, float, float] | None = None,
) -> Grid:
    """Bring a grid, or the box (left, top, right, bottom) of it, to `size` (height, width)."""
    if grid.ndim == 2:
        plane = Image.fromarray(np.ascontiguousarray(grid, np.float32))
        return np.asarray(plane.resize((size[1], size[0]), how, box), np.float32)
    return np.stack([resized(grid[..., k], size, how, box) for k in range(grid.shape[2])], -1)


def blurred(grid: Grid, radius: float) -> Grid:
    """Blur by three boxes, about a Gaussian of deviation `radius`; the edge is repeated."""
    width = round(radius)
    if width < 1:
        return grid
    for _ in range(3):
        grid = _boxed(_boxed(grid, width, 0), width, 1)
    return grid


def _boxed(grid: Grid, width: int, axis: int) -> Grid:
    pads = [(0, 0)] * grid.ndim
    pads[axis] = (width + 1, width)
    sums = np.cumsum(np.pad(grid, pads, mode="edge"), axis, dtype=np.float32)
    length = grid.shape[axis]
    high = np.take(sums, range(2 * width + 1, 2 * width + 1 + length), axis)
    low = np.take(sums, range(length), axis)
    return np.asarray((high - low) / (2 * width + 1), np.float32)


def blended(first: Grid, second: Grid, share: Grid, levels: int = 4) -> Grid:
    """Blend two grids band by band, `share` (H, W) of the second: broad tones widely, detail sharply.

    Burt and Adelson, "A multiresolution spline with application to image mosaics" (1983).
    """
    if levels == 0 or min(first.shape[:2]) < 8:
        return _mixed(first, second, share)
    half = ((first.shape[0] + 1) // 2, (first.shape[1] + 1) // 2)
    low = [resized(each, half, BOX) for each in (first, second)]
    detail = [
        each - resized(small, each.shape[:2], LINEAR)
        for each, small in zip((first, second), low, strict=True)
    ]
    base = blended(low[0], low[1], resized(share, half, BOX), levels - 1)
    return _mixed(detail[0], detail[1], share) + resized(base, first.shape[:2], LINEAR)


def _mixed(first: Grid, second: Grid, share: Grid) -> Grid:
    return first + (second - first) * share[..., None]


def cheapest_path(cost: Grid) -> NDArray[np.int64]:
    """Return the column in each row (H,) of the path from top to bottom that crosses the least of `cost`.

    The minimum error boundary of Efros and Freeman, "Image quilting" (2001).
    """
    total = cost.astype(np.float64).copy()
    for row in range(1, len(total)):
        above = np.pad(total[row - 1], 1, constant_values=np.inf)
        total[row] += np.minimum(np.minimum(above[:-2], above[1:-1]), above[2:])
    path = np.empty(len(total), np.int64)
    path[-1] = total[-1].argmin()
    for row in range(len(total) - 2, -1, -1):
        left = max(0, path[row + 1] - 1)
        path[row] = left + total[row, left : path[row + 1] + 2].argmin()
    return path


def smooth_noise(random: np.random.Generator, size: tuple[int, int], cells: float) -> Grid:
    """Noise (H, W) about N(0, 1), smooth over 1 / `cells` of the shorter side."""
    least = min(size)
    coarse = tuple(max(2, round(side / least * cells)) for side in size)
    return resized(random.standard_normal(coarse).astype(np.float32), size)

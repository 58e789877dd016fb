"""Lines and hatching from a picture's edges and tones.

Winnemöller et al., "XDoG: an extended difference-of-Gaussians compendium" (2012).
"""

from __future__ import annotations

import numpy as np

from engine.composing.grids import Grid, blurred, resized, smooth_noise


def gaussian(grid: Grid, sigma: float) -> Grid:
    """Blur (H, W) by a small Gaussian; the edge is repeated."""
    reach = max(1, round(2.5 * sigma))
    taps = np.exp(-np.square(np.arange(-reach, reach + 1) / sigma) / 2)
    taps = (taps / taps.sum()).astype(np.float32)
    for axis in (0, 1):
        pads = [(0, 0), (0, 0)]
        pads[axis] = (reach, reach)
        padded = np.pad(grid, pads, mode="edge")
        length = grid.shape[axis]
        grid = np.zeros_like(grid)
        for k, tap in enumerate(taps):
            grid += tap * (padded[k : k + length] if axis == 0 else padded[:, k : k + length])
    return grid


def edges(light: Grid, sigma: float, gain: float) -> Grid:
    """How much of a line (H, W), 0 to 1, lies along the dark side of each edge of `light`."""
    difference = gaussian(light, sigma) - gaussian(light, sigma * 1.6)
    return np.asarray(np.clip(-difference * gain - 0.12, 0, 1), np.float32)


def outline(mask: Grid, width: float) -> Grid:
    """A line (H, W), 0 to 1, of about so many px along the border of a mask."""
    soft = gaussian(mask, max(0.6, width * 0.55))
    return np.asarray(np.clip(1.9 * (1 - np.abs(soft - 0.5) * 2) - 0.5, 0, 1), np.float32)


def evened(light: Grid, reach: float, share: float) -> Grid:
    """Lightness with its local contrast brought out, about 0 to 1."""
    mean = blurred(light, reach)
    spread = np.sqrt(np.maximum(blurred(np.square(light - mean), reach), 1e-4))
    local = 0.5 + (light - mean) / (3.2 * np.maximum(spread, 0.05))
    return np.asarray(np.clip((1 - share) * light + share * local, 0, 1), np.float32)


def strokes(size: tuple[int, int], angle: float, length: float, random: np.random.Generator) -> Grid:
    """Pencil strokes (H, W) of one direction: values are spread evenly over 0 to 1."""
    side = int(np.hypot(*size)) + 4
    rows = max(8, round(side / 2.2))
    grain = random.standard_normal((rows, max(4, round(side / length)))).astype(np.float32)
    field = resized(grain, (side, side))
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float32)
    y, x = y - size[0] / 2, x - size[1] / 2
    u, v = x * np.cos(angle) + y * np.sin(angle), -x * np.sin(angle) + y * np.cos(angle)
    picked = field[(v + side / 2).astype(int).clip(0, side - 1), (u + side / 2).astype(int).clip(0, side - 1)]
    return np.asarray(1 / (1 + np.exp(-2.2 * picked)), np.float32)


def carved(size: tuple[int, int], flow: Grid, period: float, random: np.random.Generator) -> Grid:
    """Grooves of a gouge (H, W), -1 to 1, that follow a height field: its contour lines, a little uneven."""
    wobble = smooth_noise(random, size, 10) * 0.12 + smooth_noise(random, size, 40) * 0.05
    return np.asarray(np.sin(2 * np.pi * (flow / period + wobble)), np.float32)

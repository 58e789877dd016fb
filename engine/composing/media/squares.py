"""Pixel art: squares on a grid, few colours, dithered."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from engine.color.oklab import oklab_from_srgb, srgb_from_oklab
from engine.composing.grids import BOX, resized
from engine.composing.media.rich import Rich
from engine.composing.reduce import clustered
from engine.layout import Pixels

SQUARES = 64
"""Squares along the longer side."""
COLORS = 20
DITHERED = 0.05
"""Lightness by which neighbours are drawn apart before they take the nearest colour."""
BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16 - 0.47


def pixel(rich: Rich) -> Pixels:
    """Return the layout (H, W, 3) of pixel art."""
    lab, mask = rich.whole()
    height, width = rich.size
    longer = max(height, width)
    rows, columns = math.ceil(height / longer * SQUARES - 1e-6), math.ceil(width / longer * SQUARES - 1e-6)
    cells, cover = resized(lab, (rows, columns), BOX), resized(mask, (rows, columns), BOX)
    inside = cover > 0.5
    sharp = cells + 0.5 * (cells - resized(resized(cells, (rows // 2, columns // 2), BOX), (rows, columns)))
    sharp[..., 1:] *= 1.15
    rim = inside & ~(
        np.roll(inside, 1, 0) & np.roll(inside, -1, 0) & np.roll(inside, 1, 1) & np.roll(inside, -1, 1)
    )
    sharp[..., 0] = np.where(rim, sharp[..., 0] * 0.55, sharp[..., 0])
    pattern = np.tile(BAYER, (rows // 4 + 1, columns // 4 + 1))[:rows, :columns]
    colors, _ = clustered(Image.fromarray(srgb_from_oklab(sharp)), COLORS)
    sharp[..., 0] += DITHERED * pattern * ~inside + 0.4 * DITHERED * pattern * inside
    known = oklab_from_srgb(colors)
    gaps = np.square((sharp[:, :, None] - known) * [1, 1.6, 1.6]).sum(3)
    squares = colors[gaps.argmin(2)]
    # A side rounded to a multiple of 16 px may be longer than its share of the aspect: the last square is.
    down = np.minimum(np.arange(height) * SQUARES // longer, rows - 1)
    across = np.minimum(np.arange(width) * SQUARES // longer, columns - 1)
    picture: Pixels = squares[down][:, across]
    return picture

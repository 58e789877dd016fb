"""Tables and plain grounds: the wall of one composition over the cloth of another, or two grounds in one."""

from __future__ import annotations

import numpy as np

from engine.color.oklab import Lab
from engine.composing.atlas import Place
from engine.composing.grids import blended, resized, smooth_noise
from engine.composing.pieces import Frame, cut, matched

TABLE, STUDIO = "table", "studio-ground"
BUILT = (TABLE, STUDIO)
APART = 0.14
"""Least difference of lightness between a table and its wall."""
LIT = 0.14
"""Lightness by which the side that light comes from differs from the other."""


def built(
    name: str, wall: Place, cloth: Place, frame: Frame, side: float, random: np.random.Generator
) -> Lab:
    """Build such a room (H, W, 3), lit from one side. frame: its horizon is the table's far edge"""
    size = (frame.height, frame.width)
    back, front = (resized(cut(place, frame, random), size) for place in (wall, cloth))
    if name == STUDIO:
        share = np.clip(0.5 + smooth_noise(random, size, 1.6), 0, 1)
        return _lit(blended(back, matched(front, back, 0, 0.85), share, 3), side)
    rows = np.arange(size[0])[:, None]
    sway = smooth_noise(random, (2, size[1]), 0.8)[0] * 0.004 * size[0]
    on_table = np.clip(rows - frame.horizon - sway[None] + 0.5, 0, 1).astype(np.float32)
    wall_light, table_light = (
        float(each[..., 0].mean()) for each in (back[: frame.horizon], front[frame.horizon :])
    )
    if abs(table_light - wall_light) < APART:
        front[..., 0] += (APART if wall_light < 0.6 else -APART) - (table_light - wall_light)
    return _lit(blended(back, front, on_table, 1), side)


def _lit(lab: Lab, side: float) -> Lab:
    across = np.linspace(-1, 1, lab.shape[1])[None] * side
    down = np.linspace(-1, 1, lab.shape[0])[:, None]
    out = lab.copy()
    out[..., 0] = np.clip(out[..., 0] + LIT * (0.5 * across - 0.25 * down), 0.05, 0.97)
    return out

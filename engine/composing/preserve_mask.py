"""Where a layout is to stay even, so that bare paper and what lies between lines look untouched."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from engine.composing.rasterize import Canvas
from engine.composing.shading import BARE
from engine.layout import Mask

NEAR = 0.012
"""Units from paint, or from a line, within which the painter may do as it likes."""
COARSE = 4
"""Pixels along a cell of what is looked through for paint and lines."""
LINED = {"drawing": 1.0, "woodblock": 0.95}
"""Grounds that live from lines, and how much of what lies between is to stay even."""
INSIDE = 0.75
"""How much of a drawn form stays even inside its outline."""
STEP = 14
"""Levels by which neighbouring pixels differ along a line."""


def calm(canvas: Canvas, ground: str) -> Mask | None:
    """(H, W), 0..1: what is far from all paint; in a drawing and a woodblock, from all lines.

    None for a ground that is painted all over.
    """
    if ground not in {*BARE, *LINED}:
        return None
    painted = _differs_from_paper(canvas)
    busy = _edges(canvas) if ground in LINED else painted
    near = busy.reduce(COARSE).filter(ImageFilter.BoxBlur(NEAR * canvas.frame.scale / COARSE))
    small = near.point(lambda level: max(0, 255 - 4 * level))
    mask = np.asarray(small.resize(busy.size, Image.Resampling.BILINEAR), np.float32)
    mask = mask * np.float32(LINED.get(ground, 1.0) / 255)
    if ground == "drawing":
        mask = mask * np.where(np.asarray(painted) > 0, np.float32(INSIDE), np.float32(1))
    return np.asarray(mask, np.float32)


def _edges(canvas: Canvas) -> Image.Image:
    edges = canvas.image.convert("L").filter(ImageFilter.FIND_EDGES)
    return edges.point(lambda level: 255 * (level > STEP))


def _differs_from_paper(canvas: Canvas) -> Image.Image:
    paper = Image.new("RGB", canvas.image.size, canvas.paper.rgb)
    red, green, blue = ImageChops.difference(canvas.image, paper).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue).point(lambda level: 255 * (level > 0))

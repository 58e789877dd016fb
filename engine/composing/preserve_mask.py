"""Where a layout is to stay even, so that bare paper and what lies between lines look untouched."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from engine.composing.rasterize import Canvas
from engine.layout import Mask
from engine.styles import Style

NEAR = 0.012
"""Units from paint, or from a line, within which the painter may do as it likes."""
COARSE = 4
"""Pixels along a cell of what is looked through for paint and lines."""
INSIDE = 0.75
"""How much of a drawn form stays even inside its outline."""
STEP = 14
"""Levels by which neighbouring pixels differ along a line."""


def calm(canvas: Canvas, style: Style) -> Mask | None:
    """(H, W), 0..1: what is far from all paint; in a drawing and a woodblock, from all lines.

    None for a ground that is painted all over.
    """
    if not style.bare and not style.lined:
        return None
    painted = _differs_from_paper(canvas)
    busy = _edges(canvas) if style.lined else painted
    near = busy.reduce(COARSE).filter(ImageFilter.BoxBlur(NEAR * canvas.frame.scale / COARSE))
    small = near.point(lambda level: max(0, 255 - 4 * level))
    mask = np.asarray(small.resize(busy.size, Image.Resampling.BILINEAR), np.float32)
    mask = mask * np.float32((style.lined or 1.0) / 255)
    if style.medium == "drawing":
        mask = mask * np.where(np.asarray(painted) > 0, np.float32(INSIDE), np.float32(1))
    return np.asarray(mask, np.float32)


def _edges(canvas: Canvas) -> Image.Image:
    edges = canvas.image.convert("L").filter(ImageFilter.FIND_EDGES)
    return edges.point(lambda level: 255 * (level > STEP))


def _differs_from_paper(canvas: Canvas) -> Image.Image:
    paper = Image.new("RGB", canvas.image.size, canvas.paper.rgb)
    red, green, blue = ImageChops.difference(canvas.image, paper).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue).point(lambda level: 255 * (level > 0))

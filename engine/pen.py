"""Lines of a pen: around a form, and across its shadow."""

from __future__ import annotations

import functools
import math

from PIL import Image, ImageDraw, ImageFilter

LINE = 0.0055
"""Width of a drawn line in units."""
GAP = 0.017
"""Units between two strokes of a hatching."""
SLANT = math.radians(-52)
"""Direction of the strokes of a right hand."""


def outlined(mask: Image.Image, scale: float, width: float = LINE) -> Image.Image:
    """A line (mode L) along the edge of a mask, half inside and half outside. scale: px a unit."""
    reach = max(0.7, width * scale * 0.72 - 0.35)  # the edge of a mask is soft by itself
    return mask.filter(ImageFilter.BoxBlur(reach)).point(_ridge())


def haloed(mask: Image.Image, scale: float, width: float) -> Image.Image:
    """The mask (mode L) grown by about `width` units. scale: px a unit."""
    reach = max(1.0, width * scale)
    return mask.filter(ImageFilter.BoxBlur(reach)).point(lambda level: min(255, level * 12))


@functools.lru_cache(maxsize=8)
def hatched(width: int, height: int, scale: float) -> Image.Image:
    """Parallel strokes (mode L) over a whole sheet of width × height px. scale: px a unit."""
    sheet = Image.new("L", (width, height))
    draw = ImageDraw.Draw(sheet)
    across, down = math.cos(SLANT), math.sin(SLANT)
    length = width + height
    for index in range(math.ceil(2 * length / (GAP * scale))):
        off = index * GAP * scale - length + 0.3 * GAP * scale * math.sin(2.4 * index)
        x, y = width / 2 - down * off, height / 2 + across * off
        ends = (x - across * length, y - down * length, x + across * length, y + down * length)
        draw.line(ends, fill=255, width=max(1, round(0.6 * LINE * scale)))
    return sheet


@functools.cache
def _ridge() -> list[int]:
    """From a blurred mask's level to how much of the line is there: all of it about the middle."""
    return [max(0, min(255, (level - 24) * 7, (231 - level) * 7)) for level in range(256)]

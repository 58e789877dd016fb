"""Lines of a pen around a form."""

from __future__ import annotations

import functools

from PIL import Image, ImageFilter

LINE = 0.0055
"""Width of a drawn line in units."""


def outlined(mask: Image.Image, scale: float, width: float = LINE) -> Image.Image:
    """A line (mode L) along the edge of a mask, half inside and half outside. scale: px a unit."""
    reach = max(0.7, width * scale * 0.72 - 0.35)  # the edge of a mask is soft by itself
    return mask.filter(ImageFilter.BoxBlur(reach)).point(_ridge())


def haloed(mask: Image.Image, scale: float, width: float) -> Image.Image:
    """The mask (mode L) grown by about `width` units. scale: px a unit."""
    reach = max(1.0, width * scale)
    return mask.filter(ImageFilter.BoxBlur(reach)).point(lambda level: min(255, level * 12))


@functools.cache
def _ridge() -> list[int]:
    """From a blurred mask's level to how much of the line is there: all of it about the middle."""
    return [max(0, min(255, (level - 24) * 7, (231 - level) * 7)) for level in range(256)]

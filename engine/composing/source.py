"""Read somebody's own picture, and keep a reduced copy of it, from which it can be painted again.

The file may be anything that anybody sends: it is read with limits, and refused in one sentence. Nothing of
it is kept but the copy, in few colors and little detail, as art is in training.
"""

from __future__ import annotations

import base64
import io
import warnings
from fractions import Fraction

import numpy as np
from PIL import Image, ImageOps

from engine.color.oklab import Lab, oklab_from_srgb
from engine.composing.reduce import Reduction, reduced
from engine.conditions import MAX_ASPECT
from engine.errors import SourceUnusable

MOST_BYTES = 25 * 1024 * 1024
MOST_PIXELS = 40_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
SIDE = 224
"""Pixels of the shorter side of the copy."""
KEPT = Reduction(176, 64, 0.5)
QUALITY = 80
MOST_COPY = 48 * 1024
"""Characters of a copy; one of our own has about a quarter."""
DENOMINATOR = 16
"""Greatest height of an aspect."""
PAPER = (255, 255, 255)
"""What stands behind transparent parts."""
UNREADABLE = "this file is no picture that can be read; take a PNG, JPEG, WebP or GIF"
TOO_LARGE = "this picture is too large; at most 25 MB and 40 megapixels are read"


def copy_of(data: bytes) -> str:
    """Return a reduced copy of a picture's file, as text. Raises SourceUnusable.

    Rotations of cameras are undone; transparent parts become paper; of an animation the first frame counts.
    """
    if len(data) > MOST_BYTES:
        raise SourceUnusable(TOO_LARGE)
    try:
        image = _small(data)
    except SourceUnusable:
        raise
    except Image.DecompressionBombError as error:
        raise SourceUnusable(TOO_LARGE) from error
    except Exception as error:
        # A decoder may raise anything on a file that was made to break it.
        raise SourceUnusable(UNREADABLE) from error
    out = io.BytesIO()
    reduced(image, KEPT).save(out, "WEBP", quality=QUALITY)
    return base64.b85encode(out.getvalue()).decode()


def _small(data: bytes) -> Image.Image:
    """Return the first frame as RGB, upright, within the aspects that Easel paints, and small."""
    with warnings.catch_warnings():
        # Pillow warns of what is too large, and of damaged metadata.
        warnings.simplefilter("ignore")
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise SourceUnusable(TOO_LARGE)
        image.draft("RGB", (2 * SIDE, 2 * SIDE))
        image.load()
        return _upright(image)


def _upright(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        image = _eight_bits(image)
    plain = image.convert("RGBA" if image.has_transparency_data else "RGB")
    # Made small first: what follows would need the memory of the whole several times.
    small = _opaque(plain.reduce(max(1, min(plain.size) // (2 * SIDE))))
    whole = _within_aspect(ImageOps.exif_transpose(small))
    scale = SIDE / min(whole.size)
    return whole.resize((max(1, round(whole.width * scale)), max(1, round(whole.height * scale))))


def _eight_bits(image: Image.Image) -> Image.Image:
    values = np.asarray(image)
    return Image.fromarray((values >> 8 if values.max() > 255 else values).astype(np.uint8))


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, PAPER)
    ground.paste(image, mask=image.getchannel("A"))
    ground.info = image.info
    return ground


def _within_aspect(image: Image.Image) -> Image.Image:
    """Return the middle of a picture that is longer than Easel paints."""
    longest = MAX_ASPECT * min(image.size)
    size = (min(image.width, longest), min(image.height, longest))
    return ImageOps.fit(image, size) if size != image.size else image


def aspect_of(copy: str) -> tuple[int, int]:
    """Return the width and height of a copy as a ratio of small whole numbers. Raises ValueError."""
    image = opened(copy)
    ratio = Fraction(image.width, image.height).limit_denominator(DENOMINATOR)
    ratio = min(max(ratio, Fraction(1, MAX_ASPECT)), Fraction(MAX_ASPECT))
    return ratio.numerator, ratio.denominator


def opened(copy: str) -> Image.Image:
    """Return the picture of a copy. Raises ValueError for what is none."""
    if len(copy) > MOST_COPY:
        raise ValueError("a source is too long")
    try:
        image = Image.open(io.BytesIO(base64.b85decode(copy)), formats=("WEBP",))
        if max(image.size) > (MAX_ASPECT + 1) * SIDE:
            raise ValueError("a source is too large")
        return image.convert("RGB")
    except OSError as error:
        raise ValueError("a source is no picture") from error


def backdrop_of(copy: str, aspect: float) -> Lab:
    """Return a copy as a backdrop (h, w, 3), the middle of it in an aspect. Raises ValueError."""
    size = (SIDE, round(SIDE / aspect)) if aspect < 1 else (round(SIDE * aspect), SIDE)
    return oklab_from_srgb(np.asarray(ImageOps.fit(opened(copy), size)))

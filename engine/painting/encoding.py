"""Encode pictures: every file that leaves Easel is written here.

A painting's parameters are written into its file as `engine.marks.metadata` says, and the file is signed
where there is a key. No clock and no machine's name is written: without a key, the same conditions and
weights give the same bytes.
"""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo, putchunk

from engine.conditions import Conditions
from engine.layout import Layout, Pixels
from engine.marks.metadata import Origin, facts_of, origin_of, png_text, xmp_of

PNG, WEBP, JPEG, AVIF = "image/png", "image/webp", "image/jpeg", "image/avif"
SUFFIXES: Mapping[str, str] = MappingProxyType({".png": PNG, ".webp": WEBP, ".jpg": JPEG, ".avif": AVIF})
"""Media types by the suffix of their files."""
PREVIEW_SIDE = 320
"""Pixels of the longer side of a preview; a smaller one is hardly faster to compose."""
SCALES = (1.0, 0.7, 0.5, 0.35, 0.25)
"""Factors by which `fit` shrinks the sides of a picture, in the order in which it tries them."""
_RUNS_ALONE = zlib.Z_RLE
"""Have zlib look for runs of one byte only: after PNG's filters a painting repeats nothing else. A full
search takes two thirds longer, and its files are 6 % larger."""
_HEADER_BYTES = 33
"""Length of a PNG's signature and its IHDR chunk."""
_LOSSY: Mapping[str, tuple[str, Mapping[str, int]]] = MappingProxyType(
    {
        WEBP: ("WEBP", {"quality": 92, "method": 4}),
        JPEG: ("JPEG", {"quality": 92}),
        AVIF: ("AVIF", {"quality": 85, "speed": 8, "max_threads": 1}),
    }
)
ORIGIN = Origin()
"""That of a picture without a row."""


class Signs(Protocol):
    """Signs files: see `engine.marks.signature.Signer`."""

    def sign(self, data: bytes, media_type: str, facts: Mapping[str, str]) -> bytes: ...


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """A picture file, its media type, and its size in pixels."""

    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int


def suffix_of(media_type: str) -> str:
    """Return the suffix of a file of this type, such as ".png". Raises KeyError for another type."""
    return _SUFFIX_OF[media_type]


_SUFFIX_OF = {media_type: suffix for suffix, media_type in SUFFIXES.items()}


def finish(
    painting: Pixels,
    conditions: Conditions,
    *,
    media_type: str = PNG,
    originality: float | None = None,
    compressed: bytes | None = None,
    origin: Origin = ORIGIN,
    signer: Signs | None = None,
) -> bytes:
    """Encode a painting (H, W, 3) uint8 with its parameters.

    originality: see `engine.painting.originality`
    compressed: the result of `compress_png` on this painting, where it is already there
    signer: signs the file; None leaves it unsigned
    Raises ValueError for another media type.
    """
    facts = facts_of(conditions, origin, originality)
    xmp = xmp_of(facts, origin)
    if media_type == PNG:
        data = _with_text(compressed or compress_png(painting), png_text(facts, xmp))
    elif media_type in _LOSSY:
        kind, choices = _LOSSY[media_type]
        data = _saved(Image.fromarray(painting), kind, **choices, xmp=xmp.encode())
    else:
        raise ValueError(f"{media_type} is none of {', '.join(SUFFIXES.values())}")
    return signer.sign(data, media_type, facts) if signer else data


def compress_png(painting: Pixels) -> bytes:
    """Encode a painting (H, W, 3) uint8 as PNG without parameters; the slow part of `finish`."""
    return _saved(Image.fromarray(painting), "PNG", compress_type=_RUNS_ALONE)


def _saved(image: Image.Image, kind: str, **choices: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **choices)
    return out.getvalue()


def _with_text(png: bytes, info: PngInfo) -> bytes:
    """Insert text chunks between a PNG's header and its pixels."""
    text = io.BytesIO()
    for kind, data, *_ in info.chunks:
        putchunk(text, kind, data)
    return png[:_HEADER_BYTES] + text.getvalue() + png[_HEADER_BYTES:]


def fit(
    data: bytes,
    conditions: Conditions,
    most: int,
    media_type: str = WEBP,
    signer: Signs | None = None,
) -> EncodedPicture:
    """Encode a finished picture again so that it has at most so many bytes: as another file, and smaller if
    need be.

    The smallest of `SCALES` is returned even when it is still too large.
    """
    image = Image.open(io.BytesIO(data))
    painting, origin = image.convert("RGB"), origin_of(image.info.get("xmp", b""))
    for scale in SCALES:
        width, height = round(painting.width * scale), round(painting.height * scale)
        pixels = np.asarray(painting.resize((width, height), Image.Resampling.LANCZOS))
        encoded = finish(pixels, conditions, media_type=media_type, origin=origin, signer=signer)
        fitted = EncodedPicture(encoded, media_type, width, height)
        if len(fitted.data) <= most:
            break
    return fitted


def encode_preview(layout: Layout) -> bytes:
    """Encode a layout as a small WebP, at most `PREVIEW_SIDE` px on the longer side."""
    image = Image.fromarray(layout.image)
    image.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    return _saved(image, "WEBP", quality=80, method=2)


def encode_drawing(image: Image.Image) -> bytes:
    """Encode a card or an icon, which no painter made, as a PNG as small as it gets."""
    return _saved(image, "PNG", optimize=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file under a temporary name and move it into place: the whole file or none. Raises OSError."""
    partial = path.with_name(f"{path.name}.partial")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise

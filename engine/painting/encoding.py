"""Encode pictures: every file that leaves Easel is written here.

A painting's parameters are written into its file: as PNG text, and as XMP in PNG and WebP, with the IPTC
digital source type of pictures made by a trained model. No clock and no machine's name is written: the same
conditions and weights give the same bytes.
"""

from __future__ import annotations

import io
import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo, putchunk

from engine.conditions import Conditions
from engine.layout import Layout, Pixels

PNG, WEBP = "image/png", "image/webp"
SUFFIXES: Mapping[str, str] = MappingProxyType({".png": PNG, ".webp": WEBP})
"""Media types by the suffix of their files."""
CONDITIONS_KEY, ORIGINALITY_KEY = "easel:conditions", "easel:originality"
SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
PREVIEW_SIDE = 320
"""Pixels of the longer side of a preview; a smaller one is hardly faster to compose."""
SCALES = (1.0, 0.7, 0.5, 0.35, 0.25)
"""Factors by which `fit` shrinks the sides of a picture, in the order in which it tries them."""
_RUNS_ALONE = zlib.Z_RLE
"""Have zlib look for runs of one byte only: after PNG's filters a painting repeats nothing else. A full
search takes two thirds longer, and its files are 6 % larger."""
_HEADER_BYTES = 33
"""Length of a PNG's signature and its IHDR chunk."""
_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:easel="easel:"'
    " Iptc4xmpExt:DigitalSourceType={source} easel:conditions={conditions}{original}/></rdf:RDF></x:xmpmeta>"
)


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
) -> bytes:
    """Encode a painting (H, W, 3) uint8 with its parameters.

    originality: see `engine.painting.originality`
    compressed: the result of `compress_png` on this painting, where it is already there
    Raises ValueError for another media type.
    """
    text = json.dumps(conditions.to_dict(), sort_keys=True, ensure_ascii=False)
    figure = None if originality is None else f"{originality:.2f}"
    original = f' {ORIGINALITY_KEY}="{figure}"' if figure else ""
    xmp = _XMP.format(source=quoteattr(SOURCE_TYPE), conditions=quoteattr(text), original=original)
    if media_type == PNG:
        return _with_text(compressed or compress_png(painting), _png_text(text, xmp, figure))
    if media_type == WEBP:
        return _saved(Image.fromarray(painting), "WEBP", quality=92, method=4, xmp=xmp.encode())
    raise ValueError(f"{media_type} is neither {PNG} nor {WEBP}")


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


def _png_text(conditions: str, xmp: str, originality: str | None) -> PngInfo:
    info = PngInfo()
    info.add_text("Software", "Easel")
    info.add_itxt(CONDITIONS_KEY, conditions)
    if originality:
        info.add_text(ORIGINALITY_KEY, originality)
    info.add_itxt("XML:com.adobe.xmp", xmp)
    return info


def fit(data: bytes, conditions: Conditions, most: int, media_type: str = WEBP) -> EncodedPicture:
    """Encode a finished picture again so that it has at most so many bytes: as another file, and smaller if
    need be.

    The smallest of `SCALES` is returned even when it is still too large.
    """
    painting = Image.open(io.BytesIO(data)).convert("RGB")
    for scale in SCALES:
        width, height = round(painting.width * scale), round(painting.height * scale)
        pixels = np.asarray(painting.resize((width, height), Image.Resampling.LANCZOS))
        fitted = EncodedPicture(finish(pixels, conditions, media_type=media_type), media_type, width, height)
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

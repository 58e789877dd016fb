"""From a painting to a file that says what it is.

The parameters stand in the file: as PNG text, and as XMP in PNG and WebP, with the IPTC digital source type
of pictures made by a trained model. No clock and no machine's name goes in: the same conditions and weights
give the same bytes.
"""

from __future__ import annotations

import io
import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from xml.sax.saxutils import quoteattr

from PIL import Image
from PIL.PngImagePlugin import PngInfo, putchunk

from engine.conditions import Conditions
from engine.layout import Layout, Pixels

PNG, WEBP = "image/png", "image/webp"
SUFFIXES: Mapping[str, str] = MappingProxyType({".png": PNG, ".webp": WEBP})
CONDITIONS_KEY, ORIGINALITY_KEY = "easel:conditions", "easel:originality"
SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
PREVIEW_SIDE = 320
"""Pixels of the longer side of a preview: composing it then costs little more than at the smallest size."""
_RUNS_ALONE = zlib.Z_RLE
"""How zlib looks for repetition: after PNG's filters a painting repeats nothing but runs of one number. To
look for more takes two thirds longer, for files 6 % larger."""
_HEADER_BYTES = 33
"""Of a PNG file: eight that sign it, and the chunk IHDR."""
_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:easel="easel:"'
    " Iptc4xmpExt:DigitalSourceType={source} easel:conditions={conditions}{original}/></rdf:RDF></x:xmpmeta>"
)


def finish(
    painting: Pixels,
    conditions: Conditions,
    *,
    media_type: str = PNG,
    originality: float | None = None,
    compressed: bytes | None = None,
) -> bytes:
    """An encoded file of a painting (H, W, 3) uint8.

    originality: see `engine.painting.originality`; compressed: what `compress_png` made of the painting
    meanwhile
    Raises ValueError for another media type.
    """
    text = json.dumps(conditions.to_dict(), sort_keys=True, ensure_ascii=False)
    figure = None if originality is None else f"{originality:.2f}"
    original = f' {ORIGINALITY_KEY}="{figure}"' if figure else ""
    xmp = _XMP.format(source=quoteattr(SOURCE_TYPE), conditions=quoteattr(text), original=original)
    if media_type == PNG:
        return _with_text(compressed or compress_png(painting), _png_text(text, xmp, figure))
    if media_type == WEBP:
        out = io.BytesIO()
        Image.fromarray(painting).save(out, "WEBP", quality=92, method=4, xmp=xmp.encode())
        return out.getvalue()
    raise ValueError(f"{media_type} is neither {PNG} nor {WEBP}")


def compress_png(painting: Pixels) -> bytes:
    """A PNG file of a painting (H, W, 3) uint8 that says nothing: the part of `finish` that takes long."""
    out = io.BytesIO()
    Image.fromarray(painting).save(out, "PNG", compress_type=_RUNS_ALONE)
    return out.getvalue()


def _with_text(png: bytes, info: PngInfo) -> bytes:
    """The file with its text between its header and its pixels."""
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


def encode_preview(layout: Layout) -> bytes:
    """A small WebP of a layout, at most `PREVIEW_SIDE` px on the longer side."""
    image = Image.fromarray(layout.image)
    image.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    out = io.BytesIO()
    image.save(out, "WEBP", quality=80, method=2)
    return out.getvalue()


def write_whole(path: Path, data: bytes) -> None:
    """The whole file or none: written beside its place and moved there. Raises OSError."""
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

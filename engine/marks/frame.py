"""Check the bytes of a manifest that its hashes leave out.

C2PA hashes a picture and each assertion, but not the frame that holds them: sizes and names of JUMBF boxes
(ISO 19566-5), the padding of the signature, and in JPEG and AVIF what is around it all. A byte changed there
shows in no picture and no claim. Still a file is called intact only when it is so byte for byte.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from PIL import Image

_KIND = bytes.fromhex("00110010800000aa00389b71")
"""The end of every UUID that names a kind of JUMBF box."""
_PLAIN, _SALTED = b"\x03", b"\x13"
"""A box that can be asked for by its label, and one that has a salt too."""
_LABELS = re.compile(
    rb"c2pa(\.assertions|\.claim\.v2|\.signature|\.actions\.v2|\.hash\.(data|boxes|bmff\.v3))?"
    rb"|org\.easel\.picture|urn:c2pa:[0-9a-f-]{36}"
)
_PADDING = re.compile(rb"cpad(?:X(.)|Y(..))(\x00+)", re.DOTALL)
_AVIF_FILE = re.compile(
    rb"\x00\x00\x00.ftypavif\x00{4}(?:avif|mif1|miaf|MA1A|MA1B|avis|msf1)+\x00", re.DOTALL
)
_AVIF_BOX = bytes.fromhex("d8fec3d61b0e483c92975828877ec481") + b"\0\0\0\0manifest" + bytes(9)

_JPEG, _JPEG_BOX = b"\xff\xd8", b"JP\x02\x11\0\0\0\1"


def is_sound(data: bytes) -> bool:
    """Return whether the frame of the manifest in a file, and the file's own, is as it was written."""
    start = data.find(b"jumdc2pa") - 12
    if start < 0 or not _decodes(data):
        return False
    if data[4:8] == b"ftyp" and not (_AVIF_FILE.match(data) and _AVIF_BOX in data):
        return False
    if data.startswith(_JPEG) and _JPEG_BOX not in data:
        return False
    size = int.from_bytes(data[start : start + 4])
    store = data[start : start + size]
    padding = _PADDING.search(store)
    return (
        len(store) == size
        and all(_boxes(store))
        and padding is not None
        and len(padding[3]) >= int.from_bytes(padding[1] or padding[2])
    )


def _decodes(data: bytes) -> bool:
    """Return whether a picture can be read to its end; the sums of a PNG's chunks are compared meanwhile."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
    except (OSError, SyntaxError, ValueError):
        return False
    return True


def _boxes(data: bytes) -> Iterator[bool]:
    """Yield for each box, and those in it, whether it fits its place and is named as it should be."""
    place = 0
    while place < len(data):
        size, kind = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        inside = data[place + 8 : place + size]
        yield size >= 8 and place + size <= len(data)
        if size < 8:
            return
        if kind == b"jumb":
            yield from _boxes(inside)
        elif kind == b"jumd":
            yield _is_named(inside)
        place += size


def _is_named(description: bytes) -> bool:
    """Return whether a description box is of a known kind and label."""
    kind, toggles, label = description[4:16], description[16:17], description[17:].split(b"\0")[0]
    return kind == _KIND and toggles in (_PLAIN, _SALTED) and _LABELS.fullmatch(label) is not None

"""Tell whether a picture was painted by Easel: by its signature, else its mark, else its perceptual hash."""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.storage.database import Database, Row, Storage, first, rows
from commands.chat import UserError
from commands.services.verification import HASH, MARK, SIGNATURE, Verdict
from engine.conditions import Conditions
from engine.layout import Pixels
from engine.marks import code, fingerprint
from engine.marks.code import NO_ROW
from engine.marks.invisible import readings
from engine.marks.keys import SigningKey
from engine.marks.metadata import CONDITIONS_KEY, origin_of
from engine.marks.signature import is_available, read_signature

READ = ("PNG", "WEBP", "JPEG", "AVIF")
MOST_PIXELS = 16_000_000
"""A larger picture would hold up everybody else."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database keeps of all pictures.

    numbers: (N,) of the marks; hashes: (M, 32), and the numbers of their pictures, named: (M,)
    words: (N,) of the numbers
    """

    numbers: NDArray[np.int64]
    hashes: NDArray[np.uint8]
    named: tuple[int, ...]
    words: code.Words = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", code.encode(self.numbers))


class PictureVerifier:
    """Implements `commands.services.verification.Verification`."""

    def __init__(self, storage: Storage | None, key: SigningKey | None) -> None:
        """storage: None where there is no database; key: whose signatures count as this server's"""
        self._storage, self._key = storage, key
        # To look for a mark takes seconds of a core.
        self._one = asyncio.Semaphore(1)

    async def check(self, data: bytes) -> Verdict:
        async with self._one:
            return await self._check(data)

    async def _check(self, data: bytes) -> Verdict:
        pixels, number = await asyncio.to_thread(_opened, data)
        signed = await asyncio.to_thread(_by_signature, data, self._key)
        if signed is not None:
            return await self._named(signed, number)
        stored = await self._stored()
        return await self._named(*await asyncio.to_thread(by_pixels, pixels, stored))

    async def _stored(self) -> Stored:
        if self._storage is None:
            return _stored([])
        return _stored(await self._storage.read(rows, _MARKS))

    async def _named(self, verdict: Verdict, number: int) -> Verdict:
        """Add what the database knows of the picture with this number in its mark."""
        if self._storage is None or number == NO_ROW:
            return verdict
        row = await self._storage.read(_row, number)
        if row is None:
            return verdict
        conditions = verdict.conditions or Conditions.from_dict(json.loads(row["conditions"]))
        return replace(verdict, conditions=conditions, number=row["number"])


_MARKS = "SELECT mark, fingerprint FROM pictures WHERE mark IS NOT NULL"


def _row(database: Database, number: int) -> Row | None:
    return first(database, "SELECT number, conditions FROM pictures WHERE mark = ?", number)


def _stored(found: list[Row]) -> Stored:
    numbers = np.array([NO_ROW, *(row["mark"] for row in found)], np.int64)
    hashed = [row for row in found if row["fingerprint"]]
    joined = bytes.fromhex("".join(row["fingerprint"] for row in hashed))
    hashes = np.frombuffer(joined, np.uint8).reshape(-1, fingerprint.BYTES)
    return Stored(numbers, hashes, tuple(row["mark"] for row in hashed))


def _opened(data: bytes) -> tuple[Pixels, int]:
    """Return a picture's pixels, and the number that its metadata gives it. Raises UserError."""
    try:
        with Image.open(io.BytesIO(data), formats=READ) as image:
            if image.width * image.height > MOST_PIXELS:
                most = MOST_PIXELS // 1_000_000
                raise UserError("This picture is too large: I look at {most} megapixels at most.", most=most)
            number = origin_of(_packet(image)).number
            return np.asarray(image.convert("RGB")), number
    # Pillow raises many kinds of errors for a damaged file.
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, EOFError) as error:
        raise UserError("I cannot read this file: send a PNG, WebP, JPEG or AVIF picture.") from error


def _packet(image: Image.Image) -> bytes:
    packet = image.info.get("xmp", b"")
    return packet if isinstance(packet, bytes) else b""


def _by_signature(data: bytes, key: SigningKey | None) -> Verdict | None:
    found = read_signature(data, key) if key is not None and is_available() else None
    if found is None or not found.is_own:
        return None
    conditions = Conditions.from_dict(json.loads(found.facts[CONDITIONS_KEY]))
    return Verdict(True, found.is_intact, SIGNATURE, conditions)


def by_pixels(pixels: Pixels, stored: Stored) -> tuple[Verdict, int]:
    """Return what the pixels tell, and the number of the picture in marks."""
    for reading in readings(pixels):
        match = code.nearest_number(reading.bits, stored.numbers, stored.words) or code.unlisted(reading.bits)
        if match is not None:
            return Verdict(True, False, MARK), match.number
    place = fingerprint.nearest_hash(fingerprint.fingerprint(pixels), stored.hashes)
    if place is None:
        return Verdict(), NO_ROW
    return Verdict(True, False, HASH), stored.named[place]

"""A perceptual hash: 256 bits that hardly change when a picture is scaled or compressed.

The signs of the lowest frequencies of a small gray copy against their median (Zauner, Implementation and
Benchmarking of Perceptual Image Hash Functions, 2010).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.layout import Pixels

SIDE, KEPT = 64, 16
BYTES = KEPT * KEPT // 8
NEAR = 32
"""Most bits of 256 in which copies of one picture differ."""


def fingerprint(picture: Pixels) -> bytes:
    """Return the hash (32 bytes) of a picture (H, W, 3) uint8."""
    gray = Image.fromarray(picture).convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
    cosines = _cosines()
    low = cosines @ np.asarray(gray, np.float32) @ cosines.T  # (16, 16)
    return np.packbits(low > np.median(low)).tobytes()


def nearest_hash(read: bytes, stored: NDArray[np.uint8]) -> int | None:
    """Return the place of the nearest among stored hashes (N, 32); None when none is near."""
    if not len(stored):
        return None
    differing = np.bitwise_count(stored ^ np.frombuffer(read, np.uint8)).sum(1, dtype=np.int64)
    place = int(differing.argmin())
    return place if differing[place] <= NEAR else None


@cache
def _cosines() -> NDArray[np.float32]:
    """Return the lowest rows of the cosine transform (16, 64), without the constant one."""
    rows, columns = np.arange(1, KEPT + 1)[:, None], np.arange(SIDE)[None]
    return np.cos(np.pi * rows * (2 * columns + 1) / (2 * SIDE)).astype(np.float32)

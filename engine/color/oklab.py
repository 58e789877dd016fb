"""OKLab for whole pictures: Björn Ottosson, "A perceptual color space for image processing" (2020).

The same arithmetic as in `coloraide`, which is too slow for whole pictures.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.layout import Pixels

Lab = NDArray[np.float32]
"""(..., 3) float32: L 0..1, a and b about -0.4..0.4."""

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)
_FROM_LMS = np.linalg.inv(_TO_LMS).astype(np.float32)
_FROM_LAB = np.linalg.inv(_TO_LAB).astype(np.float32)
_LMS_ROWS, _RGB_ROWS = _FROM_LAB.tolist(), _FROM_LMS.tolist()

DARKEST, BRIGHTEST = -0.001, 1.001
"""Range of linear sRGB that a screen can show, with a little tolerance."""


def _encode(linear: NDArray[np.float32]) -> NDArray[np.float32]:
    low = linear <= 0.0031308
    return np.where(low, linear * 12.92, 1.055 * np.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055)


_ENCODED = np.round(_encode(np.linspace(0, 1, 8192, dtype=np.float32)) * 255).astype(np.uint8)
_BYTES = np.arange(256, dtype=np.float32) / 255
_LINEAR = np.where(_BYTES <= 0.04045, _BYTES / 12.92, ((_BYTES + 0.055) / 1.055) ** 2.4).astype(np.float32)


def linear_from_oklab(lab: Lab) -> NDArray[np.float32]:
    """Convert OKLab (..., 3) to linear sRGB, which is outside 0..1 where a screen cannot show the color."""
    lms = np.asarray(lab, np.float32) @ _FROM_LAB.T
    return np.asarray((lms * lms * lms) @ _FROM_LMS.T, np.float32)


def is_shown(lightness: float, a: float, b: float) -> bool:
    """Whether sRGB can show one color. In plain numbers, because numpy's overhead would dominate."""
    lms = [(lightness * row[0] + a * row[1] + b * row[2]) ** 3 for row in _LMS_ROWS]
    linear = (lms[0] * row[0] + lms[1] * row[1] + lms[2] * row[2] for row in _RGB_ROWS)
    return all(DARKEST < channel < BRIGHTEST for channel in linear)


def srgb_from_oklab(lab: Lab) -> Pixels:
    """Convert OKLab (..., 3) to uint8 sRGB; clip channels that are out of range."""
    linear = np.clip(linear_from_oklab(lab), 0, 1)
    return _ENCODED[(linear * 8191 + 0.5).astype(np.int32)]


def oklab_from_srgb(pixels: Pixels) -> Lab:
    """Convert uint8 sRGB (..., 3) to OKLab."""
    return np.asarray(np.cbrt(_LINEAR[pixels] @ _TO_LMS.T) @ _TO_LAB.T, np.float32)

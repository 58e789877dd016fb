"""The border between composing and painting."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""(H, W, 3) sRGB, 0..255."""
Mask = NDArray[np.float32]
"""(H, W), 0 outside the figure to 1 inside it."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A flat-colour sketch of the picture.

    image: (H, W, 3) uint8 sRGB
    figure: (H, W) float32 in [0, 1], where the asked silhouette stands
    palette: the colours it was drawn with as '#rrggbb', the ruling one first
    calm: (H, W) float32 in [0, 1], where paper is to stay paper and an even area even; None where a style
        paints all over
    paper: sRGB of what is between the lines, in a style whose layouts only tell where to draw; None elsewhere
    wash: (H, W, 3) uint8 sRGB, what is washed over the lines of such a style; None elsewhere
    """

    image: Pixels = field(repr=False)
    figure: Mask = field(repr=False)
    palette: tuple[str, ...]
    calm: Mask | None = field(default=None, repr=False)
    paper: tuple[int, int, int] | None = None
    wash: Pixels | None = field(default=None, repr=False)

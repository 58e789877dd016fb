"""What composing hands to painting."""

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
    """A composition reduced to what the painter paints on.

    image: (H, W, 3) uint8 sRGB
    figure: (H, W) float32 in [0, 1], where the figures are that were asked for
    palette: its colors as '#rrggbb', the main one first
    preserve: (H, W) float32 in [0, 1], the share of the painter's change to undo; None for nothing
    sources: names of the atlas's compositions in it
    """

    image: Pixels = field(repr=False)
    figure: Mask = field(repr=False)
    palette: tuple[str, ...]
    preserve: Mask | None = field(default=None, repr=False)
    sources: tuple[str, ...] = ()

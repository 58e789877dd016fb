"""The parts of a layout in painter's order, before they have colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.fields import Field, Frame, blurred, shrunk

OPEN_ROLES = frozenset({"sky", "band", "front", "echo"})
"""Roles whose colour is chosen among the asked ones by area."""


@dataclass(slots=True)
class Region:
    """One part of the picture.

    mask: mode L, full size
    role: "sky", "band", "front" (before the figure's feet), "figure", "echo" (the figure again in another
        colour), "accent" (a small light), "cloud" or "shade"
    depth: 0 far and airy to 1 near and strong
    relief: light (1) and shadow (-1) on it; None when it is even
    inset: distance from its leading edge in units, which lines on it follow; None when it has no such edge
    body: the figure's mask with its small gaps filled
    """

    mask: Image.Image
    role: str
    depth: float = 0.5
    relief: Field | None = field(default=None, repr=False)
    inset: Field | None = field(default=None, repr=False)
    body: Image.Image | None = field(default=None, repr=False)


def areas(regions: Sequence[Region], frame: Frame) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Share of the frame in which each region is seen, and its share of the figure's border; both (N,)."""
    seen = _seen([shrunk(region.mask, frame) for region in regions])
    figure = sum(
        (part for part, region in zip(seen, regions, strict=True) if region.role == "figure"), np.float32(0)
    )
    border = np.clip(blurred(np.asarray(figure, np.float32), 5) * 4, 0, 1) * (1 - figure)
    weight = max(float(border.sum()), 1e-6)
    # Where a soft mask is thin, what is below shows: it counts only where it covers.
    shares = np.array([np.clip((part - 0.25) * 2, 0, 1).mean() for part in seen], np.float32)
    return shares, np.array([(part * border).sum() / weight for part in seen], np.float32)


def _seen(covers: Sequence[Field]) -> list[Field]:
    """What is left of each cover under those that come after it."""
    left = np.ones_like(covers[0])
    seen = []
    for cover in reversed(covers):
        seen.append(cover * left)
        left = left * (1 - cover)
    return seen[::-1]

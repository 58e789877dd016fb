"""The parts of a layout in painter's order, before they have colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from PIL import Image

from engine.composing.fields import Field, Frame, blurred, shrunk, visible

OPEN_ROLES = frozenset({"sky", "wall", "band", "front", "echo"})
"""Roles whose colour is chosen among the asked ones by area."""


@dataclass(slots=True)
class Region:
    """One part of the picture.

    mask: mode L, full size
    role: "sky", "wall" (a part of it, indoors), "band", "front" (before the figure's feet), "figure", "echo"
        (the figure again in another colour), "accent" (a small light), "cloud" or "shade"
    depth: 0 far and airy to 1 near and strong
    relief: light (1) and shadow (-1) on it; None when it is even
    inset: distance from its leading edge in units, which lines on it follow; None when it has no such edge
    guest: whether it is of another shape than the main one
    body: the figure's mask with its small gaps filled; of drawn land, all of it and not its shaded edge alone
    """

    mask: Image.Image
    role: str
    depth: float = 0.5
    relief: Field | None = field(default=None, repr=False)
    inset: Field | None = field(default=None, repr=False)
    body: Image.Image | None = field(default=None, repr=False)
    guest: bool = False


def seen(regions: Sequence[Region], frame: Frame) -> list[Field]:
    """How much of each region shows in each cell of the small grid: its cover less what comes after it."""
    left = np.ones(frame.shape, np.float32)
    parts = []
    for region in reversed(regions):
        cover = shrunk(region.mask, frame)
        parts.append(cover * left)
        left = left * (1 - cover)
    return parts[::-1]


def uncovered(regions: Sequence[Region], parts: Sequence[Field], frame: Frame) -> list[Region]:
    """The regions cut to the boxes in which they show: what is painted over need not be painted."""
    return [
        replace(region, mask=visible(part, region.mask, frame))
        for region, part in zip(regions, parts, strict=True)
    ]


def areas(regions: Sequence[Region], parts: Sequence[Field]) -> tuple[Field, Field]:
    """Share of the frame in which each region is seen, and its share of the figure's border; both (N,)."""
    figure = np.zeros_like(parts[0])
    for part, region in zip(parts, regions, strict=True):
        if region.role == "figure":
            figure = figure + part
    border = np.clip(blurred(figure, 5) * 4, 0, 1) * (1 - figure)
    weight = max(float(border.sum()), 1e-6)
    # Where a soft mask is thin, what is below shows: it counts only where it covers.
    shares = np.array([np.clip((part - 0.25) * 2, 0, 1).mean() for part in parts], np.float32)
    return shares, np.array([(part * border).sum() / weight for part in parts], np.float32)

"""Smooth fields and sharp masks that look the same at any size.

Everything soft is made on a small grid fixed by the aspect alone and enlarged; everything sharp is where an
enlarged field crosses zero. Coordinates are in units of the longer side, x to the right and y downwards.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.conditions import Conditions
from engine.layout import Mask

Field = NDArray[np.float32]
"""(rows, columns) of the small grid."""
Box = tuple[int, int, int, int]
"""Left, upper, right, lower."""
GRID = 96
"""Cells along the longer side."""
REACH = 0.025
"""Distances to an edge are told apart up to this many units."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The picture's measures: pixels, and the units across and down of which the longer is 1."""

    width: int
    height: int
    across: float
    down: float

    @classmethod
    def of(cls, conditions: Conditions) -> Frame:
        """The frame of a picture; its units depend on the aspect alone, never on the size."""
        longer = max(conditions.aspect)
        return cls(
            conditions.width, conditions.height, conditions.aspect[0] / longer, conditions.aspect[1] / longer
        )

    @property
    def scale(self) -> float:
        """Pixels per unit."""
        return float(max(self.width, self.height))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the small grid."""
        return max(24, round(self.down * GRID)), max(24, round(self.across * GRID))

    @property
    def x(self) -> Field:
        """(1, columns) unit coordinates of the cells' centres."""
        columns = self.shape[1]
        return ((np.arange(columns, dtype=np.float32) + 0.5) * np.float32(self.across / columns))[None, :]

    @property
    def y(self) -> Field:
        """(rows, 1) unit coordinates of the cells' centres."""
        rows = self.shape[0]
        return ((np.arange(rows, dtype=np.float32) + 0.5) * np.float32(self.down / rows))[:, None]


def resized(field: Field, width: int, height: int) -> Field:
    """The field on another grid, smoothly."""
    image = Image.fromarray(np.ascontiguousarray(field, np.float32))
    return np.array(image.resize((width, height), Image.Resampling.BICUBIC), np.float32)


def noise(
    rng: np.random.Generator, frame: Frame, cells: float, octaves: int = 2, *, stretch: float = 1
) -> Field:
    """Smooth noise of about unit deviation: `cells` bumps a unit, each `stretch` times as wide as high."""
    rows, columns = frame.shape
    total = np.zeros((rows, columns), np.float32)
    for octave in range(octaves):
        count = cells * 2**octave
        size = (max(2, round(count * frame.down)) + 1, max(2, round(count * frame.across / stretch)) + 1)
        knots = rng.standard_normal(size).astype(np.float32)
        total += resized(knots, columns, rows) * np.float32(0.5**octave)
    return total


def line_noise(rng: np.random.Generator, frame: Frame, cells: float, octaves: int = 3) -> Field:
    """(1, columns) noise along x, about unit deviation."""
    columns = frame.shape[1]
    total = np.zeros((1, columns), np.float32)
    for octave in range(octaves):
        knots = rng.standard_normal((1, max(2, round(cells * 2**octave * frame.across)) + 2))
        total += resized(knots.astype(np.float32), columns, 1) * np.float32(0.45**octave)
    return total


def blurred(field: Field, radius: float) -> Field:
    """The field without details smaller than `radius` cells."""
    rows, columns = field.shape
    small = (max(2, round(columns / radius)), max(2, round(rows / radius)))
    image = Image.fromarray(np.ascontiguousarray(field, np.float32))
    image = image.resize(small, Image.Resampling.BILINEAR)
    return np.asarray(image.resize((columns, rows), Image.Resampling.BICUBIC), np.float32)


def distance(field: Field) -> Field:
    """Signed distance in units to where a smooth field crosses zero, right near the crossing."""
    return np.asarray(field / steepness(field), np.float32)


def steepness(field: Field) -> Field:
    """By how much the field changes over a unit; never 0."""
    down, right = np.gradient(field)
    return np.asarray(np.maximum(np.hypot(down, right) * GRID, 1e-3), np.float32)


def cut(reach: Field, frame: Frame) -> Image.Image:
    """A sharp mask (mode L) of where the signed distance `reach`, in units, is positive."""
    inside = Image.fromarray((reach > 0).astype(np.uint8) * 255)
    canvas = inside.resize((frame.width, frame.height), Image.Resampling.NEAREST)
    near = _bounds(_near_edges(reach))
    if near is not None:
        bounded = np.clip(reach, -REACH, REACH) * np.float32(127 / REACH) + np.float32(128)
        small = Image.fromarray(bounded.astype(np.uint8))
        box = _pixels(near, frame)
        canvas.paste(enlarged(small, frame, box).point(_edge(frame.scale)), box)
    return canvas


def _near_edges(reach: Field) -> NDArray[np.bool_]:
    """Cells that are not far inside or outside, or beside one on the other side."""
    inside = reach > 0
    near = np.abs(reach) < REACH
    near[1:] |= inside[1:] != inside[:-1]
    near[:, 1:] |= inside[:, 1:] != inside[:, :-1]
    return near


def _bounds(cells: NDArray[np.bool_]) -> Box | None:
    """The box of the cells that are true."""
    rows, columns = (np.nonzero(cells.any(axis))[0] for axis in (1, 0))
    if not len(rows):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


@functools.lru_cache(maxsize=64)
def _edge(scale: float) -> list[int]:
    """From bounded distances as bytes to how much of a pixel is covered, at `scale` px a unit."""
    slope = REACH / 127 * scale
    return [min(255, max(0, round(255 * ((level - 128) * slope + 0.5)))) for level in range(256)]


def _pixels(cells: Box, frame: Frame) -> Box:
    """The box of pixels that holds a box of cells and one cell around it."""
    across, down = frame.width / frame.shape[1], frame.height / frame.shape[0]
    return (
        max(0, math.floor((cells[0] - 1) * across)),
        max(0, math.floor((cells[1] - 1) * down)),
        min(frame.width, math.ceil((cells[2] + 1) * across)),
        min(frame.height, math.ceil((cells[3] + 1) * down)),
    )


def enlarged(
    small: Image.Image, frame: Frame, box: Box, by: Image.Resampling = Image.Resampling.BICUBIC
) -> Image.Image:
    """The pixels in `box` of a picture on the small grid enlarged to the frame; the rest is not reckoned."""
    across, down = small.width / frame.width, small.height / frame.height
    source = (box[0] * across, box[1] * down, box[2] * across, box[3] * down)
    return small.resize((box[2] - box[0], box[3] - box[1]), by, box=source)


def veil(strength: Field, frame: Frame) -> Image.Image:
    """A soft mask (mode L) of a field in 0..1."""
    small = Image.fromarray((np.clip(strength, 0, 1) * 255).astype(np.uint8))
    canvas = Image.new("L", (frame.width, frame.height))
    near = small.getbbox()
    if near is not None:
        box = _pixels(near, frame)
        canvas.paste(enlarged(small, frame, box), box)
    return canvas


def shrunk(mask: Image.Image, frame: Frame) -> Field:
    """A mask on the small grid, 0..1."""
    rows, columns = frame.shape
    small = mask.resize((columns, rows), Image.Resampling.BOX, reducing_gap=2.0)
    return np.asarray(small, np.float32) / np.float32(255)


def visible(part: Field, mask: Image.Image, frame: Frame) -> Image.Image:
    """The mask without what lies outside the box of the cells in which its `part` is above 0."""
    canvas = Image.new("L", mask.size)
    near = _bounds(part > 0)
    if near is not None:
        box = _pixels(near, frame)
        canvas.paste(mask.crop(box), box)
    return canvas


def as_mask(image: Image.Image) -> Mask:
    """A mode L image as (H, W) float32 in 0..1."""
    return np.asarray(image, np.float32) / np.float32(255)

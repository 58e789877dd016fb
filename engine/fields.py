"""Smooth fields and sharp masks that look the same at any size.

Everything soft is made on a small grid fixed by the aspect alone and enlarged; everything sharp is where an
enlarged field crosses zero. Coordinates are in units of the longer side, x to the right and y downwards.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from engine.conditions import Conditions
from engine.layout import Mask
from engine.silhouettes import silhouette

Field = NDArray[np.float32]
"""(rows, columns) of the small grid."""
GRID = 96
"""Cells along the longer side."""
MESH = 10
"""Cells along the side of the net by which a silhouette is warped."""


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


def noise(rng: np.random.Generator, frame: Frame, cells: float, octaves: int = 2) -> Field:
    """Smooth noise of about unit deviation with `cells` bumps along the longer side."""
    rows, columns = frame.shape
    total = np.zeros((rows, columns), np.float32)
    for octave in range(octaves):
        count = cells * 2**octave
        size = (max(2, round(count * frame.down)) + 1, max(2, round(count * frame.across)) + 1)
        total += resized(rng.standard_normal(size).astype(np.float32), columns, rows) * np.float32(0.5**octave)
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
    down, right = np.gradient(field)
    slope = np.hypot(down, right) * GRID
    return np.clip(field / np.maximum(slope, 1e-3), -0.05, 0.05).astype(np.float32)


def cut(reach: Field, frame: Frame) -> Image.Image:
    """A sharp mask (mode L) of where the signed distance `reach`, in units, is positive."""
    full = resized(reach, frame.width, frame.height)
    full *= np.float32(frame.scale)
    full += np.float32(0.5)
    np.clip(full, 0, 1, out=full)
    full *= np.float32(255)
    return Image.fromarray(full.astype(np.uint8))


def veil(strength: Field, frame: Frame) -> Image.Image:
    """A soft mask (mode L) of a field in 0..1."""
    small = Image.fromarray((np.clip(strength, 0, 1) * 255).astype(np.uint8))
    return small.resize((frame.width, frame.height), Image.Resampling.BICUBIC)


def shrunk(mask: Image.Image, frame: Frame) -> Field:
    """A mask on the small grid, 0..1."""
    rows, columns = frame.shape
    small = mask.resize((columns, rows), Image.Resampling.BOX)
    return np.asarray(small, np.float32) / np.float32(255)


def as_mask(image: Image.Image) -> Mask:
    """A mode L image as (H, W) float32 in 0..1."""
    return np.asarray(image, np.float32) / np.float32(255)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a silhouette stands: its middle, its longer side in units, its turn in degrees clockwise."""

    x: float
    y: float
    size: float
    turn: float = 0.0
    flip: bool = False


def stamp(shape: str, frame: Frame, place: Place, wobble: Field) -> Image.Image:
    """The silhouette in the frame (mode L), warped so that it looks cut by hand.

    wobble: (2, MESH + 1, MESH + 1) shifts of the net's knots, in silhouette sides.
    """
    side = max(4, round(place.size * frame.scale))
    source = Image.fromarray((silhouette(shape, side, side) * 255).astype(np.uint8))
    source = ImageOps.expand(ImageOps.mirror(source) if place.flip else source, 2)
    reach = math.ceil(side * 0.75)
    patch = source.transform(
        (2 * reach, 2 * reach),
        Image.Transform.MESH,
        _net(reach, side, place.turn, wobble),
        Image.Resampling.BILINEAR,
    )
    canvas = Image.new("L", (frame.width, frame.height))
    corner = (round(place.x * frame.scale) - reach, round(place.y * frame.scale) - reach)
    canvas.paste(patch, corner)
    return canvas


def wobbles(rng: np.random.Generator, amount: float) -> Field:
    """Random shifts for `stamp`; `amount` is their deviation in silhouette sides."""
    knots = rng.standard_normal((2, 6, 6)).astype(np.float32) * np.float32(amount)
    return np.stack([resized(part, MESH + 1, MESH + 1) for part in knots])


def _net(
    reach: int, side: int, turn: float, wobble: Field
) -> list[tuple[tuple[int, int, int, int], tuple[float, ...]]]:
    ticks = np.round(np.linspace(0, 2 * reach, MESH + 1)).astype(int)
    x, y = np.meshgrid(ticks - reach, ticks - reach)
    angle = math.radians(turn)
    middle = side / 2 + 2
    source_x = x * math.cos(angle) + y * math.sin(angle) + middle + wobble[0] * side
    source_y = y * math.cos(angle) - x * math.sin(angle) + middle + wobble[1] * side
    knots = np.stack([source_x, source_y], 2)
    net = []
    for row in range(MESH):
        for column in range(MESH):
            box = (int(ticks[column]), int(ticks[row]), int(ticks[column + 1]), int(ticks[row + 1]))
            corners = knots[[row, row + 1, row + 1, row], [column, column, column + 1, column + 1]]
            net.append((box, tuple(float(value) for value in corners.ravel())))
    return net

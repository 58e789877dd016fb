"""Silhouettes set into the picture: turned, mirrored, and warped so that they look cut by hand."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter, ImageOps

from engine.composing.fields import Box, Field, Frame, resized, shrunk
from engine.composing.silhouettes import drawn

COARSE = 128
"""Side in px at which gaps are closed and the cushion is blurred: both are soft."""
GAP = 1.1
"""Blur, in px of the coarse silhouette, by which gaps of about three times the width close: no wider than
the line between two parts of one body, for what lies between legs, spokes and ears is the shape's own."""
EYE = 0.012
"""Enclosed holes smaller than this share of the silhouette's square are eyes and buttons."""
ROOM = 12
"""Px around the coarse silhouette, so that blurs see its outside."""
MARGIN = 2


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a silhouette stands, in units: its middle and its longer side; turned clockwise by degrees."""

    x: float
    y: float
    size: float
    turn: float = 0.0
    flip: bool = False


@dataclass(frozen=True, slots=True)
class Stamped:
    """Silhouettes in the frame.

    mask: the silhouettes; body: with their small gaps and eyes filled; both mode L, full size
    height: the bodies as cushions 0..1 on the small grid
    """

    mask: Image.Image
    body: Image.Image
    height: Field


def stamp(shape: str, frame: Frame, places: Sequence[Placement], wobble: Sequence[Field]) -> Stamped:
    """All the places in one. wobble: (2, N, N) nets of shifts in silhouette sides, taken in turn."""
    canvas = Image.new("RGB", (frame.width, frame.height))
    patches: dict[tuple[float, float, bool, int], Image.Image] = {}
    for index, place in enumerate(places):
        variant = index % len(wobble)
        likeness = (place.size, place.turn, place.flip, variant)
        if likeness not in patches:
            patches[likeness] = _patch(shape, frame, place, wobble[variant])
        _set(canvas, frame, place, patches[likeness])
    mask, body, height = canvas.split()
    return Stamped(mask, body, shrunk(height, frame))


def wobbles(rng: np.random.Generator, amount: float, cells: int) -> Field:
    """(2, cells + 1, cells + 1) smooth random shifts; `amount` is their deviation in silhouette sides."""
    knots = rng.standard_normal((2, 6, 6)).astype(np.float32) * np.float32(amount)
    return np.stack([resized(part, cells + 1, cells + 1) for part in knots])


def _patch(shape: str, frame: Frame, place: Placement, wobble: Field) -> Image.Image:
    side = max(4, round(place.size * frame.scale))
    source = _layers(shape, side)
    source = ImageOps.mirror(source) if place.flip else source
    reach = math.ceil(side * 0.75)
    net = _net(reach, side, place.turn, wobble, source.getbbox() or (0, 0, 0, 0))
    return source.transform((2 * reach, 2 * reach), Image.Transform.MESH, net, Image.Resampling.BILINEAR)


def _set(canvas: Image.Image, frame: Frame, place: Placement, patch: Image.Image) -> None:
    left, top = (round(at * frame.scale) - patch.width // 2 for at in (place.x, place.y))
    box = (left, top, left + patch.width, top + patch.height)
    canvas.paste(ImageChops.lighter(patch, canvas.crop(box)), box)


@functools.lru_cache(maxsize=8)
def _layers(shape: str, side: int) -> Image.Image:
    """The silhouette, its body and its cushion as channels of one picture, so that one warp does for all."""
    mask = drawn(shape, side, side)
    body, cushion = _coarse(shape)
    cushion = cushion.resize((side, side), Image.Resampling.BILINEAR)
    body = body.resize((side, side), Image.Resampling.BICUBIC)
    body = body.point([max(0, min(255, (level - 96) * 4)) for level in range(256)])
    merged = Image.merge("RGB", (mask, ImageChops.lighter(mask, body), cushion))
    return ImageOps.expand(merged, MARGIN)


@functools.lru_cache(maxsize=128)
def _coarse(shape: str) -> tuple[Image.Image, Image.Image]:
    inner = COARSE - 2 * ROOM
    padded = ImageOps.expand(drawn(shape, inner, inner), ROOM)
    closed = ImageChops.lighter(_blurred_over(_blurred_over(padded, 30), 225), padded)
    closed = ImageChops.lighter(closed, _eyes(padded))
    # The silhouette reaches to the edges of its square, so the cushion is blurred with room around it.
    soft = [np.asarray(closed.filter(ImageFilter.GaussianBlur(radius)), np.float32) for radius in (3, 7, 14)]
    cushion = Image.fromarray((np.mean(soft, axis=0) * (np.asarray(closed) / 255)).astype(np.uint8))
    box = (ROOM, ROOM, COARSE - ROOM, COARSE - ROOM)
    return closed.filter(ImageFilter.GaussianBlur(0.7)).crop(box), cushion.crop(box)


def _eyes(mask: Image.Image) -> Image.Image:
    """The small ones among the holes; what is around the silhouette is large."""
    small = np.asarray(mask.reduce(2))
    filled = np.zeros_like(small)
    rows, lefts, rights = _runs(small < 128)
    hole = _joined(rows, lefts, rights)
    area = np.bincount(hole, rights - lefts)[hole]
    for run in np.nonzero(area < EYE * ((COARSE - 2 * ROOM) / 2) ** 2)[0]:
        filled[rows[run], lefts[run] : rights[run]] = 255
    return Image.fromarray(filled).resize(mask.size, Image.Resampling.BICUBIC)


def _runs(free: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Row, first column and column after the last of each run of free cells, in order."""
    edges = np.diff(np.pad(free, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, lefts = np.nonzero(edges > 0)
    return rows, lefts, np.nonzero(edges < 0)[1]


def _joined(
    rows: NDArray[np.int64], lefts: NDArray[np.int64], rights: NDArray[np.int64]
) -> NDArray[np.int64]:
    """(runs,): the first of the runs that each run hangs together with."""
    below = rows == rows[:, None] + 1
    pairs = np.argwhere(below & (lefts[:, None] < rights) & (lefts < rights[:, None]))
    first = list(range(len(rows)))

    def root(run: int) -> int:
        while first[run] != run:
            run = first[run]
        return run

    for one, other in pairs.tolist():
        ends = root(one), root(other)
        first[max(ends)] = min(ends)
    return np.array([root(run) for run in first])


def _blurred_over(mask: Image.Image, threshold: int) -> Image.Image:
    """Grown by a low threshold, shrunk by a high one, round at the corners."""
    table = [255 * (level > threshold) for level in range(256)]
    return mask.filter(ImageFilter.GaussianBlur(GAP)).point(table)


def _net(
    reach: int, side: int, turn: float, wobble: Field, filled: Box
) -> list[tuple[Box, tuple[float, ...]]]:
    """What `Image.transform` wants for a mesh: boxes of the patch and their corners in the source.

    filled: where there is something in the source; boxes that see nothing of it are left out
    """
    cells = wobble.shape[1] - 1
    ticks = np.round(np.linspace(0, 2 * reach, cells + 1)).astype(int)
    x, y = np.meshgrid(ticks - reach, ticks - reach)
    boxes = np.stack([x[:-1, :-1], y[:-1, :-1], x[1:, 1:], y[1:, 1:]], 2).reshape(-1, 4) + reach
    angle, middle = math.radians(turn), side / 2 + MARGIN
    source_x = x * math.cos(angle) + y * math.sin(angle) + middle + wobble[0] * side
    source_y = y * math.cos(angle) - x * math.sin(angle) + middle + wobble[1] * side
    corners = _corners(source_x, source_y)
    needed = _see(corners, filled)
    return [
        ((box[0], box[1], box[2], box[3]), tuple(corner))
        for box, corner in zip(boxes[needed].tolist(), corners[needed].tolist(), strict=True)
    ]


def _see(corners: NDArray[np.float64], filled: Box) -> NDArray[np.bool_]:
    """(cells,): whether a cell with these corners (cells, 8) reaches into the box."""
    x, y = corners[:, ::2], corners[:, 1::2]
    across = (x.max(1) > filled[0] - 1) & (x.min(1) < filled[2] + 1)
    return np.asarray(across & (y.max(1) > filled[1] - 1) & (y.min(1) < filled[3] + 1))


def _corners(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """(cells, 8): x and y of the upper left, lower left, lower right and upper right corner of each cell."""
    knots = np.stack([x, y], 2)
    corners = [knots[:-1, :-1], knots[1:, :-1], knots[1:, 1:], knots[:-1, 1:]]
    return np.concatenate(corners, 2).reshape(-1, 8)

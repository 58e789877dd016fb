"""Geometric shapes as bodies of one colour: silhouettes from formulas, which light then models."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from PIL import Image, ImageDraw

from engine.layout import Mask

SIDE, OVER = 224, 4
"""Pixels of a silhouette's longer side, and how many times as large it is drawn."""
ROUND = 120

Outline = list[tuple[float, float]]
"""Points about (0, 0), y downwards, about within the unit circle."""


def _regular(corners: int, turn: float = -90.0) -> Outline:
    angles = (math.radians(turn + 360 * k / corners) for k in range(corners))
    return [(math.cos(angle), math.sin(angle)) for angle in angles]


def _star(points: int, inner: float) -> Outline:
    outer = _regular(2 * points)
    return [(x, y) if k % 2 == 0 else (x * inner, y * inner) for k, (x, y) in enumerate(outer)]


def _curve(point: Callable[[float], tuple[float, float]], length: float = 1.0) -> Outline:
    return [point(2 * math.pi * length * k / ROUND) for k in range(ROUND)]


def _heart(t: float) -> tuple[float, float]:
    upper = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
    return math.sin(t) ** 3, -upper / 16


def _band(
    middle: Callable[[float], tuple[float, float]], steps: int, width: Callable[[float], float]
) -> Outline:
    """A band along a curve; both take 0 to 1."""
    sides: tuple[Outline, Outline] = ([], [])
    for k in range(steps):
        t = k / (steps - 1)
        (x, y), (u, v) = middle(t), middle(t + 1e-3)
        length = math.hypot(u - x, v - y)
        across = ((y - v) / length * width(t), (u - x) / length * width(t))
        sides[0].append((x + across[0], y + across[1]))
        sides[1].append((x - across[0], y - across[1]))
    return sides[0] + sides[1][::-1]


def _coil(t: float) -> tuple[float, float]:
    angle, radius = 2 * math.pi * 2.6 * t, 0.08 + 0.84 * t
    return radius * math.cos(angle), radius * math.sin(angle)


def _billow(t: float) -> tuple[float, float]:
    angle = 2 * math.pi * (0.52 + 1.1 * t)
    radius = 1 - 0.78 * t
    return radius * math.cos(angle) + 0.1 * t, radius * math.sin(angle) * 0.8


def _eight(t: float) -> tuple[float, float]:
    scale = 1 / (1 + math.sin(t) ** 2)
    return math.cos(t) * scale, 0.9 * math.sin(t) * math.cos(t) * scale


_SQUARE = [(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)]
_CIRCLE = _regular(ROUND)
_HALF = [(x, y + 0.5) for x, y in _CIRCLE if y <= 0.001]
_THIRD = 0.34

SHAPES: Mapping[str, tuple[Outline, Outline]] = MappingProxyType(
    {
        "circle": (_CIRCLE, []),
        "square": (_SQUARE, []),
        "triangle": (_regular(3), []),
        "pentagon": (_regular(5), []),
        "hexagon": (_regular(6), []),
        "octagon": (_regular(8, -67.5), []),
        "star": (_star(5, 0.42), []),
        "starburst": (_star(12, 0.68), []),
        "spiral": (_band(_coil, 140, lambda t: 0.1), []),
        "heart": (_curve(_heart), []),
        "crescent": (_CIRCLE, [(0.42 + 0.86 * x, -0.14 + 0.86 * y) for x, y in _CIRCLE]),
        "ring": (_CIRCLE, [(0.58 * x, 0.58 * y) for x, y in _CIRCLE]),
        "diamond": ([(0, -1), (0.75, 0), (0, 1), (-0.75, 0)], []),
        "cross": (
            [
                *(
                    (-_THIRD, -1),
                    (_THIRD, -1),
                    (_THIRD, -_THIRD),
                    (1, -_THIRD),
                    (1, _THIRD),
                    (_THIRD, _THIRD),
                ),
                *(
                    (_THIRD, 1),
                    (-_THIRD, 1),
                    (-_THIRD, _THIRD),
                    (-1, _THIRD),
                    (-1, -_THIRD),
                    (-_THIRD, -_THIRD),
                ),
            ],
            [],
        ),
        "wave": (_band(_billow, 90, lambda t: 0.24 * (1 - t) ** 0.6 + 0.03), []),
        "oval": ([(x, 0.66 * y) for x, y in _CIRCLE], []),
        "arch": (_HALF, [(0.58 * x, 0.58 * (y - 0.5) + 0.5) for x, y in _HALF]),
        "cube": (_regular(6), []),
        "infinity": (_curve(_eight), []),
    }
)
"""Outline of each shape, and of what is cut out of it."""


def silhouette(name: str) -> Mask:
    """Draw a shape's silhouette (h, w) in [0, 1], cropped to it. Raises KeyError for an unknown name."""
    outline, hole = SHAPES[name]
    image = Image.new("L", (SIDE * OVER, SIDE * OVER))
    pen = ImageDraw.Draw(image)
    if name == "infinity":
        pen.line(_placed([*outline, outline[0]]), fill=255, width=round(0.11 * SIDE * OVER), joint="curve")
    else:
        pen.polygon(_placed(outline), fill=255)
    if hole:
        pen.polygon(_placed(hole), fill=0)
    cropped = image.crop(image.getbbox())
    size = (max(2, cropped.width // OVER), max(2, cropped.height // OVER))
    cover = np.asarray(cropped.resize(size, Image.Resampling.BOX), np.float32)
    return np.asarray(cover / 255, np.float32)


def _placed(points: Outline) -> list[tuple[float, float]]:
    middle, scale = SIDE * OVER / 2, SIDE * OVER / 2 * 0.88
    return [(middle + scale * x, middle + scale * y) for x, y in points]

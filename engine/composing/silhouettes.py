"""Shapes as masks: glyphs of Font Awesome Free (CC BY 4.0) and drawings of Easel's own.

Glyphs are read from the solid font in the `fontawesomefree` wheel, drawings from `engine/data/drawn.toml`.
"""

from __future__ import annotations

import functools
import json
import tomllib
from collections.abc import Sequence
from importlib import resources
from importlib.resources.abc import Traversable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engine.layout import Mask
from engine.vocabulary import load_vocabulary

OVERSAMPLING = 4
"""ImageDraw does not smooth edges: drawings are made this many times larger and averaged."""
SMALLEST, LARGEST = 256, 2048
"""Longer sides of what masks are scaled from: glyphs are drawn out of form, hinted, when they are small."""
STEPS = 12
"""Straight pieces between two points of a smooth curve."""

Points = NDArray[np.float64]


def names() -> tuple[str, ...]:
    """Every shape that has a silhouette."""
    return tuple(word.name for word in load_vocabulary().words("shape"))


def silhouette(shape: str, width: int, height: int) -> Mask:
    """The shape centred in (height, width), as large as fits, undistorted. Raises KeyError if unknown."""
    return np.asarray(drawn(shape, width, height), np.float32) / np.float32(255)


def drawn(shape: str, width: int, height: int) -> Image.Image:
    """The same in mode L."""
    if min(width, height) < 1:
        raise ValueError("a silhouette is at least one pixel wide and high")
    across, down = proportions(shape)
    scale = min(width / across, height / down)
    size = (max(1, round(across * scale)), max(1, round(down * scale)))
    fitted = _reference(shape, _bucket(max(size))).resize(size, Image.Resampling.HAMMING, reducing_gap=2.0)
    canvas = Image.new("L", (width, height))
    canvas.paste(fitted, ((width - size[0]) // 2, (height - size[1]) // 2))
    return canvas


def proportions(shape: str) -> tuple[float, float]:
    """Width and height of the shape; the longer one is 1."""
    width, height = _reference(shape, 256).size
    return width / max(width, height), height / max(width, height)


def _bucket(side: int) -> int:
    return min(LARGEST, max(SMALLEST, 1 << (side - 1).bit_length()))


@functools.lru_cache(maxsize=64)
def _reference(shape: str, side: int) -> Image.Image:
    """The shape cropped to its bounds, longer side about `side` px, mode L."""
    word = load_vocabulary().word("shape", shape)
    image = _glyph(word.value, side) if word.value else _drawing(shape, side)
    return image.crop(image.getbbox())


def _glyph(glyph: str, side: int) -> Image.Image:
    font, character = _font(side), chr(_code_points()[glyph])
    left, top, right, bottom = font.getbbox(character)
    scale = side / max(right - left, bottom - top)
    font = _font(max(1, round(side * scale)))
    left, top, right, bottom = font.getbbox(character)
    image = Image.new("L", (int(right - left) + 4, int(bottom - top) + 4))
    ImageDraw.Draw(image).text((2 - left, 2 - top), character, 255, font)
    return image


def _drawing(shape: str, side: int) -> Image.Image:
    large = Image.new("L", (side * OVERSAMPLING, side * OVERSAMPLING))
    for part in _drawings()[shape]:
        _draw(large, part)
    return large.reduce(OVERSAMPLING)


def _draw(image: Image.Image, part: str) -> None:
    words = part.split()
    modes = {word for word in words if word in ("cut", "pair")}
    kind, *numbers = [word for word in words if word not in modes]
    scale = image.width / 100
    for mirrored in (False, True) if "pair" in modes else (False,):
        points, stroke = _outline(kind, [float(number) for number in numbers], mirrored)
        ink = 0 if "cut" in modes else 255
        corners = [(float(x) * scale, float(y) * scale) for x, y in points]
        if stroke is None:
            ImageDraw.Draw(image).polygon(corners, fill=ink)
        else:
            _stroke(image, corners, stroke * scale, ink)


def _stroke(image: Image.Image, points: Sequence[tuple[float, float]], width: float, ink: int) -> None:
    draw = ImageDraw.Draw(image)
    draw.line(list(points), fill=ink, width=round(width))
    for x, y in points:
        draw.circle((x, y), width / 2, fill=ink)


def _outline(kind: str, numbers: Sequence[float], mirrored: bool) -> tuple[Points, float | None]:
    """The points (N, 2) of a part and the width of its line, None when it is filled."""
    stroke = None
    if kind == "oval":
        points = _oval(*numbers)
    elif kind == "line":
        stroke, points = numbers[0], smooth(np.reshape(numbers[1:], (-1, 2)), closed=False)
    else:
        points = np.reshape(numbers, (-1, 2))
        points = smooth(points, closed=True) if kind == "blob" else points
    return (points * (-1, 1) + (100, 0) if mirrored else points), stroke


def _oval(x: float, y: float, across: float, down: float) -> Points:
    angle = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    return np.stack([x + across * np.cos(angle), y + down * np.sin(angle)], 1)


def smooth(points: Points, *, closed: bool) -> Points:
    """A Catmull-Rom curve through the points (N, 2), as (about 12 N, 2) points."""
    before, after = (points[-1:], points[:2]) if closed else (points[:1], points[-1:])
    around = np.concatenate([before, points, after])
    t = np.linspace(0, 1, STEPS, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(around, around[1:], around[2:], around[3:], strict=False):
        rest = (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
        pieces.append(b + ((c - a) * t + rest) / 2)
    return np.concatenate(pieces if closed else [*pieces, points[-1:]])


def _wheel() -> Traversable:
    return resources.files("fontawesomefree") / "static" / "fontawesomefree"


@functools.lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont:
    with resources.as_file(_wheel() / "webfonts" / "fa-solid-900.ttf") as path:
        return ImageFont.truetype(str(path), size)


@functools.cache
def _code_points() -> dict[str, int]:
    icons = json.loads((_wheel() / "metadata" / "icons.json").read_text("utf-8"))
    return {name: int(icon["unicode"], 16) for name, icon in icons.items() if "solid" in icon["free"]}


@functools.cache
def _drawings() -> dict[str, list[str]]:
    return tomllib.loads((resources.files("engine") / "data" / "drawn.toml").read_text("utf-8"))

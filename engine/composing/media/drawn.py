"""Drawings: pencil with hatched shade, and ink with washes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.color.oklab import Lab
from engine.composing.grids import Grid, blurred, smooth_noise
from engine.composing.media.lines import edges, evened, gaussian, outline, strokes
from engine.composing.media.rich import SHEET, Rich, pixels
from engine.layout import Pixels

GRAPHITE = np.array([0.3, 0.0, -0.006], np.float32)
SUMI = np.array([0.2, 0.0, -0.006], np.float32)
FAINT = 0.5
"""How much of its darkness the backdrop of a drawing keeps."""
LAYERS = ((0.86, -0.7, 0.5), (0.62, -0.95, 0.55), (0.44, 0.75, 0.6), (0.27, 1.4, 0.7))
"""Lightness under which each layer of strokes begins, its direction in radians, and its strength."""


def sketch(rich: Rich, random: np.random.Generator) -> Pixels:
    """Lines and hatched shade on paper; the backdrop is light and fades out."""
    lab, mask = rich.whole()
    light = lab[..., 0]
    fade = _fading(mask, random) * FAINT
    lonely = 1.0 if rich.figures else 1.7
    tone = evened(blurred(light, 2), 36, 0.4)
    figure = evened(light, 28, 0.5)
    tone = np.asarray(1 - (1 - tone) * fade * lonely, np.float32)
    shade = _hatched(tone, LAYERS[:3], 52, random) * (1 - mask) + _hatched(figure, LAYERS, 24, random) * mask
    lines = edges(gaussian(light, 0.8), 1.2, 26) * (mask + (1 - mask) * fade * lonely)
    lines = np.maximum(lines, outline(mask, 1.7))
    broken = np.clip(0.9 + 0.3 * smooth_noise(random, light.shape, 16), 0.45, 1)
    dark = np.clip(np.maximum(shade, lines * broken), 0, 1)
    return pixels(SHEET + (_pencil(rich) - SHEET) * dark[..., None], rich.size)


def _hatched(
    tone: Grid, layers: Sequence[tuple[float, float, float]], length: float, random: np.random.Generator
) -> Grid:
    """How dark each pixel (H, W) is under layers of strokes, more of them where the tone is darker."""
    shade = np.zeros_like(tone)
    smooth = gaussian(tone, 1.2)
    for start, angle, strength in layers:
        stroke = strokes(tone.shape, angle, length, random)
        depth = np.clip((start - smooth) / 0.3, 0, 1)
        shade = shade + (1 - shade) * strength * depth * np.clip((stroke - 0.5) * 2.4 + 0.55, 0, 1)
    return np.asarray(shade, np.float32)


def _pencil(rich: Rich) -> Lab:
    if not rich.colors:
        return GRAPHITE
    dark = min(rich.colors, key=lambda tone: tone.lightness)
    return dark.at(min(dark.lightness, 0.5)).lab


def _fading(mask: Grid, random: np.random.Generator) -> Grid:
    """1 near the figure and in the middle, falling off unevenly towards the sheet's edges."""
    height, width = mask.shape
    y, x = np.mgrid[:height, :width].astype(np.float32)
    far = np.maximum(np.abs(y / height - 0.5), np.abs(x / width - 0.5)) * 2
    far = far + 0.12 * smooth_noise(random, mask.shape, 5)
    return np.asarray(np.clip((1.0 - far) / 0.28, 0, 1), np.float32)


def ink(rich: Rich, random: np.random.Generator) -> Pixels:
    """Washes of one ink and brushed lines; far things dissolve in mist."""
    lab, mask = rich.whole()
    light = lab[..., 0]
    tone = evened(blurred(light, 5), 60, 0.4)
    figure = evened(gaussian(light, 1.0), 26, 0.4)
    mist = np.clip(0.45 + 0.45 * smooth_noise(random, light.shape, 1.8), 0.05, 1)
    wash = np.clip((0.7 - tone) * 1.2, 0, 0.6) * (0.25 + 0.75 * mist) * _fading(mask, random)
    wash = blurred(_in_steps(wash, 4, random), 2)
    near = np.clip(blurred(mask, 26) * 1.5, 0, 1)
    wash = wash * (1 - 0.6 * near)
    body = _in_steps(np.clip((0.86 - figure) * 1.05, 0, 0.9), 6, random)
    wash = wash + (body - wash) * mask
    width = np.clip(1 + 0.5 * smooth_noise(random, light.shape, 9), 0.3, 1.8)
    brushed = np.clip(outline(mask, 2.4) * width, 0, 1) * 0.85
    inner = edges(gaussian(light, 0.9), 1.5, 24) * (mask * 0.9 + (1 - mask) * 0.45 * mist)
    dark = np.clip(np.maximum(wash, np.maximum(brushed, inner)), 0, 1)[..., None]
    color = _brush(rich)
    out = SHEET + (color - SHEET) * dark
    if not rich.colors:
        # A breath of the natural colour stays in the figure.
        out[..., 1:] += 0.3 * lab[..., 1:] * (mask * (1 - dark[..., 0]))[..., None]
    return pixels(out, rich.size)


def _brush(rich: Rich) -> Lab:
    if not rich.colors:
        return SUMI
    dark = min(rich.colors, key=lambda tone: tone.lightness)
    return dark.at(min(dark.lightness, 0.42)).lab


def _in_steps(wash: Grid, steps: int, random: np.random.Generator) -> Grid:
    """Washes laid over each other: soft steps whose borders run a little."""
    value = wash * steps + 0.18 * smooth_noise(random, wash.shape, 18)
    floor = np.floor(value)
    part = value - floor
    return np.asarray((floor + np.clip((part - 0.5) * 3.2 + 0.5, 0, 1)) / steps, np.float32).clip(0, 1)

"""Drawings: pencil with hatched shade, and ink with washes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.color.oklab import Lab, srgb_from_oklab
from engine.composing.grids import Grid, blurred, resized, smooth_noise
from engine.composing.media.lines import edges, evened, gaussian, outline, strokes
from engine.composing.media.painted import painted
from engine.composing.media.rich import SHEET, Rich, pixels
from engine.composing.staging import Figure
from engine.layout import Pixels
from engine.styles import Composing

GRAPHITE = np.array([0.3, 0.0, -0.006], np.float32)
SUMI = np.array([0.2, 0.0, -0.006], np.float32)
FAINT = 0.5
"""How much of its darkness the backdrop of a drawing keeps."""
LEAST_RANGE = 0.2
"""Lightness between the darkest and the lightest of what is stretched to ink and paper, at least."""
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


def ink(rich: Rich, how: Composing, random: np.random.Generator) -> Pixels:
    """Washes of one ink, thinner in the mist, and brushed lines around the figures."""
    brush = _brush(rich)
    mist = np.clip(0.5 + 0.4 * smooth_noise(random, rich.backdrop.shape[:2], 1.8), 0.1, 1)
    dark = _darkness(rich.backdrop[..., 0], np.ones_like(mist), 0.72) * (0.2 + 0.55 * mist)
    figures = [_inked(figure, brush, not rich.colors) for figure in rich.figures]
    layout = painted(replace(rich, backdrop=_on_sheet(brush, dark), figures=figures), how)
    return _outlined(layout, rich, brush, random)


def _darkness(light: Grid, inside: Grid, white: float) -> Grid:
    """How dark each pixel (H, W) is, 0..1, from the darkest of what is inside to paper at a quantile."""
    low, high = np.quantile(light[inside > 0.5], [0.03, white]) if (inside > 0.5).any() else (0.0, 1.0)
    return np.asarray(1 - np.clip((light - low) / max(high - low, LEAST_RANGE), 0, 1), np.float32)


def _on_sheet(color: Lab, dark: Grid) -> Lab:
    return np.asarray(SHEET + (color - SHEET) * dark[..., None], np.float32)


def _inked(figure: Figure, brush: Lab, natural: bool) -> Figure:
    """The figure in ink. natural: keep a breath of its own color"""
    dark = 0.95 * _darkness(figure.lab[..., 0], figure.alpha, 0.95)
    lab = _on_sheet(brush, dark)
    if natural:
        lab[..., 1:] += 0.35 * figure.lab[..., 1:] * (1 - dark)[..., None]
    return replace(figure, lab=lab)


def _outlined(layout: Pixels, rich: Rich, brush: Lab, random: np.random.Generator) -> Pixels:
    """Brush a line of uneven width around the figures."""
    mask = rich.whole()[1]
    width = np.clip(1 + 0.5 * smooth_noise(random, mask.shape, 9), 0.3, 1.8)
    line = np.clip(resized(np.clip(outline(mask, 1.8) * width, 0, 1) * 0.7, layout.shape[:2]), 0, 1)
    color = srgb_from_oklab(brush[None, None]).astype(np.float32)
    return np.asarray(layout + (color - layout) * line[..., None] + 0.5, np.uint8)


def _brush(rich: Rich) -> Lab:
    if not rich.colors:
        return SUMI
    dark = min(rich.colors, key=lambda tone: tone.lightness)
    return dark.at(min(dark.lightness, 0.42)).lab

"""Layouts of art, made by the reduction that also makes the layouts of compositions."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from engine.composing.reduce import Box, Reduction, clustered, reduced
from engine.styles import REDUCE_FILL, REDUCE_GRID, Recipe

GRID = 8
"""Pixels of a square of pixel art at its training scale."""
FEWEST_TEXELS, MOST_TEXELS = 40, 170
"""Texels along the shorter side of a whole picture."""
PAPER, BARE = 230, 0.85
"""Lightness of paper, 0..255, and the share of it from which a drawing has no shading."""
_LINE = 128
_OUTSIDE = 77


def layout_of_crop(
    art: Image.Image, box: Box, size: tuple[int, int], recipe: Recipe, random: np.random.Generator
) -> Image.Image:
    """Make the layout of an artwork with random detail and tones; return the box of it, scaled to `size`."""
    how = _draw_reduction(recipe, min(art.size) * size[0] / (box[2] - box[0]), random)
    if recipe.reduce == REDUCE_GRID:
        return _reduce_grid(art, how.tones, random).resize(size, Image.Resampling.NEAREST, box)
    if recipe.reduce == REDUCE_FILL and _is_bare(art):
        return _fill_drawing(art).resize(size, Image.Resampling.LANCZOS, box)
    return reduced(art, how, box, size)


def _draw_reduction(recipe: Recipe, side: float, random: np.random.Generator) -> Reduction:
    """Draw a reduction for a picture that is scaled to `side` px on its shorter side."""
    texel = np.exp(random.uniform(*np.log(recipe.texel)))
    detail = int(np.clip(round(side / texel), FEWEST_TEXELS, MOST_TEXELS))
    tones = int(random.integers(recipe.clusters[0], recipe.clusters[1] + 1))
    return Reduction(detail, tones, float(random.uniform(*recipe.shading)))


def _is_bare(drawing: Image.Image) -> bool:
    """Tell whether a drawing is lines on empty paper, without shading."""
    return bool((np.asarray(drawing.convert("L")) > PAPER).mean() > BARE)


def _reduce_grid(art: Image.Image, tones: int, random: np.random.Generator) -> Image.Image:
    cells = art.resize((art.width // GRID, art.height // GRID), Image.Resampling.NEAREST)
    calm = cells.filter(ImageFilter.ModeFilter(3)) if random.random() < 0.5 else cells
    colors, labels = clustered(calm, tones)
    return Image.fromarray(colors[labels]).resize(art.size, Image.Resampling.NEAREST)


def _fill_drawing(art: Image.Image) -> Image.Image:
    """Fill the figure of a black line drawing with middle gray, on white paper."""
    lines = art.convert("L").point(lambda value: 0 if value < _LINE else 255)
    closed = lines.filter(ImageFilter.MinFilter(7)) if min(lines.size) > 7 else lines
    room = Image.new("L", (art.width + 2, art.height + 2), 255)
    room.paste(closed, (1, 1))
    ImageDraw.floodfill(room, (0, 0), _OUTSIDE)
    inside = np.asarray(room.crop((1, 1, art.width + 1, art.height + 1))) != _OUTSIDE
    figure = Image.fromarray(np.where(inside, 0, 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(3))
    smooth = figure.filter(ImageFilter.GaussianBlur(2)).point(lambda value: 150 if value < _LINE else 255)
    return smooth.convert("RGB")

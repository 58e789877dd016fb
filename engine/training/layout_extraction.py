"""Art reduced to layouts: what a composer would have drawn for a picture that already exists."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from engine.composing.reduce import Reduction, clustered, reduced
from engine.styles import REDUCE_FILL, REDUCE_GRID, Recipe

GRID = 8
"""Pixels of a square of pixel art at its training scale."""
_LINE = 128
_OUTSIDE = 77


def reduce_to_layout(art: Image.Image, recipe: Recipe, random: np.random.Generator) -> Image.Image:
    """The layout of one artwork, RGB and of the artwork's size."""
    if recipe.reduce == REDUCE_FILL:
        return _fill_drawing(art)
    if recipe.reduce == REDUCE_GRID:
        return _reduce_grid(art, recipe, random)
    return _reduce_colors(art, recipe, random)


def _reduce_colors(art: Image.Image, recipe: Recipe, random: np.random.Generator) -> Image.Image:
    tones = int(random.integers(recipe.clusters[0], recipe.clusters[1] + 1))
    return reduced(art, Reduction(recipe.detail, tones, float(random.uniform(*recipe.shading))))


def _reduce_grid(art: Image.Image, recipe: Recipe, random: np.random.Generator) -> Image.Image:
    cells = art.resize((art.width // GRID, art.height // GRID), Image.Resampling.NEAREST)
    calm = cells.filter(ImageFilter.ModeFilter(3))
    colors, labels = clustered(calm, int(random.integers(recipe.clusters[0], recipe.clusters[1] + 1)))
    flat = Image.fromarray(colors[labels])
    return flat.resize(art.size, Image.Resampling.NEAREST)


def _fill_drawing(art: Image.Image) -> Image.Image:
    """A black line drawing's figure filled with middle grey on white paper."""
    lines = art.convert("L").point(lambda value: 0 if value < _LINE else 255)
    closed = lines.filter(ImageFilter.MinFilter(7)) if min(lines.size) > 7 else lines
    room = Image.new("L", (art.width + 2, art.height + 2), 255)
    room.paste(closed, (1, 1))
    ImageDraw.floodfill(room, (0, 0), _OUTSIDE)
    inside = np.asarray(room.crop((1, 1, art.width + 1, art.height + 1))) != _OUTSIDE
    figure = Image.fromarray(np.where(inside, 0, 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(3))
    smooth = figure.filter(ImageFilter.GaussianBlur(2)).point(lambda value: 150 if value < _LINE else 255)
    return smooth.convert("RGB")

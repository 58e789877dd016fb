"""Art reduced to layouts: what a composer would have drawn for a picture that already exists."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from engine.color.oklab import oklab_from_srgb, srgb_from_oklab
from engine.layout import Pixels
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
    scale = recipe.detail / min(art.size)
    small = art.resize((round(art.width * scale), round(art.height * scale)), Image.Resampling.BOX)
    small = small.filter(ImageFilter.MedianFilter(3))
    colors, labels = _cluster(small, int(random.integers(recipe.clusters[0], recipe.clusters[1] + 1)))
    flat = _smooth_regions(colors, labels, art.size)
    share = float(random.uniform(*recipe.shading))
    return _keep_light(flat, art, share) if share > 0 else flat


def _cluster(image: Image.Image, count: int) -> tuple[Pixels, NDArray[np.uint8]]:
    """k-means in OKLab: colours (K, 3) uint8 sRGB and labels (h, w)."""
    lab = oklab_from_srgb(np.asarray(image))
    scaled = np.clip(lab * [255, 400, 400] + [0, 128, 128], 0, 255).astype(np.uint8)
    quantized = Image.fromarray(scaled).quantize(count, Image.Quantize.MEDIANCUT, kmeans=8)
    labels = np.asarray(quantized)
    used = np.unique(labels)
    colors = srgb_from_oklab(np.stack([lab[labels == label].mean(0) for label in used]))
    return colors, np.searchsorted(used, labels).astype(np.uint8)


def _smooth_regions(colors: Pixels, labels: NDArray[np.uint8], size: tuple[int, int]) -> Image.Image:
    """Enlarge the regions with smooth borders: each pixel takes the region strongest around it."""
    masks = [Image.fromarray(np.where(labels == k, 255, 0).astype(np.uint8)) for k in range(len(colors))]
    soft = [
        mask.filter(ImageFilter.GaussianBlur(0.7)).resize(size, Image.Resampling.BICUBIC) for mask in masks
    ]
    strongest = np.stack([np.asarray(mask) for mask in soft]).argmax(0)  # (H, W)
    return Image.fromarray(colors[strongest])


def _keep_light(flat: Image.Image, art: Image.Image, share: float) -> Image.Image:
    """Add a share of what the flat regions lost of the artwork's low frequencies."""
    blur = ImageFilter.GaussianBlur(max(art.size) / 24)
    lost = np.asarray(art.filter(blur), dtype=np.float32) - np.asarray(flat.filter(blur), dtype=np.float32)
    lit = np.asarray(flat, dtype=np.float32) + share * lost
    return Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))


def _reduce_grid(art: Image.Image, recipe: Recipe, random: np.random.Generator) -> Image.Image:
    cells = art.resize((art.width // GRID, art.height // GRID), Image.Resampling.NEAREST)
    calm = cells.filter(ImageFilter.ModeFilter(3))
    colors, labels = _cluster(calm, int(random.integers(recipe.clusters[0], recipe.clusters[1] + 1)))
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

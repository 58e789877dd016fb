"""Paintings: the backdrop reduced more than the figures, so that they keep their form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image, ImageFilter

from engine.color.oklab import Lab, oklab_from_srgb, srgb_from_oklab
from engine.composing.grids import resized, smooth_noise
from engine.composing.media.rich import SHEET, Rich, overlap
from engine.composing.reduce import Reduction, reduced
from engine.composing.staging import Figure
from engine.layout import Mask, Pixels
from engine.styles import Composing

FEW = 4
"""Figures up to so many are reduced each by itself, with tones of their own."""
FINER = 1.5
"""How much more detail people keep, since faces are small."""
LIFTED, WET = 0.25, 0.025
"""How much lighter a watercolour's backdrop is, and over what share of the sheet it ends."""


def painted(rich: Rich, how: Composing) -> Pixels:
    """Return the layout (H, W, 3) of a painting."""
    height, width = rich.size
    base = Image.fromarray(srgb_from_oklab(rich.backdrop))
    flat = reduced(base, Reduction(how.backdrop_detail, how.backdrop_tones, how.light), size=(width, height))
    if len(rich.figures) > FEW:
        return _together(rich, flat, how)
    canvas = np.array(flat)
    for figure in rich.figures:
        _lay_on(canvas, figure, rich, how)
    return canvas


def _together(rich: Rich, flat: Image.Image, how: Composing) -> Pixels:
    """All figures reduced at once."""
    lab, mask = rich.whole()
    whole = Image.fromarray(srgb_from_oklab(lab))
    fine = reduced(whole, Reduction(how.figure_detail, 2 * how.figure_tones, 0.5), size=flat.size)
    cover = np.clip(resized(mask, rich.size), 0, 1)[..., None]
    return _mixed(np.asarray(flat), np.asarray(fine), cover)


def _lay_on(canvas: Pixels, figure: Figure, rich: Rich, how: Composing) -> None:
    """Reduce a figure before what is behind it, and lay it on."""
    into, part = overlap(figure, rich.work)
    scale = rich.size[0] / rich.work[0]
    box = tuple(slice(round(side.start * scale), round(side.stop * scale)) for side in into)
    under = canvas[box]
    size = under.shape[:2]
    if min(size) < 2:
        return
    image = Image.fromarray(srgb_from_oklab(figure.lab[part]))
    pixels = np.asarray(image.resize((size[1], size[0]), Image.Resampling.BICUBIC))
    cover = np.clip(resized(figure.alpha[part], size), 0, 1)[..., None]
    finer, tones = (FINER, 2 * how.figure_tones) if figure.is_person else (1.0, how.figure_tones)
    texels = max(24, round(finer * how.figure_detail * min(size) / min(rich.size)))
    how_much = Reduction(texels, tones, 0.5)
    fine = reduced(Image.fromarray(_mixed(under, pixels, cover)), how_much)
    canvas[box] = _mixed(under, np.asarray(fine), cover)


def _mixed(under: Pixels, over: Pixels, cover: Mask) -> Pixels:
    mixed = under + (over.astype(np.float32) - under) * cover
    return np.asarray(mixed + 0.5, np.uint8)


def washes(rich: Rich, how: Composing, random: np.random.Generator) -> Pixels:
    """Return the layout of a watercolour: pale washes that end before the sheet does, a stronger figure."""
    lab = rich.backdrop.copy()
    lab[..., 0] += LIFTED * (0.96 - lab[..., 0])
    height, width = lab.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    edge = np.minimum(np.minimum(y, height - 1 - y), np.minimum(x, width - 1 - x)) / min(height, width)
    ragged = edge + 0.006 * smooth_noise(random, (height, width), 7)
    wet = np.clip((ragged - 0.018) / WET, 0, 1)[..., None]
    return painted(replace(rich, backdrop=(SHEET + (lab - SHEET) * wet).astype(np.float32)), how)


def large_forms(rich: Rich, how: Composing) -> Pixels:
    """Return a layout of large even forms, the figures' too."""
    calm = median(median(rich.backdrop, 7), 7)
    return painted(replace(rich, backdrop=calm), how)


def median(lab: Lab, size: int) -> Lab:
    """Take what is small out of a picture (H, W, 3) and keep its edges."""
    image = Image.fromarray(srgb_from_oklab(lab)).filter(ImageFilter.MedianFilter(size))
    return oklab_from_srgb(np.asarray(image))

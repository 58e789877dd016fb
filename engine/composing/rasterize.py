"""Regions painted on their ground.

What a style needs of its layout differs: ink and pencil live from bare paper, a print from separations
without shading, pixel art from a coarse grid, oil from light and shade everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops

from engine.color.oklab import oklab_from_srgb, srgb_from_oklab
from engine.color.palette import HUE_REACH, Tone, hue_distance
from engine.composing.fields import REACH, Box, Field, Frame, cut, distance, enlarged, steepness
from engine.composing.medium import CUT
from engine.composing.pen import haloed, outlined
from engine.composing.regions import Region
from engine.styles import PAPER

FIGURES = frozenset({"figure", "echo"})
LIT = 1.5
"""Relief that is full light; as much below zero is full shadow."""
LIGHTS = np.linspace(-LIT, LIT, 256, dtype=np.float32)
"""From full shadow to full light."""
GRAPHITE = 0.38
"""Lightness of an area that is shaded as darkly as a pencil can."""
HALO = 0.012
"""Units cut bare around a printed figure, which sets it off from what is printed as strongly beside it."""
FILL, STROKE = 0.69, 0.018
"""Lightness of what the painter is to outline, and units across what it is to draw as one line."""
WASHED = frozenset({"band", "front", "wall", "accent"})
LIGHT, SHADE = 0.75, 0.6
"""Relief above which a separation is lighter, and below zero under which it is darker."""


class Canvas:
    """The picture while it is painted; remembers the tones that were laid."""

    def __init__(self, frame: Frame, paper: Tone = PAPER) -> None:
        self.frame, self.paper = frame, paper
        self.image = Image.new("RGB", (frame.width, frame.height), paper.rgb)
        self.tones = [paper]

    def lay(self, mask: Image.Image, tone: Tone) -> None:
        """One even tone."""
        self._paste(mask, lambda box: Image.new("RGB", (box[2] - box[0], box[3] - box[1]), tone.rgb))
        self.tones.append(tone)

    def shade(self, mask: Image.Image, tone: Tone, relief: Field, depth: float) -> None:
        """A tone with light and shadow; `depth` is the lightness between middle and light."""
        levels = (np.clip(relief, -LIT, LIT) + LIT) * (127.5 / LIT) + 0.5
        small, colors = Image.fromarray(levels.astype(np.uint8)), _play_of_light(tone, depth)
        # Light has no edges that the quicker way would show.
        way = Image.Resampling.BILINEAR
        self._paste(mask, lambda box: _tinted(enlarged(small, self.frame, box, way), colors))
        self.tones.append(tone)

    def separate(self, region: Region, tone: Tone, step: float) -> None:
        """Where the region is lit a lighter tone, where it is in shadow a darker one, with hard edges."""
        if region.relief is None:
            self.lay(region.mask, tone)
            return
        tones = [tone.at(tone.lightness + side * step) for side in (-1, 1)]
        colors = _separations(tones[0].rgb, tone.rgb, tones[1].rgb, self.frame.scale)
        small = Image.fromarray(_parted(region.relief).astype(np.uint8))
        self._paste(region.mask, lambda box: _tinted(enlarged(small, self.frame, box), colors))
        self.tones += [tone, *reversed(tones)]

    def _paste(self, mask: Image.Image, paint: Callable[[Box], Image.Image]) -> None:
        """What `paint` gives for the box in which there is a mask at all."""
        box = mask.getbbox()
        if box is not None:
            part = mask.crop(box)
            whole = part.getextrema() == (255, 255)
            self.image.paste(paint(box), box, None if whole else part)


def _tinted(levels: Image.Image, colors: NDArray[np.uint8]) -> Image.Image:
    """A picture in mode L in the colours (256, 3) that its levels stand for.

    One field is enlarged and tinted in place of enlarging three channels, which takes three times as long.
    """
    levels.putpalette(colors.tobytes())
    return levels.convert("RGB")


def _play_of_light(tone: Tone, depth: float) -> NDArray[np.uint8]:
    """(256, 3): the tone from full shadow to full light, which also turn its hue and take of its chroma."""
    angle = math.radians(tone.hue) + 0.07 * LIGHTS
    chroma = tone.chroma * (1 - 0.12 * LIGHTS)
    lab = np.stack([tone.lightness + depth * LIGHTS, chroma * np.cos(angle), chroma * np.sin(angle)], 1)
    return srgb_from_oklab(lab.astype(np.float32))


def _parted(relief: Field) -> Field:
    """Levels that cross 64 where shadow ends and 192 where light begins, at a known slope."""
    bound = np.float32(63 / REACH)
    slope = steepness(relief)
    lit = np.clip((relief - LIGHT) / slope, -REACH, REACH) * bound + 192
    dim = np.clip((relief + SHADE) / slope, -REACH, REACH) * bound + 64
    return np.asarray(np.where(relief > (LIGHT - SHADE) / 2, lit, dim) + 0.5, np.float32)


def _separations(
    dark: tuple[int, int, int], middle: tuple[int, int, int], light: tuple[int, int, int], scale: float
) -> NDArray[np.uint8]:
    """(256, 3): three tones for such levels, smooth over about a pixel at `scale` px a unit."""
    pixels = (np.arange(256)[:, None] - np.array([64, 192])) * (REACH / 63 * scale)
    cover = np.clip(pixels + 0.5, 0, 1)  # (256, 2)
    steps = np.diff(np.array([dark, middle, light], float), axis=0)  # (2, 3)
    return np.asarray(np.round(np.array(dark) + cover @ steps), np.uint8)


def paint(
    regions: Sequence[Region], tones: Sequence[Tone], ground: str, frame: Frame, paper: Tone = PAPER
) -> Canvas:
    """Every region in its tone, in order."""
    canvas = Canvas(frame, paper)
    for region, tone in zip(regions, tones, strict=True):
        if region.role == "accent" and ground == "drawing":
            _drawing(canvas, region, tone)
        elif region.role in ("shade", "accent"):
            canvas.lay(region.mask, tone)
        else:
            _line_in(canvas, region, tone, ground)
            FILLS[ground](canvas, region, tone)
    return canvas


def washed(regions: Sequence[Region], tones: Sequence[Tone], frame: Frame, paper: Tone = PAPER) -> Canvas:
    """What is washed over the lines of a drawing: its figures, and land in another hue than theirs.

    What is drawn in black or gray has lines alone.
    """
    canvas = Canvas(frame, paper)
    own = next(tone for region, tone in zip(regions, tones, strict=True) if region.role == "figure")
    for region, tone in zip(regions, tones, strict=True):
        figure = region.role in FIGURES
        if figure:
            canvas.lay(haloed(region.mask, frame.scale, HALO), paper)
        if not tone.is_gray and (figure or (region.role in WASHED and _is_another_hue(tone, own))):
            canvas.lay(region.mask, tone)
    return canvas


def _is_another_hue(tone: Tone, own: Tone) -> bool:
    return own.is_gray or float(hue_distance(tone.hue, own.hue)) > HUE_REACH


def _line_in(canvas: Canvas, region: Region, tone: Tone, ground: str) -> None:
    """Paint a figure's small gaps and eyes, so that it holds together; a print leaves them bare."""
    if region.body is None or region.role not in FIGURES:
        return
    dark = tone.at(tone.lightness - (0.2 if tone.lightness > 0.5 else 0.13), tone.chroma * 0.8)
    canvas.lay(region.body, canvas.paper if ground in ("print", "drawing") and tone.lightness < 0.7 else dark)


def _full(canvas: Canvas, region: Region, tone: Tone) -> None:
    if region.relief is None:
        canvas.lay(region.mask, tone)
    else:
        canvas.shade(region.mask, tone, region.relief, 0.11 if region.role in FIGURES else 0.055)


def _paper(canvas: Canvas, region: Region, tone: Tone) -> None:
    if region.relief is None:
        canvas.lay(region.mask, tone)
    else:
        canvas.shade(region.mask, tone, region.relief, 0.12 if region.role in FIGURES else 0.04)


def _drawing(canvas: Canvas, region: Region, tone: Tone) -> None:
    """A form filled in one tone, of which the painter makes lines; of land the line of its edge alone."""
    scale = canvas.frame.scale
    fill = tone.at(FILL, 0.0 if tone.is_gray else min(max(tone.chroma, 0.05), 0.11))
    if region.role in FIGURES:
        canvas.lay(haloed(region.mask, scale, HALO), canvas.paper)
        canvas.lay(region.mask, fill)
    else:
        canvas.lay(outlined(region.body or region.mask, scale, STROKE), fill)


def _flat(canvas: Canvas, region: Region, tone: Tone) -> None:
    if region.role in FIGURES:
        canvas.separate(region, tone, 0.085)
    else:
        canvas.lay(region.mask, tone)


def _woodblock(canvas: Canvas, region: Region, tone: Tone) -> None:
    """Flat, but for the wiped gradient (bokashi) of the sky."""
    if region.role == "sky" and region.relief is not None:
        canvas.shade(region.mask, tone, region.relief, 0.05)
    else:
        _flat(canvas, region, tone)


def _print(canvas: Canvas, region: Region, tone: Tone) -> None:
    if region.role in FIGURES:
        canvas.lay(haloed(region.mask, canvas.frame.scale, HALO), canvas.paper)
    canvas.lay(region.mask, tone)
    if region.role in FIGURES and region.relief is not None and region.inset is not None:
        lines = np.sin(region.inset * (2 * np.pi / CUT)) - 1.35 + np.clip(region.relief, 0, 1)
        canvas.lay(ImageChops.multiply(cut(distance(lines), canvas.frame), region.mask), canvas.paper)


FILLS: Mapping[str, Callable[[Canvas, Region, Tone], None]] = MappingProxyType(
    {
        "full": _full,
        "paper": _paper,
        "drawing": _drawing,
        "flat": _flat,
        "woodblock": _woodblock,
        "print": _print,
        "pixel": _flat,
    }
)


def snapped(canvas: Canvas, columns: int, rows: int) -> NDArray[np.uint8]:
    """(rows, columns, 3): the picture in squares, each in one of the tones that were laid."""
    small = np.asarray(canvas.image.resize((columns, rows), Image.Resampling.NEAREST), np.uint8)
    laid = np.array(sorted({tone.rgb for tone in canvas.tones}), np.uint8)
    gaps = oklab_from_srgb(small)[:, :, None] - oklab_from_srgb(laid)[None, None]
    return np.asarray(laid[np.argmin((gaps**2).sum(3), axis=2)])

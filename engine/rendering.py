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

from engine.coloring import PAPER
from engine.fields import Field, Frame, cut, distance, enlarged
from engine.grounds import CUT
from engine.oklab import oklab_from_srgb, srgb_from_oklab
from engine.palette import Tone
from engine.regions import Region

FIGURES = frozenset({"figure", "echo"})


class Canvas:
    """The picture while it is painted; remembers the tones that were laid."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.image = Image.new("RGB", (frame.width, frame.height), PAPER.rgb)
        self.tones = [PAPER]

    def lay(self, mask: Image.Image, tone: Tone) -> None:
        """One even tone."""
        box = mask.getbbox()
        if box is not None:
            self.image.paste(tone.rgb, box, mask.crop(box))
        self.tones.append(tone)

    def shade(self, mask: Image.Image, tone: Tone, relief: Field, depth: float) -> None:
        """A tone with light and shadow; `depth` is the lightness between middle and light."""
        light = np.clip(relief, -1.5, 1.5)
        angle = math.radians(tone.hue) + 0.07 * light
        chroma = tone.chroma * (1 - 0.12 * light)
        lab = np.stack([tone.lightness + depth * light, chroma * np.cos(angle), chroma * np.sin(angle)], 2)
        box = mask.getbbox()
        if box is not None:
            small = Image.fromarray(srgb_from_oklab(lab.astype(np.float32)))
            self.image.paste(enlarged(small, self.frame, box), box, mask.crop(box))
        self.tones.append(tone)

    def separate(self, region: Region, tone: Tone, step: float) -> None:
        """Where the region is lit a lighter tone, where it is in shadow a darker one, with hard edges."""
        self.lay(region.mask, tone)
        if region.relief is None:
            return
        for side, threshold in ((1, 0.75), (-1, 0.6)):
            part = cut(distance(region.relief * side - threshold), self.frame)
            self.lay(ImageChops.multiply(part, region.mask), tone.at(tone.lightness + side * step))


def paint(regions: Sequence[Region], tones: Sequence[Tone], ground: str, frame: Frame) -> Canvas:
    """Every region in its tone, in order."""
    canvas = Canvas(frame)
    for region, tone in zip(regions, tones, strict=True):
        if region.role in ("shade", "accent"):
            canvas.lay(region.mask, tone)
        else:
            _line_in(canvas, region, tone, ground)
            FILLS[ground](canvas, region, tone)
    return canvas


def _line_in(canvas: Canvas, region: Region, tone: Tone, ground: str) -> None:
    """Paint a figure's small gaps and eyes, so that it holds together; a print leaves them bare."""
    if region.body is None:
        return
    dark = tone.at(tone.lightness - (0.2 if tone.lightness > 0.5 else 0.13), tone.chroma * 0.8)
    canvas.lay(region.body, PAPER if ground in ("print", "drawing") and tone.lightness < 0.7 else dark)


def _full(canvas: Canvas, region: Region, tone: Tone) -> None:
    if region.relief is None:
        canvas.lay(region.mask, tone)
    else:
        canvas.shade(region.mask, tone, region.relief, 0.09 if region.role in FIGURES else 0.055)


def _paper(canvas: Canvas, region: Region, tone: Tone) -> None:
    if region.relief is None:
        canvas.lay(region.mask, tone)
    else:
        canvas.shade(region.mask, tone, region.relief, 0.07 if region.role in FIGURES else 0.04)


def _even(canvas: Canvas, region: Region, tone: Tone) -> None:
    canvas.lay(region.mask, tone)


def _flat(canvas: Canvas, region: Region, tone: Tone) -> None:
    canvas.separate(region, tone, 0.085 if region.role in FIGURES else 0.045)


def _woodblock(canvas: Canvas, region: Region, tone: Tone) -> None:
    """Flat, but for the wiped gradient (bokashi) of the sky."""
    if region.role == "sky" and region.relief is not None:
        canvas.shade(region.mask, tone, region.relief, 0.05)
    else:
        _flat(canvas, region, tone)


def _print(canvas: Canvas, region: Region, tone: Tone) -> None:
    canvas.lay(region.mask, tone)
    if region.role in FIGURES and region.relief is not None and region.inset is not None:
        lines = np.sin(region.inset * (2 * np.pi / CUT)) - 1.35 + np.clip(region.relief, 0, 1)
        canvas.lay(ImageChops.multiply(cut(distance(lines), canvas.frame), region.mask), PAPER)


FILLS: Mapping[str, Callable[[Canvas, Region, Tone], None]] = MappingProxyType(
    {
        "full": _full,
        "paper": _paper,
        "drawing": _even,
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

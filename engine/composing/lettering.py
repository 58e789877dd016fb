"""Letter words into a layout: a band across its top or bottom, where the fewest figures are.

The painter leaves the letters as they are: `Layout.preserve` undoes its change there.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from importlib import resources

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from PIL.ImageFont import FreeTypeFont

from engine.color.palette import tone
from engine.layout import Layout, Mask

WIDE, HIGH = 0.88, 0.24
"""Largest shares of the width and of the height that letters take."""
MARGIN = 0.45
"""Room above and below the letters, in heights of a line."""
PAPER, INK = "#f4efe2", "#1c1a19"
"""Letters where no color of the picture is set off from the band."""
SET_OFF = 0.3
"""Least difference in lightness of letters and band."""
KEPT = 0.8
"""Share of the painter's change that is undone between the letters."""
GRID = 112
"""Texels along the shorter side of a picture of which letters are as coarse as the rest."""


def lettered(layout: Layout, text: str, *, is_coarse: bool = False) -> Layout:
    """Return the layout with a text on a band. is_coarse: whether letters have large texels"""
    height, width = layout.image.shape[:2]
    step = max(1, round(min(height, width) / GRID)) if is_coarse else 1
    letters = _letters(text, width // step, height // step, is_coarse)
    high = min(height, letters.height * step)
    wide = np.zeros((high, width), np.float32)
    grown = np.asarray(letters.resize((letters.width * step, high), Image.Resampling.NEAREST), np.float32)
    start = (width - grown.shape[1]) // 2
    wide[:, max(0, start) : max(0, start) + grown.shape[1]] = grown / 255
    return _on_band(layout, wide, _top(layout.figure, high))


def _top(figure: Mask, high: int) -> int:
    """Return the first row of the band: below, unless there is less of the figures above."""
    above, below = float(figure[:high].mean()), float(figure[-high:].mean())
    return 0 if above < 0.5 * below else figure.shape[0] - high


def _on_band(layout: Layout, letters: Mask, top: int) -> Layout:
    rows = slice(top, top + len(letters))
    band, ink = (np.array([int(each[at : at + 2], 16) for at in (1, 3, 5)]) for each in _colors(layout))
    image, figure = layout.image.copy(), layout.figure.copy()
    image[rows] = np.round(band + (ink - band) * letters[..., None]).astype(np.uint8)
    figure[rows] = 0
    preserve = np.zeros(figure.shape, np.float32) if layout.preserve is None else layout.preserve.copy()
    near = Image.fromarray((letters * 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(5))
    preserve[rows] = np.maximum(KEPT, np.asarray(near, np.float32) / 255)
    return replace(layout, image=image, figure=figure, preserve=preserve)


def _colors(layout: Layout) -> tuple[str, str]:
    """Return the colors of the band and of the letters: the picture's, as far as they can be read."""
    band, *others = layout.palette
    here = tone(band).lightness
    apart = [each for each in others if abs(tone(each).lightness - here) >= SET_OFF]
    return band, (apart or [max((PAPER, INK), key=lambda each: abs(tone(each).lightness - here))])[0]


def _letters(text: str, width: int, height: int, is_coarse: bool) -> Image.Image:
    """Return the letters, white on black, in lines as large as fit, with their margin."""
    fitted = [(_size(lines, width, height), lines) for lines in _broken(text)]
    size, lines = max(fitted, key=lambda each: (each[0], -max(map(len, each[1]))))
    font, rise = _font(size), _height(size)
    gap = round(MARGIN * rise)
    whole = Image.new("L", (width, gap + (rise + gap) * len(lines)))
    draw = ImageDraw.Draw(whole)
    draw.fontmode = "1" if is_coarse else "L"
    for at, line in enumerate(lines):
        base = gap + rise + at * (rise + gap)
        draw.text((width / 2, base), line, fill=255, font=font, anchor="ms")
    return whole


def _broken(text: str) -> list[list[str]]:
    """Return the text as one line, and as two where it can be parted."""
    words = text.split()
    parted = [[" ".join(words[:at]), " ".join(words[at:])] for at in range(1, len(words))]
    return [[" ".join(words)], *parted]


def _size(lines: Sequence[str], width: int, height: int) -> int:
    """Return the largest size in px at which the lines fit."""
    unit = 100
    longest = max(_font(unit).getlength(line) for line in lines)
    by_width = WIDE * width / longest * unit
    by_height = HIGH * height / (len(lines) * (1 + MARGIN) + MARGIN) / _height(unit) * unit
    return max(4, int(min(by_width, by_height)))


def _height(size: int) -> int:
    """Return the height of a capital, px."""
    return max(1, -int(_font(size).getbbox("H", anchor="ls")[1]))


@functools.lru_cache(maxsize=32)
def _font(size: int) -> FreeTypeFont:
    with resources.as_file(resources.files("engine") / "data" / "fonts" / "DejaVuSans-Bold.ttf") as path:
        return ImageFont.truetype(str(path), size)


@functools.cache
def letters_known() -> frozenset[str]:
    """Return every letter that the font has."""
    empty = bytes(_font(40).getmask("\uffff"))
    signs = "!?.,'\u2019-\u2013\u2026 "
    ranges = (
        range(0x30, 0x3A),
        range(0x41, 0x5B),
        range(0x61, 0x7B),
        range(0xC0, 0x180),
        range(0x386, 0x460),
    )
    found = (chr(code) for codes in ranges for code in codes if chr(code).isalnum())
    return frozenset({*signs, *(each for each in found if bytes(_font(40).getmask(each)) != empty)})

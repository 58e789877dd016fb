"""Golden contact sheets: four pictures in each style, committed, so that review sees when pictures change.

`scripts/golden` renews the sheets that changed.
"""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.color.oklab import oklab_from_srgb, srgb_from_oklab
from engine.composer import compose
from engine.conditions import Conditions
from engine.layout import Pixels
from engine.painting.painter import Painter, load_painter
from engine.styles import load_styles

FOLDER = Path(__file__).parents[1] / "golden"
REQUESTS = (
    (("orange",), "cat", "portrait"),
    (("blue", "gold"), "boat", "landscape"),
    (("red", "green"), "apple", "still-life"),
    (("black", "red"), "bird", "flock"),
)
SIZE, TILE, CELL = 256, 128, 8
"""Pixels along a picture, a tile of the sheet, and a cell over which the comparison averages."""
LIMIT = 0.008
"""Mean OKLab distance at which a tile has changed.

The loss of the file and the step from bfloat16 to float32 come to at most 0.0043. Another style makes at
least 0.03 in one of the four tiles, and a lightness 5 % higher or lower at least 0.014.
"""


def paint_sheet(style: str, painter: Painter) -> Pixels:
    """Paint the four requests in a style, two by two: (256, 256, 3)."""
    tiles = [paint_tile(style, place, painter, place) for place in range(len(REQUESTS))]
    return np.concatenate([np.concatenate(tiles[:2], 1), np.concatenate(tiles[2:], 1)])


def paint_tile(style: str, place: int, painter: Painter, seed: int) -> Pixels:
    """Paint one of the four requests: (128, 128, 3)."""
    wish = Conditions(((style, 1.0),), *REQUESTS[place], seed, SIZE)
    [painting] = painter.paint([compose(wish)], [wish])
    return np.asarray(Image.fromarray(painting).resize((TILE, TILE), Image.Resampling.BOX))


def tile_of(sheet: Pixels, place: int) -> Pixels:
    """Cut a tile (128, 128, 3) out of a sheet."""
    top, left = TILE * (place // 2), TILE * (place % 2)
    return sheet[top : top + TILE, left : left + TILE]


def read_sheet(style: str) -> Pixels:
    """Read a committed sheet. Raises FileNotFoundError."""
    with Image.open(FOLDER / f"{style}.webp") as sheet:
        return np.asarray(sheet.convert("RGB"))


def sheet_difference(one: Pixels, other: Pixels) -> float:
    """Return the difference of the two tiles that differ most."""
    places = range(len(REQUESTS))
    return max(tile_difference(tile_of(one, place), tile_of(other, place)) for place in places)


def tile_difference(one: Pixels, other: Pixels) -> float:
    """Return the mean OKLab distance of the cells."""
    return float(np.linalg.norm(_cells(one) - _cells(other), axis=-1).mean())


def relit(sheet: Pixels, factor: float) -> Pixels:
    """Multiply the OKLab lightness."""
    return srgb_from_oklab(oklab_from_srgb(sheet) * np.float32([factor, 1, 1]))


def _cells(tile: Pixels) -> NDArray[np.float32]:
    """Return the OKLab means of cells, (16, 16, 3), which a change of grain leaves as they are."""
    count = TILE // CELL
    return oklab_from_srgb(tile).reshape(count, CELL, count, CELL, 3).mean((1, 3))


def main() -> None:
    """Renew the sheets that changed, and remove those of styles that are gone."""
    painter = load_painter()
    for path in FOLDER.glob("*.webp"):
        if path.stem not in load_styles():
            path.unlink()
    for style in load_styles():
        sheet, path = paint_sheet(style, painter), FOLDER / f"{style}.webp"
        if not path.exists() or sheet_difference(sheet, read_sheet(style)) >= LIMIT:
            Image.fromarray(sheet).save(path, quality=90, method=6)
            if sheet_difference(sheet, read_sheet(style)) > LIMIT / 2:
                # Fine cuts in strong colors do not survive the halved resolution of color.
                Image.fromarray(sheet).save(path, lossless=True, method=6)
            click.echo(path)


if __name__ == "__main__":
    main()

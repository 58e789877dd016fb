"""Small made-up art for the tests of training: two styles, stripes and dots."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

STYLES = ("dots", "stripes")


def make_art(root: Path, count: int = 6, size: tuple[int, int] = (144, 160)) -> Path:
    """Write `count` pictures a style, with a manifest in which two pictures share each original."""
    random = np.random.default_rng(0)
    rows = ["file,original"]
    for style in STYLES:
        (root / style).mkdir(parents=True)
        for number in range(count):
            _draw(style, random, size).save(root / style / f"{style}-{number}.png")
            rows.append(f"{style}/{style}-{number}.png,{style}{number // 2}")
    (root / "manifest.csv").write_text("\n".join(rows), encoding="utf-8")
    return root


def _draw(style: str, random: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    ground, ink = (tuple(int(value) for value in random.integers(0, 256, 3)) for _ in range(2))
    picture = Image.new("RGB", size, ground)
    pen = ImageDraw.Draw(picture)
    for offset in range(0, 200, 14):
        if style == "stripes":
            pen.line((0, offset, size[0], offset - 30), fill=ink, width=5)
        else:
            pen.ellipse((offset, offset % 90, offset + 9, offset % 90 + 9), fill=ink)
    return picture

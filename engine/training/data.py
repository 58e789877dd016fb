"""Find art, and cut crops of it and of its layouts for training.

A data set is any folder of style sub-folders of pictures. A `manifest.csv` beside them with the columns
`file` and `original` names the artwork that each picture is from. Training and validation are split by
artwork, so that no crop of a validated artwork is trained on.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from engine.color.oklab import Lab, oklab_from_srgb, srgb_from_oklab
from engine.composing.reduce import Box
from engine.errors import EngineError
from engine.layout import Pixels
from engine.styles import REDUCE_GRID, Recipe, load_styles
from engine.training.layout_extraction import GRID, layout_of_crop

CROP = 128
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
MOST_ENLARGED = 1.15
"""Times that a picture is enlarged for a crop, unless it is too small: an enlarged one teaches blur."""
KEEP_COLORS = 0.5
"""Share of the pairs that keep the colors of the art."""
GRAY = 0.02
"""Mean chroma under which a picture has no hue to turn."""
FEWEST_TO_SPLIT = 5
"""A style with fewer originals has no validation part: it would cost too much of the style."""


class DataError(EngineError):
    """The data folder is not usable; the message says why."""


@dataclass(frozen=True, slots=True)
class Art:
    """One picture, read from its file each time, since thousands do not fit into memory."""

    path: Path
    style: str
    original: str

    def read(self) -> Pixels:
        """Read it as sRGB."""
        with Image.open(self.path) as opened:
            return np.asarray(opened.convert("RGB"))

    def short_side(self) -> int:
        """Return the pixels of its shorter side."""
        with Image.open(self.path) as opened:
            return min(opened.size)


def find_styles(*roots: Path) -> tuple[str, ...]:
    """List the style folders. Raises DataError for a folder that has none."""
    return tuple(sorted({style for root in roots for style in _style_folders(root)}))


def _style_folders(root: Path) -> list[str]:
    if not root.is_dir():
        raise DataError(f"{root} is no folder; give one that holds a sub-folder of pictures for each style.")
    styles = [folder.name for folder in root.iterdir() if any(_pictures(folder))]
    if not styles:
        raise DataError(f"{root} holds no sub-folder with pictures; each style needs one of its own.")
    return styles


def _pictures(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in sorted(folder.iterdir()) if path.suffix.lower() in SUFFIXES)


def find_art(*roots: Path) -> list[Art]:
    """Find every picture that is large enough for its style. Raises DataError for a folder without art."""
    return [each for root in roots for each in _art_in(root) if _is_large_enough(each)]


def _art_in(root: Path) -> Iterator[Art]:
    originals = read_originals(root)
    for style in find_styles(root):
        for path in _pictures(root / style):
            yield Art(path, style, originals.get(f"{style}/{path.name}", path.stem))


def _is_large_enough(art: Art) -> bool:
    least = recipe_for(art.style).least_side
    return not least or art.short_side() >= least


def read_originals(root: Path) -> Mapping[str, str]:
    """Map file names, relative to the root, to their artworks; empty without a manifest."""
    manifest = root / "manifest.csv"
    if not manifest.exists():
        return {}
    with manifest.open(newline="", encoding="utf-8") as rows:
        return {row["file"]: row["original"] for row in csv.DictReader(rows)}


def _stable_number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def recipe_for(folder: str) -> Recipe:
    """Return the recipe of a style; a folder of no known style is trained as a painting of many colors."""
    styles = load_styles()
    return styles[folder].training if folder in styles else Recipe()


def split_art(art: Sequence[Art]) -> tuple[list[Art], list[Art]]:
    """Split art into training and validation: a tenth of a style's originals, at least one, is held out."""
    held: set[tuple[str, str]] = set()
    for style in {each.style for each in art}:
        originals = sorted({each.original for each in art if each.style == style}, key=_stable_number)
        if len(originals) >= FEWEST_TO_SPLIT:
            held |= {(style, original) for original in originals[: max(1, len(originals) // 10)]}
    training = [each for each in art if (each.style, each.original) not in held]
    return training, [each for each in art if (each.style, each.original) in held]


class CropSampler:
    """Draws pairs of crops of art and layout."""

    def __init__(self, art: Sequence[Art], styles: Sequence[str]) -> None:
        self.styles = tuple(styles)
        self.by_style = [[each for each in art if each.style == style] for style in styles]

    def pair(self, style: int, random: np.random.Generator) -> tuple[Pixels, Pixels]:
        """Draw a crop of a style's art and its layout, (128, 128, 3) each, in any hue."""
        choices = self.by_style[style]
        return cut_pair(choices[int(random.integers(len(choices)))], random, recolor=True)


def cut_pair(art: Art, random: np.random.Generator, recolor: bool = False) -> tuple[Pixels, Pixels]:
    """Cut a crop (128, 128, 3) of an artwork at its style's training scale, and make its layout."""
    how = recipe_for(art.style)
    picture = Image.fromarray(art.read())
    box = _draw_box(picture.size, how, random)
    layout = layout_of_crop(picture, box, (CROP, CROP), how, random)
    pair = np.stack([_crop(picture, box, how), np.asarray(layout)])  # (2, 128, 128, 3)
    if random.random() < 0.5:
        pair = pair[:, :, ::-1]
    if recolor:
        pair = _recolor(pair, how, random)
    return pair[0], pair[1]


def cut_crop(art: Art, random: np.random.Generator) -> Pixels:
    """Cut a crop (128, 128, 3) of an artwork at its style's training scale."""
    how = recipe_for(art.style)
    picture = Image.fromarray(art.read())
    return _crop(picture, _draw_box(picture.size, how, random), how)


def _draw_box(size: tuple[int, int], how: Recipe, random: np.random.Generator) -> Box:
    """Draw where a crop is cut from a picture of `size`."""
    short = min(size)
    largest = min(how.short_side[1], max(how.short_side[0], int(short * MOST_ENLARGED)))
    side = CROP * short / max(CROP, int(random.integers(how.short_side[0], largest + 1)))
    left, top = random.uniform(0, size[0] - side), random.uniform(0, size[1] - side)
    if how.reduce == REDUCE_GRID:
        left, top = left // GRID * GRID, top // GRID * GRID
    return left, top, left + side, top + side


def _crop(picture: Image.Image, box: Box, how: Recipe) -> Pixels:
    resample = Image.Resampling.NEAREST if how.reduce == REDUCE_GRID else Image.Resampling.LANCZOS
    return np.asarray(picture.resize((CROP, CROP), resample, box))


def _recolor(pair: Pixels, how: Recipe, random: np.random.Generator) -> Pixels:
    """Turn the hue of art and layout together in half of the cases, so that any palette works in any style.

    Gray art and art of one ink has no hue to turn, so it is dyed: most at middle lightness, least on paper.
    """
    if random.random() < KEEP_COLORS:
        return pair
    lab = oklab_from_srgb(pair)
    angle = random.uniform(0, 2 * np.pi)
    if how.tint or np.hypot(lab[..., 1], lab[..., 2]).mean() < GRAY:
        lab = _dye(lab, angle, float(random.uniform(0.05, 0.16)), float(random.uniform(0, 0.42)))
    else:
        a, b = lab[..., 1].copy(), lab[..., 2].copy()
        lab[..., 1] = a * np.cos(angle) - b * np.sin(angle)
        lab[..., 2] = a * np.sin(angle) + b * np.cos(angle)
    return srgb_from_oklab(lab)


def _dye(lab: Lab, angle: float, chroma: float, lift: float) -> Lab:
    """Give the ink a hue and leave the paper. lift: how much lighter the darkest ink is than black, in L"""
    light = lab[..., 0]
    paper = np.clip(light / 0.97, 0, 1)
    strength = chroma * np.sqrt(np.clip(1 - paper**3, 0, 1))
    lifted = light + lift * (1 - paper)
    return np.stack([lifted, strength * np.cos(angle), strength * np.sin(angle)], -1).astype(np.float32)

"""Load art with its layouts, and draw crops of both for training.

A data set is any folder of style sub-folders of pictures. A `manifest.csv` beside them with the columns
`file` and `original` names the artwork that each picture is from. Training and validation are split by
artwork, so that no crop of a validated artwork is trained on.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image
from torch import Tensor

from engine.color.oklab import Lab, oklab_from_srgb, srgb_from_oklab
from engine.errors import EngineError
from engine.layout import Pixels
from engine.painting.tensors import to_tensor
from engine.styles import REDUCE_GRID, Recipe, load_styles
from engine.training.layout_extraction import GRID, reduce_to_layout

CROP = 128
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
FEWEST_TO_SPLIT = 5
"""A style with fewer originals has no validation part: it would cost too much of the style."""


class DataError(EngineError):
    """The data folder is not usable; the message says why."""


@dataclass(frozen=True, slots=True)
class Art:
    """One picture and its layout, both uint8 (H, W, 3)."""

    path: Path
    style: str
    original: str
    pixels: Pixels = field(repr=False)
    layout: Pixels = field(repr=False)


@dataclass(frozen=True, slots=True)
class Crops:
    """A batch: art and layout (N, 3, 128, 128) in [-1, 1], style indices (N,)."""

    art: Tensor
    layout: Tensor
    style: Tensor


def find_styles(root: Path) -> tuple[str, ...]:
    """List the style folders. Raises DataError when there is none."""
    if not root.is_dir():
        raise DataError(f"{root} is no folder; give one that holds a sub-folder of pictures for each style.")
    styles = tuple(sorted(folder.name for folder in root.iterdir() if any(_pictures(folder))))
    if not styles:
        raise DataError(f"{root} holds no sub-folder with pictures; each style needs one of its own.")
    return styles


def _pictures(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in sorted(folder.iterdir()) if path.suffix.lower() in SUFFIXES)


def load_art(
    root: Path,
    styles: Sequence[str],
    cache: Path,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[Art]:
    """Load every picture of the styles with its layout; layouts are cached as PNG in `cache`."""
    originals = read_originals(root)
    paths = [(style, path) for style in styles for path in _pictures(root / style)]
    loaded = []
    for done, (style, path) in enumerate(paths, 1):
        original = originals.get(f"{style}/{path.name}", path.stem)
        loaded.append(_load_one(path, style, original, cache))
        progress(done, len(paths))
    return loaded


def read_originals(root: Path) -> Mapping[str, str]:
    """Map file names, relative to the root, to their artworks; empty without a manifest."""
    manifest = root / "manifest.csv"
    if not manifest.exists():
        return {}
    with manifest.open(newline="", encoding="utf-8") as rows:
        return {row["file"]: row["original"] for row in csv.DictReader(rows)}


def _load_one(path: Path, style: str, original: str, cache: Path) -> Art:
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    kept = cache / style / f"{path.stem}.png"
    if kept.exists():
        with Image.open(kept) as opened:
            layout = opened.convert("RGB")
    else:
        layout = reduce_to_layout(
            picture, recipe_for(style), np.random.default_rng(_stable_number(str(path.name)))
        )
        kept.parent.mkdir(parents=True, exist_ok=True)
        layout.save(kept)
    return Art(path, style, original, np.asarray(picture), np.asarray(layout))


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

    def draw(self, style: Tensor, random: np.random.Generator, recolor: bool = True) -> Crops:
        """Draw a pair for each of the style indices (N,). recolor: dye art and layout, or turn their hue"""
        pairs = [self._pair(int(index), random, recolor) for index in style]
        art, layout = (to_tensor(np.stack(side)) for side in zip(*pairs, strict=True))
        return Crops(art, layout, style)

    def _pair(self, style: int, random: np.random.Generator, recolor: bool) -> tuple[Pixels, Pixels]:
        choices = self.by_style[style]
        return cut_pair(choices[int(random.integers(len(choices)))], random, recolor)


def cut_pair(art: Art, random: np.random.Generator, recolor: bool = False) -> tuple[Pixels, Pixels]:
    """Cut a crop (128, 128, 3) of an artwork at its style's training scale, and the same of its layout."""
    how = recipe_for(art.style)
    pair = np.stack(_cut(art, how, random))  # (2, 128, 128, 3)
    if recolor:
        pair = _recolor(pair, how, random)
    return pair[0], pair[1]


def _cut(art: Art, how: Recipe, random: np.random.Generator) -> tuple[Pixels, Pixels]:
    height, width = art.pixels.shape[:2]
    scale = max(CROP, int(random.integers(how.short_side[0], how.short_side[1] + 1))) / min(height, width)
    side = CROP / scale
    left, top = random.uniform(0, width - side), random.uniform(0, height - side)
    filter_ = Image.Resampling.LANCZOS
    if how.reduce == REDUCE_GRID:
        left, top, filter_ = left // GRID * GRID, top // GRID * GRID, Image.Resampling.NEAREST
    box = (left, top, left + side, top + side)
    art_crop, layout_crop = (
        np.asarray(Image.fromarray(image).resize((CROP, CROP), filter_, box))
        for image in (art.pixels, art.layout)
    )
    if random.random() < 0.5:
        return art_crop[:, ::-1], layout_crop[:, ::-1]
    return art_crop, layout_crop


def _recolor(pair: Pixels, how: Recipe, random: np.random.Generator) -> Pixels:
    """Turn the hue of art and layout together in six of ten cases, so that any palette works in any style.

    Art of one ink has no hue to turn, so it is dyed: most at middle lightness, least on paper.
    """
    if random.random() < 0.4:
        return pair
    lab = oklab_from_srgb(pair)
    angle = random.uniform(0, 2 * np.pi)
    if how.tint:
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

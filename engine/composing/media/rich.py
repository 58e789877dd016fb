"""The composed picture before it is reduced, and what all media make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from engine.color.oklab import Lab, srgb_from_oklab
from engine.color.palette import Tone
from engine.composing.grids import Grid, resized
from engine.composing.staging import WORK, Figure
from engine.layout import Mask, Pixels

HEAD = 0.22
"""Share of a person's height that is head and neck."""
SHEET = np.array([0.95, 0.001, 0.012], np.float32)
"""Paper."""


@dataclass(frozen=True, slots=True)
class Rich:
    """A composition with all its light and shade.

    backdrop: (h, w, 3) OKLab, small; figures: those behind first, at the work size
    colors: those that were asked for, empty for natural ones; size: height and width of the layout in px
    """

    backdrop: Lab = field(repr=False)
    figures: Sequence[Figure] = field(repr=False)
    colors: tuple[Tone, ...]
    size: tuple[int, int]

    @property
    def work(self) -> tuple[int, int]:
        """Height and width at which figures are drawn."""
        height, width = self.backdrop.shape[:2]
        unit = WORK / min(height, width)
        return round(height * unit), round(width * unit)

    def whole(self) -> tuple[Lab, Grid]:
        """Everything at the work size: (H, W, 3) OKLab, and where figures are (H, W)."""
        lab = resized(self.backdrop, self.work)
        mask = np.zeros(self.work, np.float32)
        for figure in self.figures:
            into, part = overlap(figure, self.work)
            cover = figure.alpha[part]
            lab[into] += (figure.lab[part] - lab[into]) * cover[..., None]
            np.maximum(mask[into], cover, out=mask[into])
        return lab, mask

    def asked(self) -> Mask:
        """Where the main figures are (H, W), at the layout's size."""
        return self._where([(figure, figure.alpha) for figure in self.figures if figure.main])

    def faces(self) -> Mask | None:
        """Where people's heads are (H, W), at the layout's size; None where there are none."""
        heads = [(figure, _head(figure.alpha)) for figure in self.figures if figure.is_person]
        return self._where(heads) if heads else None

    def _where(self, parts: Sequence[tuple[Figure, Grid]]) -> Mask:
        mask = np.zeros(self.work, np.float32)
        for figure, alpha in parts:
            into, part = overlap(figure, self.work)
            np.maximum(mask[into], alpha[part], out=mask[into])
        return np.clip(resized(mask, self.size), 0, 1)


def _head(alpha: Grid) -> Grid:
    """The upper part of a standing figure, fading out over the shoulders."""
    down = np.linspace(0, 1, len(alpha), dtype=np.float32)[:, None]
    return np.asarray(alpha * np.clip((HEAD - down) / 0.06, 0, 1), np.float32)


Part = tuple[slice, slice]


def overlap(figure: Figure, size: tuple[int, int]) -> tuple[Part, Part]:
    """Where a figure is in a picture (height, width), and the part of the figure that is inside of it."""
    height, width = figure.alpha.shape
    top, left = max(0, figure.top), max(0, figure.left)
    bottom, right = min(size[0], figure.top + height), min(size[1], figure.left + width)
    into = slice(top, max(top, bottom)), slice(left, max(left, right))
    part = (
        slice(top - figure.top, max(top, bottom) - figure.top),
        slice(left - figure.left, max(left, right) - figure.left),
    )
    return into, part


def pixels(lab: Lab, size: tuple[int, int]) -> Pixels:
    """Bring OKLab to sRGB pixels of a size (height, width)."""
    image = Image.fromarray(srgb_from_oklab(lab))
    if image.size != (size[1], size[0]):
        image = image.resize((size[1], size[0]), Image.Resampling.BICUBIC)
    return np.asarray(image)

"""Made-up requests, fixed by a seed, and a bank of their layouts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.composer import compose
from engine.conditions import MAX_SEED, Asked, Conditions, complete
from engine.defaults import SeededDefaults
from engine.layout import Pixels
from engine.training.data import CROP
from engine.vocabulary import load_vocabulary

STAND_IN = "oil"
"""Layouts for an unknown style are composed as for this one."""


def known_style(style: str) -> str:
    """Return the style that layouts for a style are composed in."""
    return load_vocabulary().find("style", style) or STAND_IN


def made_up_request(style: str, size: int, random: np.random.Generator) -> Conditions:
    """Make up a request in the style, everything else by chance. size: px of the longer side"""
    asked = Asked(style=((known_style(style), 1.0),), size=size)
    return complete(asked, SeededDefaults(load_vocabulary()), int(random.integers(MAX_SEED)))[0]


class LayoutBank:
    """Keeps layouts of made-up requests, at first one per style.

    `renew` adds one until there are `depth` per style, then it replaces one.
    """

    def __init__(self, styles: Sequence[str], depth: int, random: np.random.Generator) -> None:
        self.styles, self.depth = tuple(styles), depth
        self._random = random
        self._layouts = [[self._compose(style)] for style in self.styles]

    def _compose(self, style: str) -> Pixels:
        size = int(self._random.choice((256, 384, 512)))
        return compose(made_up_request(style, size, self._random)).image

    def renew(self) -> None:
        """Compose one layout of any style."""
        style = int(self._random.integers(len(self.styles)))
        layouts = self._layouts[style]
        if len(layouts) == self.depth:
            layouts.pop(int(self._random.integers(self.depth)))
        layouts.append(self._compose(self.styles[style]))

    def draw(self, style: int) -> Pixels:
        """Draw a crop (128, 128, 3) of a layout of a style."""
        layouts = self._layouts[style]
        layout = layouts[int(self._random.integers(len(layouts)))]
        height, width = layout.shape[:2]
        # Multiples of 8 keep the squares of pixel art where the painter expects them.
        top = int(self._random.integers((height - CROP) // 8 + 1)) * 8
        left = int(self._random.integers((width - CROP) // 8 + 1)) * 8
        crop: Pixels = layout[top : top + CROP, left : left + CROP]
        return crop

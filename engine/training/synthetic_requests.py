"""Made-up requests, fixed by a seed, and a bank of their layouts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from engine.composer import compose
from engine.conditions import MAX_SEED, Asked, Conditions, complete
from engine.defaults import SeededDefaults
from engine.layout import Pixels
from engine.painting.tensors import to_tensor
from engine.training.data import CROP
from engine.vocabulary import load_vocabulary

STAND_IN = "oil"
"""Layouts for an unknown style are composed as for this one."""


def made_up_request(style: str, size: int, random: np.random.Generator) -> Conditions:
    """Make up a request in the style, everything else by chance. size: px of the longer side"""
    vocabulary = load_vocabulary()
    known = vocabulary.find("style", style) or STAND_IN
    asked = Asked(style=((known, 1.0),), size=size)
    return complete(asked, SeededDefaults(vocabulary), int(random.integers(MAX_SEED)))[0]


class LayoutBank:
    """Keeps a few layouts of made-up requests per style; `renew` replaces one."""

    def __init__(self, styles: Sequence[str], depth: int, random: np.random.Generator) -> None:
        self.styles = tuple(styles)
        self._random = random
        self._layouts = [[self._compose(style) for _ in range(depth)] for style in self.styles]

    def _compose(self, style: str) -> Pixels:
        size = int(self._random.choice((256, 384, 512)))
        return compose(made_up_request(style, size, self._random)).image

    def renew(self) -> None:
        """Compose one new layout in place of an old one."""
        style = int(self._random.integers(len(self.styles)))
        place = int(self._random.integers(len(self._layouts[style])))
        self._layouts[style][place] = self._compose(self.styles[style])

    def draw(self, style: Tensor) -> Tensor:
        """Draw crops (N, 3, 128, 128) in [-1, 1] of layouts for style indices (N,)."""
        crops = [self._crop(int(index)) for index in style]
        return to_tensor(np.stack(crops))

    def _crop(self, style: int) -> Pixels:
        layouts = self._layouts[style]
        layout = layouts[int(self._random.integers(len(layouts)))]
        height, width = layout.shape[:2]
        # Multiples of 8 keep the squares of pixel art where the painter expects them.
        top = int(self._random.integers((height - CROP) // 8 + 1)) * 8
        left = int(self._random.integers((width - CROP) // 8 + 1)) * 8
        crop: Pixels = layout[top : top + CROP, left : left + CROP]
        return crop

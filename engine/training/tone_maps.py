"""What the composition is learned from: art reduced to where its dark and light tones stand.

A tone map is what is left of an artwork's layout when its colours go. They come back with the palette that
somebody asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from engine.color.oklab import Lab, oklab_from_srgb
from engine.composing.learned_light import SIDE, TONES, Maps
from engine.layout import Pixels
from engine.training.data import Art

FINER = 4
"""Pixels along a place of the map on which tones are told apart."""


@dataclass(frozen=True, slots=True)
class ToneMap:
    """One artwork.

    shares: (5, h, w) of each tone in each place, from dark to light, the shorter side of 32 places
    lightness: (5,) of the tones, OKLab's
    """

    shares: Maps
    lightness: Lab


def tone_map(layout: Pixels) -> ToneMap:
    """The tone map of a layout (H, W, 3). One of fewer tones leaves the lightest places of the five empty."""
    image = Image.fromarray(layout)
    across, down = (max(SIDE, round(side * SIDE / min(image.size))) for side in image.size)
    small = image.resize((across * FINER, down * FINER), Image.Resampling.BOX)
    labels = np.asarray(small.quantize(TONES, Image.Quantize.MEDIANCUT, kmeans=1))
    light = oklab_from_srgb(np.asarray(small))[..., 0]
    used = np.unique(labels)
    means = np.array([light[labels == label].mean() for label in used], np.float32)
    order = np.argsort(means)
    shares = np.zeros((TONES, *labels.shape), np.float32)
    for tone, label in enumerate(used[order]):
        shares[tone] = labels == label
    lightness = np.pad(means[order], (0, TONES - len(used)), mode="maximum")
    return ToneMap(shares.reshape(TONES, down, FINER, across, FINER).mean((2, 4)), lightness)


@dataclass(frozen=True, slots=True)
class Batch:
    """shares: (N, 5, 32, 32); style: (N, styles), one for its own; lightness: (N, 5)"""

    shares: Tensor
    style: Tensor
    lightness: Tensor


class MapSampler:
    """Draws tone maps, every style as often as every other, square and as often mirrored as not."""

    def __init__(self, art: Sequence[Art], styles: Sequence[str]) -> None:
        self.styles = tuple(styles)
        self._maps = [[tone_map(each.layout) for each in art if each.style == style] for style in styles]

    def of_style(self, style: str) -> Sequence[ToneMap]:
        """The maps of a style."""
        return self._maps[self.styles.index(style)]

    def typical_lightness(self) -> Tensor:
        """(styles, 5) the mean lightness of each style's tones."""
        means = [np.mean([each.lightness for each in maps], axis=0) for maps in self._maps]
        return torch.from_numpy(np.stack(means)).float()

    def draw(self, count: int, random: np.random.Generator) -> Batch:
        """`count` maps."""
        styles = random.integers(len(self.styles), size=count)
        drawn = [self._maps[style][int(random.integers(len(self._maps[style])))] for style in styles]
        return Batch(
            torch.from_numpy(np.stack([_square(each.shares, random) for each in drawn])),
            F.one_hot(torch.from_numpy(styles), len(self.styles)).float(),
            torch.from_numpy(np.stack([each.lightness for each in drawn])),
        )


def _square(shares: Maps, random: np.random.Generator) -> Maps:
    top, left = (int(random.integers(side - SIDE + 1)) for side in shares.shape[1:])
    cut = shares[:, top : top + SIDE, left : left + SIDE]
    return np.ascontiguousarray(cut[..., ::-1] if random.random() < 0.5 else cut)

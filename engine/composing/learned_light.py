"""Where painters put light and dark: the learned part of composing, without torch.

A small GAN (`engine/training/composition.py`) learned from layouts of real art to deal five tones out over a
picture. Here its generator runs in numpy, in milliseconds, so that the process which sketches previews needs
nothing else. Things stand where the scene puts them; how light lies over them is what was learned.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from engine.composing.fields import Field, Frame, resized
from engine.composing.regions import Region
from engine.conditions import StyleMix
from engine.errors import WeightsMissing

NOISE, SIDE, TONES = 64, 32, 5
"""Numbers of noise, places along a side of a tone map, and tones from dark to light."""
WIDTHS = (64, 64, 48, 32)
"""Channels at 4, 8, 16 and 32 places a side."""
SLOPE = 0.2
SHIPPED = Path(__file__).parents[1] / "weights" / "composition.safetensors"

OWN, LEARNED = 0.4, 1.5
"""How much of a region's own light and shadow, and of what was learned, is in its relief."""
THINGS = frozenset({"figure", "echo", "accent", "shade"})
"""Roles that keep the light they have."""

Maps = NDArray[np.float32]
"""(C, h, w)."""


@dataclass(frozen=True, slots=True)
class Composition:
    """The generator's weights by name, as float32, and the styles that they know."""

    weights: Mapping[str, NDArray[np.float32]]
    styles: tuple[str, ...]

    def tone_map(self, style: StyleMix, random: np.random.Generator) -> Maps:
        """(5, 32, 32) the share, 0..1, of each tone in each place, from dark to light.

        A style that the weights do not know counts as none of those they do.
        """
        mix = np.zeros(len(self.styles), np.float32)
        for name, share in style:
            if name in self.styles:
                mix[self.styles.index(name)] = share
        told = np.concatenate([_normal_noise(random, NOISE), mix, mix @ self.weights["lightness"]])
        logits = self._logits(told, random)
        shares = np.exp(logits - logits.max(0))
        return np.asarray(shares / shares.sum(0), np.float32)

    def _logits(self, told: NDArray[np.float32], random: np.random.Generator) -> Maps:
        weights = self.weights
        x: Maps = weights["first.weight"] @ told + weights["first.bias"]
        x = _evened(_leaky(x.reshape(WIDTHS[0], 4, 4)))
        for level in range(len(WIDTHS) - 1):
            x = x.repeat(2, 1).repeat(2, 2)
            x = _convolved(x, weights[f"convolutions.{level}.weight"], weights[f"convolutions.{level}.bias"])
            x = x + weights[f"rough.{level}"][:, None, None] * _normal_noise(random, *x.shape[1:])
            x = _evened(_leaky(x))
        return _convolved(x, weights["last.weight"], weights["last.bias"])


def _normal_noise(random: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    return random.standard_normal(shape, np.float32)


def _leaky(x: Maps) -> Maps:
    return np.asarray(np.maximum(x, np.float32(SLOPE) * x))


def _evened(x: Maps) -> Maps:
    """Each place scaled to unit mean square over its channels."""
    return np.asarray(x / np.sqrt(np.square(x).mean(0) + 1e-6), np.float32)


def _convolved(x: Maps, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> Maps:
    """A 3 × 3 convolution with zeros around, weight (out, in, 3, 3)."""
    channels, rows, columns = x.shape
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), (1, 2))  # (in, h, w, 3, 3)
    flat = windows.transpose(0, 3, 4, 1, 2).reshape(channels * 9, rows * columns)
    return np.asarray((weight.reshape(len(bias), -1) @ flat + bias[:, None]).reshape(-1, rows, columns))


@functools.cache
def load_composition(path: Path = SHIPPED) -> Composition:
    """The composition of a weights file. Raises WeightsMissing when it is absent or damaged."""
    try:
        with safe_open(path, "numpy") as file:
            styles = tuple(file.metadata()["styles"].split(","))
            weights = {name: file.get_tensor(name).astype(np.float32) for name in file.keys()}  # noqa: SIM118 (not a dict)
    except (OSError, SafetensorError, KeyError, TypeError) as error:
        raise WeightsMissing(
            f"The weights in {path} cannot be used ({error}); put the shipped file back, or set the composer"
            " to procedural, which needs none."
        ) from error
    return Composition(weights, styles)


def light(composition: Composition, style: StyleMix, frame: Frame, random: np.random.Generator) -> Field:
    """(rows, columns) of the small grid: from dark, about -1.5, to light, about 1.5; the mean is 0."""
    rows, columns = frame.shape
    shares = composition.tone_map(style, random)
    tone = np.tensordot(np.linspace(-1, 1, TONES, dtype=np.float32), shares, 1)  # (32, 32)
    spread = resized(tone, columns, rows)
    spread = (spread - spread.mean()) / max(float(spread.std()), 1e-3)
    return np.asarray(np.clip(spread, -1.5, 1.5), np.float32)


def lit(regions: Sequence[Region], light: Field) -> list[Region]:
    """The regions under one light over the whole picture."""
    return [region if region.role in THINGS else _under(region, light) for region in regions]


def _under(region: Region, light: Field) -> Region:
    own = np.zeros_like(light) if region.relief is None else region.relief
    return replace(region, relief=np.asarray(OWN * own + LEARNED * light, np.float32))

"""Turn the colors that a person asked for into the tones of a picture, in OKLCH."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.color.oklab import (
    BRIGHTEST,
    DARKEST,
    Lab,
    is_shown,
    linear_from_oklab,
    oklab_from_srgb,
    srgb_from_oklab,
)
from engine.layout import Pixels
from engine.vocabulary import load_vocabulary

GRAY = 0.04
"""OKLCH chroma below which a color counts as black, gray or white."""
BLACK, WHITE = 0.35, 0.85
"""Lightness below which a gray looks black, and above which it looks white."""
HUE_REACH = 25.0
"""Degrees of OKLCH hue within which a pixel has the asked color."""
SHARE = 0.15
"""The least share of the colored pixels that must have an asked color."""
ACCENTS = (180.0, 180.0, 120.0, -120.0, 90.0, -90.0)
"""Degrees of hue from the first color to its accent: opposite, or in a triad or square with it."""


@dataclass(frozen=True, slots=True)
class Tone:
    """A color in OKLCH: lightness 0..1, chroma 0..0.4, hue in degrees."""

    lightness: float
    chroma: float
    hue: float

    @property
    def is_gray(self) -> bool:
        """Whether it counts as black, gray or white."""
        return self.chroma < GRAY

    def at(self, lightness: float, chroma: float | None = None, turn: float = 0.0) -> Tone:
        """Return the color at another lightness, its hue turned by degrees, as sRGB can show it."""
        wanted = replace(
            self,
            lightness=min(max(lightness, 0.02), 0.985),
            chroma=self.chroma if chroma is None else chroma,
            hue=(self.hue + turn) % 360,
        )
        return wanted.shown()

    def shown(self) -> Tone:
        """Return the strongest color of this lightness and hue that sRGB can show."""
        angle = math.radians(self.hue)
        if is_shown(self.lightness, self.chroma * math.cos(angle), self.chroma * math.sin(angle)):
            return self
        steps = np.linspace(0, self.chroma, 33, dtype=np.float32)
        a, b = steps * math.cos(angle), steps * math.sin(angle)
        linear = linear_from_oklab(np.stack([np.full_like(steps, self.lightness), a, b], 1))
        fits = ((linear > DARKEST) & (linear < BRIGHTEST)).all(1)
        return replace(self, chroma=float(steps[np.nonzero(fits)[0].max(initial=0)]))

    @property
    def lab(self) -> NDArray[np.float32]:
        """(3,) OKLab."""
        angle = math.radians(self.hue)
        return np.array(
            [self.lightness, self.chroma * math.cos(angle), self.chroma * math.sin(angle)], np.float32
        )

    @property
    def rgb(self) -> tuple[int, int, int]:
        """sRGB, 0..255."""
        red, green, blue = srgb_from_oklab(self.lab)
        return int(red), int(green), int(blue)

    @property
    def hex(self) -> str:
        """'#rrggbb'."""
        return "#{:02x}{:02x}{:02x}".format(*self.rgb)


@functools.lru_cache(maxsize=4096)
def resolve(color: str) -> str:
    """Return '#rrggbb' for a color word in any language or a CSS color. Raises ValueError if unknown."""
    from coloraide import Color

    vocabulary = load_vocabulary()
    name = vocabulary.find("color", color)
    if name is None:
        raise ValueError(f"unknown color: {color!r}")
    words = {word.name: word.value for word in vocabulary.words("color")}
    return words.get(name) or Color(name).convert("srgb").to_string(hex=True, fit=True, compress=False)


@functools.lru_cache(maxsize=4096)
def tone(color: str) -> Tone:
    """Return a color in OKLCH. Raises ValueError if unknown."""
    from coloraide import Color

    lightness, chroma, hue = Color(resolve(color)).convert("oklch").coords(nans=False)
    return Tone(float(lightness), float(chroma), float(hue))


def palette(
    colors: Sequence[str], rng: np.random.Generator, chaos: int = 0, *, one_ink: bool = False
) -> tuple[Tone, ...]:
    """Return the asked colors, then two companions: a neighbor of the first hue and an accent far from it.

    chaos: 0..100 turns the companions further; one_ink: the accent has the first color's hue
    """
    asked = tuple(tone(color) for color in colors)
    first = asked[0]
    stray = 1 + chaos / 50
    hue = first.hue if not first.is_gray else float(rng.choice([35.0, 70.0, 235.0, 260.0]))
    side = float(rng.choice([-1, 1]))
    neighbor = Tone(first.lightness, max(first.chroma, 0.03), hue + side * float(rng.uniform(6, 13)))
    if 55 < first.hue < 125 and not first.is_gray:
        # Darkened yellow looks like mud: use a pale dusk behind it instead.
        neighbor = Tone(first.lightness, 0.033, 265.0)
    turn = float(rng.choice(ACCENTS)) + float(rng.uniform(-25, 25)) * stray
    accent = Tone(0.7, 0.15, (hue + turn) % 360)
    if one_ink:
        accent = Tone(0.7, first.chroma, first.hue)
    return (*asked, neighbor, accent.shown())


def hue_distance(one: NDArray[np.float32] | float, other: float) -> NDArray[np.float32]:
    """Return the degrees between hues, 0..180."""
    return np.asarray(np.abs((np.asarray(one) - other + 180) % 360 - 180), np.float32)


def color_hit(image: Pixels, colors: Sequence[str]) -> bool:
    """Return whether every asked color has its share of `image` (H, W, 3), and one of them the largest."""
    shares, stranger = shares_of(oklab_from_srgb(image.reshape(-1, 3)), [tone(color) for color in colors])
    return min(shares) >= SHARE and max(shares) >= stranger


def shares_of(lab: Lab, asked: Sequence[Tone]) -> tuple[tuple[float, ...], float]:
    """Return the share of each asked tone in colored OKLab (N, 3), and of the strongest other hue.

    Colored are pixels with chroma, and gray ones whose lightness fits an asked black, gray or white. So bare
    paper counts only where white was asked for.
    """
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1]))
    hits = [_claims(tone, lab[:, 0], chroma, hue) for tone in asked]
    claimed = np.logical_or.reduce(hits)
    total = max(1, int(((chroma >= GRAY) | claimed).sum()))
    others = np.histogram(hue[(chroma >= GRAY) & ~claimed], bins=36, range=(-180, 180))[0]
    reach = round(HUE_REACH / 10)
    windows = sum(np.roll(others, shift) for shift in range(-reach, reach + 1))
    return tuple(float(hit.sum()) / total for hit in hits), float(np.max(windows)) / total


def _claims(
    asked: Tone, lightness: NDArray[np.float32], chroma: NDArray[np.float32], hue: NDArray[np.float32]
) -> NDArray[np.bool_]:
    if not asked.is_gray:
        return np.asarray((chroma >= GRAY) & (hue_distance(hue, asked.hue) <= HUE_REACH))
    if asked.lightness < BLACK:
        near = lightness < BLACK + 0.07
    elif asked.lightness > WHITE:
        near = lightness > WHITE - 0.03
    else:
        near = np.abs(lightness - asked.lightness) < 0.2
    return np.asarray((chroma < GRAY) & near)

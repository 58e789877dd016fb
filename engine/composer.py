"""Compose a picture and reduce it to a layout, as its style's medium asks.

Form, backdrop and color have random generators of their own, so that a seed keeps its composition when only
colors or style change. The size decides nothing but the number of pixels.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image

from engine.color.oklab import oklab_from_srgb
from engine.color.palette import tone
from engine.composing.grids import LINEAR, blurred, resized
from engine.composing.lettering import lettered
from engine.composing.media import drawn
from engine.composing.picture import pictured, randomness
from engine.composing.reduce import clustered
from engine.composing.source import SIDE
from engine.conditions import MAX_KEEP, Conditions
from engine.layout import Layout, Mask, Pixels
from engine.styles import Composing, style_named

COARSE, BUSY = 4, 6.0
"""Side in px of the cells searched for even parts, and the levels of gray that make a cell busy."""
FACES = 0.65
"""Share of the painter's change that is left undone in faces, which it would smear."""
MOST_TONES = 64
"""Colors of a layout at most."""
SHOWN = 5
"""Colors of a palette when none was asked for."""


def compose(conditions: Conditions) -> Layout:
    """Return the layout of a picture. Raises KeyError for an unknown word, ValueError for a color."""
    style = style_named(conditions.main_style)
    picture = pictured(conditions)
    how = _keeping(style.composing, conditions) if conditions.source else style.composing
    image = drawn(picture.rich, how, style.medium, randomness(conditions, "medium"))
    asked = tuple(tone(color).hex for color in conditions.colors)
    layout = Layout(
        image=image,
        figure=picture.rich.asked(),
        palette=asked or _palette(image),
        preserve=_preserved(image, picture.rich.faces(), style.composing),
        sources=picture.sources,
    )
    if conditions.text and style.letters:
        return lettered(layout, conditions.text, is_coarse=style.medium == "pixel")
    return layout


def _keeping(how: Composing, conditions: Conditions) -> Composing:
    """Return how a source is reduced: half to twice the detail and the tones of a composition's backdrop."""
    times = 2 ** (2 * conditions.keep / MAX_KEEP - 1)
    detail, tones = round(how.backdrop_detail * times), round(how.backdrop_tones * times)
    return replace(
        how, backdrop_detail=max(1, min(detail, SIDE)), backdrop_tones=max(2, min(tones, MOST_TONES))
    )


def _preserved(image: Pixels, faces: Mask | None, how: Composing) -> Mask | None:
    """How much of the painter's change is left undone (H, W): more in faces and where the layout is even."""
    if how.strength == how.even == 1 and faces is None:
        return None
    light = np.asarray(Image.fromarray(image).convert("L").reduce(COARSE), np.float32)
    busy = np.clip(blurred(np.abs(light - blurred(light, 2)), 2) / BUSY, 0, 1)
    kept = resized(how.even + (how.strength - how.even) * busy, image.shape[:2], LINEAR)
    if faces is not None:
        kept = kept * (1 - FACES * faces)
    return np.asarray(1 - kept, np.float32)


def _palette(image: Pixels) -> tuple[str, ...]:
    """Return the most frequent colors of a layout, the strongest first."""
    small = Image.fromarray(image).resize((48, 48), Image.Resampling.BOX)
    colors, labels = clustered(small, SHOWN)
    shares = np.bincount(labels.reshape(-1), minlength=len(colors))
    lab = oklab_from_srgb(colors)
    order = np.argsort(-shares * (0.02 + np.hypot(lab[:, 1], lab[:, 2])))
    return tuple("#{:02x}{:02x}{:02x}".format(*colors[index]) for index in order)

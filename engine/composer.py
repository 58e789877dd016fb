"""From conditions to a layout: the flat-colour sketch that the painter works from.

Form and colour are drawn from generators of their own, so that a seed keeps its composition when only the
colours or the style change. The size decides nothing but the number of pixels.
"""

from __future__ import annotations

import hashlib
import math

import numpy as np
from PIL import Image, ImageChops

from engine.color.palette import palette
from engine.composing.brushwork import broken
from engine.composing.color_assignment import colored
from engine.composing.fields import Frame, as_mask
from engine.composing.learned_light import light, lit, load_composition
from engine.composing.medium import suited
from engine.composing.preserve_mask import calm
from engine.composing.rasterize import Canvas, paint, snapped, washed
from engine.composing.regions import Region, seen, uncovered
from engine.composing.scenes.registry import arrange
from engine.composing.scenes.scenery import Stage
from engine.composing.shading import inked, key_of
from engine.conditions import Conditions
from engine.layout import Layout
from engine.styles import Style, style_named
from engine.vocabulary import load_vocabulary

SQUARES = 64
"""Squares along the longer side of a picture in pixel style."""
OVERSAMPLED = 4
"""Pixels along a square while it is drawn."""
HOURS = 0.3
"""By how much the lightness at which day turns to night differs from seed to seed."""
STRENGTH = 0.08
"""By how much figures differ from seed to seed in lightness, away from what is around them."""


PROCEDURAL, LEARNED = COMPOSERS = "procedural", "learned"
"""Light and shadow as each scene has them, or as a network learned them from art."""


def compose(conditions: Conditions, composer: str = PROCEDURAL) -> Layout:
    """The layout of a picture. composer: of `COMPOSERS`

    Raises KeyError for an unknown word, ValueError for an unknown colour, and WeightsMissing.
    """
    style = style_named(conditions.main_style)
    frame = Frame.of(conditions)
    if style.medium == "pixel":
        return _in_squares(conditions, style, frame, composer)
    canvas, wash, figure, palette = _drawn(conditions, style, frame, composer)
    mask = as_mask(figure)
    laid = [tone.rgb for tone in canvas.tones]
    random, colors = _random(conditions, "facture"), len(conditions.colors)
    image = broken(canvas.image, style.brushwork, frame, random, colors, laid, style.bare)
    if wash is None:
        return Layout(image, mask, palette, calm(canvas, style))
    return Layout(image, mask, palette, calm(canvas, style), canvas.paper.rgb, np.asarray(wash.image))


def _in_squares(conditions: Conditions, style: Style, frame: Frame, composer: str) -> Layout:
    """Drawn on a grid fixed by the aspect, so that every square is one tone at any size."""
    columns, rows = math.ceil(frame.across * SQUARES - 1e-6), math.ceil(frame.down * SQUARES - 1e-6)
    coarse = Frame(columns * OVERSAMPLED, rows * OVERSAMPLED, columns / SQUARES, rows / SQUARES)
    canvas, _, figure, palette = _drawn(conditions, style, coarse, composer)
    mask = as_mask(figure.resize((columns, rows), Image.Resampling.NEAREST))
    # A side rounded to a multiple of 16 px may be longer than its share of the aspect: the last square is.
    down, across = (
        np.minimum(np.arange(px) // (frame.scale / SQUARES), most - 1).astype(int)
        for px, most in ((frame.height, rows), (frame.width, columns))
    )
    squares, figure_squares = snapped(canvas, columns, rows), np.round(mask)
    return Layout(
        squares.take(across, 1).take(down, 0), figure_squares.take(across, 1).take(down, 0), palette
    )


def _drawn(
    conditions: Conditions, style: Style, frame: Frame, composer: str
) -> tuple[Canvas, Canvas | None, Image.Image, tuple[str, ...]]:
    """What is painted, what is washed over a drawing, the figure's mask (mode L), and the colours used, the
    figure's first."""
    asked = len(conditions.colors)
    ground, mood = style.medium, style.tones
    random = _random(conditions, "palette", *conditions.colors)
    tones = palette(conditions.colors, random, conditions.chaos, one_ink=mood.one_ink)
    random = _random(conditions, "hour")
    hour, strength = float(random.uniform(-HOURS, HOURS)), float(random.uniform(0, STRENGTH))
    key = key_of(tones[:asked], style, hour, strength)
    regions = arrange(conditions.scene, _stage(conditions, frame))
    if composer == LEARNED:
        random = _random(conditions, "composition")
        regions = lit(regions, light(load_composition(), conditions.style, frame, random))
    regions = suited(regions, ground, key, asked, frame, _random(conditions, "ground"))
    parts = seen(regions, frame)
    painted = colored(regions, parts, tones, asked, key, _random(conditions, "colors", *conditions.colors))
    if ground == "print":
        painted = inked(regions, painted, key)
    shown = uncovered(regions, parts, frame)
    canvas = paint(shown, painted, ground, frame, mood.paper)
    wash = washed(shown, painted, frame, mood.paper) if ground == "drawing" else None
    used = dict.fromkeys([tones[0].at(key.figure).hex, *(tone.hex for tone in canvas.tones)])
    return canvas, wash, _figure(regions), tuple(used)


def _random(conditions: Conditions, purpose: str, *more: str) -> np.random.Generator:
    """Randomness that depends on what matters for `purpose` alone."""
    form = (conditions.seed, conditions.shape, conditions.scene, conditions.chaos, conditions.aspect)
    digest = hashlib.sha256(repr((purpose, form, more)).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def _stage(conditions: Conditions, frame: Frame) -> Stage:
    rng = _random(conditions, "form")
    # Light from above: from the left or the right, never quite level nor quite overhead.
    angle = float(rng.choice([rng.uniform(-1.2, -0.5), rng.uniform(-2.64, -1.94)]))
    category = load_vocabulary().word("shape", conditions.shape).category
    light = (math.cos(angle), math.sin(angle))
    wild = conditions.chaos / 100
    figures = (conditions.number, conditions.others)
    return Stage(frame, rng, conditions.shape, category, len(conditions.colors), wild, light, *figures)


def _figure(regions: list[Region]) -> Image.Image:
    masks = [region.mask for region in regions if region.role in ("figure", "echo") and not region.guest]
    union = masks[0]
    for mask in masks[1:]:
        union = ImageChops.lighter(union, mask)
    return union

"""Stages and regions to try the parts of the composer on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image

from engine.composing.fields import Frame
from engine.composing.regions import Region
from engine.composing.scenes.scenery import Stage
from engine.conditions import Other
from engine.styles import Style, StyleTones, load_styles
from engine.vocabulary import load_vocabulary

FRAME = Frame(256, 256, 1.0, 1.0)


def style_on(medium: str) -> Style:
    """A style of the medium with even tones."""
    style = next(each for each in load_styles().values() if each.medium == medium)
    return replace(style, tones=StyleTones())


def stage(
    shape: str = "fish",
    colors: int = 1,
    wild: float = 0.0,
    seed: int = 0,
    frame: Frame = FRAME,
    number: int = 1,
    others: tuple[Other, ...] = (),
) -> Stage:
    """A stage as the composer makes it."""
    category = load_vocabulary().word("shape", shape).category
    random = np.random.default_rng(seed)
    return Stage(frame, random, shape, category, colors, wild, (0.6, -0.8), number, others)


def box(role: str, left: int, upper: int, right: int, lower: int, depth: float = 0.5) -> Region:
    """A rectangle on the 256-px frame, in pixels; its inset is the distance from its upper edge in units."""
    mask = Image.new("L", (FRAME.width, FRAME.height))
    mask.paste(255, (left, upper, right, lower))
    inset = np.asarray(FRAME.y - upper / FRAME.scale + 0 * FRAME.x, np.float32)
    return Region(mask, role, depth, inset=inset)


def simple_scene() -> list[Region]:
    """Sky, three bands and a figure over all of them."""
    return [
        box("sky", 0, 0, 256, 256, 0.0),
        box("band", 0, 96, 256, 256, 0.3),
        box("band", 0, 150, 256, 256, 0.6),
        box("band", 0, 205, 256, 256, 0.8),
        box("figure", 80, 50, 176, 220, 0.9),
    ]

"""From conditions to a layout: the flat-colour sketch that the painter works from.

Form, colour and texture are drawn from generators of their own, so that the same seed keeps its composition
when only the colour or the style changes. Size enters nowhere but in the number of pixels.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from engine.conditions import Conditions
from engine.fields import Field, Frame, as_mask, blurred, cut, distance, noise, resized, shrunk
from engine.layout import Layout
from engine.oklab import srgb_from_oklab
from engine.palette import Tone, palette
from engine.regions import Key, Region, assign, key_of, tone_of
from engine.scenes import SCENES, Stage, everywhere
from engine.vocabulary import load_vocabulary

PIXELS = 64
"""Squares along the longer side of a picture in pixel style."""
PAPER = Tone(0.965, 0.012, 85.0)


def generator(conditions: Conditions, purpose: str) -> np.random.Generator:
    """Randomness that depends on the conditions which matter for `purpose` alone."""
    parts = [purpose, conditions.seed, conditions.shape, conditions.scene, conditions.chaos, conditions.aspect]
    digest = hashlib.sha256(repr(parts).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def compose(conditions: Conditions) -> Layout:
    """The layout of a picture. Raises KeyError for an unknown shape or scene, ValueError for a colour."""
    vocabulary = load_vocabulary()
    frame = Frame.of(conditions)
    ground = vocabulary.word("style", conditions.main_style).value
    tones = palette(conditions.colors, generator(conditions, "color"), conditions.chaos)
    regions = _stage(conditions, frame)
    regions = _suit(regions, ground, frame, generator(conditions, "ground"))
    asked = len(conditions.colors)
    key = key_of(tones[:asked], ground)
    colors = assign(regions, frame, tones, asked, key, generator(conditions, "color"))
    painted = _paint(regions, colors, tones, key, ground, frame, generator(conditions, "texture"))
    figure = as_mask(_union([region.mask for region in regions if region.role == "figure"]))
    drawn = tuple(dict.fromkeys(tone.hex for tone in tones[: asked + 2]))
    return Layout(np.asarray(painted, np.uint8), figure, drawn)


def _stage(conditions: Conditions, frame: Frame) -> list[Region]:
    rng = generator(conditions, "form")
    angle = float(rng.uniform(-2.5, -0.6))
    category = load_vocabulary().word("shape", conditions.shape).category
    light = (math.cos(angle), math.sin(angle))
    stage = Stage(
        frame, rng, conditions.shape, category, len(conditions.colors), conditions.chaos / 100, light
    )
    regions = SCENES[conditions.scene](stage)
    for region in regions:
        if region.role == "figure":
            region.relief = modelled(region.mask, frame, light, rng)
    return regions


def modelled(mask: Image.Image, frame: Frame, light: tuple[float, float], rng: np.random.Generator) -> Field:
    """Light (1) and shadow (-1) on a silhouette as if it were a cushion, broken by patches."""
    cover = shrunk(mask, frame)
    height = blurred(cover, 3) + blurred(cover, 7) + blurred(cover, 14)
    down, right = np.gradient(height)
    lit = -(right * light[0] + down * light[1]) * 9
    return (np.tanh(lit) * 0.8 + 0.3 * noise(rng, frame, 9)).astype(np.float32)


def _union(masks: Sequence[Image.Image]) -> Image.Image:
    union = masks[0]
    for mask in masks[1:]:
        union = ImageChops.lighter(union, mask)
    return union


def _suit(regions: list[Region], ground: str, frame: Frame, rng: np.random.Generator) -> list[Region]:
    """Let the paper show where the style lives from it."""
    if ground not in ("paper", "print"):
        return regions
    kept = []
    for region in regions:
        if region.role in ("sky", "cloud"):
            continue
        if region.role == "band":
            rough = noise(rng, frame, 4, 3) * 0.8 - (0.35 if ground == "paper" else 0.1)
            wash = cut(distance(rough), frame)
            region.mask = ImageChops.multiply(region.mask, wash)
        kept.append(region)
    return kept


def _paint(
    regions: Sequence[Region],
    colors: Sequence[int],
    tones: Sequence[Tone],
    key: Key,
    ground: str,
    frame: Frame,
    rng: np.random.Generator,
) -> Image.Image:
    paper = PAPER if not key.dark else tones[-2].at(0.25, 0.03)
    canvas = Image.new("RGB", (frame.width, frame.height), paper.rgb)
    below = paper
    for region, color in zip(regions, colors, strict=True):
        if region.role == "shade":
            _lay(canvas, region.mask, below.at(below.lightness - 0.2))
        elif region.role == "cloud":
            _lay(canvas, region.mask, below.at(below.lightness + 0.06, below.chroma * 0.6))
        elif region.role == "accent":
            lightness = 0.86 if key.dark else 0.72
            _lay(canvas, region.mask, tones[-1].at(lightness))
        else:
            below = tone_of(region, color, tones, key)
            if region.role == "figure":
                _lay(canvas, _closed(region.mask), below.at(below.lightness + (-0.13 if not key.dark else -0.16)))
            _fill(canvas, region, below, ground, frame)
    return canvas


def _closed(mask: Image.Image) -> Image.Image:
    """The silhouette with its gaps and eyes filled."""
    small = mask.resize((max(1, mask.width * 192 // max(mask.size)), max(1, mask.height * 192 // max(mask.size))))
    small = small.filter(ImageFilter.MaxFilter(11)).filter(ImageFilter.MinFilter(11))
    large = small.filter(ImageFilter.GaussianBlur(0.8)).resize(mask.size, Image.Resampling.BICUBIC)
    return ImageChops.lighter(mask, large.point(lambda value: max(0, min(255, (value - 96) * 4))))


def _lay(canvas: Image.Image, mask: Image.Image, tone: Tone) -> None:
    canvas.paste(tone.rgb, (0, 0, *canvas.size), mask)


def _fill(canvas: Image.Image, region: Region, tone: Tone, ground: str, frame: Frame) -> None:
    if region.relief is None or ground == "print":
        _lay(canvas, region.mask, tone)
        return
    if ground in ("full", "paper"):
        canvas.paste(_shaded(tone, region.relief, frame, 0.05 if region.role != "figure" else 0.075), (0, 0), region.mask)
        return
    _lay(canvas, region.mask, tone)
    for side in (1, -1):
        part = cut(distance(region.relief * side - 0.75), frame)
        step = 0.05 if region.role != "figure" else 0.08
        _lay(canvas, ImageChops.multiply(part, region.mask), tone.at(tone.lightness + side * step))


def _shaded(tone: Tone, relief: Field, frame: Frame, depth: float) -> Image.Image:
    light = np.clip(relief, -1.6, 1.6)
    angle = math.radians(tone.hue) + 0.1 * light
    chroma = tone.chroma * (1 - 0.1 * light)
    lab = np.stack([tone.lightness + depth * light, chroma * np.cos(angle), chroma * np.sin(angle)], 2)
    small = Image.fromarray(srgb_from_oklab(lab.astype(np.float32)))
    return small.resize((frame.width, frame.height), Image.Resampling.BICUBIC)

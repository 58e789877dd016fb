"""What is on the land of a scene: trees along a far crest, grass before the figure's feet, mountains."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from engine.composing.fields import Field, Frame, cut, line_noise, noise
from engine.composing.regions import Region
from engine.composing.scenes.scenery import Stage
from engine.composing.silhouettes import drawn, proportions

TREES = ("tree", "oak", "palm-tree")
FOREST, WOOD = (3, 7), (3, 6)
"""Trees in a group, and groups along a crest: fewest, and one more than the most."""
TALL, SIZES = (0.05, 0.12), 4
"""Units from foot to crown, and how many sizes of tree there are in a picture."""
BLADES = 46
"""Blades of grass over a unit."""


def wooded(stage: Stage, land: Region, clear: tuple[float, float]) -> Region:
    """The land with groups of trees along its crest, in its own colour; none by water or beside plants.

    clear: units from left to right that stay open, since the figure stands there
    """
    if stage.swims or stage.category == "plants" or land.inset is None:
        return land
    rng, frame = stage.rng, stage.frame
    crest = _crest(land.inset, frame)
    kind = TREES[int(rng.choice(len(TREES), p=(0.5, 0.38, 0.12)))]
    trees = [_drawn(kind, float(tall) * stage.room * frame.scale) for tall in rng.uniform(*TALL, SIZES)]
    for _ in range(int(rng.integers(*WOOD))):
        middle = float(rng.uniform(0, frame.across))
        for _ in range(int(rng.integers(*FOREST))):
            x, tree = middle + float(rng.normal(0, 0.045)), trees[int(rng.integers(SIZES))]
            room = tree.width / frame.scale / 2
            if not clear[0] - room < x < clear[1] + room:
                _plant(land.mask, tree, x * frame.scale, _at(crest, x, frame) * frame.scale)
    return land


def _drawn(kind: str, tall: float) -> Image.Image:
    across, down = proportions(kind)
    return drawn(kind, max(2, round(tall * across / down)), max(3, round(tall)))


def _crest(inset: Field, frame: Frame) -> Field:
    """(columns,) how far down in units the land begins."""
    rows = np.argmax(inset > 0, axis=0)
    return np.asarray((rows + 0.5) * frame.down / inset.shape[0], np.float32)


def _at(crest: Field, x: float, frame: Frame) -> float:
    """How far down the crest is at `x`, which may lie outside the frame."""
    return float(crest[min(max(int(x / frame.across * len(crest)), 0), len(crest) - 1)])


def _plant(mask: Image.Image, tree: Image.Image, x: float, foot: float) -> None:
    """Set a tree with its foot at a place, in pixels, a little into the ground."""
    left, top = round(x) - tree.width // 2, round(foot + 0.08 * tree.height) - tree.height
    box = (left, top, left + tree.width, top + tree.height)
    mask.paste(ImageChops.lighter(tree, mask.crop(box)), box)


def grassy(stage: Stage, strip: Region) -> Region:
    """The strip before the figure with blades of grass along its edge; none on water."""
    if stage.swims or strip.inset is None:
        return strip
    rng, frame = stage.rng, stage.frame
    crest, draw = _crest(strip.inset, frame), ImageDraw.Draw(strip.mask)
    for x in np.sort(rng.uniform(0, frame.across, round(BLADES * frame.across))):
        foot, tall = _at(crest, x, frame) + 0.01, float(rng.gamma(3, 0.011)) * stage.room
        lean, half = float(rng.normal(0, 0.35)) * tall, 0.0035 + 0.03 * tall
        points = (
            (x - half, foot),
            (x + lean * 0.35, foot - tall * 0.6),
            (x + lean, foot - tall),
            (x + half, foot),
        )
        draw.polygon([(right * frame.scale, down * frame.scale) for right, down in points], fill=255)
    return strip


def far_off(stage: Stage, horizon: float) -> Iterator[Region]:
    """Mountains on land, and above them a bank of mist when four colours are asked for."""
    frame, rng = stage.frame, stage.rng
    if stage.colors > 3:
        crest = horizon * stage.pick(0.32, 0.42) + 0.03 * line_noise(rng, frame, 3)
        inset = np.asarray(frame.y - crest, np.float32)
        yield Region(cut(inset, frame), "band", 0.1, noise(rng, frame, 3, stretch=3), inset)
    if stage.colors > 2 or not stage.swims:
        yield ridge(stage, horizon)


def ridge(stage: Stage, horizon: float) -> Region:
    """Mountains far off, one side of every slope in the light."""
    frame, rng = stage.frame, stage.rng
    peaks = np.abs(line_noise(rng, frame, stage.pick(1.6, 2.6), 4))  # (1, columns)
    high = horizon * stage.pick(0.22, 0.42)
    crest = horizon * 0.93 - high * np.clip(1.25 - peaks, 0.1, 1.25)
    inset = np.asarray(frame.y - crest, np.float32)
    slope = np.gradient(np.broadcast_to(crest, frame.shape), axis=1) * frame.shape[1]
    # Further down a gully follows the crest only roughly.
    facets = np.sign(slope + 0.5 * noise(rng, frame, 7, stretch=0.6) * np.clip(inset / 0.06, 0, 1))
    lit = facets * np.sign(stage.light[0]) * np.clip(1.1 - inset / max(high, 1e-3), 0, 1)
    return Region(cut(inset, frame), "band", 0.25, np.asarray(lit, np.float32), inset)

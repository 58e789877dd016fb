"""What bare paper and the printing block ask of the regions before they are coloured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import ImageChops

from engine.composing.fields import Field, Frame, cut, distance, noise, veil
from engine.composing.regions import Region
from engine.composing.shading import Key

FADE = 0.13
"""Units over which a wash on paper runs out."""
MARGIN = 0.05
"""Units of paper left around a picture that is dark all over."""
CUT = 0.07
"""Units between two lines cut into a printing block: real linocuts are bold, and have no fine hatching."""
FIRST_CUT, LAST_CUT = 0.045, 0.2
"""Units from an edge between which the cuts widen until nothing is left to print."""


def suited(
    regions: Sequence[Region], ground: str, key: Key, colors: int, frame: Frame, rng: np.random.Generator
) -> list[Region]:
    """The regions as the ground wants them: on paper and in print most of the sheet stays bare.

    colors: how many were asked for; many need longer washes to be seen
    """
    if ground == "pixel":
        # A glaze would not be one of the few tones that squares may have.
        return [region for region in regions if region.role != "shade"]
    if not key.paper:
        return list(regions)
    sheet = _sheet(frame, rng)
    fade = FADE * (1 + 0.2 * max(0, colors - 2))
    bare = {"sky", "cloud"}
    bare |= set() if ground == "paper" else {"shade"}
    bare |= {"wall"} if colors < 3 else set()
    kept = []
    for region in regions:
        if region.role == "sky" and key.dark:
            region.mask = cut(sheet, frame)
        elif region.role in bare:
            continue
        elif region.role in ("wall", "band", "front") and region.inset is not None:
            _thin(region, ground, fade, frame, rng)
            if key.dark:
                region.mask = ImageChops.multiply(region.mask, cut(sheet, frame))
        kept.append(region)
    return kept


def _sheet(frame: Frame, rng: np.random.Generator) -> Field:
    """Distance inwards from a ragged margin."""
    across = np.minimum(frame.x, frame.across - frame.x)
    down = np.minimum(frame.y, frame.down - frame.y)
    return np.asarray(np.minimum(across, down) - MARGIN + 0.006 * noise(rng, frame, 10), np.float32)


def _thin(region: Region, ground: str, fade: float, frame: Frame, rng: np.random.Generator) -> None:
    """Let a region run out from its edge inwards: as a wash, as a ribbon to draw around, as cut lines."""
    inset = np.zeros(frame.shape, np.float32) if region.inset is None else region.inset
    uneven = noise(rng, frame, 3)
    if ground == "paper":
        reach = fade * (1 + 0.35 * uneven)
        region.mask = ImageChops.multiply(region.mask, veil(1 - inset / np.maximum(reach, 0.04), frame))
    elif ground == "drawing":
        ribbon = np.asarray(fade * (0.55 + 0.2 * uneven) - inset, np.float32)
        region.body = region.mask
        region.mask = ImageChops.multiply(region.mask, cut(ribbon, frame))
    elif region.role != "front":
        region.mask = ImageChops.multiply(region.mask, cut(printed(inset, uneven), frame))


def printed(inset: Field, uneven: Field) -> Field:
    """Distance into what still prints of a block whose cuts widen away from the edge."""
    lines = np.sin((inset + 0.006 * uneven) * (2 * np.pi / CUT))
    worn = 2.2 * (inset - FIRST_CUT) / (LAST_CUT - FIRST_CUT) - 1.2
    return distance(np.asarray(lines - np.clip(worn, -1.2, 1.2), np.float32))

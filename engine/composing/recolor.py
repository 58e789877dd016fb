"""Asked colours: a figure's main hue turns, a picture is drawn to the palette by rank of lightness."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.color.oklab import Lab
from engine.color.palette import Tone
from engine.composing.grids import Grid

FIGURE_LIGHT = 0.6
"""How far a figure's own lightness moves to that of the colour asked for."""
NEAR = 0.65
"""Cosine of hue from which a colour belongs to the figure's main hue."""
LESSER = 0.7
"""Share of their chroma that a figure's other hues keep."""
DRAWN, LIGHT = 0.85, 0.25
"""How far a picture goes to the palette in hue and chroma, and in lightness."""
STEEP = 2.5
"""How steeply the colours of a palette pass into each other."""
HUES, LEAVES = 36, (1.85, 2.75)
"""Bins of hue, and the hues of leaves in radians."""
SKIN, SKIN_CHROMA = (0.45, 1.25), 0.12
"""Hues of skin in radians, and the chroma that it has at most."""
KINDRED = np.pi / 3
"""Radians of hue within which a figure keeps more of its own: a red fox is nearly red by nature."""
PALE = 0.045
"""Chroma of main colours under which a figure has no hue to turn and takes the asked one everywhere."""


def figure_in(lab: Lab, alpha: Grid, color: Tone, is_person: bool = False) -> Lab:
    """Turn the main hue of a figure (H, W, 3); light, shade and lesser parts keep their relation.

    is_person: skin keeps its colour
    """
    inside, target = alpha > 0.5, color.lab
    if not inside.any():
        return lab
    a, b = lab[..., 1], lab[..., 2]
    chroma, hue = np.hypot(a, b), np.arctan2(b, a)
    skin = (hue > SKIN[0]) & (hue < SKIN[1]) & (chroma < SKIN_CHROMA) & (lab[..., 0] > 0.4) & is_person
    clothed = inside & ~skin if (inside & ~skin).sum() > 0.1 * inside.sum() else inside
    main = _main_hue(chroma[clothed], hue[clothed])
    near = np.where(skin, 0, np.clip((np.cos(hue - main) - NEAR) / 0.2 + 0.5, 0, 1))
    far = 1.0
    if chroma[inside].mean() < PALE:
        near, turned = np.ones_like(near), _dyed(lab, target)
    else:
        mean = float((chroma * near)[inside].sum() / max(float(near[inside].sum()), 1))
        turn = _wrapped(float(np.arctan2(target[2], target[1])) - main)
        far = min(1.0, (turn / KINDRED) ** 2)
        gain = float(np.clip(np.hypot(target[1], target[2]) / max(mean, 0.02), 0.0, 1.8))
        turned = _turned(lab, turn * (0.5 + 0.5 * far), 1 + (gain - 1) * far)
    share, lesser = near[..., None], np.where(skin, 1, LESSER)[..., None]
    out = lab.copy()
    out[..., 1:] = turned * share + lab[..., 1:] * lesser * (1 - share)
    mainly = inside & (near > 0.5)
    own_light = float(np.median(lab[..., 0][mainly])) if mainly.any() else 0.5
    moved = lab[..., 0] + FIGURE_LIGHT * far * (float(target[0]) - own_light) * near
    out[..., 0] = np.clip(moved, 0.06, 0.97)
    return np.asarray(out, np.float32)


def _dyed(lab: Lab, target: Lab) -> Grid:
    """Return a and b (H, W, 2) of the target's hue, strongest at middle lightness."""
    strength = np.clip(1.15 - np.abs(lab[..., 0] - 0.55) * 1.3, 0.25, 1)
    return np.asarray(target[1:] * strength[..., None], np.float32)


def _turned(lab: Lab, angle: float, gain: float) -> Grid:
    """Return a and b (H, W, 2), turned by radians and made stronger by a factor."""
    a, b = lab[..., 1], lab[..., 2]
    sides = a * np.cos(angle) - b * np.sin(angle), a * np.sin(angle) + b * np.cos(angle)
    return np.asarray(gain * np.stack(sides, -1), np.float32)


def _wrapped(angle: float) -> float:
    """Bring radians into -pi..pi."""
    return float((angle + np.pi) % (2 * np.pi) - np.pi)


def _main_hue(chroma: Grid, hue: Grid) -> float:
    """The hue (radians) that a figure has most of; leaves only count where there is little else."""
    counts = np.histogram(hue, HUES, (-np.pi, np.pi), weights=chroma)[0]
    counts = counts + np.roll(counts, 1) + np.roll(counts, -1)
    middles = (np.arange(HUES) + 0.5) / HUES * 2 * np.pi - np.pi
    green = (middles > LEAVES[0]) & (middles < LEAVES[1])
    if counts[~green].max() > 0.25 * counts.max():
        counts = np.where(green, 0, counts)
    return float(middles[counts.argmax()])


def drawn_to(lab: Lab, colors: Sequence[Tone], share: float = DRAWN) -> Lab:
    """Draw a picture (H, W, 3) to a palette: dark tones take its darkest colour, light tones the lightest."""
    targets = np.stack([tone.lab for tone in sorted(colors, key=lambda tone: tone.lightness)])
    light = lab[..., 0]
    marks = np.quantile(light, (np.arange(len(targets)) + 0.5) / len(targets))
    marks = np.maximum.accumulate(marks + np.arange(len(marks)) * 1e-4)
    aim = targets[0] + np.zeros_like(lab)
    for k in range(1, len(targets)):
        # Most of a tone is of one colour: what lies between two is neither.
        between = (light - marks[k - 1]) / (marks[k] - marks[k - 1])
        aim += (targets[k] - targets[k - 1]) * np.clip((between - 0.5) * STEEP + 0.5, 0, 1)[..., None]
    # What was muted stays muted: a picture all in full colour has no rest for the eye.
    chroma = 0.7 * np.hypot(lab[..., 1], lab[..., 2]) + 0.3 * np.hypot(aim[..., 1], aim[..., 2])
    chroma *= np.clip(1.15 - np.abs(light - aim[..., 0]), 0.4, 1)
    full = np.maximum(np.hypot(aim[..., 1], aim[..., 2]), 1e-3)
    aim[..., 1:] *= np.minimum(chroma / full, 1.2)[..., None]
    out = np.empty_like(lab)
    out[..., 1:] = (1 - share) * lab[..., 1:] + share * aim[..., 1:]
    out[..., 0] = (1 - LIGHT) * light + LIGHT * aim[..., 0]
    return np.asarray(out, np.float32)

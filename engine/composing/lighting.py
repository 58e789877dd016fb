"""Light: one direction for all, modelled shading, shadows on the ground, reflections, distance, set-off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.color.oklab import Lab
from engine.composing.grids import Grid, blurred, resized, smooth_noise

AGREES = 0.12
"""How much a cut-out must be lit from one side before it is mirrored to agree with the picture's light."""
MODELLED, MODELLED_FLAT = 0.06, 0.11
"""Lightness that directed light adds or takes, of realistic figures and of emoji."""
GAP = 0.2
"""Least difference of lightness between a figure and what is around it."""


@dataclass(frozen=True, slots=True)
class Light:
    """side: -1 from the left, 1 from the right; strength: of its shading and shadows"""

    side: float
    strength: float = 1.0


def modelled(lab: Lab, alpha: Grid, light: Light, most: float) -> Lab:
    """Shade a figure (h, w, 3) as if it bulged towards the viewer, lit from one side and above."""
    bulge = blurred(alpha, max(2, min(alpha.shape) / 9)) + 0.5 * blurred(alpha, max(1, min(alpha.shape) / 24))
    down, across = np.gradient(bulge)
    slope = -(light.side * across * 0.8 - down * 0.6) * min(alpha.shape) / 5
    shade = np.clip(slope, -1, 1) * most * light.strength
    out = lab.copy()
    out[..., 0] += shade
    foot = np.linspace(0, 1, len(alpha), dtype=np.float32)[:, None]
    out[..., 0] -= 0.09 * np.clip((foot - 0.8) / 0.2, 0, 1)
    return out


def in_air(lab: Lab, around: Lab, share: float) -> Lab:
    """Bring a figure to the colour of the air between: paler and colder with distance."""
    return np.asarray(lab + (around - lab) * share, np.float32)


def set_off(backdrop: Lab, mask: Grid, figure_light: float, gap: float = GAP) -> Lab:
    """Make the backdrop (H, W, 3) calm around a figure, and darker or lighter than it."""
    side = min(mask.shape)
    near = np.clip(blurred(mask, side * 0.05) * 1.9, 0, 1)
    calm = blurred(backdrop, side * 0.02)
    out = np.asarray(backdrop + (calm - backdrop) * (0.5 * near)[..., None], np.float32)
    around = near * (1 - mask)
    light = float((out[..., 0] * around).sum() / max(float(around.sum()), 1e-3))
    difference = light - figure_light
    if abs(difference) < gap:
        lighter = (difference >= 0 and light < 0.78) or light < 0.25 or figure_light < 0.42
        wide = np.clip(blurred(mask, side * 0.11) * 2.3, 0, 1)
        out[..., 0] = np.clip(out[..., 0] + ((gap if lighter else -gap) - difference) * wide, 0.05, 0.97)
    return out


def shadowed(backdrop: Lab, mask: Grid, base: float, light: Light) -> Lab:
    """Lay a contact shadow and a cast one on the ground (H, W, 3).

    mask: (H, W) of the figure; base: the row of its foot
    """
    height, width = mask.shape
    rows = np.nonzero(mask.max(1) > 0.3)[0]
    if not len(rows):
        return backdrop
    top, bottom = int(rows[0]), int(min(base, height - 1))
    tall = max(bottom - top, 2)
    cast = np.zeros_like(mask)
    flat = max(3, round(tall * 0.2))
    squashed = resized(mask[top : bottom + 1], (flat, width))
    for k in range(flat):
        row, shift = bottom - flat + 1 + k, round(-light.side * (flat - k) * 1.5)
        if 0 <= row < height:
            cast[row] = np.roll(squashed[k], shift)
    cast = blurred(np.clip(cast, 0, 1), max(1, height / 90))
    # Right under each foot: what lies below the silhouette where it is near the ground.
    near_ground = np.clip((np.arange(height)[:, None] - (bottom - tall * 0.14)) / (tall * 0.1 + 1), 0, 1)
    step = max(1, round(height / 64))
    below = np.clip(np.roll(mask, step, 0) + np.roll(mask, step // 2, 0), 0, 1) * near_ground
    contact = blurred(below, max(1, height / 90))
    dark = np.clip(0.5 * cast * light.strength + 0.6 * contact, 0, 0.8)
    out = backdrop.copy()
    out[..., 0] *= 1 - 0.62 * dark
    out[..., 1:] *= (1 - 0.25 * dark)[..., None]
    return out


def reflected(backdrop: Lab, lab: Lab, mask: Grid, base: float, random: np.random.Generator) -> Lab:
    """Mirror a figure in the water below its row `base`; it is given at the backdrop's size."""
    height = mask.shape[0]
    line = int(min(base, height - 2))
    rows = np.arange(line + 1, height)
    source = np.clip(line - (rows - line) * 1.15, 0, height - 1).astype(int)
    fade = np.clip(1 - (rows - line) / max(4, height * 0.3), 0, 1) * 0.55
    ripple = np.round(
        1.4 * np.sin(rows * 1.7 + random.uniform(0, 6)) * np.linspace(0.4, 1.6, len(rows))
    ).astype(int)
    out = backdrop.copy()
    for row, origin, share, shift in zip(rows, source, fade, ripple, strict=True):
        weight = np.roll(mask[origin], shift)[:, None] * share
        out[row] += (np.roll(lab[origin], shift, 0) * [0.86, 0.8, 0.8] - out[row]) * weight
    return out


def immersed(alpha: Grid, share: float, random: np.random.Generator) -> Grid:
    """Take off what is under water, along small waves. share: of the figure's height that is."""
    height, width = alpha.shape
    waves = smooth_noise(random, (2, width), 0.3)[0] * 0.008 * height
    line = height * (1 - share) + waves
    return np.asarray(alpha * np.clip(line[None] - np.arange(height)[:, None] + 0.5, 0, 1), np.float32)


def ragged_foot(alpha: Grid, depth: float, random: np.random.Generator) -> Grid:
    """Take blades off the lower edge of a figure, as grass in front of it does. depth: of the strip in px"""
    height, width = alpha.shape
    line = random.standard_normal(max(4, round(width / 3))).astype(np.float32)
    line = np.interp(np.linspace(0, len(line) - 1, width), np.arange(len(line)), line)
    cut = depth * np.clip(0.45 + 0.55 * line, 0, 2)
    feet = alpha.shape[0] - 1 - np.argmax(alpha[::-1] > 0.5, 0)
    feet = np.where(alpha.max(0) > 0.5, feet, height)
    low = np.maximum(feet, height - 1 - depth * 2.2) - cut
    rows = np.arange(height)[:, None]
    return np.asarray(alpha * np.clip(low[None] - rows + 0.5, 0, 1), np.float32)


def lost_edges(alpha: Grid, random: np.random.Generator) -> Grid:
    """Soften a silhouette's edge here and there, as painters lose edges."""
    soft = blurred(alpha, 3)
    share = np.clip(smooth_noise(random, alpha.shape, 4) * 0.6 - 0.15, 0, 0.9)
    return np.asarray(alpha + (np.minimum(soft, alpha) - alpha) * share, np.float32)

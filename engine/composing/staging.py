"""Figures brought into a backdrop: lit, grounded, set off; each a patch at the working size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.color.oklab import Lab
from engine.color.palette import Tone
from engine.composing.grids import LINEAR, Grid, blurred, resized, smooth_noise
from engine.composing.lighting import (
    AGREES,
    MODELLED,
    MODELLED_FLAT,
    Light,
    immersed,
    in_air,
    lost_edges,
    modelled,
    ragged_foot,
    reflected,
    set_off,
    shadowed,
)
from engine.composing.placing import Stand
from engine.composing.recolor import figure_in
from engine.styles import Composing

WORK = 512
"""Pixels of a composition's shorter side at which figures are drawn."""
TINTED = 0.16
"""How far a figure takes the colour of the light around it."""
AFLOAT = 0.07
"""Share of the height of what floats that is under water."""
GRASSY = frozenset(
    {
        "field",
        "forest",
        "garden",
        "hills",
        "landscape",
        "mountains",
        "park",
        "castle-grounds",
        "beach",
        "desert",
    }
)


@dataclass(frozen=True, slots=True)
class Figure:
    """lab: (h, w, 3); alpha: (h, w); top, left: its upper left corner in px of the work size

    main: whether it is of the main subject; is_person: whether it has a face to be kept
    """

    lab: Lab = field(repr=False)
    alpha: Grid = field(repr=False)
    top: int
    left: int
    main: bool
    is_person: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """What figures stand in: its place's name, the row of its horizon or None, and whether it is water."""

    place: str
    horizon: int | None
    water: bool


def staged(
    backdrop: Lab,
    stands: Sequence[Stand],
    ground: Ground,
    light: Light,
    colors: Sequence[Tone],
    keep: float,
    how: Composing,
    random: np.random.Generator,
) -> tuple[Lab, list[Figure]]:
    """Return the backdrop with shadows and reflections, and the figures to lay on it, those behind first.

    keep: share of lightness that the hour leaves to figures
    """
    figures = []
    for stand in stands:
        figure = _drawn(backdrop, stand, ground, light, colors, keep, how, random)
        backdrop = _grounded(backdrop, figure, stand, ground, light, random)
        figures.append(figure)
    return backdrop, figures


def _drawn(
    backdrop: Lab,
    stand: Stand,
    ground: Ground,
    light: Light,
    colors: Sequence[Tone],
    keep: float,
    how: Composing,
    random: np.random.Generator,
) -> Figure:
    size = max(8, round(stand.height * _unit(backdrop))), max(8, round(stand.width * _unit(backdrop)))
    cut = stand.cutout
    lab, alpha = resized(cut.lab, size), np.clip(resized(cut.alpha, size), 0, 1)
    if _mirrored(stand, light):
        lab, alpha = lab[:, ::-1], alpha[:, ::-1]
    color = stand.color or (colors[0 if stand.main else -1] if colors else None)
    if color is not None:
        lab = figure_in(lab, alpha, color, stand.subject.kind == "person")
    if not stand.subject.realistic:
        lab = roughened(lab, random)
    lab = modelled(lab, alpha, light, MODELLED if stand.subject.realistic else MODELLED_FLAT)
    lab[..., 0] = np.clip((lab[..., 0] - 0.55) * how.contrast + 0.55, 0.04, 0.97) * keep
    lab[..., 1:] *= how.chroma
    lab = _in_its_light(lab, backdrop, stand)
    alpha = lost_edges(alpha, random)
    if stand.grounded:
        alpha = _footed(alpha, stand, ground, random)
    top = round(stand.base * _unit(backdrop)) - size[0]
    left = round(stand.x * _unit(backdrop) - size[1] / 2)
    return Figure(lab, alpha.astype(np.float32), top, left, stand.main, stand.subject.kind == "person")


def _unit(backdrop: Lab) -> float:
    """Work pixels along the height of the picture."""
    height, width = backdrop.shape[:2]
    return float(height * WORK / min(height, width))


def _mirrored(stand: Stand, light: Light) -> bool:
    if not stand.turned:
        return stand.mirrored
    against = stand.cutout.light * light.side < -AGREES and abs(stand.cutout.light) > AGREES
    return against != stand.mirrored


def roughened(lab: Lab, random: np.random.Generator) -> Lab:
    """Take the even gloss off an emoji: paler, its tones uneven as paint is."""
    out = lab.copy()
    out[..., 1:] *= 0.82
    out[..., 0] = 0.5 + (out[..., 0] - 0.5) * 0.9 - 0.03
    out[..., 0] += 0.02 * smooth_noise(random, lab.shape[:2], 14) + 0.02 * smooth_noise(
        random, lab.shape[:2], 5
    )
    out[..., 1:] += 0.008 * smooth_noise(random, lab.shape[:2], 8)[..., None]
    return np.asarray(out, np.float32)


def _in_its_light(lab: Lab, backdrop: Lab, stand: Stand) -> Lab:
    mean = backdrop.mean((0, 1))
    tinted = lab.copy()
    tinted[..., 1:] += TINTED * (mean[1:] - 0.3 * tinted[..., 1:])
    return in_air(tinted, mean + np.array([0.15, 0, -0.01], np.float32), 0.35 * max(0.0, stand.depth))


def _footed(alpha: Grid, stand: Stand, ground: Ground, random: np.random.Generator) -> Grid:
    depth = 0.035 * min(alpha.shape)
    if ground.water:
        return immersed(alpha, AFLOAT, random)
    return ragged_foot(alpha, depth, random) if ground.place in GRASSY else alpha


def _grounded(
    backdrop: Lab, figure: Figure, stand: Stand, ground: Ground, light: Light, random: np.random.Generator
) -> Lab:
    lab, mask = _on_backdrop(backdrop, figure)
    inside = mask > 0.5
    mean = float(lab[..., 0][inside].mean()) if inside.any() else 0.5
    backdrop = set_off(backdrop, mask, mean) if stand.main else backdrop
    if not stand.grounded:
        return backdrop
    deep = 1 - AFLOAT if ground.water else 1.0
    row = (figure.top + len(figure.alpha) * deep) * backdrop.shape[0] / _unit(backdrop) - 1
    if ground.water:
        return reflected(backdrop, lab, mask, row, random)
    return shadowed(backdrop, mask, row, light)


def _on_backdrop(backdrop: Lab, figure: Figure) -> tuple[Lab, Grid]:
    """The figure's colours (H, W, 3) and mask (H, W) at the backdrop's size."""
    height, width = backdrop.shape[:2]
    scale = height / _unit(backdrop)
    rows, columns = (max(1, round(side * scale)) for side in figure.alpha.shape)
    small, cover = (
        resized(figure.lab, (rows, columns), LINEAR),
        resized(figure.alpha, (rows, columns), LINEAR),
    )
    top, left = round(figure.top * scale), round(figure.left * scale)
    lab, mask = np.zeros((height, width, 3), np.float32), np.zeros((height, width), np.float32)
    into = np.s_[max(0, top) : max(0, top + rows), max(0, left) : max(0, left + columns)]
    part = np.s_[
        max(0, -top) : max(0, -top) + mask[into].shape[0], max(0, -left) : max(0, -left) + mask[into].shape[1]
    ]
    lab[into], mask[into] = small[part], np.clip(cover[part], 0, 1)
    return lab, mask


def calmest(backdrop: Lab, stands: Sequence[Stand]) -> float:
    """By how much to move all figures sideways, in heights, to where the backdrop is calmest."""
    height, width = backdrop.shape[:2]
    light = backdrop[..., 0]
    busy = blurred(np.abs(light - blurred(light, 3)), 6)
    low, high = (
        min(each.x - each.width / 2 for each in stands),
        max(each.x + each.width / 2 for each in stands),
    )
    free = (0.04 * width / height - low, 0.96 * width / height - high)
    if free[1] <= free[0]:
        return 0.0
    best, chosen = np.inf, 0.0
    for shift in np.linspace(max(free[0], -0.22), min(free[1], 0.22), 9):
        left, right = int((low + shift) * height), int((high + shift) * height)
        cost = float(busy[:, max(0, left) : max(1, right)].mean()) + 0.004 * abs(float(shift)) / 0.2
        if cost < best:
            best, chosen = cost, float(shift)
    return chosen

"""Cutting compositions to pieces and joining them along seams, so that two pictures become one."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.color.oklab import Lab
from engine.composing.atlas import Place, picture
from engine.composing.grids import Grid, blended, blurred, cheapest_path, resized

FEATHER, LEVELS = 1.5, 5
"""Pixels over which a seam is softened, and bands of frequency: the lowest passes over 64 px."""
ENLARGED = 2.0
"""By how much a composition is enlarged at most: there is no more to see in it."""
STRETCHED = 1.12
"""By how much a composition is drawn out to one side at most."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The room of a backdrop: height and width in px, and the row of its horizon."""

    height: int
    width: int
    horizon: int


def cut(place: Place, frame: Frame, random: np.random.Generator) -> Lab:
    """Cut a piece (height, w, 3), mirrored at random: its horizon lies on the frame's, w is as it comes."""
    lab = picture(place.name)
    if random.random() < 0.5:
        lab = lab[:, ::-1]
    height, width = lab.shape[:2]
    horizon = (place.horizon if place.horizon is not None else frame.horizon / frame.height) * height
    horizon = min(max(horizon, 2.0), height - 2.0)
    above, below = frame.horizon / horizon, (frame.height - frame.horizon) / (height - horizon)
    scale = min(max(above, below) * random.uniform(1.0, 1.22), ENLARGED)
    scale = max(scale, min(max(above, below), ENLARGED))
    top, bottom = horizon - frame.horizon / scale, horizon + (frame.height - frame.horizon) / scale
    lab = _reflected(lab, top, bottom)
    top, bottom = (max(0.0, top), min(float(height), bottom)) if top >= 0 else (0.0, bottom - top)
    across = round(width * scale * random.uniform(0.96, STRETCHED))
    return resized(lab, (frame.height, max(8, across)), box=(0, top, width, min(bottom, lab.shape[0])))


def _reflected(lab: Lab, top: float, bottom: float) -> Lab:
    """Continue a picture by its own reflection where it is too low for the rows asked of it."""
    above, below = max(0, int(np.ceil(-top))), max(0, int(np.ceil(bottom - lab.shape[0])))
    most = lab.shape[0] - 1
    while above or below:
        now = (min(above, most), min(below, most))
        lab = np.pad(lab, (now, (0, 0), (0, 0)), mode="reflect")
        above, below = above - now[0], below - now[1]
    return lab


def matched(lab: Lab, to: Lab, horizon: int, share: float) -> Lab:
    """Bring a picture's colours to another's, sky and ground each to its own."""
    bands = [np.s_[:horizon], np.s_[horizon:]] if 4 < horizon < lab.shape[0] - 4 else [np.s_[:]]
    moved = np.zeros_like(lab)
    for band in bands:
        own, other = lab[band], to[band]
        spread = np.clip(other.std((0, 1)) / np.maximum(own.std((0, 1)), 1e-3), 0.6, 1.6)
        moved[band] = (own - own.mean((0, 1))) * (1 + share * (spread - 1)) + own.mean((0, 1))
        moved[band] += share * (other.mean((0, 1)) - own.mean((0, 1)))
    if len(bands) == 1:
        return moved
    # The two corrections pass into each other, or the horizon would show a step of colour.
    soft = _ramp(lab.shape[0], horizon, max(3, lab.shape[0] // 16))[:, None, None]
    shift = blurred(moved - lab, lab.shape[0] / 24)
    return np.asarray(lab + (moved - lab) * (1 - soft) + shift * soft, np.float32)


def _ramp(length: int, middle: int, width: int) -> Grid:
    """1 at `middle`, falling to 0 within `width` on both sides."""
    return np.clip(1 - np.abs(np.arange(length) - middle) / width, 0, 1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Seam:
    """path: the column in each row (height,) of the overlap; cost: mean squared difference of colors on it"""

    path: NDArray[np.int64] = field(repr=False)
    cost: float


def seam(left: Lab, right: Lab, overlap: int) -> Seam:
    """Find where to part two pictures of one height that overlap by so many px, so that it shows least."""
    gap = np.square(left[:, left.shape[1] - overlap :] - right[:, :overlap]).sum(2)
    # Seams near the overlap's ends would leave a sliver of one picture.
    edge = np.linspace(-1, 1, overlap, dtype=np.float32) ** 6
    cost = np.asarray(blurred(gap, 1) + 0.15 * edge, np.float32)
    path = cheapest_path(cost)
    return Seam(path, float(cost[np.arange(len(path)), path].mean()))


def join_pieces(left: Lab, right: Lab, overlap: int, path: NDArray[np.int64]) -> Lab:
    """Put two pictures of one height side by side; they overlap by so many px and are cut along a seam."""
    width = left.shape[1] + right.shape[1] - overlap
    start = left.shape[1] - overlap
    share = (np.arange(width)[None] > (start + path)[:, None]).astype(np.float32)
    pads = ((0, 0), (0, width - left.shape[1]), (0, 0)), ((0, 0), (start, 0), (0, 0))
    both = (np.pad(left, pads[0], mode="reflect"), np.pad(right, pads[1], mode="reflect"))
    return blended(both[0], both[1], blurred(share, FEATHER), LEVELS)


def sky_of(lab: Lab, horizon: int) -> Grid | None:
    """Return how surely each pixel (H, W) is sky; None where sky and land are too alike to part.

    Linear discriminant of what is surely sky (the top) and surely land (below the horizon).
    """
    top = lab[: max(3, horizon // 3)].reshape(-1, 3)
    land = lab[min(horizon + 2, len(lab) - 3) :].reshape(-1, 3)
    within = np.cov(top.T) * 0.6 + np.cov(land.T) * 0.4 + np.eye(3) * 2e-4
    axis = np.linalg.solve(within, top.mean(0) - land.mean(0))
    value, high, low = lab @ axis, float(top.mean(0) @ axis), float(land.mean(0) @ axis)
    spread = float(np.sqrt(axis @ within @ axis))
    if high - low < 1.6 * spread:
        return None
    share = np.clip((value - (low + high) / 2) / (0.45 * (high - low)) + 0.5, 0, 1).astype(np.float32)
    rows = np.arange(len(lab))[:, None]
    share = share * np.clip((horizon + 2 - rows) / 4, 0, 1)
    # A light wall is no sky: there must be sky all the way up to it.
    share = np.minimum(share, np.minimum.accumulate(blurred(share, 2) + 0.35, 0))
    return np.asarray(share, np.float32) if share[: max(3, horizon // 2)].mean() > 0.6 else None

"""Other hours and weathers than a composition was painted at: tint, light, snow, rain, fog and storm."""

from __future__ import annotations

import numpy as np

from engine.color.oklab import Lab
from engine.composing.grids import Grid, blurred, smooth_noise

TINTS = {
    "dawn": (0.02, 0.92, 0.022, 0.012),
    "sunset": (-0.06, 0.95, 0.035, 0.045),
    "night": (-0.02, 0.5, -0.012, -0.05),
    "day": (0.0, 1.0, 0.0, 0.0),
}
"""Lightness added and the share of it that is kept, and what a and b move to."""
GLOW = {"dawn": (0.10, 0.03, 0.03), "sunset": (0.12, 0.05, 0.09)}
"""L, a and b of the light over the horizon."""


def at_hour(lab: Lab, horizon: int | None, was: str, time: str) -> Lab:
    """Bring a backdrop (H, W, 3) from one hour to another."""
    if not time or time == was or time not in TINTS:
        return lab
    lift, keep, a, b = TINTS[time]
    out = lab.copy()
    if was == "night" and time != "night":
        out[..., 0] = np.clip(out[..., 0] * 1.5 + 0.12, 0, 0.95)
    out[..., 0] = out[..., 0] * keep + lift
    if time == "night":
        out[..., 0] = out[..., 0] * (0.85 + 0.3 * out[..., 0])
    out[..., 1:] = out[..., 1:] * (0.55 if time == "night" else 0.8) + np.array([a, b], np.float32)
    if time in GLOW and horizon is not None:
        rows = np.arange(len(lab))
        near = np.exp(-np.square((rows - horizon * 0.9) / (0.22 * len(lab))) / 2)
        near = np.where(rows > horizon, near * 0.35, near)[:, None, None]
        out += near * np.array(GLOW[time], np.float32)
    return np.asarray(out, np.float32)


def in_weather(lab: Lab, horizon: int | None, was: str, weather: str, random: np.random.Generator) -> Lab:
    """Bring a backdrop (H, W, 3) from one weather to another."""
    change = _WEATHERS.get(weather)
    return lab if change is None or weather == was else change(lab, horizon, random)


def _snow(lab: Lab, horizon: int | None, random: np.random.Generator) -> Lab:
    """Snow on the ground and on what is light, under a pale sky."""
    out = lab.copy()
    line = 0 if horizon is None else horizon
    land = np.clip((np.arange(len(lab))[:, None] - line + 4) / 8, 0, 1)
    upper = lab[..., 0] - np.roll(blurred(lab[..., 0], 2), -2, 0) > 0.0
    cover = np.clip(land * (0.55 + 0.5 * (lab[..., 0] - 0.35)) + 0.25 * upper, 0, 0.85)
    white = np.array([0.9, -0.004, -0.014], np.float32)
    out = out + (white - out) * cover[..., None]
    out[..., 1:] *= 0.75
    return _flakes(out, random)


def _flakes(lab: Lab, random: np.random.Generator) -> Lab:
    out = lab.copy()
    count = lab.shape[0] * lab.shape[1] // 260
    rows, columns = random.integers(lab.shape[0], size=count), random.integers(lab.shape[1], size=count)
    out[rows, columns] = out[rows, columns] * 0.3 + np.array([0.96, 0, 0], np.float32) * 0.7
    return out


def _fog(lab: Lab, horizon: int | None, random: np.random.Generator) -> Lab:
    """Pale air, thickest at the horizon."""
    rows = np.arange(len(lab))
    line = len(lab) * 0.4 if horizon is None else horizon
    thick = 0.25 + 0.6 * np.exp(-np.square((rows - line) / (0.2 * len(lab))) / 2)
    veil = np.clip(thick[:, None] + 0.1 * smooth_noise(random, lab.shape[:2], 3), 0, 0.92)
    air = np.array([0.82, *(0.3 * lab[..., 1:].mean((0, 1)))], np.float32)
    return np.asarray(lab + (air - lab) * veil[..., None], np.float32)


def _gray(lab: Lab, horizon: int | None, darker: float) -> Lab:
    """A sky closed by clouds."""
    out = lab.copy()
    out[..., 1:] *= 0.6
    line = len(lab) // 2 if horizon is None else horizon
    sky = np.clip((line - np.arange(len(lab))) / 6 + 0.5, 0, 1)[:, None]
    out[..., 0] *= 1 - darker * (0.45 + 0.55 * sky)
    return out


def _rain(lab: Lab, horizon: int | None, random: np.random.Generator) -> Lab:
    out = _gray(lab, horizon, 0.22)
    height, width = lab.shape[:2]
    streak: Grid = np.zeros((height, width), np.float32)
    for row, column in zip(
        random.integers(-8, height, size=height * width // 300),
        random.integers(width, size=height * width // 300),
        strict=True,
    ):
        for k in range(int(random.integers(5, 11))):
            if 0 <= row + k < height:
                streak[row + k, (column - k // 3) % width] = 0.35
    out[..., 0] += (0.85 - out[..., 0]) * streak
    return out


def _storm(lab: Lab, horizon: int | None, random: np.random.Generator) -> Lab:
    out = _gray(lab, horizon, 0.42)
    clouds = smooth_noise(random, lab.shape[:2], 4)
    line = len(lab) // 2 if horizon is None else horizon
    sky = np.clip((line - np.arange(len(lab))) / (0.2 * len(lab)), 0, 1)[:, None]
    out[..., 0] += 0.07 * clouds * sky
    return out


def _cloudy(lab: Lab, horizon: int | None, random: np.random.Generator) -> Lab:
    return _gray(lab, horizon, 0.08)


_WEATHERS = {"snow": _snow, "rain": _rain, "fog": _fog, "storm": _storm, "cloudy": _cloudy}

"""Prints: linocut, poster, and woodblock with key lines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.color.oklab import Lab, oklab_from_srgb, srgb_from_oklab
from engine.color.palette import Tone
from engine.composing.grids import Grid, blurred, resized, smooth_noise
from engine.composing.media.lines import carved, edges, evened, gaussian, outline
from engine.composing.media.painted import median, painted
from engine.composing.media.rich import Rich, pixels
from engine.layout import Pixels
from engine.styles import Composing

RIM, PALER = 4, 0.45
"""Blur in px that makes a poster's rim, and how near it comes to paper."""
KEY = np.array([0.24, 0.0, -0.02], np.float32)
INK, PAPER = np.array([0.2, 0.0, -0.008], np.float32), np.array([0.945, 0.002, 0.02], np.float32)


def linocut(rich: Rich, random: np.random.Generator) -> Pixels:
    """Ink, one tone between, and paper; what lies between the tones is carved in grooves."""
    lab, mask = rich.whole()
    light = evened(blurred(lab[..., 0], 3), 50, 0.5)
    figure = evened(lab[..., 0], 22, 0.6)
    light = light + (figure - light) * mask
    light = _apart(gaussian(light, 1.2), mask)
    flow = _flow(light, mask, random)
    groove = carved(light.shape, flow, 8.0, random) * mask + carved(light.shape, flow, 13.0, random) * (
        1 - mask
    )
    ink = np.clip((0.46 + 0.14 * groove - light) * 9 + 0.5, 0, 1)
    ink = np.maximum(ink, edges(gaussian(lab[..., 0], 0.8), 1.1, 22) * mask)
    # A white line is carved around each figure where ink meets ink.
    ink *= 1 - outline(blurred(mask, 1), 2.6) * (light < 0.62)
    middle = np.clip((0.66 + 0.07 * groove - light) * 9 + 0.5, 0, 1)
    dark, between = _inks(rich, lab)
    out = PAPER + (between - PAPER) * middle[..., None]
    return pixels(out + (dark - out) * ink[..., None], rich.size)


def _apart(light: Grid, mask: Grid) -> Grid:
    """Figure and backdrop drawn apart in lightness."""
    inside = mask > 0.5
    if not inside.any():
        return light
    gap = float(light[inside].mean() - light[~inside].mean())
    push = (0.12 if gap >= 0 else -0.12) if abs(gap) < 0.25 else 0.0
    near = np.clip(blurred(mask, 30) * 1.6, 0, 1)
    return np.asarray(light + push * mask - push * near * (1 - mask), np.float32)


def _flow(light: Grid, mask: Grid, random: np.random.Generator) -> Grid:
    """Height field whose contour lines the gouge follows: round the figure's forms, level in the backdrop."""
    rows, columns = np.mgrid[: light.shape[0], : light.shape[1]].astype(np.float32)
    turn = random.uniform(-0.35, 0.35)
    level = rows * np.cos(turn) + columns * np.sin(turn) + 16 * smooth_noise(random, light.shape, 3)
    lean = random.choice([-1, 1]) * columns * 0.75 + rows * 0.65 - 40 * blurred(light, 14)
    return np.asarray(level + (lean - level) * (mask > 0.5), np.float32)


def _inks(rich: Rich, lab: Lab) -> tuple[Lab, Lab]:
    """The ink, and the tone between it and paper."""
    if not rich.colors:
        mean = lab.reshape(-1, 3).mean(0)
        return INK, np.array([0.68, *(mean[1:] * 1.6)], np.float32)
    order = sorted(rich.colors, key=lambda tone: tone.lightness)
    dark = order[0].at(min(order[0].lightness, 0.46)).lab
    if len(order) > 1:
        return dark, order[-1].at(max(order[-1].lightness, 0.62)).lab
    return dark, order[0].at(0.74, order[0].chroma * 0.75).lab


def poster(rich: Rich, how: Composing) -> Pixels:
    """Few flat colours with clean borders."""
    calm = median(rich.backdrop, 5)
    if rich.figures:
        calm = median(median(calm, 9), 7)
    flat = painted(replace(rich, backdrop=calm), how)
    return _rimmed(flat, rich.whole()[1])


def _rimmed(flat: Pixels, mask: Grid) -> Pixels:
    """Lighten what is next to figures in a narrow rim, which parts dark legs from dark ground."""
    near = blurred(gaussian(mask, 2), RIM)
    ring = np.asarray((near > 0.12) & (mask < 0.5), np.float32)
    share = np.clip((resized(gaussian(ring, 1), flat.shape[:2]) - 0.5) * 4 + 0.5, 0, 1)[..., None]
    paper = srgb_from_oklab(PAPER[None, None]).astype(np.float32)
    return np.asarray(flat + PALER * (paper - flat) * share + 0.5, np.uint8)


def keyed(rich: Rich, how: Composing, line: Tone | None) -> Pixels:
    """Even colours under key lines."""
    flat = painted(replace(rich, backdrop=median(rich.backdrop, 3)), how)
    lab, mask = rich.whole()
    light = gaussian(lab[..., 0], 0.7)
    drawn = np.maximum(edges(light, 1.0, 26) * mask, 0.65 * edges(light, 1.5, 20) * (1 - mask))
    drawn = np.maximum(drawn, outline(mask, how.line_width))
    ink = KEY if line is None else line.lab
    out = oklab_from_srgb(flat)
    out = out + (PAPER - out) * how.paper
    share = np.clip(resized(drawn, rich.size), 0, 1)[..., None] * 0.9
    return pixels(out + (ink - out) * share, rich.size)

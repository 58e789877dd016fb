"""Pictures without a place: patterns, mandalas and abstract compositions of cut-outs and forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from PIL import Image

from engine.color.oklab import Lab
from engine.color.palette import Tone
from engine.composing.geometry import SHAPES
from engine.composing.grids import Grid, resized, smooth_noise
from engine.composing.lighting import MODELLED, MODELLED_FLAT, Light, modelled
from engine.composing.recolor import figure_in
from engine.composing.staging import WORK, Figure
from engine.composing.subjects import GEOMETRIC, Variant, cutout

GROUND_CHROMA = 0.06
FORMS = tuple(name for name in SHAPES if name in ("circle", "triangle", "ring", "square", "crescent", "arch"))


@dataclass(frozen=True, slots=True)
class Ornament:
    """What an ornament is made of.

    subjects: the main one first; colors: asked ones, the main figure's at `colors[0]`, empty for natural
    lab: (h, w, 3) of a backdrop whose colours serve where none was asked; unit: work px of the shorter side
    """

    subjects: Sequence[Variant]
    colors: tuple[Tone, ...]
    lab: Lab = field(repr=False)
    number: int = 1


def _size(lab: Lab) -> tuple[int, int]:
    unit = WORK / min(lab.shape[:2])
    return round(lab.shape[0] * unit), round(lab.shape[1] * unit)


def _motifs(side: float, ornament: Ornament, light: Light) -> list[tuple[Lab, Grid]]:
    """The subjects in turn, each in the next colour, until every subject and every colour was there."""
    count = max(len(ornament.subjects), len(ornament.colors))
    return [
        _patch(ornament.subjects[k % len(ornament.subjects)], side, ornament, light, k) for k in range(count)
    ]


def _patch(subject: Variant, side: float, ornament: Ornament, light: Light, place: int) -> tuple[Lab, Grid]:
    """A subject whose longer side is so many px, in the colour of its place."""
    cut = cutout(subject.file)
    scale = side / max(cut.alpha.shape)
    size = (max(6, round(cut.alpha.shape[0] * scale)), max(6, round(cut.alpha.shape[1] * scale)))
    lab, alpha = resized(cut.lab, size), np.clip(resized(cut.alpha, size), 0, 1)
    if ornament.colors:
        lab = figure_in(lab, alpha, ornament.colors[place % len(ornament.colors)])
    return modelled(lab, alpha, light, MODELLED if subject.realistic else MODELLED_FLAT), alpha


def _turned(lab: Lab, alpha: Grid, degrees: float) -> tuple[Lab, Grid]:
    """Both turned anticlockwise, on a larger room; what is outside of the figure is nothing."""
    planes = [Image.fromarray(np.ascontiguousarray(plane)) for plane in (*np.moveaxis(lab, 2, 0), alpha)]
    turned = [np.asarray(each.rotate(degrees, Image.Resampling.BILINEAR, expand=True)) for each in planes]
    cover = np.clip(turned[3], 0, 1)
    sure = np.maximum(cover, 1e-3)[..., None]
    # The corners came in as black: colours are taken back from what is covered.
    inside = np.stack(turned[:3], -1) / np.where(cover[..., None] > 0.02, np.minimum(sure * 1.0, 1), 1)
    return np.asarray(np.where(cover[..., None] > 0.98, np.stack(turned[:3], -1), inside), np.float32), cover


def _ground(ornament: Ornament, random: np.random.Generator) -> tuple[Lab, Lab]:
    """Two even tones (3,) that go together: the ground's and that of what is drawn on it."""
    mean = ornament.lab.mean((0, 1))
    if ornament.colors:
        mean = ornament.colors[-1].lab
        mean[1:] *= 0.7
    figure = float(cutout(ornament.subjects[0].file).lab[..., 0].mean()) if ornament.subjects else 0.5
    light = 0.84 if figure < 0.6 else 0.3
    if len(ornament.colors) > 2:
        # Every colour that was asked for shows: what is drawn on the ground has one of its own.
        return _soft(ornament.colors[-1]), _soft(ornament.colors[1])
    chroma = max(float(np.hypot(mean[1], mean[2])), 1e-3)
    hue = mean[1:] / chroma * np.clip(chroma, 0.02, GROUND_CHROMA if not ornament.colors else 0.12)
    first = np.array([light + random.uniform(-0.04, 0.04), *hue], np.float32)
    return first, np.array([first[0] + (-0.09 if light > 0.5 else 0.09), *(hue * 1.25)], np.float32)


def _soft(color: Tone) -> Lab:
    return color.at(min(max(color.lightness, 0.3), 0.88)).lab


def pattern(ornament: Ornament, random: np.random.Generator) -> tuple[Lab, list[Figure]]:
    """Motifs in rows, every second row moved by half a step, with a small form between them."""
    height, width = _size(ornament.lab)
    ground, second = _ground(ornament, random)
    columns = int(random.integers(3, 5)) * max(1, round(width / height))
    step = width / columns
    bands = len(ornament.colors) if len(ornament.colors) > 2 else 1
    rows = max(2, bands, round(height / step))
    down = height / rows
    light = Light(float(random.choice([-1, 1])))
    side = float(random.uniform(0.66, 0.8)) * min(step, down)
    motifs = _motifs(side, ornament, light)
    backdrop = np.broadcast_to(ground, ornament.lab.shape).copy()
    backdrop[..., 0] += 0.008 * smooth_noise(random, ornament.lab.shape[:2], 20)
    small = ornament.lab.shape[0] / height
    if bands > 1:
        # Every colour that was asked for shows: each row has the ground of another one.
        for row in range(rows):
            backdrop[round(row * down * small) : round((row + 1) * down * small)] = _soft(
                ornament.colors[row % bands]
            )
    for row in range(rows + 1):
        for column in range(columns + 1):
            x, y = (column + (row % 2) / 2) * step, (row) * down
            _dot(backdrop, x * small, y * small, 0.085 * step * small, second)
    figures = []
    for row in range(rows):
        for column in range(-1, columns + 1):
            # No motif has the colour of its row.
            at = row + 1 + column % (len(motifs) - 1) if bands > 1 else row * 2 + column
            lab, alpha = motifs[at % len(motifs)]
            if row % 2:
                lab, alpha = lab[:, ::-1], alpha[:, ::-1]
            x, y = (column + 0.5 + (row % 2) / 2) * step, (row + 0.5) * down
            figures.append(_centred(lab, alpha, x, y))
    return backdrop.astype(np.float32), [each for each in figures if _is_seen(each, width)]


def _centred(lab: Lab, alpha: Grid, x: float, y: float) -> Figure:
    return Figure(lab, alpha, round(y - alpha.shape[0] / 2), round(x - alpha.shape[1] / 2), True)


def _is_seen(figure: Figure, width: int) -> bool:
    return figure.left + figure.alpha.shape[1] > 4 and figure.left < width - 4


def _dot(lab: Lab, x: float, y: float, radius: float, color: Lab) -> None:
    rows, columns = np.mgrid[: lab.shape[0], : lab.shape[1]]
    inside = np.clip(radius + 0.5 - np.hypot(rows - y, columns - x), 0, 1)[..., None]
    lab += (color - lab) * inside


def mandala(ornament: Ornament, random: np.random.Generator) -> tuple[Lab, list[Figure]]:
    """Rings of one motif around a middle, on petals of two tones."""
    height, width = _size(ornament.lab)
    least = min(height, width)
    fold = int(random.choice([6, 8, 10]))
    light = Light(float(random.choice([-1, 1])), 0.6)
    backdrop = _petals(ornament, fold, random)
    figures = []
    for ring, (radius, side, count) in enumerate(((0.375, 0.24, fold), (0.19, 0.14, fold), (0.0, 0.17, 1))):
        motifs = _motifs(side * least * min(1.0, 8 / fold + 0.15), ornament, light)
        for k in range(count):
            lab, alpha = motifs[(ring + k) % len(motifs)]
            angle = 360 / count * (k + 0.5 * (ring % 2))
            turned = _turned(lab, alpha, -angle) if count > 1 else (lab, alpha)
            away = np.radians(angle)
            x, y = width / 2 + radius * least * np.sin(away), height / 2 - radius * least * np.cos(away)
            figures.append(_centred(*turned, x, y))
    return backdrop, figures


def _petals(ornament: Ornament, fold: int, random: np.random.Generator) -> Lab:
    ground, second = _ground(ornament, random)
    height, width = ornament.lab.shape[:2]
    least = min(height, width)
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    y, x = (rows - height / 2) / least, (columns - width / 2) / least
    far, angle = np.hypot(x, y), np.arctan2(x, -y)
    petal = 0.05 * np.abs(np.cos(angle * fold / 2))
    share = np.zeros((height, width), np.float32)
    for edge in (0.1, 0.235, 0.45, 0.56):
        share = np.abs(share - np.clip((edge + petal - far) * least + 0.5, 0, 1))
    return np.asarray(ground + (second - ground) * share[..., None], np.float32)


def abstract(ornament: Ornament, random: np.random.Generator) -> tuple[Lab, list[Figure]]:
    """Fields of colour, large forms over them, and the subject taken apart among them."""
    height, width = _size(ornament.lab)
    tones = _tones(ornament, random)
    backdrop = _fields(ornament.lab.shape[:2], tones, random)
    figures = []
    light = Light(float(random.choice([-1, 1])), 0.7)
    least = min(height, width)
    for k in range(int(random.integers(3, 6))):
        form = cutout(str(random.choice(FORMS)))
        side = least * float(random.uniform(0.22, 0.5))
        scale = side / max(form.alpha.shape)
        size = (max(8, round(form.alpha.shape[0] * scale)), max(8, round(form.alpha.shape[1] * scale)))
        alpha = np.clip(resized(form.alpha, size), 0, 1)
        lab = np.broadcast_to(tones[k % len(tones)], (*size, 3)).astype(np.float32)
        lab, alpha = _turned(np.ascontiguousarray(lab), alpha, float(random.uniform(0, 360)))
        lab = np.broadcast_to(tones[k % len(tones)], lab.shape).astype(np.float32)
        x, y = random.uniform(0.12, 0.88, 2) * (width, height)
        figure = _centred(lab, alpha * 0.92, x, y)
        figures.append(Figure(figure.lab, figure.alpha, figure.top, figure.left, False))
    for k, subject in enumerate(ornament.subjects):
        lab, alpha = _patch(subject, least * (0.62 if k == 0 else 0.4), ornament, light, k)
        if subject.kind != GEOMETRIC and random.random() < 0.5:
            lab, alpha = _turned(lab, alpha, float(random.uniform(-14, 14)))
        x = width * (0.5 + 0.24 * k * (1 if k % 2 else -1)) + random.uniform(-0.06, 0.06) * width
        figures.append(_centred(lab, alpha, x, height * (0.52 + random.uniform(-0.05, 0.05))))
    return backdrop, figures


def _tones(ornament: Ornament, random: np.random.Generator) -> list[Lab]:
    """Five tones: asked ones in lighter and darker shades, else the strongest of a composition."""
    if ornament.colors:
        found = [tone.at(tone.lightness + lift).lab for lift in (0, 0.2, -0.18) for tone in ornament.colors]
        return found[:6]
    pixels = ornament.lab.reshape(-1, 3)
    strong = pixels[np.argsort(-np.hypot(pixels[:, 1], pixels[:, 2]))[: len(pixels) // 3]]
    picked = np.concatenate(
        [strong[random.integers(len(strong), size=4)], pixels[random.integers(len(pixels), size=2)]]
    )
    picked[:, 1:] *= 1.35
    return list(picked.astype(np.float32))


def _fields(size: tuple[int, int], tones: Sequence[Lab], random: np.random.Generator) -> Lab:
    """Straight-edged or rounded fields, each of one tone."""
    rows, columns = np.mgrid[: size[0], : size[1]].astype(np.float32)
    rows, columns = rows / min(size), columns / min(size)
    count = int(random.integers(6, 11))
    sites = random.uniform(0, 1, (count, 2)) * (size[0] / min(size), size[1] / min(size))
    power = float(random.choice([1.0, 2.0, 6.0]))
    bend = 0.06 * smooth_noise(random, size, 3) if power == 2.0 else 0.0
    gaps = np.stack([np.abs(rows + bend - y) ** power + np.abs(columns - x) ** power for y, x in sites], -1)
    lab = np.stack(tones)[np.arange(count) % len(tones)][gaps.argmin(2)]
    lab[..., 0] += 0.02 * smooth_noise(random, size, 6)
    return np.asarray(lab, np.float32)


Arrange = Callable[[Ornament, np.random.Generator], tuple[Lab, list[Figure]]]
ORNAMENTS: Mapping[str, Arrange] = MappingProxyType(
    {"pattern": pattern, "mandala": mandala, "abstract": abstract}
)

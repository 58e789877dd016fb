"""What can stand in a picture: `engine/data/subjects.csv` and the cut-outs with light and shade beside it."""

from __future__ import annotations

import csv
import functools
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources

import numpy as np
from PIL import Image

from engine.color.oklab import Lab, oklab_from_srgb
from engine.composing.geometry import SHAPES, silhouette
from engine.layout import Mask

GEOMETRIC = "geometric"


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant of a subject.

    file: its cut-out's; key: the vocabulary's word; emoji: empty where there is none
    facing: "left", "right" or "front"; metres: its longer side in nature
    stance: "stands", "lies", "flies", "hangs", "floats", "swims", "hovers", "perches" or "rails"
    habitat: places it is found in, the likeliest first
    anchor: the point that touches the ground, shares of width and height
    realistic: whether it has natural light and shade, or is modelled so; else it is drawn as an emoji
    """

    file: str
    key: str
    emoji: str
    kind: str
    facing: str
    metres: float
    stance: str
    habitat: tuple[str, ...]
    anchor: tuple[float, float]
    realistic: bool


@dataclass(frozen=True, slots=True)
class Cutout:
    """lab: (h, w, 3) OKLab; alpha: (h, w) in [0, 1]; light: -1 lit from the left to 1 lit from the right."""

    lab: Lab = field(repr=False)
    alpha: Mask = field(repr=False)
    light: float


def _read(row: Mapping[str, str]) -> Variant:
    return Variant(
        row["file"],
        row["key"],
        row["emoji"],
        row["kind"],
        row["facing"],
        float(row["metres"]),
        row["stance"],
        tuple(row["habitat"].split(";")),
        (float(row["anchor_x"]), float(row["anchor_y"])),
        row["realistic"] == "1",
    )


@functools.cache
def load_subjects() -> Mapping[str, tuple[Variant, ...]]:
    """Read the variants of each subject by its key, once per process."""
    text = (resources.files("engine") / "data" / "subjects.csv").read_text("utf-8")
    found = {name: (_body(name),) for name in SHAPES}
    for row in csv.DictReader(text.splitlines()):
        subject = _read(row)
        found[subject.key] = (*found.get(subject.key, ()), subject)
    return found


def _body(name: str) -> Variant:
    """A geometric shape as something that stands about anywhere."""
    habitat = ("studio-ground", "field", "sea", "desert", "table")
    return Variant(name, name, "", GEOMETRIC, "front", 1.5, "stands", habitat, (0.5, 1.0), True)


@functools.lru_cache(maxsize=48)
def cutout(file: str) -> Cutout:
    """Read a cut-out, or draw a geometric shape; its arrays are not to be written to."""
    if file in SHAPES:
        return _drawn(file)
    with (resources.files("engine") / "data" / "subjects" / file).open("rb") as opened:
        pixels = np.asarray(Image.open(opened).convert("RGBA"))
    lab = oklab_from_srgb(pixels[..., :3])
    alpha = np.asarray(pixels[..., 3] / 255, np.float32)
    for array in (lab, alpha):
        array.setflags(write=False)
    return Cutout(lab, alpha, _lit_from(lab[..., 0], alpha))


def _drawn(name: str) -> Cutout:
    """A body of one colour, which its name always has."""
    alpha = silhouette(name)
    alpha.setflags(write=False)
    hue = 2 * np.pi * (zlib.crc32(name.encode()) % 97) / 97
    color = np.array([0.62, 0.15 * np.cos(hue), 0.15 * np.sin(hue)], np.float32)
    return Cutout(np.broadcast_to(color, (*alpha.shape, 3)), alpha, 0.0)


def _lit_from(light: Mask, alpha: Mask) -> float:
    """How much of its lightness goes from one side to the other: the correlation with x inside it."""
    inside = alpha > 0.5
    if inside.sum() < 16:
        return 0.0
    across = np.broadcast_to(np.arange(light.shape[1], dtype=np.float32), light.shape)[inside]
    values = light[inside]
    spread = across.std() * values.std()
    return float(((across - across.mean()) * (values - values.mean())).mean() / max(float(spread), 1e-4))

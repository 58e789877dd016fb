"""The compositions that backdrops are made of: `engine/data/places.csv` and the pictures beside it."""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np
from PIL import Image

from engine.color.oklab import Lab, oklab_from_srgb

GROUND, WATER, FLOOR, TABLE_TOP, NO_GROUND = GROUNDS = "ground", "water", "floor", "table", "none"


@dataclass(frozen=True, slots=True)
class Place:
    """One composition.

    name: its file's; place, time, weather: words of `engine/data/places.toml`
    horizon: share of the height from the top, None where there is none
    ground: what figures stand on; free: the free part of it, shares of the width
    light: -1 from the left, 1 from the right, 0 from elsewhere
    people: whether there are some, however small
    score: 1 to 5, how good figures look in it; original: the same for all crops of one artwork
    title, artist: of the artwork, empty where unknown
    """

    name: str
    place: str
    time: str
    weather: str
    horizon: float | None
    ground: str
    free: tuple[float, float]
    light: int
    people: bool
    score: int
    style: str
    original: str
    title: str
    artist: str


_SIDES = {"left": -1, "right": 1}


def _read(row: Mapping[str, str]) -> Place:
    horizon = int(row["horizon"]) / 100 if row["horizon"].isdigit() else None
    ends = [int(row[key]) / 100 if row[key].isdigit() else end for key, end in _ENDS]
    return Place(
        row["file"],
        row["place"],
        row["time"],
        row["weather"],
        horizon,
        row["ground"],
        (ends[0], ends[1]),
        _SIDES.get(row["light"], 0),
        row["people"] != "none",
        int(row["score"]),
        row["style"],
        row["original"],
        row["title"],
        row["artist"],
    )


_ENDS = (("ground_left", 0.0), ("ground_right", 1.0))


@functools.cache
def load_atlas() -> tuple[Place, ...]:
    """Read every composition's line, once per process."""
    text = (resources.files("engine") / "data" / "places.csv").read_text("utf-8")
    return tuple(_read(row) for row in csv.DictReader(text.splitlines()))


def credits_of(names: Iterable[str]) -> tuple[str, ...]:
    """Return title and artist of compositions, each work once; leave out names that are no longer known."""
    known = {place.name: place for place in load_atlas()}
    return tuple(dict.fromkeys(_credit(known[name]) for name in names if name in known))


def _credit(place: Place) -> str:
    """Return "title (artist)"; a title that is a file's name tells nothing."""
    title = "" if "_" in place.title or place.title.endswith(".jpg") else place.title
    return f"{title} ({place.artist})" if title and place.artist else title or place.artist or place.name


@functools.lru_cache(maxsize=64)
def picture(name: str) -> Lab:
    """Return a composition (h, w, 3) in OKLab, at most 128 px; not to be written to."""
    with (resources.files("engine") / "data" / "places" / name).open("rb") as file:
        lab = oklab_from_srgb(np.asarray(Image.open(file).convert("RGB")))
    lab.setflags(write=False)
    return lab

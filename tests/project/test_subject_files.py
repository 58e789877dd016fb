"""Test that the cut-outs and their list agree, and stay within their limits."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

from PIL import Image

DATA = Path(__file__).parents[2] / "engine" / "data"
SIDE, BYTES, KEYS, REALISTIC = 256, 15_000_000, 1_000, 400
SHARED = ("emoji", "kind", "metres", "stance", "habitat")
KINDS = [
    "animal",
    "bird",
    "fish",
    "insect",
    "person",
    "fantasy",
    "plant",
    "tree",
    "flower",
    "fruit",
    "food",
    "drink",
    "vehicle",
    "boat",
    "aircraft",
    "building",
    "furniture",
    "tool",
    "instrument",
    "clothing",
    "toy",
    "object",
    "nature",
    "celestial",
]
STANCES = ["stands", "lies", "perches", "floats", "swims", "flies", "hangs", "rails", "hovers"]
HABITATS = [
    "landscape",
    "forest",
    "mountains",
    "hills",
    "lake",
    "river",
    "sea",
    "beach",
    "desert",
    "field",
    "garden",
    "park",
    "city",
    "village",
    "street",
    "castle-grounds",
    "room",
    "table",
    "studio-ground",
    "sky",
    "underwater",
    "night-sky",
    "space",
    "rails",
]


def lines() -> list[dict[str, str]]:
    """Return all lines of the list."""
    with (DATA / "subjects.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_line_has_its_picture_and_every_picture_its_line() -> None:
    listed = Counter(row["file"] for row in lines())
    there = Counter(path.name for path in (DATA / "subjects").iterdir())
    assert listed - there == Counter()
    assert there - listed == Counter()


def test_files_are_named_by_their_keys() -> None:
    names = [(row["file"], row["key"]) for row in lines()]
    assert [file for file, key in names if not re.fullmatch(rf"{key}(-\d+)?\.webp", file)] == []


def test_pictures_are_small_cut_outs() -> None:
    wrong = []
    for path in sorted((DATA / "subjects").iterdir()):
        with Image.open(path) as picture:
            box = picture.convert("RGBA").getchannel("A").getbbox()
            if picture.mode != "RGBA" or max(picture.size) > SIDE or box != (0, 0, *picture.size):
                wrong.append((path.name, picture.mode, picture.size, box))
    assert wrong == []


def test_pictures_are_light() -> None:
    assert sum(path.stat().st_size for path in (DATA / "subjects").iterdir()) <= BYTES


def test_words_are_of_the_closed_lists() -> None:
    closed = {"kind": KINDS, "facing": ["left", "right", "front"], "stance": STANCES, "realistic": ["0", "1"]}
    rows = lines()
    wrong = [
        (row["file"], row[name]) for row in rows for name, words in closed.items() if row[name] not in words
    ]
    wrong += [
        (row["file"], place) for row in rows for place in row["habitat"].split(";") if place not in HABITATS
    ]
    assert wrong == []


def test_heights_and_anchors_are_sensible() -> None:
    sensible = [
        float(row["metres"]) > 0 and 0 <= float(row["anchor_x"]) <= 1 and 0 <= float(row["anchor_y"]) <= 1
        for row in lines()
    ]
    assert [row["file"] for row, good in zip(lines(), sensible, strict=True) if not good] == []


def test_variants_share_what_a_subject_is() -> None:
    first: dict[str, list[str]] = {}
    facts = [(row["file"], row["key"], [row[name] for name in SHARED]) for row in lines()]
    assert [file for file, key, shared in facts if first.setdefault(key, shared) != shared] == []


def test_an_emoji_means_one_subject() -> None:
    keys: dict[str, str] = {}
    rows = [row for row in lines() if row["emoji"]]
    assert [row["file"] for row in rows if keys.setdefault(row["emoji"], row["key"]) != row["key"]] == []


def test_every_picture_is_credited() -> None:
    credits = ("licence", "source", "author_title")
    assert [row["file"] for row in lines() if not all(row[name] for name in credits)] == []


def test_there_are_enough_subjects() -> None:
    assert len({row["key"] for row in lines()}) >= KEYS


def test_enough_of_them_are_realistic() -> None:
    assert len({row["key"] for row in lines() if row["realistic"] == "1"}) >= REALISTIC

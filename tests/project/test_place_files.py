"""Test the atlas: every line has its picture, and every place has enough."""

import csv
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

LIST = Path("engine/data/places.csv")
PICTURES = Path("engine/data/places")
SIDE, SHORTEST, LARGEST = 128, 40, 8 * 1024 * 1024  # px; px; bytes of all pictures
COMPOSITIONS, ORIGINALS, PLACES = 12, 8, 18  # at least
NAMES = (
    *(
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
    ),
    *("park", "city", "village", "street", "castle-grounds", "room", "table", "studio-ground", "sky"),
    *("underwater", "space", "night-sky"),
)
CLOSED = {
    "place": NAMES,
    "time": ("dawn", "day", "sunset", "night"),
    "weather": ("clear", "cloudy", "snow", "rain", "fog", "storm"),
    "ground": ("ground", "water", "table", "floor", "none"),
    "light": ("left", "right", "front", "back", "unclear"),
    "people": ("none", "small"),
    "score": ("3", "4", "5"),
}
STEPS = {
    "none": 0,
    "dark": 0,
    "night": 0,
    "water": 0,
    "smooth": 1,
    "wide": 1,
    "fill": 4,
}  # numbers that follow
FREE = ("public domain", "cc0")


@cache
def lines() -> tuple[dict[str, str], ...]:
    with LIST.open(newline="", encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


def well_derived(line: dict[str, str]) -> bool:
    """Return whether each step of `derive` is known and has its numbers."""
    steps = [step.split() for step in line["derive"].split(";")]
    return all(name in STEPS and len(numbers) == STEPS[name] for name, *numbers in steps)


def well_cropped(line: dict[str, str]) -> bool:
    left, top, right, bottom = (int(part) for part in line["crop"].split())
    return 0 <= left < right and 0 <= top < bottom


def in_percent(line: dict[str, str]) -> bool:
    """Return whether the horizon is a percentage or '-', and the ground a range."""
    horizon = 50 if line["horizon"] == "-" else int(line["horizon"])
    return 0 <= horizon <= 100 and 0 <= int(line["ground_left"]) < int(line["ground_right"]) <= 100


def test_every_line_has_its_picture_and_every_picture_its_line() -> None:
    named = [line["file"] for line in lines()]
    assert sorted(named) == sorted(path.name for path in PICTURES.iterdir())
    assert len(named) == len(set(named))


def test_no_picture_is_larger_than_the_atlas_holds_or_too_thin() -> None:
    wrong = {}
    for line in lines():
        with Image.open(PICTURES / line["file"]) as image:
            if image.mode != "RGB" or max(image.size) > SIDE or min(image.size) < SHORTEST:
                wrong[line["file"]] = image.mode, image.size
    assert wrong == {}


def test_all_pictures_together_stay_within_their_budget() -> None:
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) <= LARGEST


@pytest.mark.parametrize("column", CLOSED)
def test_a_closed_list_holds_no_other_word(column: str) -> None:
    assert [line["file"] for line in lines() if line[column] not in CLOSED[column]] == []


@pytest.mark.parametrize("holds", [well_derived, well_cropped, in_percent])
def test_numbers_and_steps_are_well_formed(holds: Callable[[dict[str, str]], bool]) -> None:
    assert [line["file"] for line in lines() if not holds(line)] == []


def test_every_composition_is_free_to_use() -> None:
    licences = {line["file"]: line["licence"].lower() for line in lines()}
    assert [file for file, licence in licences.items() if not any(word in licence for word in FREE)] == []


@pytest.mark.parametrize("column", ["source", "original", "picture", "style"])
def test_every_composition_tells_where_it_comes_from(column: str) -> None:
    assert [line["file"] for line in lines() if not line[column]] == []


def test_there_are_enough_places() -> None:
    assert len({line["place"] for line in lines()}) >= PLACES


def test_every_place_has_enough_compositions() -> None:
    counts = {place: sum(line["place"] == place for line in lines()) for place in NAMES}
    assert {place: count for place, count in counts.items() if count < COMPOSITIONS} == {}


def test_every_place_has_enough_originals() -> None:
    originals: defaultdict[str, set[str]] = defaultdict(set)
    for line in lines():
        originals[line["place"]].add(line["original"])
    few = {place: len(originals[place]) for place in NAMES if len(originals[place]) < ORIGINALS}
    assert few == {}

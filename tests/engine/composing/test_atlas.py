"""Facts about engine/composing/atlas.py and the compositions it reads."""

from __future__ import annotations

from collections import Counter
from importlib import resources

import pytest

from engine.composing.atlas import GROUNDS, credits_of, load_atlas, picture
from engine.conditions import PLACES, TIMES, WEATHERS

ATLAS = load_atlas()


def test_every_composition_is_of_a_known_place_time_and_weather() -> None:
    assert {place.place for place in ATLAS} <= set(PLACES)
    assert {place.time for place in ATLAS} <= set(TIMES)
    assert {place.weather for place in ATLAS} <= set(WEATHERS)
    assert {place.ground for place in ATLAS} <= set(GROUNDS)


def test_every_place_has_two_originals_at_least() -> None:
    originals = Counter(place for place, _ in {(each.place, each.original) for each in ATLAS})
    assert all(originals[name] >= 2 for name in PLACES)


def test_files_and_lines_are_the_same() -> None:
    files = {file.name for file in (resources.files("engine") / "data" / "places").iterdir()}
    assert files == {place.name for place in ATLAS}


@pytest.mark.parametrize("place", ATLAS[::40], ids=lambda place: place.name)
def test_a_composition_is_small_and_cannot_be_changed(place) -> None:
    lab = picture(place.name)
    assert max(lab.shape[:2]) <= 128
    with pytest.raises(ValueError, match="read-only"):
        lab[0, 0, 0] = 1


def test_every_composition_has_a_credit_and_a_work_is_named_once() -> None:
    names = [place.name for place in ATLAS]
    works = credits_of([*names, *names, "gone.webp"])
    assert len(works) == len(set(works)) > 300
    assert all(works)
    assert not [work for work in works if ".jpg" in work]


def test_a_horizon_is_a_share_of_the_height() -> None:
    assert all(place.horizon is None or 0 <= place.horizon <= 1 for place in ATLAS)

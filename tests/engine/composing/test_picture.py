"""Facts about engine/composing/picture.py."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.composing.atlas import load_atlas
from engine.composing.picture import pictured
from engine.conditions import PLACES, TIMES, WEATHERS, Conditions, Other

FOX = Conditions((("oil", 1.0),), (), "fox", "landscape", 3, 256)
PLACED = {place.name: place.place for place in load_atlas()}


def places_of(wish: Conditions) -> list[str]:
    return [PLACED[name] for name in pictured(wish).sources[:1]]


@pytest.mark.parametrize("place", PLACES)
def test_the_asked_place_is_the_pictures(place: str) -> None:
    assert places_of(replace(FOX, place=place)) == [place]


@pytest.mark.parametrize(
    ("shape", "habitat"),
    [("fish", {"underwater", "lake", "river", "sea"}), ("sailing-ship", {"sea", "lake"}), ("castle", None)],
)
def test_a_subject_is_found_where_it_lives(shape: str, habitat: set[str] | None) -> None:
    from engine.composing.subjects import load_subjects

    known = habitat or set(load_subjects()[shape][0].habitat)
    found = {place for seed in range(6) for place in places_of(replace(FOX, shape=shape, seed=seed))}
    assert found <= known


@pytest.mark.parametrize(
    ("shape", "place", "figures"),
    [("apple", "", 1), ("teapot", "", 1), ("horse", "", 2), ("apple", "garden", 2)],
)
def test_a_small_thing_on_a_table_stands_on_one_that_fills_the_picture(
    shape: str, place: str, figures: int
) -> None:
    wish = replace(FOX, shape=shape, place=place, others=(Other("table", relation="on"),))
    assert len(pictured(wish).rich.figures) == figures


def test_a_picture_may_have_no_figure() -> None:
    assert not pictured(replace(FOX, shape="", place="forest")).rich.figures


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("weather", WEATHERS)
def test_every_hour_and_weather_is_composed(time: str, weather: str) -> None:
    assert np.isfinite(pictured(replace(FOX, time=time, weather=weather)).rich.backdrop).all()


@pytest.mark.parametrize("said", [{"weather": "snow"}, {"time": "sunset"}])
def test_what_is_said_of_weather_and_hour_leads_out_of_doors(said: dict[str, str]) -> None:
    indoors = {"room", "table", "studio-ground"}
    wishes = [replace(FOX, shape="cat", scene="portrait", seed=seed, **said) for seed in range(12)]
    assert not indoors & {place for wish in wishes for place in places_of(wish)}


def test_night_is_darker_than_day() -> None:
    day, night = (
        np.mean(
            [pictured(replace(FOX, time=time, seed=seed)).rich.backdrop[..., 0].mean() for seed in range(4)]
        )
        for time in ("day", "night")
    )
    assert night < day - 0.1


def test_a_figures_own_color_leaves_the_backdrop_alone() -> None:
    natural, red = pictured(FOX), pictured(replace(FOX, color="blue"))
    assert natural.sources == red.sources
    assert np.abs(natural.rich.figures[0].lab - red.rich.figures[0].lab).mean() > 0.02
    edge = np.s_[:16, :16]
    assert np.abs(natural.rich.backdrop[edge] - red.rich.backdrop[edge]).mean() < 0.02


def test_others_come_into_the_picture() -> None:
    both = replace(FOX, others=(Other("tree", 2, "beside"),))
    assert len(pictured(both).rich.figures) == 3


@pytest.mark.parametrize("change", [{"shape": "blorp"}, {"style": (("blorp", 1.0),)}])
def test_an_unknown_word_is_an_error(change: dict[str, object]) -> None:
    with pytest.raises(KeyError, match="blorp"):
        pictured(replace(FOX, **change))  # type: ignore[arg-type]

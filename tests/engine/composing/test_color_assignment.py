"""Facts about engine/composing/color_assignment.py."""

from __future__ import annotations

import numpy as np
import pytest

from engine.color.palette import HUE_REACH, Tone, color_hit, color_shares, hue_distance, palette, tone
from engine.composing.color_assignment import colored
from engine.composing.rasterize import paint
from engine.composing.regions import Region, seen
from engine.composing.scenes.registry import SCENES
from engine.composing.shading import key_of
from tests.support.scene_fixtures import FRAME, simple_scene, stage, style_on

SEVERAL = [("blue",), ("red", "white"), ("blue", "orange"), ("red", "green", "yellow")]


def deal(regions: list[Region], colors: tuple[str, ...], seed: int = 0, ground: str = "flat") -> list[Tone]:
    tones = palette(colors, np.random.default_rng(seed))
    key = key_of(tones[: len(colors)], style_on(ground))
    return colored(regions, seen(regions, FRAME), tones, len(colors), key, np.random.default_rng(seed))


def arranged(scene: str, colors: tuple[str, ...]) -> list[Region]:
    return SCENES[scene](stage(colors=len(colors)))


@pytest.mark.parametrize("colors", SEVERAL)
def test_every_region_gets_a_tone_and_the_figure_the_first_colour(colors: tuple[str, ...]) -> None:
    regions = simple_scene()
    painted = deal(regions, colors)
    assert len(painted) == len(regions)
    assert hue_distance(painted[-1].hue, tone(colors[0]).hue) < 1


def test_dealing_is_fixed_by_its_generator() -> None:
    assert deal(simple_scene(), ("blue", "red"), 3) == deal(simple_scene(), ("blue", "red"), 3)


@pytest.mark.parametrize("colors", SEVERAL)
@pytest.mark.parametrize("scene", list(SCENES))
def test_every_asked_colour_shows_and_one_of_them_rules(scene: str, colors: tuple[str, ...]) -> None:
    regions = arranged(scene, colors)
    canvas = paint(regions, deal(regions, colors), "flat", FRAME)
    assert color_hit(np.asarray(canvas.image), colors)


@pytest.mark.parametrize("colors", [("red",), ("blue",), ("green", "yellow"), ("yellow", "black")])
def test_no_large_neighbour_is_as_light_as_the_figure(colors: tuple[str, ...]) -> None:
    painted = deal(simple_scene(), colors)
    figure = painted[-1].lightness
    assert all(abs(other.lightness - figure) > 0.1 for other in painted[1:-1])


@pytest.mark.parametrize("scene", list(SCENES))
def test_a_companion_across_the_wheel_never_takes_over(scene: str) -> None:
    regions = arranged(scene, ("blue",))
    image = np.asarray(paint(regions, deal(regions, ("blue",)), "flat", FRAME).image)
    assert color_shares(image, ["orange"])[0] < 0.35
    assert color_shares(image, ["blue"])[0] > 0.5


def test_five_colours_find_places_in_a_landscape() -> None:
    colors = ("red", "orange", "yellow", "green", "blue")
    painted = deal(arranged("landscape", colors), colors)
    hues = [tone(color).hue for color in colors]
    assert all(any(hue_distance(each.hue, hue) < HUE_REACH for each in painted) for hue in hues)

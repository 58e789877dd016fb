"""Facts about engine/composing/recolor.py."""

from __future__ import annotations

import numpy as np
import pytest

from engine.color.oklab import srgb_from_oklab
from engine.color.palette import color_hit, hue_distance, tone
from engine.composing.atlas import load_atlas, picture
from engine.composing.recolor import drawn_to, figure_in
from engine.composing.subjects import cutout, load_subjects


def hue_of(lab: np.ndarray) -> float:
    a, b = lab.reshape(-1, 3)[:, 1:].mean(0)
    return float(np.degrees(np.arctan2(b, a)))


@pytest.mark.parametrize("key", ["fox", "apple", "horse", "car", "panda", "parrot"])
@pytest.mark.parametrize("color", ["red", "blue", "green", "purple"])
def test_the_main_hue_of_a_figure_turns_to_the_asked_one(key: str, color: str) -> None:
    cut = cutout(load_subjects()[key][0].file)
    turned = figure_in(cut.lab, cut.alpha, tone(color))[cut.alpha > 0.5]
    strong = turned[np.hypot(turned[:, 1], turned[:, 2]) > 0.05]
    near = hue_distance(np.degrees(np.arctan2(strong[:, 2], strong[:, 1])), tone(color).hue) < 40
    assert near.mean() > 0.5


def test_a_figure_keeps_more_of_its_own_color_the_nearer_it_is_to_the_asked_one() -> None:
    cut = cutout(load_subjects()["fox"][0].file)
    inside = cut.alpha > 0.5
    changes = [
        np.abs(figure_in(cut.lab, cut.alpha, tone(color)) - cut.lab)[inside].mean()
        for color in ("orange", "red", "blue")
    ]
    assert changes == sorted(changes)
    assert changes[1] < changes[2] / 2


def test_light_and_shade_of_a_figure_keep_their_order() -> None:
    cut = cutout(load_subjects()["apple"][0].file)
    inside = cut.alpha > 0.5
    before, after = cut.lab[..., 0][inside], figure_in(cut.lab, cut.alpha, tone("blue"))[..., 0][inside]
    assert np.corrcoef(before, after)[0, 1] > 0.9


def test_nothing_inside_is_left_alone() -> None:
    lab = np.zeros((4, 4, 3), np.float32)
    assert figure_in(lab, np.zeros((4, 4), np.float32), tone("red")) is lab


@pytest.mark.parametrize("place", load_atlas()[::60], ids=lambda place: place.name)
def test_the_asked_color_rules_a_backdrop(place) -> None:
    for color in ("red", "blue", "green"):
        assert color_hit(srgb_from_oklab(drawn_to(picture(place.name), [tone(color)])), (color,))


def test_dark_tones_take_the_darkest_color_and_light_ones_the_lightest() -> None:
    lab = picture(load_atlas()[0].name)
    drawn = drawn_to(lab, [tone("yellow"), tone("navy")])
    light = lab[..., 0]
    dark, bright = drawn[light < np.quantile(light, 0.2)], drawn[light > np.quantile(light, 0.8)]
    assert hue_distance(hue_of(dark), tone("navy").hue) < 40
    assert hue_distance(hue_of(bright), tone("yellow").hue) < 40

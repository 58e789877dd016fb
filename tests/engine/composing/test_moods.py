"""Facts about engine/composing/moods.py."""

from __future__ import annotations

import numpy as np
import pytest

from engine.color.oklab import oklab_from_srgb
from engine.color.palette import tone
from engine.composer import compose
from engine.composing.moods import EVEN, MOODS, mood_of
from engine.composing.shading import key_of
from engine.conditions import Conditions
from engine.vocabulary import load_vocabulary


def measured(style: str, color: str) -> tuple[float, float]:
    """Mean lightness and chroma of the layouts of some landscapes."""
    wishes = [Conditions(((style, 1.0),), (color,), "fish", "landscape", seed, 256) for seed in range(6)]
    lab = oklab_from_srgb(np.stack([compose(wish).image for wish in wishes]))
    return float(lab[..., 0].mean()), float(np.hypot(lab[..., 1], lab[..., 2]).mean())


def test_every_style_with_a_mood_is_in_the_vocabulary() -> None:
    assert set(MOODS) <= {word.name for word in load_vocabulary().words("style")}


def test_a_style_without_a_mood_has_an_even_one() -> None:
    assert mood_of("no such style") is EVEN


@pytest.mark.parametrize("color", ["red", "purple", "green"])
def test_oil_is_darker_and_grayer_than_a_poster(color: str) -> None:
    (oil_light, oil_chroma), (light, chroma) = measured("oil", color), measured("poster", color)
    assert oil_light < light - 0.05
    assert oil_chroma < chroma


@pytest.mark.parametrize("style", sorted(MOODS))
@pytest.mark.parametrize("color", ["yellow", "white", "red", "navy", "black"])
def test_in_every_mood_a_figure_of_any_colour_stands_out(style: str, color: str) -> None:
    ground = load_vocabulary().word("style", style).value
    key = key_of([tone(color)], ground, mood_of(style))
    low, high = key.surroundings
    assert 0.15 < low < high < 1
    assert (key.figure - high if key.dark else low - key.figure) > 0.15

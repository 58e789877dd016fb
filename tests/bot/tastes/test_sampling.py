"""Test what is chosen from a menu."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.tastes.features import TasteFeatures
from bot.tastes.hierarchy import HierarchicalTastes
from bot.tastes.model import Belief
from bot.tastes.sampling import TasteChooser, menu_for, whole_menu
from engine.conditions import Asked
from engine.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
FEATURES = TasteFeatures(VOCABULARY)
MENU = whole_menu(VOCABULARY, FEATURES)
CHOOSER = TasteChooser(FEATURES)
ASKED = {
    "style": (("ink", 0.75), ("oil", 0.25)),
    "colors": ("#123456", "red"),
    "shape": "fish",
    "scene": "flock",
}


def sure_of(seed):
    """Return a belief without any doubt."""
    weights = np.random.default_rng(seed).normal(0, 0.5, FEATURES.size)
    return Belief(weights, np.zeros(FEATURES.size))


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_no_picture_of_the_menu_is_liked_more_than_the_chosen_one(seed):
    belief, random = sure_of(seed), np.random.default_rng(seed)

    def value(picture):
        row = FEATURES.of(picture)
        return float(belief.mean[row.at] @ row.amount)

    best = value(CHOOSER.choose(belief, MENU, random))
    assert best >= max(value(MENU.at_random(random)) for _ in range(100)) - 1e-9


@pytest.mark.parametrize("kinds", [("style",), ("colors",), ("shape",), ("scene",), tuple(ASKED)])
@pytest.mark.parametrize("seed", range(3))
def test_what_was_asked_in_words_always_wins(kinds, seed):
    asked = Asked(**{kind: ASKED[kind] for kind in kinds})
    menu = menu_for(asked, MENU, FEATURES)
    chosen = CHOOSER.choose_set(sure_of(seed), menu, np.random.default_rng(seed), 4)
    assert {getattr(picture, kind) for kind in kinds for picture in chosen} == {ASKED[kind] for kind in kinds}


@pytest.mark.parametrize("seed", range(10))
def test_a_set_of_four_has_four_styles(seed):
    chosen = CHOOSER.choose_set(sure_of(seed), MENU, np.random.default_rng(seed), 4)
    assert len({picture.style for picture in chosen}) == 4


def test_a_set_of_one_style_has_palettes_of_several_hues():
    menu = menu_for(Asked(style=(("ink", 1.0),)), MENU, FEATURES)
    belief = HierarchicalTastes(FEATURES).belief("ann", "here", 0)
    chosen = CHOOSER.choose_set(belief, menu, np.random.default_rng(1), 4)
    assert len({picture.colors[0] for picture in chosen}) > 1


def test_a_style_that_was_shown_lately_tires():
    belief = sure_of(1)
    favourite = CHOOSER.choose(belief, MENU, np.random.default_rng(1))
    nearly = belief.mean.copy()
    styles = FEATURES.groups["style"]
    other = (FEATURES.styles.index(favourite.main_style) + 1) % len(FEATURES.styles)
    rival = menu_for(Asked(style=((FEATURES.styles[other], 1.0),)), MENU, FEATURES)
    gap = _value(nearly, favourite) - _value(nearly, CHOOSER.choose(belief, rival, np.random.default_rng(1)))
    nearly[styles.start + other] += gap - 0.1
    close = Belief(nearly, belief.variance)
    fresh, tired = (
        CHOOSER.choose(close, MENU, np.random.default_rng(1), lately) for lately in ((), [favourite] * 10)
    )
    assert fresh.style == favourite.style
    assert tired.style != favourite.style


def _value(weights, picture):
    row = FEATURES.of(picture)
    return float(weights[row.at] @ row.amount)


def test_the_same_randomness_gives_the_same_pictures():
    belief = HierarchicalTastes(FEATURES).belief("ann", "here", 0)
    sets = [CHOOSER.choose_set(belief, MENU, np.random.default_rng(7), 3) for _ in range(2)]
    assert sets[0] == sets[1]

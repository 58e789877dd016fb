"""What is believed of a taste, as people can read it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.taste_features import HUES
from bot.taste_model import Belief
from bot.taste_portrait import HUE_NAMES, learnt, likings, parts, wheel
from commands.taste_words import CATEGORIES
from engine.palette import hue_distance, tone
from tests.fakes import FISH
from tests.tastings import FEATURES, VOCABULARY

START = Belief(np.zeros(FEATURES.size), FEATURES.variance.copy())
ALL = range(FEATURES.size)


def at(group, place=0):
    return FEATURES.groups[group].start + place


@given(mean=st.floats(-2, 2), deviation=st.floats(0.01, 1))
def test_a_liking_is_the_odds_with_their_interval(mean, deviation):
    means = np.zeros(FEATURES.size)
    means[at("style")], means[at("style", 1)] = mean, -mean
    belief = Belief(means, np.full(FEATURES.size, deviation**2))
    [one] = likings(FEATURES, belief, {at("style")})
    assert (one.kind, one.name) == ("style", FEATURES.styles[0])
    assert one.times == pytest.approx(np.exp(mean))
    assert one.low < one.times < one.high
    assert one.high / one.times == pytest.approx(one.times / one.low)


def test_the_most_liked_comes_first():
    mean = np.zeros(FEATURES.size)
    mean[at("scene", 2)], mean[at("category", 1)] = 1, -1
    found = likings(FEATURES, Belief(mean, FEATURES.variance), ALL)
    assert (found[0].kind, found[-1].kind) == ("scene", "category")
    assert found[-1].name == FEATURES.categories[1]


@pytest.mark.parametrize("group", ["style", "hue", "category", "scene"])
def test_who_likes_all_of_a_kind_less_likes_the_same_of_it_most(group):
    mean = np.random.default_rng(1).normal(size=FEATURES.size)
    less = mean.copy()
    less[FEATURES.groups[group]] -= 2
    one, other = (
        {(each.kind, each.name): each.times for each in likings(FEATURES, Belief(many, START.variance), ALL)}
        for many in (mean, less)
    )
    assert one == pytest.approx(other)


def test_what_is_not_known_is_not_told():
    assert likings(FEATURES, START, ()) == ()
    assert learnt(START, START) == set()


def test_a_belief_that_became_surer_has_learnt():
    variance = FEATURES.variance.copy()
    variance[at("hue", 3)] /= 2
    assert learnt(START, Belief(START.mean, variance)) == {at("hue", 3)}


def test_the_wheel_has_every_hue_with_its_angle():
    assert [hue for hue, _ in wheel(FEATURES, START)] == list(HUES)


@pytest.mark.parametrize(("hue", "name"), list(zip(HUES, HUE_NAMES, strict=True)))
def test_a_hue_is_called_by_a_color_that_has_it(hue, name):
    assert VOCABULARY.find("color", name) == name
    assert hue_distance(tone(name).hue, hue) < 20


def test_a_picture_has_one_style_one_hue_one_category_and_one_scene():
    found = [(each.kind, each.name) for each in parts(FEATURES, START, FISH)]
    assert sorted(found) == [
        ("category", "sea life"),
        ("color", "blue"),
        ("scene", "portrait"),
        ("style", "ink"),
    ]


def test_every_category_has_a_word_for_people():
    assert set(CATEGORIES) == set(FEATURES.categories)

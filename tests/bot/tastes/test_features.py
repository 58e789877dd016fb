"""Test bot/tastes/features.py."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tastes.features import (
    DEVIATIONS,
    HUES,
    KINDS,
    PALETTE_GROUPS,
    TasteFeatures,
    color_row,
    palette_row,
    wish_naming,
)
from engine.conditions import Asked, Conditions, complete
from engine.defaults import SeededDefaults
from engine.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
FEATURES = TasteFeatures(VOCABULARY)
FISH = Conditions((("ink", 1.0),), ("blue",), "fish", "portrait", 1)
kinds = st.lists(st.sampled_from(KINDS), unique=True).map(tuple)


def dense(picture):
    row = FEATURES.of(picture)
    whole = np.zeros(FEATURES.size)
    whole[row.at] = row.amount
    return whole


def group(picture, name):
    return dense(picture)[FEATURES.groups[name]]


@given(seed=st.integers(0, 2**32 - 1), chaos=st.integers(0, 100))
def test_every_feature_is_between_nothing_and_one(seed, chaos):
    picture = replace(complete(Asked(), SeededDefaults(VOCABULARY), seed)[0], chaos=chaos)
    amount = FEATURES.of(picture).amount
    assert (amount > 0).all()
    assert (amount <= 1 + 1e-9).all()


def test_the_groups_follow_each_other_without_a_gap():
    places = [place for where in FEATURES.groups.values() for place in range(where.start, where.stop)]
    assert places == list(range(FEATURES.size))
    assert list(FEATURES.groups) == list(DEVIATIONS)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("style", replace(FISH, style=(("oil", 1.0),))),
        ("hue", replace(FISH, colors=("red",))),
        ("number", replace(FISH, colors=("blue", "red"))),
        ("contrast", replace(FISH, colors=("blue", "yellow"))),
        ("category", replace(FISH, shape="house")),
        ("shape", replace(FISH, shape="house")),
        ("scene", replace(FISH, scene="flock")),
        ("chaos", replace(FISH, chaos=50)),
        ("style x hue", replace(FISH, colors=("red",))),
        ("style x category", replace(FISH, style=(("oil", 1.0),))),
    ],
)
def test_another_picture_has_other_features(name, other):
    assert (group(FISH, name) != group(other, name)).any()


def test_a_mix_has_its_styles_by_their_shares():
    mixed = group(replace(FISH, style=(("ink", 0.75), ("oil", 0.25))), "style")
    assert sorted(mixed[mixed > 0]) == [0.25, 0.75]


@pytest.mark.parametrize("color", ["black", "gray", "white"])
def test_a_gray_has_no_hue(color):
    assert color_row(color)[: len(HUES)].sum() == 0


def test_colors_that_look_alike_have_features_alike():
    near, far = (np.abs(color_row("red") - color_row(name)).sum() for name in ("crimson", "blue"))
    assert near < far


def test_the_ruling_color_weighs_most():
    mixed, blue, red = palette_row(("blue", "red")), palette_row(("blue",)), palette_row(("red",))
    hues = slice(0, len(HUES))
    assert np.abs(mixed - blue)[hues].sum() < np.abs(mixed - red)[hues].sum()


def test_a_shape_that_the_words_no_longer_know_has_no_features():
    unknown = replace(FISH, shape="gone", style=(("gone", 1.0),))
    assert not any(group(unknown, name).any() for name in ("shape", "category", "style", "style x hue"))
    assert (group(unknown, "hue") == group(FISH, "hue")).all()


def groups_of(row):
    groups = FEATURES.groups.items()
    return {name for name, where in groups if ((row.at >= where.start) & (row.at < where.stop)).any()}


@pytest.mark.parametrize(
    ("said", "groups"),
    [
        ((), set()),
        (("style",), {"style"}),
        (("shape",), {"category", "shape"}),
        (("scene",), {"scene"}),
        (("style", "shape"), {"style", "category", "shape", "style x category"}),
    ],
)
def test_a_wish_has_the_features_of_what_was_said_alone(said, groups):
    assert groups_of(FEATURES.of(wish_naming(FISH, said))) == groups


def test_a_wish_for_a_color_is_one_for_its_hue_and_all_else_about_it():
    said = groups_of(FEATURES.of(wish_naming(FISH, ("color",))))
    assert {"hue", "lightness", "chroma", "number"} <= said <= {*PALETTE_GROUPS}


@given(said=kinds, seed=st.integers(0, 2**32 - 1))
def test_a_wish_has_as_much_of_each_feature_as_the_picture(said, seed):
    [picture] = complete(Asked(), SeededDefaults(VOCABULARY), seed)
    whole, part = FEATURES.of(picture), FEATURES.of(wish_naming(picture, said))
    amounts = dict(zip(whole.at.tolist(), whole.amount.tolist(), strict=True))
    assert all(amounts[at] == amount for at, amount in zip(part.at.tolist(), part.amount, strict=True))


def test_a_picture_is_no_wish():
    assert (FEATURES.of(FISH).at == np.sort(FEATURES.of(FISH).at)).all()
    assert "bias" in groups_of(FEATURES.of(FISH))

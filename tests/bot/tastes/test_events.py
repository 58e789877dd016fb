"""What each thing tells that people do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tastes.events import KINDS, PALETTE_GROUPS, REACTION_WEIGHTS, WishFeatures, wish_of
from engine.conditions import Asked, complete
from engine.defaults import SeededDefaults
from engine.vocabulary import load_vocabulary
from tests.support.fakes import FISH

VOCABULARY = load_vocabulary()
FEATURES = WishFeatures(VOCABULARY)

kinds = st.lists(st.sampled_from(KINDS), unique=True).map(tuple)


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
    assert groups_of(FEATURES.of(wish_of(FISH, said))) == groups


def test_a_wish_for_a_color_is_one_for_its_hue_and_all_else_about_it():
    said = groups_of(FEATURES.of(wish_of(FISH, ("color",))))
    assert {"hue", "lightness", "chroma", "number"} <= said <= {*PALETTE_GROUPS}


@given(said=kinds, seed=st.integers(0, 2**32 - 1))
def test_a_wish_has_as_much_of_each_feature_as_the_picture(said, seed):
    [picture] = complete(Asked(), SeededDefaults(VOCABULARY), seed)
    whole, part = FEATURES.of(picture), FEATURES.of(wish_of(picture, said))
    amounts = dict(zip(whole.at.tolist(), whole.amount.tolist(), strict=True))
    assert all(amounts[at] == amount for at, amount in zip(part.at.tolist(), part.amount, strict=True))


def test_a_picture_is_no_wish():
    assert (FEATURES.of(FISH).at == np.sort(FEATURES.of(FISH).at)).all()
    assert "bias" in groups_of(FEATURES.of(FISH))


def test_a_favourite_tells_most_of_what_is_liked():
    liked = {verb: each.weight for verb, each in REACTION_WEIGHTS.items() if each.liked}
    assert max(liked, key=liked.__getitem__) == "favourite"
    assert all(0 < each.weight <= 1 and each.times >= 1 for each in REACTION_WEIGHTS.values())

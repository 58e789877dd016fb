"""Test bot/tastes/hierarchy.py."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.tastes.features import TasteFeatures
from bot.tastes.hierarchy import HierarchicalTastes
from bot.tastes.model import HALF_LIFE
from bot.tastes.sampling import TasteChooser, whole_menu
from engine.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
FEATURES = TasteFeatures(VOCABULARY)
MENU = whole_menu(VOCABULARY, FEATURES)
CHOOSER = TasteChooser(FEATURES)
PICTURES = [MENU.at_random(np.random.default_rng(seed)) for seed in range(30)]
NOW = 1e6

PEOPLE = ("ann", "bob", "cem")
everything = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.integers(0, len(PICTURES) - 1), st.booleans()), max_size=25
)
events = st.lists(st.tuples(st.integers(0, len(PICTURES) - 1), st.booleans()), min_size=1, max_size=15)


def assert_same(one, other, atol=1e-12):
    """Do the same as `pytest.approx`, which is slow on long arrays."""
    np.testing.assert_allclose(one, other, rtol=1e-6, atol=atol)


def tastes(*known):
    made = HierarchicalTastes(FEATURES)
    for person, server, found in known:
        tell(made, person, server, found)
    return made


def tell(made, person, server, found):
    for place, liked in found:
        made.learn(person, server, [(PICTURES[place], liked, 1.0)], NOW)


def choices(made, person="ann", server="here"):
    belief = made.belief(person, server, NOW)
    return [CHOOSER.choose(belief, MENU, np.random.default_rng(seed)) for seed in range(5)]


LIKED = [(place, place % 3 == 0) for place in range(20)]


@given(before=events, place=st.integers(0, len(PICTURES) - 1), others=events)
@settings(max_examples=30)
def test_a_favourite_never_lowers_the_mean_of_its_own_features(before, place, others):
    made = tastes(("bob", "here", others), ("ann", "here", before))
    row = FEATURES.of(PICTURES[place])
    was = made.belief("ann", "here", NOW).mean[row.at]
    tell(made, "ann", "here", [(place, True)])
    assert (made.belief("ann", "here", NOW).mean[row.at] > was - 1e-9).all()


@given(mine=events, others=events)
@settings(max_examples=30)
def test_export_then_import_gives_the_same_choices(mine, others):
    made = tastes(("bob", "here", others), ("ann", "here", mine))
    again = tastes(("bob", "here", others))
    again.take_in("ann", "here", json.loads(json.dumps(made.export("ann"))))
    assert choices(again) == choices(made)
    assert choices(again, "cem") == choices(made, "cem")


@given(told=everything)
@settings(max_examples=30)
def test_a_server_made_anew_from_what_was_exported_of_its_members_gives_the_same_choices(told):
    made, again = HierarchicalTastes(FEATURES), HierarchicalTastes(FEATURES)
    for person, place, liked in told:
        tell(made, person, "here", [(place, liked)])
    for person in sorted({person for person, _, _ in told}, reverse=True):
        again.take_in(person, "here", json.loads(json.dumps(made.export(person))))
    for each in (made, again):
        each.settle()
    for person in (*PEOPLE, "newcomer"):
        assert choices(again, person) == choices(made, person)
    assert choices(again, "stranger", "elsewhere") == choices(made, "stranger", "elsewhere")


@given(mine=events, others=events)
@settings(max_examples=30)
def test_a_reset_equals_never_met(mine, others):
    made, never = tastes(("bob", "here", others), ("ann", "here", mine)), tastes(("bob", "here", others))
    tell(made, "ann", "there", mine)
    made.settle()
    made.reset("ann")
    never.settle()
    for person in ("ann", "bob", "cem"):
        belief, expected = (each.belief(person, "here", NOW) for each in (made, never))
        assert_same(belief.mean, expected.mean)
        assert_same(belief.variance, expected.variance)
        assert choices(made, person) == choices(never, person)
    assert made.export("ann") == HierarchicalTastes(FEATURES).export("ann")


@given(mine=events, others=events, random=st.randoms())
@settings(max_examples=30)
def test_the_order_of_events_of_people_in_different_servers_does_not_matter(mine, others, random):
    turns = ["ann"] * len(mine) + ["bob"] * len(others)
    random.shuffle(turns)
    mixed, left = HierarchicalTastes(FEATURES), {"ann": list(mine), "bob": list(others)}
    for person in turns:
        tell(mixed, person, f"of {person}", [left[person].pop(0)])
    parted = tastes(("ann", "of ann", mine), ("bob", "of bob", others))
    for made in (mixed, parted):
        made.settle()
    for person in ("ann", "bob"):
        assert mixed.export(person) == parted.export(person)
        assert choices(mixed, person, f"of {person}") == choices(parted, person, f"of {person}")


def test_what_everybody_likes_is_the_prior_of_a_new_server_once_it_is_settled():
    made = tastes(*((f"{name} of {server}", server, LIKED) for server in "xyz" for name in "abc"))
    liked = FEATURES.of(PICTURES[0]).at
    before = made.server("new").mean[liked].sum()
    made.settle()
    assert made.server("new").mean[liked].sum() > before


def test_many_who_favourite_little_do_not_make_everybody_dislike_far_more_than_each_of_them():
    random = np.random.default_rng(1)
    left = [[(place, False) for place in random.permutation(len(PICTURES))[:12]] for _ in range(100)]
    made = tastes(*((f"{name}", f"server {name}", found) for name, found in enumerate(left)))
    each = np.mean([appeal(made.belief(f"{name}", f"server {name}", NOW)) for name in range(20)])
    made.settle()
    assert appeal(made.server("new")) > each - 1


def appeal(belief):
    """Return the mean appeal of pictures, in logits."""
    rows = [FEATURES.of(picture) for picture in PICTURES]
    return np.mean([belief.mean[row.at] @ row.amount for row in rows])


def test_the_taste_of_a_server_is_the_prior_of_its_members():
    made = tastes(("bob", "here", LIKED), ("cem", "here", LIKED))
    liked = FEATURES.of(PICTURES[0]).at
    start = HierarchicalTastes(FEATURES).belief("ann", "here", NOW).mean[liked].sum()
    assert made.belief("ann", "here", NOW).mean[liked].sum() > start
    assert (
        made.belief("ann", "there", NOW).mean[liked].sum() < made.belief("ann", "here", NOW).mean[liked].sum()
    )


def test_ones_own_evidence_is_not_counted_again_as_the_servers():
    made = tastes(("ann", "here", LIKED))
    made.settle()
    assert_same(made.server("here", "ann").mean, HierarchicalTastes(FEATURES).server("here").mean)


def test_a_taste_long_unheard_of_becomes_the_servers_again():
    made = tastes(("ann", "here", LIKED))
    late = made.belief("ann", "here", NOW + 40 * HALF_LIFE).mean
    assert_same(late, HierarchicalTastes(FEATURES).belief("ann", "here", NOW).mean, atol=1e-6)


@pytest.mark.parametrize(
    "wrong",
    [
        {"precision": [-1.0]},
        {"precision": [float("nan")]},
        {"precision": [float("inf")]},
        {"shift": [float("nan")]},
        {"shift": [0.0, 1.0]},
        {"shift": ["much"]},
        {"at": float("nan")},
        {"at": None},
        {"features": [-1]},
        {"features": [FEATURES.size]},
        {"features": ["ink"]},
    ],
    ids=str,
)
def test_evidence_that_cannot_be_is_not_taken_in(wrong):
    made = HierarchicalTastes(FEATURES)
    right = {"at": 0, "features": [3], "precision": [1.0], "shift": [0.0]}
    with pytest.raises((TypeError, ValueError, IndexError)):
        made.take_in("ann", "here", right | wrong)
    assert made.export("ann")["features"] == []
    made.take_in("ann", "here", right)
    assert made.export("ann") == right


@pytest.mark.parametrize("part", ["at", "features", "precision", "shift"])
def test_evidence_that_lacks_a_part_is_not_taken_in(part):
    exported = tastes(("ann", "here", LIKED)).export("ann")
    del exported[part]
    with pytest.raises(KeyError):
        HierarchicalTastes(FEATURES).take_in("ann", "here", exported)


def test_a_taste_of_two_hundred_pictures_takes_a_few_kilobytes():
    random = np.random.default_rng(1)
    made = HierarchicalTastes(FEATURES)
    for _ in range(200):
        made.learn("ann", "here", [(MENU.at_random(random), bool(random.random() < 0.3), 1.0)], NOW)
    assert 12 * len(made.export("ann")["features"]) < 12 * 1024

"""Test what events teach of tastes."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.tastes.events import ASKED, REACTION_WEIGHTS, SHOWN, TAKEN_BACK, Event
from bot.tastes.features import TasteFeatures
from bot.tastes.learner import (
    ACTIVE,
    AT_ONCE,
    CALM,
    KEPT,
    LOOKED_AT,
    WAITING,
    TasteLearner,
    without_taken_back,
)
from bot.tastes.sampling import whole_menu
from engine.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
FEATURES = TasteFeatures(VOCABULARY)
MENU = whole_menu(VOCABULARY, FEATURES)
PICTURES = [MENU.at_random(np.random.default_rng(seed)) for seed in range(60)]
HOUR = 3600.0
KINDS = (SHOWN, ASKED, *REACTION_WEIGHTS)

happened = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 59)), max_size=20)


def assert_same(one, other, atol=1e-12):
    """Do the same as `pytest.approx`, which is slow on long arrays."""
    np.testing.assert_allclose(one, other, rtol=1e-6, atol=atol)


def event(kind, place, at=0, person="ann", server="here", **more):
    said = ("style", "color") if kind == ASKED else ()
    return Event(0, at * HOUR, person, server, kind, str(place), PICTURES[place], said=said, **more)


def learner_of(*events):
    learner = TasteLearner(FEATURES)
    for each in events:
        learner.take(each)
    return learner


def told(events, **more):
    return [event(kind, place, at, **more) for at, (kind, place) in enumerate(events)]


def liking(learner, place, person="ann"):
    """Return how much a picture is believed to be liked, in logits."""
    row = FEATURES.of(PICTURES[place])
    return float(learner.tastes.belief(person, "here", 0).mean[row.at] @ row.amount)


def evidence(learner, person="ann"):
    return learner.export(person)["evidence"]["features"]


@pytest.mark.parametrize("kind", list(REACTION_WEIGHTS))
def test_an_act_moves_the_belief_in_its_direction(kind):
    before, after = liking(TasteLearner(FEATURES), 0), liking(learner_of(event(kind, 0)), 0)
    assert (after > before) == REACTION_WEIGHTS[kind].liked
    assert after != before


def test_a_wish_makes_its_style_liked_and_says_nothing_of_the_shape():
    learner = learner_of(event(ASKED, 0))
    moved = {
        name for name, where in FEATURES.groups.items() for at in evidence(learner) if at in range(950)[where]
    }
    assert "style" in moved
    assert not moved & {"bias", "shape", "category", "scene"}


def test_pictures_that_are_only_shown_tell_nothing():
    assert evidence(learner_of(*(event(SHOWN, place) for place in range(50)))) == []


def test_what_was_left_before_a_favourite_is_liked_less():
    shown = [event(SHOWN, place) for place in range(3)]
    alone, beside = learner_of(event("favourite", 2)), learner_of(*shown, event("favourite", 2))
    assert liking(beside, 0) < liking(alone, 0)
    assert list(beside.history("ann").waiting) == []


def test_what_was_left_tells_less_than_what_was_taken_away():
    shown = [event(SHOWN, 0), event(SHOWN, 1)]
    left, taken = (
        learner_of(*shown, event("favourite", 1)),
        learner_of(*shown, event("delete", 0), event("favourite", 1)),
    )
    assert liking(taken, 0) < liking(left, 0)


def test_what_was_shown_at_once_with_a_favourite_may_still_be_acted_on():
    learner = learner_of(*(event(SHOWN, place) for place in range(4)), event("favourite", 1))
    assert [each.picture for each in learner.history("ann").waiting] == ["2", "3"]


def test_after_an_act_pictures_count_as_left_once_others_came():
    learner = learner_of(event("favourite", 0), *(event(SHOWN, place) for place in range(1, AT_ONCE + 1)))
    before = evidence(learner)
    learner.take(event(SHOWN, AT_ONCE + 1))
    assert len(evidence(learner)) > len(before)


@pytest.mark.parametrize(("later", "left"), [(0, False), (LOOKED_AT - 1, False), (LOOKED_AT, True)])
def test_a_picture_was_left_once_another_came_much_later(later, left):
    learner = learner_of(event("favourite", 0), event(SHOWN, 1))
    before = evidence(learner)
    learner.take(event(SHOWN, 2, later / HOUR))
    assert (len(evidence(learner)) > len(before)) == left
    assert [each.picture for each in learner.history("ann").waiting] == (["2"] if left else ["1", "2"])


def test_long_after_the_last_act_pictures_wait_for_the_next_one():
    shown = [event(SHOWN, place) for place in range(1, ACTIVE + 30)]
    learner = learner_of(event("favourite", 0), *shown)
    assert len(learner.history("ann").waiting) == WAITING
    before = learner.export("ann")["evidence"]
    learner.take(event(SHOWN, 59))
    assert learner.export("ann")["evidence"] == before


def test_acts_in_bulk_count_as_much_together_as_a_few_calm_ones():
    def moved(count, hours):
        learner = learner_of(*(event("favourite", 0, at * hours) for at in range(count)))
        return max(learner.export("ann")["evidence"]["precision"])

    calm, bulk = moved(CALM, 1), moved(8 * CALM, 0.0001)
    assert bulk < 2 * calm < moved(8 * CALM, 1)


def test_a_favourite_of_ones_own_picture_counts_less_than_of_anothers():
    own, other = learner_of(event("favourite", 0)), learner_of(event("favourite", 0, own=False))
    assert liking(own, 0) < liking(other, 0)


def test_a_heart_on_four_pictures_counts_less_for_each():
    whole, shared = learner_of(event("favourite", 0)), learner_of(event("favourite", 0, share=0.25))
    assert liking(TasteLearner(FEATURES), 0) < liking(shared, 0) < liking(whole, 0)


def test_the_latest_favourites_are_remembered():
    learner = learner_of(*(event("favourite", place) for place in range(KEPT + 3)))
    assert list(learner.history("ann").favourites) == PICTURES[3 : KEPT + 3]


@pytest.mark.parametrize(("person", "server"), [("ann", "elsewhere"), ("bob", "here"), ("ann", "here")])
def test_a_person_is_known_everywhere_and_their_server_knows_its_members(person, server):
    assert not TasteLearner(FEATURES).knows(person, server)
    assert learner_of(event("favourite", 0)).knows(person, server)


def test_nothing_is_known_of_others_elsewhere_nor_of_who_never_acted():
    learner = learner_of(event("favourite", 0), event(SHOWN, 0, person="cem", server="there"))
    assert not learner.knows("bob", "elsewhere")
    assert not learner.knows("cem", "there")


@given(mine=happened, elsewhere=happened, others=happened)
@settings(max_examples=20)
def test_what_was_exported_is_taken_in_as_it_was(mine, elsewhere, others):
    learner = learner_of(*told(mine), *told(elsewhere, server="there"), *told(others, person="bob"))
    again = TasteLearner(FEATURES)
    for person in ("ann", "bob"):
        again.take_in(person, json.loads(json.dumps(learner.export(person))))
        assert again.export(person) == learner.export(person)
    for person in ("ann", "bob", "cem"):
        for server in ("here", "there"):
            mean = again.tastes.belief(person, server, 100 * HOUR).mean
            assert_same(mean, learner.tastes.belief(person, server, 100 * HOUR).mean)


@given(mine=happened, others=happened)
@settings(max_examples=20)
def test_who_is_forgotten_was_never_met(mine, others):
    learner, never = (
        learner_of(*told(others, person="bob"), *told(mine)),
        learner_of(*told(others, person="bob")),
    )
    learner.forget("ann")
    learner.tastes.settle()
    never.tastes.settle()
    assert learner.export("ann") == TasteLearner(FEATURES).export("ann")
    assert learner.knows("ann", "here") == never.knows("ann", "here")
    mean = learner.tastes.belief("ann", "here", HOUR).mean
    assert_same(mean, never.tastes.belief("ann", "here", HOUR).mean)


@given(before=happened, after=happened)
def test_a_favourite_taken_back_is_as_if_never_given(before, after):
    back = [event("favourite", 0), event(TAKEN_BACK, 0)]
    kept = [replace(each, picture=f"other {each.picture}") for each in (*told(before), *told(after))]
    both = [*kept[: len(before)], *back, *kept[len(before) :]]
    assert without_taken_back(both) == kept


def test_a_favourite_given_once_more_after_it_was_taken_back_counts():
    events = [event("favourite", 0), event(TAKEN_BACK, 0), event("favourite", 0, 5)]
    assert without_taken_back(events) == [events[2]]

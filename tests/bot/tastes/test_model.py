"""Test what events and time do to a belief."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tastes.features import Row
from bot.tastes.model import HALF_LIFE, Belief, Evidence, Lesson, learned, no_evidence, posterior

SIZE = 6
PRIOR = Belief(np.linspace(-1, 1, SIZE), np.full(SIZE, 0.5))

rows = st.lists(st.floats(0.05, 1), min_size=1, max_size=SIZE).map(
    lambda amounts: Row(np.arange(len(amounts)), np.array(amounts))
)
events = st.lists(st.tuples(rows, st.booleans(), st.floats(0.05, 1)), max_size=12)


def after(found):
    evidence = no_evidence(SIZE)
    for row, liked, weight in found:
        evidence = learned(PRIOR, evidence, [Lesson(row, liked, weight)])
    return evidence


@given(before=events, row=rows, weight=st.floats(0.05, 1))
def test_a_favourite_never_lowers_the_mean_of_its_own_features(before, row, weight):
    evidence = after(before)
    was = posterior(PRIOR, evidence).mean
    now = posterior(PRIOR, learned(PRIOR, evidence, [Lesson(row, True, weight)])).mean
    assert (now[row.at] > was[row.at] - 1e-9).all()
    assert now[row.at].sum() > was[row.at].sum()


@given(found=events)
def test_events_at_once_are_the_same_events_one_by_one(found):
    once = learned(PRIOR, no_evidence(SIZE), [Lesson(*each) for each in found])
    assert (once.precision == after(found).precision).all()
    assert (once.shift == after(found).shift).all()


@given(before=events, row=rows, liked=st.booleans())
def test_an_event_never_makes_a_belief_less_firm(before, row, liked):
    evidence = after(before)
    now = learned(PRIOR, evidence, [Lesson(row, liked)])
    assert (now.precision >= evidence.precision - 1e-12).all()


@given(before=events, liked=st.booleans())
def test_features_that_a_picture_lacks_stay_as_they_were(before, liked):
    evidence = after(before)
    row = Row(np.array([2]), np.array([1.0]))
    now = learned(PRIOR, evidence, [Lesson(row, liked)])
    others = np.arange(SIZE) != 2
    assert (now.shift[others] == evidence.shift[others]).all()
    assert (now.precision[others] == evidence.precision[others]).all()


def test_what_was_sure_to_be_liked_teaches_little():
    row = Row(np.array([0]), np.array([1.0]))
    sure, unsure = (Belief(np.full(SIZE, mean), np.full(SIZE, 0.01)) for mean in (4.0, 0.0))
    moved = [
        (posterior(prior, learned(prior, no_evidence(SIZE), [Lesson(row, True)])).mean - prior.mean)[0]
        for prior in (sure, unsure)
    ]
    assert moved[0] < moved[1] / 10


def test_evidence_loses_half_its_weight_in_a_half_life():
    evidence = after([(Row(np.array([0]), np.array([1.0])), True, 1.0)])
    faded = evidence.faded(HALF_LIFE)
    assert faded.precision[0] == pytest.approx(evidence.precision[0] / 2)
    assert faded.shift[0] == pytest.approx(evidence.shift[0] / 2)


@given(before=events, first=st.floats(0, 1e8), second=st.floats(0, 1e8))
def test_fading_twice_is_fading_once(before, first, second):
    evidence = after(before)
    twice, once = evidence.faded(first).faded(max(first, second)), evidence.faded(max(first, second))
    assert twice.precision == pytest.approx(once.precision)
    assert twice.shift == pytest.approx(once.shift)


def test_a_clock_that_goes_back_changes_nothing():
    evidence = Evidence(np.ones(SIZE), np.ones(SIZE), 100.0)
    assert evidence.faded(50.0) is evidence


@given(before=events)
def test_what_is_passed_up_is_weaker_and_says_the_same(before):
    evidence = after(before)
    passed = evidence.passed_up(np.full(SIZE, 0.3))
    assert (passed.precision <= evidence.precision).all()
    assert passed.shift * evidence.precision == pytest.approx(evidence.shift * passed.precision)


@given(before=events)
def test_contrasts_say_nothing_of_a_group_as_a_whole_and_keep_the_differences_inside_it(before):
    evidence = after(before)
    evidence = Evidence(evidence.precision + 0.1, evidence.shift)
    group = slice(1, 4)
    found = evidence.contrasts([group])
    assert found.shift[group].sum() == pytest.approx(0, abs=1e-9)
    means, was = (each.shift[group] / each.precision[group] for each in (found, evidence))
    assert np.diff(means) == pytest.approx(np.diff(was), abs=1e-9)
    assert (found.shift[[0, 4, 5]] == evidence.shift[[0, 4, 5]]).all()


def test_contrasts_of_what_was_never_seen_are_nothing():
    assert (no_evidence(SIZE).contrasts([slice(0, SIZE)]).shift == 0).all()

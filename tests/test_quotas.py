"""Who may ask for how much, as a pure function of limits, charges and the time."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quotas import DAY, MINUTE, Budget, Charge, check, day_start, minute_start
from commands.chat import UserError
from commands.context import Limit
from tests.fakes import NOON

FREE = Limit(None, None)


def budget(limit, today=0, recent=(), whose="person"):
    return Budget(whose, limit, today, [Charge(NOON + at, pictures) for at, pictures in recent])


def refusal(budget, pictures=1, now=NOON):
    """What is said, or None when it may be."""
    try:
        check(budget, pictures, now)
    except UserError as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    ("limit", "today", "recent", "pictures"),
    [
        (FREE, 10**6, [(-1, 10**6)], 4),
        (Limit(5, None), 4, [], 1),
        (Limit(4, None), 0, [], 4),
        (Limit(None, 5), 0, [(-30, 4)], 1),
        (Limit(None, 4), 900, [], 4),
    ],
)
def test_what_fits_a_limit_may_be(limit, today, recent, pictures):
    assert refusal(budget(limit, today, recent), pictures) is None


@pytest.mark.parametrize(
    ("limit", "today", "recent", "pictures", "sentence"),
    [
        (
            Limit(5, None),
            5,
            [],
            1,
            "{} may ask for 5 pictures a day and had 5; the next day begins in 12 h 0 min.",
        ),
        (
            Limit(5, None),
            3,
            [],
            3,
            "{} may ask for 5 pictures a day and had 3; the next day begins in 12 h 0 min.",
        ),
        (
            Limit(3, None),
            0,
            [],
            4,
            "{} may ask for 3 pictures a day; ask for fewer, or ask an admin for more.",
        ),
        (
            Limit(0, None),
            0,
            [],
            1,
            "{} may ask for 0 pictures a day; ask for fewer, or ask an admin for more.",
        ),
        (
            Limit(None, 2),
            0,
            [(-50, 1), (-20, 1)],
            1,
            "{} may ask for 2 pictures a minute; try again in 10 s.",
        ),
        (
            Limit(None, 2),
            0,
            [(-50, 1), (-20, 1)],
            2,
            "{} may ask for 2 pictures a minute; try again in 40 s.",
        ),
        (Limit(None, 4), 0, [(-59.9, 4)], 1, "{} may ask for 4 pictures a minute; try again in 1 s."),
        (
            Limit(None, 1),
            0,
            [],
            2,
            "{} may ask for 1 pictures a minute; ask for fewer at once, or ask an admin for more.",
        ),
    ],
)
@pytest.mark.parametrize(("whose", "name"), [("person", "You"), ("server", "This server")])
def test_a_refusal_says_whose_limit_it_is_and_when_it_frees(
    limit, today, recent, pictures, sentence, whose, name
):
    assert refusal(budget(limit, today, recent, whose), pictures) == sentence.format(name)


def test_the_daily_limit_is_told_before_the_one_of_the_minute():
    assert "a day" in refusal(budget(Limit(1, 1), 1, [(-1, 1)]))


@pytest.mark.parametrize(
    ("now", "begin"), [(0, 0), (DAY - 1, 0), (DAY, DAY), (NOON, NOON - DAY / 2), (NOON + 0.5, NOON - DAY / 2)]
)
def test_a_day_begins_at_midnight_utc(now, begin):
    assert day_start(now) == begin


def test_a_minute_is_sixty_seconds_back():
    assert minute_start(NOON) == NOON - MINUTE


LIMITS = st.none() | st.integers(0, 12)
CHARGES = st.lists(st.tuples(st.integers(-59, 0), st.integers(1, 4)), max_size=6).map(sorted)


@given(LIMITS, LIMITS, CHARGES, st.integers(0, 12), st.integers(1, 4))
def test_a_request_is_let_through_exactly_when_both_limits_hold_after_it(
    daily, minute, recent, before, pictures
):
    lately = sum(count for _, count in recent)
    today = before + lately
    fits = (daily is None or today + pictures <= daily) and (minute is None or lately + pictures <= minute)
    assert (refusal(budget(Limit(daily, minute), today, recent), pictures) is None) == fits


@given(st.integers(1, 12), CHARGES, st.integers(1, 4))
def test_the_seconds_told_are_those_after_which_it_may_be(minute, recent, pictures):
    said = refusal(budget(Limit(None, minute), 0, recent), pictures)
    if said is None or "try again" not in said:
        return
    seconds = int(re.search(r"in (\d+) s", said)[1])
    for waited, expected in ((seconds, True), (seconds - 1, False)):
        left = [(at, count) for at, count in recent if NOON + at > minute_start(NOON + waited)]
        assert (refusal(budget(Limit(None, minute), 0, left), pictures, NOON + waited) is None) == expected

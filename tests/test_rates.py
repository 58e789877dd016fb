"""Facts about bot/rates.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rates import MINUTE, Rates
from tests.fakes import FakeClock

STEPS = st.lists(st.tuples(st.floats(0, 200), st.integers(1, 30)), max_size=60)


def taken(rates, key="ann", cost=1):
    return rates.take(key, cost) == 0


def test_a_bucket_gives_what_it_holds_and_then_says_how_long_to_wait():
    rates = Rates(3, FakeClock())
    assert [rates.take("ann") for _ in range(5)] == [0, 0, 0, 20, 20]


def test_who_waits_as_long_as_was_said_may_take_again():
    clock = FakeClock()
    rates = Rates(60, clock)
    assert taken(rates, cost=60)
    wait = rates.take("ann", 10)
    assert wait == pytest.approx(10)
    clock.advance(wait)
    assert taken(rates, cost=10)


def test_one_who_took_everything_keeps_nobody_else_waiting():
    rates = Rates(3, FakeClock())
    assert taken(rates, cost=3)
    assert not taken(rates)
    assert taken(rates, "bob")


def test_what_costs_more_than_a_bucket_holds_takes_a_full_one():
    rates = Rates(3, FakeClock())
    assert taken(rates, cost=30)
    assert not taken(rates)


def test_no_more_are_remembered_than_was_said_and_the_busy_ones_stay():
    rates = Rates(1, FakeClock(), most=3)
    assert taken(rates)
    for number in range(50):
        rates.take(f"passer-by {number}")
        assert not taken(rates)
    assert len(rates) == 3


@given(STEPS, st.integers(1, 100))
def test_nobody_takes_more_than_a_bucket_and_what_came_in_since(steps, size):
    clock = FakeClock(0)
    rates = Rates(size, clock)
    total = 0
    for seconds, cost in steps:
        clock.advance(seconds)
        total += min(cost, size) if taken(rates, cost=cost) else 0
        assert total <= size + clock.now * size / MINUTE + 1e-6

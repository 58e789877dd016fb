"""Test bot/bench/tastes.py."""

from __future__ import annotations

import numpy as np
import pytest

from bot.bench.policies import AtRandom, Oracle
from bot.bench.tastes import CONTROL, MEMBERS, Bench, _with_control, mean, quotient
from engine.vocabulary import load_vocabulary

BENCH = Bench(load_vocabulary(), 10, 1)


def test_the_interval_of_a_mean_takes_servers_as_independent():
    values, servers = np.array([1.0, 1.0, 3.0, 3.0]), [0, 0, 1, 1]
    assert mean(values, servers) == {"mean": 2.0, "half_width": pytest.approx(1.96 * np.sqrt(2 / 2))}


def test_one_is_the_ratio_of_a_thing_to_itself_without_doubt():
    values = np.array([0.1, 0.4, 0.2])
    assert quotient(values, values, [0, 1, 2]) == {"mean": 1.0, "half_width": 0.0}


def test_the_interval_of_a_ratio_holds_it_about_as_often_as_it_should():
    random, held = np.random.default_rng(1), 0
    for _ in range(400):
        other = random.uniform(0.1, 0.3, 100)
        found = quotient(2 * other + random.normal(0, 0.1, 100), other, range(100))
        held += abs(found["mean"] - 2) < found["half_width"]
    assert 0.9 < held / 400 < 0.99


def test_every_server_has_its_members_and_one_newcomer():
    assert BENCH.count == 2 * MEMBERS
    assert np.bincount(BENCH.servers).tolist() == [MEMBERS + 1] * 2


def test_policies_meet_the_same_people_with_the_same_luck():
    again = Bench(load_vocabulary(), 10, 1)
    assert (again.luck == BENCH.luck).all()
    runs = [bench.run(AtRandom(bench.menu, 1), range(3), 5, bench.people) for bench in (BENCH, again)]
    assert (runs[0].chances == runs[1].chances).all()


def test_no_policy_has_a_higher_rate_than_the_oracle():
    oracle = Oracle(BENCH.society, BENCH.menu, BENCH.people)
    rates = [
        BENCH.run(policy, range(10), 20, BENCH.people).chances.mean(1)
        for policy in (oracle, AtRandom(BENCH.menu, 1))
    ]
    assert (rates[0] > rates[1]).all()


def test_with_control_one_picture_in_four_is_of_chance():
    chosen, chance = [[((name, 1.0),)] * 8 for name in ("ink", "oil")]
    mixed = _with_control(chosen, chance)
    assert [each == chance[0] for each in mixed] == [turn % CONTROL == 0 for turn in range(8)]

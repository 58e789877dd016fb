"""Test who may ask for how much: a pure function of rules, charges and the time."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import DAY, MINUTE, day_start, minute_start
from bot.quotas.check import Budget, Charge, OverQuota, Request, Used, check_budget, effective_limits
from commands.services.quotas import (
    CHANNEL,
    DEFAULT,
    DEFAULT_TOTAL,
    KINDS,
    NAMES,
    PERSON,
    ROLE,
    SERVER,
    TOTAL,
    EffectiveLimit,
    Limit,
    Rule,
    RuleSubject,
)
from tests.support.fakes import NOON

USUAL = Rule(RuleSubject(DEFAULT, "fake:studio"), Limit(100, 8).by_name())


def budget(name, amount, used=None, kind=DEFAULT):
    return Budget(
        name, EffectiveLimit(amount, RuleSubject(kind, "fake:x")), used or Used(), {"fake:x": "Friends"}
    )


def charges(*recent):
    return Used(recent=[Charge(NOON + at, pictures) for at, pictures in recent])


def refusal(budget, pictures=1, size=512, now=NOON):
    """Return the refusal, or None."""
    try:
        check_budget(budget, Request(pictures, size), now)
    except OverQuota as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    ("name", "amount", "used", "pictures"),
    [
        ("daily", None, Used(today=10**6), 4),
        ("daily", 5, Used(today=4), 1),
        ("daily", 4, Used(), 4),
        ("per_minute", None, charges((-1, 10**6)), 4),
        ("per_minute", 5, charges((-30, 4)), 1),
        ("concurrent", None, Used(under_way=99), 4),
        ("concurrent", 2, Used(under_way=1), 4),
        ("size", None, Used(), 4),
        ("size", 512, Used(), 4),
        ("count", None, Used(), 4),
        ("count", 4, Used(), 4),
    ],
)
@pytest.mark.parametrize("kind", [PERSON, TOTAL])
def test_what_fits_a_limit_may_be(name, amount, used, pictures, kind):
    assert refusal(budget(name, amount, used, kind), pictures) is None


DAY_ENDS = "the next day begins in 12 h 0 min."
REFUSALS = [
    ("daily", 5, Used(today=5), 1, f"{{0}} {{2}} used 5 of {{3}} 5 pictures a day{{1}}; {DAY_ENDS}"),
    ("daily", 5, Used(today=3), 3, f"{{0}} {{2}} used 3 of {{3}} 5 pictures a day{{1}}; {DAY_ENDS}"),
    (
        *("daily", 3, Used(), 4),
        "{} may ask for 3 pictures a day{}; ask for fewer, or ask an admin for more.",
    ),
    (
        *("daily", 0, Used(), 1),
        "{} may ask for 0 pictures a day{}; ask an admin for more.",
    ),
    (
        *("per_minute", 0, Used(), 1),
        "{} may ask for 0 pictures a minute{}; ask an admin for more.",
    ),
    (
        *("per_minute", 2, charges((-50, 1), (-20, 1)), 1),
        "{} may ask for 2 pictures a minute{}; try again in 10 s.",
    ),
    (
        *("per_minute", 2, charges((-50, 1), (-20, 1)), 2),
        "{} may ask for 2 pictures a minute{}; try again in 40 s.",
    ),
    (
        *("per_minute", 4, charges((-59.9, 4)), 1),
        "{} may ask for 4 pictures a minute{}; try again in 1 s.",
    ),
    (
        *("per_minute", 1, Used(), 2),
        "{} may ask for 1 pictures a minute{}; ask for fewer at once, or ask an admin for more.",
    ),
    (
        *("concurrent", 2, Used(under_way=2), 1),
        "{} may have 2 requests at a time{}; ask again when one is done.",
    ),
    (
        *("concurrent", 2, Used(under_way=3, soonest=7.2), 1),
        "{} may have 2 requests at a time{}; one of them is probably done in 8 s.",
    ),
    (
        *("concurrent", 0, Used(), 1),
        "{} may have 0 requests at a time{}; ask an admin for more.",
    ),
]


@pytest.mark.parametrize(("name", "amount", "used", "pictures", "sentence"), REFUSALS)
@pytest.mark.parametrize(
    ("kind", "who", "rule"),
    [
        (PERSON, "You", " (your own limit)"),
        (ROLE, "You", " (the limit of your role Friends)"),
        (CHANNEL, "You", " (the limit of this channel)"),
        (SERVER, "You", " (the limit of each person in this server)"),
        (DEFAULT, "You", " (the usual limit)"),
        (TOTAL, "This server", ""),
        (DEFAULT_TOTAL, "This server", ""),
    ],
)
def test_a_refusal_says_whose_limit_it_is_and_when_it_frees(
    name, amount, used, pictures, sentence, kind, who, rule
):
    has, its = ("have", "your") if who == "You" else ("has", "its")
    assert refusal(budget(name, amount, used, kind), pictures) == sentence.format(who, rule, has, its)


@pytest.mark.parametrize(
    ("name", "amount", "sentence"),
    [
        (
            "size",
            496,
            "You may ask for pictures of 496 pixels at most (your own limit); say size=496 or less.",
        ),
        ("count", 3, "You may ask for 3 pictures at once at most (your own limit); say count=3 or less."),
    ],
)
def test_a_refusal_of_one_request_says_what_would_be_allowed(name, amount, sentence):
    assert refusal(budget(name, amount, kind=PERSON), pictures=4) == sentence


@pytest.mark.parametrize(
    ("now", "begin"), [(0, 0), (DAY - 1, 0), (DAY, DAY), (NOON, NOON - DAY / 2), (NOON + 0.5, NOON - DAY / 2)]
)
def test_a_day_begins_at_midnight_utc(now, begin):
    assert day_start(now) == begin


def test_a_minute_is_sixty_seconds_back():
    assert minute_start(NOON) == NOON - MINUTE


def rule(kind, name="x", **limits):
    return Rule(RuleSubject(kind, f"fake:{name}"), limits)


@pytest.mark.parametrize(
    ("rules", "daily", "kind"),
    [
        ([], 100, DEFAULT),
        ([rule(SERVER, daily=7)], 7, SERVER),
        ([rule(SERVER, daily=7), rule(CHANNEL, daily=6)], 6, CHANNEL),
        ([rule(CHANNEL, daily=6), rule(ROLE, daily=None)], None, ROLE),
        ([rule(ROLE, daily=None), rule(PERSON, daily=0)], 0, PERSON),
        ([rule(ROLE, "a", daily=3), rule(ROLE, "b", daily=9), rule(ROLE, "c", daily=5)], 9, ROLE),
        ([rule(ROLE, "a", daily=3), rule(ROLE, "b", daily=None)], None, ROLE),
        ([rule(PERSON, per_minute=1), rule(SERVER, daily=7)], 7, SERVER),
    ],
)
def test_the_most_specific_rule_that_sets_a_limit_holds(rules, daily, kind):
    held = effective_limits([*rules, USUAL])["daily"]
    assert (held.amount, held.whose.kind) == (daily, kind)


def test_what_a_rule_does_not_set_is_left_to_the_next():
    held = effective_limits(
        [rule(PERSON, daily=5), rule(ROLE, per_minute=3), rule(SERVER, daily=9, size=512), USUAL]
    )
    assert {name: (each.amount, each.whose.kind) for name, each in held.items()} == {
        "daily": (5, PERSON),
        "per_minute": (3, ROLE),
        "concurrent": (None, DEFAULT),
        "size": (512, SERVER),
        "count": (None, DEFAULT),
    }


AMOUNTS = st.none() | st.integers(0, 12)
RULES = st.lists(
    st.builds(
        Rule,
        st.builds(RuleSubject, st.sampled_from(KINDS), st.sampled_from(["fake:a", "fake:b", "fake:c"])),
        st.dictionaries(st.sampled_from(NAMES), AMOUNTS),
    ),
    max_size=8,
    unique_by=lambda each: each.whose,
)


@given(RULES)
def test_no_rule_that_is_less_specific_and_no_meaner_role_ever_holds(rules):
    held = effective_limits([*rules, USUAL])
    assert set(held) == set(NAMES)
    for name, each in held.items():
        setting = [rule for rule in [*rules, USUAL] if name in rule.limits]
        ranks = [KINDS.index(rule.whose.kind) for rule in setting]
        rank = KINDS.index(each.whose.kind)
        assert rank == min(ranks)
        best = max(_generous(rule.limits[name]) for rule in setting if rule.whose.kind == each.whose.kind)
        assert _generous(each.amount) == best


def _generous(amount):
    return math.inf if amount is None else amount


@given(RULES, st.randoms())
def test_the_order_in_which_rules_are_read_changes_nothing(rules, random):
    mixed = [*rules, USUAL]
    random.shuffle(mixed)
    assert effective_limits(mixed) == effective_limits([*rules, USUAL])


@given(RULES, st.sampled_from(NAMES), AMOUNTS)
def test_a_rule_more_never_changes_a_limit_that_it_does_not_set(rules, name, amount):
    before = effective_limits([*rules, USUAL])
    after = effective_limits([*rules, Rule(RuleSubject(PERSON, "fake:new"), {name: amount}), USUAL])
    assert {key: each for key, each in after.items() if key != name} == {
        key: each for key, each in before.items() if key != name
    }


CHARGES = st.lists(st.tuples(st.integers(-59, 0), st.integers(1, 4)), max_size=6).map(sorted)


@given(AMOUNTS, AMOUNTS, AMOUNTS, CHARGES, st.integers(0, 12), st.integers(0, 3), st.integers(1, 4))
def test_a_request_is_let_through_exactly_when_every_limit_holds_after_it(
    daily, minute, at_a_time, recent, before, under_way, pictures
):
    lately = sum(count for _, count in recent)
    used = Used(before + lately, charges(*recent).recent, under_way)
    limits = {"daily": daily, "per_minute": minute, "concurrent": at_a_time}
    after = {
        "daily": before + lately + pictures,
        "per_minute": lately + pictures,
        "concurrent": under_way + 1,
    }
    for name, amount in limits.items():
        fits = amount is None or after[name] <= amount
        assert (refusal(budget(name, amount, used), pictures) is None) == fits


@given(st.integers(1, 12), CHARGES, st.integers(1, 4))
def test_the_seconds_told_are_those_after_which_it_may_be(minute, recent, pictures):
    said = refusal(budget("per_minute", minute, charges(*recent)), pictures)
    if said is None or "try again" not in said:
        return
    seconds = int(re.search(r"in (\d+) s", said)[1])
    for waited, expected in ((seconds, True), (seconds - 1, False)):
        left = charges(*((at, count) for at, count in recent if NOON + at > minute_start(NOON + waited)))
        again = refusal(budget("per_minute", minute, left), pictures, now=NOON + waited)
        assert (again is None) == expected

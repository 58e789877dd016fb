"""Test which rules hold, in a real database."""

from __future__ import annotations

import pytest

from bot.people.identity import link_accounts
from bot.quotas.rules import Defaults, limits_for, limits_here, read_limits, read_rules, write_limits
from commands.services.quotas import (
    CHANNEL,
    DEFAULT,
    DEFAULT_TOTAL,
    OF_TOTAL,
    PERSON,
    ROLE,
    SERVER,
    TOTAL,
    Limit,
    Rule,
    RuleSubject,
)
from tests.support.fakes import ask

DEFAULTS = Defaults(person=Limit(100, 8, size=1024), total=Limit(1000, 30))
HALL = "fake:studio"
ANN, EACH, ALL = RuleSubject(PERSON, "fake:ann"), RuleSubject(SERVER, HALL), RuleSubject(TOTAL, HALL)
FRIEND, GUEST = RuleSubject(ROLE, "fake:friend"), RuleSubject(ROLE, "fake:guest")
ROOM = RuleSubject(CHANNEL, "fake:hall")


@pytest.fixture
def put(storage):
    """Set limits of a rule."""

    async def put(whose, without=(), server=HALL, **limits):
        await storage.write(lambda database: write_limits(database, server, whose, limits, without))

    return put


@pytest.fixture
def daily(storage):
    """Return (limit a day, kind of its rule) of the person who asks."""

    async def daily(**changes):
        held = await storage.write(lambda database: limits_here(database, DEFAULTS, ask(**changes)))
        return held["daily"].amount, held["daily"].whose.kind

    return daily


async def test_rules_are_read_from_the_person_down_to_the_configuration(put, daily):
    roles = frozenset({FRIEND.id, GUEST.id})
    assert await daily(roles=roles) == (100, DEFAULT)
    for whose, amount in ((EACH, 90), (ROOM, 80), (GUEST, 60), (FRIEND, 70), (ANN, 5)):
        await put(whose, daily=amount)
        expected = max(amount, 60) if whose.kind == ROLE else amount
        assert await daily(roles=roles) == (expected, whose.kind)
    assert await daily(person="fake:bob", roles=frozenset({GUEST.id})) == (60, ROLE)
    assert await daily(person="fake:bob") == (80, CHANNEL)
    assert await daily(person="fake:bob", channel="fake:yard") == (90, SERVER)
    assert await daily(server="fake:other", channel="fake:yard") == (100, DEFAULT)


async def test_in_a_thread_the_rule_of_its_channel_holds(put, daily):
    await put(ROOM, daily=3)
    assert await daily(channel="fake:thread", parent="fake:hall") == (3, CHANNEL)


async def test_a_rule_is_changed_limit_by_limit(storage, put):
    await put(ANN, daily=5, size=512)
    await put(ANN, daily=None, per_minute=2)
    await put(ANN, without=("size", "count"))
    rules = [Rule(ANN, {"daily": None, "per_minute": 2})]
    assert await storage.write(lambda database: read_limits(database, HALL, [ANN, EACH])) == rules


async def test_no_limit_that_is_set_is_another_thing_than_one_that_is_not(put, daily):
    await put(EACH, daily=7)
    await put(ANN, daily=None)
    assert await daily() == (None, PERSON)
    await put(ANN, without=("daily",))
    assert await daily() == (7, SERVER)


async def test_joined_accounts_have_one_rule(storage, put, daily):
    await storage.write(lambda database: link_accounts(database, "fake:ann", "other:ann"))
    await put(RuleSubject(PERSON, "other:ann"), daily=4)
    assert await daily() == (4, PERSON)


async def test_all_rules_are_listed_the_most_specific_first(storage, put):
    for whose in (ALL, EACH, ROOM, GUEST, FRIEND, ANN):
        await put(whose, daily=1)
    await put(ANN, daily=1, server="fake:other")
    rules = await storage.write(lambda database: read_rules(database, HALL))
    assert [rule.whose for rule in rules] == [ANN, FRIEND, GUEST, ROOM, EACH, ALL]


async def test_a_total_has_limits_of_its_own_that_no_persons_rule_touches(storage, put):
    await put(EACH, daily=7)
    held = await storage.write(lambda database: limits_for(database, DEFAULTS, HALL, ALL))
    assert set(held) == set(OF_TOTAL)
    assert (held["daily"].amount, held["daily"].whose.kind) == (1000, DEFAULT_TOTAL)
    await put(ALL, daily=9)
    held = await storage.write(lambda database: limits_for(database, DEFAULTS, HALL, ALL))
    assert (held["daily"].amount, held["per_minute"].amount, held["daily"].whose) == (9, 30, ALL)


async def test_what_holds_for_somebody_else_leaves_roles_and_channels_out(storage, put):
    for whose, amount in ((EACH, 90), (ROOM, 80), (FRIEND, 70)):
        await put(whose, daily=amount)
    for whose, amount in ((ANN, 90), (ROOM, 80), (FRIEND, 70), (EACH, 90), (GUEST, 90)):
        held = await storage.write(lambda database, each=whose: limits_for(database, DEFAULTS, HALL, each))
        assert (held["daily"].amount, held["size"].amount) == (amount, 1024)

"""Test quotas as commands see them, and the audit of every change, in a real database."""

from __future__ import annotations

import json

import pytest

from bot.people.identity import link_accounts
from bot.quotas.check import Request
from bot.quotas.rules import Defaults
from bot.quotas.service import QuotaService
from bot.quotas.usage import charge
from bot.storage.database import change, rows
from commands.services.quotas import (
    CHANNEL,
    NAMES,
    PERSON,
    ROLE,
    SERVER,
    TOTAL,
    Limit,
    Rule,
    RuleSubject,
    Spent,
)
from tests.support.fakes import NOON, ask

DEFAULTS = Defaults(person=Limit(100, 8), total=Limit(1000, 30))
HALL = "fake:studio"
ANN, EACH, ALL = RuleSubject(PERSON, "fake:ann"), RuleSubject(SERVER, HALL), RuleSubject(TOTAL, HALL)


@pytest.fixture
def quotas(storage, clock):
    return QuotaService(storage, DEFAULTS, clock)


@pytest.fixture
def audited(storage):
    """Return the rows of the audit."""

    async def audited():
        return await storage.write(lambda database: rows(database, "SELECT * FROM audit ORDER BY id"))

    return audited


def amounts(status):
    return {name: held.amount for name, held in status.limits.items() if held.amount is not None}


async def paint(storage, pictures, **changes):
    request = Request(pictures)
    await storage.write(lambda database: charge(database, DEFAULTS, ask(**changes), "job-1", request, NOON))


async def test_where_no_admin_said_anything_the_configuration_holds(quotas):
    assert amounts(await quotas.status(ask())) == {"daily": 100, "per_minute": 8}
    assert amounts(await quotas.view(ask(), ALL)) == {"daily": 1000, "per_minute": 30}


async def test_what_an_admin_set_holds_in_their_server_alone(quotas):
    before, now = await quotas.change(ask(), ANN, {"daily": 5})
    assert (amounts(before)["daily"], amounts(now)["daily"]) == (100, 5)
    assert amounts(await quotas.status(ask()))["daily"] == 5
    assert amounts(await quotas.status(ask(server="fake:other")))["daily"] == 100
    assert amounts(await quotas.status(ask(person="fake:bob")))["daily"] == 100


async def test_what_holds_can_be_asked_without_what_is_used(quotas):
    await quotas.change(ask(), ANN, {"daily": 5})
    assert await quotas.limits_of(ask()) == (await quotas.status(ask())).limits


async def test_what_is_used_is_told_beside_what_holds(quotas, storage):
    await quotas.change(ask(), RuleSubject(CHANNEL, "fake:hall"), {"daily": 5})
    await paint(storage, 2)
    assert (await quotas.status(ask())).used == {"daily": 2, "per_minute": 2, "concurrent": 0}
    assert (await quotas.status(ask(channel="fake:yard"))).used["daily"] == 2
    assert (await quotas.status(ask(person="fake:bob"))).used["daily"] == 0
    assert (await quotas.view(ask(), ALL)).used["daily"] == 2
    assert (await quotas.view(ask(), EACH)).used == {}


async def test_every_change_leaves_a_row_of_the_audit(quotas, audited, clock):
    await quotas.change(ask(person="fake:chief"), ANN, {"daily": 5, "size": None})
    clock.advance(60)
    await quotas.change(ask(person="fake:chief"), ANN, {"daily": 7})
    clock.advance(60)
    await quotas.change(ask(person="fake:chief"), ANN, {}, NAMES)
    acts = await audited()
    assert [each["at"] for each in acts] == [NOON, NOON + 60, NOON + 120]
    assert {(each["person"], each["server"], each["action"], each["subject"]) for each in acts} == {
        ("fake:chief", HALL, "quota", "fake:ann")
    }
    told = [(json.loads(each["before"]), json.loads(each["after"])) for each in acts]
    assert told == [
        ({}, {"daily": 5, "size": None}),
        ({"daily": 5}, {"daily": 7}),
        ({"daily": 7, "size": None}, {}),
    ]


@pytest.mark.parametrize(
    "whose", [ANN, EACH, ALL, RuleSubject(ROLE, "fake:9"), RuleSubject(CHANNEL, "fake:hall")]
)
async def test_the_audit_tells_whose_rule_was_changed(quotas, audited, whose):
    await quotas.change(ask(), whose, {"daily": 5})
    [act] = await audited()
    assert RuleSubject.from_mark(act["subject"], HALL) == whose


async def test_a_change_that_cannot_be_audited_is_not_made(quotas, storage):
    await storage.write(lambda database: change(database, "DROP TABLE audit"))
    with pytest.raises(Exception, match="audit"):
        await quotas.change(ask(), ANN, {"daily": None})
    assert amounts(await quotas.status(ask()))["daily"] == 100


async def test_rules_are_listed_by_the_accounts_that_the_server_knows(quotas, storage):
    await storage.write(lambda database: link_accounts(database, "other:ann", "fake:ann"))
    await quotas.change(ask(), ANN, {"daily": 5})
    await quotas.change(ask(), EACH, {"count": 2})
    assert await quotas.rules(ask()) == [Rule(ANN, {"daily": 5}), Rule(EACH, {"count": 2})]


async def test_who_used_what_is_told_for_the_server_where_it_is_asked(quotas, storage):
    await paint(storage, 2)
    assert await quotas.spent(ask(), 5) == ([Spent("fake:ann", 2)], 2)
    assert await quotas.spent(ask(server="fake:other"), 5) == ([], 0)

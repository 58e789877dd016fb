"""Test /quota."""

from __future__ import annotations

import pytest

from commands.chat import UserError
from commands.quota import COMMAND, MOST_SPENT
from commands.registry import split_line
from commands.services.quotas import CHANNEL, PERSON, ROLE, SERVER, TOTAL, RuleSubject, Spent
from tests.support.fake_services import FakeQuotas, FakeServices, ask

BOB, HALL = RuleSubject(PERSON, "fake:bob"), RuleSubject(SERVER, "fake:studio")
ADMINS_ONLY = "Only an admin of this server may do that; /quota alone shows your own limits."
OWN = "today 3, limit: 100 (the usual limit); in the last minute 1, limit: 6 (the usual limit)"


async def said(words="", services=None, locale="en", **changes):
    services = services or FakeServices(locale)
    who = {"has_roles": True, "names": {"fake:9": "Friends"}, **changes}
    answer = await COMMAND.run(ask("quota", words, locale=locale, **who), services)
    assert (answer.private, answer.refused, answer.job) == (True, False, None)
    return answer.text


async def test_alone_it_shows_ones_own_limits_and_the_total_of_the_server():
    assert (await said()).splitlines() == [f"You: {OWN}", f"All of this server together: {OWN}"]


async def test_the_rule_that_holds_is_named_and_a_cap_is_told_where_there_is_one():
    services = FakeServices(quotas=FakeQuotas(cap=512))
    services.quotas.limits[RuleSubject(PERSON, "fake:ann")] = {"daily": 9, "count": 2}
    own = (await said(services=services)).splitlines()[0]
    assert own.startswith(
        "You: today 3, limit: 9 (your own limit); in the last minute 1, limit: 6 (the usual"
    )
    assert own.endswith("; pixels: 512 (the usual limit); at once: 2 (your own limit)")


async def test_limits_are_shown_in_the_readers_language():
    second = (await said(locale="zh-CN")).splitlines()[1]
    assert second.startswith("本服务器合计：今天 3，额度：100（通常的额度）; ")


@pytest.mark.parametrize(
    "words",
    [
        *("server", "total", "fake:bob", "server daily=1", "fake:ann daily=1", "reset fake:ann"),
        *("used", "rules", "role=fake:9", "channel=here", "fake:bob minute=1"),
    ],
)
async def test_whoever_is_no_admin_sees_and_sets_nothing_but_sees_their_own(words):
    services = FakeServices()
    with pytest.raises(UserError) as refusal:
        await said(words, services)
    assert str(refusal.value) == ADMINS_ONLY
    assert services.quotas.limits == {}
    assert (await said("fake:ann", services)).startswith("You: ")


async def test_an_admin_sets_what_is_named_and_leaves_the_rest():
    services = FakeServices()
    text = await said("server daily=200", services, is_admin=True)
    assert text == "Each person in this server: now per day: 200; before: per day: 100 (the usual limit)."
    assert services.quotas.limits == {HALL: {"daily": 200}}
    await said("server per_minute=none", services, is_admin=True)
    assert services.quotas.limits[HALL] == {"daily": 200, "per_minute": None}
    text = await said("server daily=default", services, is_admin=True)
    assert text == "Each person in this server: now per day: 100 (the usual limit); before: per day: 200."


@pytest.mark.parametrize(
    ("words", "whose", "who"),
    [
        ("role=fake:9 daily=5", RuleSubject(ROLE, "fake:9"), "Each with the role Friends"),
        ("channel=here daily=5", RuleSubject(CHANNEL, "fake:hall"), "Each in the channel fake:hall"),
        ("total daily=5", RuleSubject(TOTAL, "fake:studio"), "All of this server together"),
        ("fake:bob daily=5", BOB, "fake:bob"),
    ],
)
async def test_a_rule_is_told_by_what_it_is_about(words, whose, who):
    services = FakeServices()
    assert (await said(words, services, is_admin=True)).startswith(f"{who}: now per day: 5; before: ")
    assert services.quotas.limits == {whose: {"daily": 5}}


async def test_a_reset_takes_the_rule_away_and_says_what_holds_without_it():
    services = FakeServices()
    await said("fake:bob daily=5 count=1", services, is_admin=True)
    assert await said("reset fake:bob", services, is_admin=True) == (
        "fake:bob: rule removed; today's usage still counts."
        " Now per day: 100 (the usual limit), at once: no limit (the usual limit);"
        " before: per day: 5, at once: 1."
    )
    assert services.quotas.limits == {}
    with pytest.raises(UserError, match="No rule is set for that; /quota rules lists those that are"):
        await said("reset fake:bob", services, is_admin=True)


async def test_an_admin_sees_the_limits_of_one_person():
    assert await said("fake:bob", is_admin=True) == f"fake:bob: {OWN}"


async def test_an_admin_sees_all_rules_that_are_set():
    services = FakeServices()
    assert await said("rules", services, is_admin=True) == "No rule is set here; the usual limits hold."
    await said("fake:bob daily=none", services, is_admin=True)
    await said("role=fake:9 per_minute=3 size=512", services, is_admin=True)
    assert (await said("rules", services, is_admin=True)).splitlines() == [
        "fake:bob: per day: no limit",
        "Each with the role Friends: per minute: 3, pixels: 512",
    ]


async def test_an_admin_sees_who_used_what_today_most_first():
    people = (Spent("fake:bob", 9), Spent("fake:ann", 2))
    services = FakeServices(quotas=FakeQuotas(people=people))
    assert (await said("used", services, is_admin=True)).splitlines() == [
        "Pictures asked for today (UTC) by all of this server together: 11.",
        "fake:bob: 9",
        "You: 2",
    ]


async def test_of_a_crowd_those_are_told_who_used_most():
    people = tuple(Spent(f"fake:{number}", 1) for number in range(MOST_SPENT + 5))
    text = await said("used", FakeServices(quotas=FakeQuotas(people=people)), is_admin=True)
    assert "together: 25." in text
    assert len(text.splitlines()) == MOST_SPENT + 1


@pytest.mark.parametrize("example", COMMAND.examples)
async def test_an_example_works_as_it_stands(example):
    name, words = split_line(example)
    assert name == "quota"
    services = FakeServices()
    if "reset" in words:
        await said("channel=here daily=1", services, is_admin=True)
    assert await said(words, services, is_admin=True)

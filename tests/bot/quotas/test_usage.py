"""Test what is charged, refused and refunded, in a real database."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import DAY, MINUTE, day_start
from bot.people.identity import link_accounts
from bot.quotas.check import OverQuota, Request
from bot.quotas.rules import Defaults, limits_here, write_limits
from bot.quotas.usage import charge, read_spent, read_used, refund
from bot.storage.database import Database, change, migrations, rows
from commands.services.quotas import (
    CHANNEL,
    PERSON,
    ROLE,
    SERVER,
    TOTAL,
    EffectiveLimit,
    Limit,
    RuleSubject,
    Spent,
)
from tests.support.fakes import NOON, ask

DEFAULTS = Defaults(person=Limit(100, 8), total=Limit(1000, 30))
FREE = Defaults(person=Limit(None, None), total=Limit(None, None))
ANN, BOB, HALL = "fake:ann", "fake:bob", "fake:studio"
HERE = RuleSubject(CHANNEL, "fake:hall")


@pytest.fixture
def paint(storage):
    """Charge a request of Ann's, with changes."""

    async def paint(pictures=1, job="job-1", now=NOON, defaults=DEFAULTS, size=512, **changes):
        request = Request(pictures, size)
        await storage.write(lambda database: charge(database, defaults, ask(**changes), job, request, now))

    return paint


@pytest.fixture
def put(storage):
    """Set limits of a rule."""

    async def put(whose, **limits):
        await storage.write(lambda database: write_limits(database, HALL, whose, limits, ()))

    return put


@pytest.fixture
def used(storage):
    """Return the usage (today, in the last minute) for a rule."""

    async def used(whose, now=NOON, **changes):
        held = dict.fromkeys(("daily", "per_minute"), EffectiveLimit(None, whose))
        found = await storage.write(lambda database: read_used(database, ask(**changes), held, now))
        return found["daily"], found["per_minute"]

    return used


OWN, ALL = RuleSubject(PERSON, ANN), RuleSubject(TOTAL, HALL)


async def test_use_is_counted_for_the_person_and_for_all_together(paint, used):
    await paint(2)
    await paint(3, "job-2", person=BOB)
    await paint(4, "job-3", server="fake:other")
    assert await used(OWN) == (2, 2)
    assert await used(OWN, person=BOB) == (3, 3)
    assert await used(ALL) == (5, 5)


async def test_to_a_channel_counts_what_the_person_asked_for_there(paint, used):
    await paint(2)
    await paint(3, "job-2", channel="fake:yard")
    await paint(1, "job-3", channel="fake:thread", parent="fake:hall")
    await paint(4, "job-4", person=BOB)
    assert await used(HERE) == (3, 3)
    assert await used(RuleSubject(SERVER, HALL)) == (6, 6)


async def test_a_minute_and_a_day_later_use_counts_no_more(paint, used):
    await paint(2)
    assert await used(OWN, NOON + MINUTE) == (2, 0)
    assert await used(OWN, day_start(NOON) + DAY) == (0, 0)


@pytest.mark.parametrize("days", [1, 30])
async def test_a_clock_that_ran_ahead_and_is_set_back_blocks_nobody(paint, used, days):
    await paint(8, now=NOON + days * DAY)
    await paint(8, "job-2", now=NOON)
    assert await used(OWN) == (8, 8)


async def test_a_clock_that_is_set_back_by_seconds_gives_nothing_away(paint):
    await paint(8, now=NOON + 5)
    with pytest.raises(OverQuota, match="try again in 65 s"):
        await paint(1, "job-2")


@pytest.mark.parametrize(
    ("whose", "sentence"),
    [
        (OWN, r"You may ask for 3 pictures a minute \(your own limit\); try again in 60 s"),
        (RuleSubject(ROLE, "fake:9"), r"a minute \(the limit of your role Friends\); try again in 60 s"),
        (HERE, r"a minute \(the limit of this channel\); try again in 60 s"),
        (
            RuleSubject(SERVER, HALL),
            r"a minute \(the limit of each person in this server\); try again in 60 s",
        ),
        (ALL, "This server may ask for 3 pictures a minute; try again in 60 s"),
    ],
)
async def test_a_request_over_a_limit_is_refused_by_its_rule_and_not_charged(
    paint, put, used, whose, sentence
):
    await put(whose, per_minute=3)
    who = {"roles": frozenset({"fake:9"}), "names": {"fake:9": "Friends"}}
    await paint(2, **who)
    with pytest.raises(OverQuota, match=sentence) as refusal:
        await paint(2, "job-2", **who)
    assert refusal.value.whose == whose.kind
    assert await used(OWN) == (2, 2)
    await paint(1, "job-3", **who)


async def test_a_more_generous_rule_that_is_more_specific_lets_more_through(paint, put):
    await put(RuleSubject(SERVER, HALL), daily=1, per_minute=1)
    await put(RuleSubject(ROLE, "fake:9"), daily=5)
    await put(OWN, per_minute=None)
    await paint(5, roles=frozenset({"fake:9"}))
    with pytest.raises(OverQuota, match="role"):
        await paint(1, "job-2", roles=frozenset({"fake:9"}))


async def test_a_total_bounds_those_too_who_have_a_rule_of_their_own(paint, put):
    await put(OWN, daily=None, per_minute=None)
    await put(ALL, daily=3)
    await paint(2, person=BOB)
    with pytest.raises(OverQuota, match="This server has used 2 of its 3 pictures a day"):
        await paint(2, "job-2")


async def test_the_usual_total_bounds_all_together(paint):
    few = Defaults(person=Limit(None, None), total=Limit(3, None))
    await paint(2, person=BOB, defaults=few)
    with pytest.raises(OverQuota, match="This server has used 2 of its 3 pictures a day"):
        await paint(2, "job-2", defaults=few)


async def test_what_is_used_up_in_a_channel_is_free_elsewhere(paint, put):
    await put(HERE, daily=1)
    await paint(1)
    with pytest.raises(OverQuota, match="this channel"):
        await paint(1, "job-2")
    await paint(1, "job-3", channel="fake:yard")


@pytest.mark.parametrize(("limit", "over"), [({"size": 496}, "say size=496"), ({"count": 1}, "say count=1")])
async def test_what_one_request_may_be_is_told_before_what_is_used_up(paint, put, limit, over):
    await put(RuleSubject(SERVER, HALL), daily=0, **limit)
    with pytest.raises(OverQuota, match=over):
        await paint(2)


async def test_requests_under_way_are_counted_until_they_are_done(storage, paint, put):
    async def job(name, state):
        sql = (
            "INSERT INTO jobs (id, key, person, server, channel, locale, reply, line, conditions, state,"
            " accepted_at, account) VALUES (?, ?, ?, ?, ?, 'en', '{}', '', '[]', ?, ?, ?)"
        )
        values = (name, name, ANN, HALL, "fake:hall", state, NOON, ANN)
        await storage.write(lambda database: change(database, sql, *values))

    await put(OWN, concurrent=2)
    for number, state in enumerate(["posted", "painted", "cancelled", "queued", "running"]):
        await paint(1, f"job-{number}", defaults=FREE)
        await job(f"job-{number}", state)
    with pytest.raises(OverQuota, match=r"2 requests at a time .*; ask again when one is done"):
        await paint(1, "job-9", defaults=FREE)
    await paint(1, "job-9", defaults=FREE, person=BOB)
    await storage.write(lambda database: change(database, "UPDATE jobs SET state = 'posted'"))
    await paint(1, "job-10", defaults=FREE)


async def test_a_persons_limit_in_one_server_is_not_used_up_in_another(paint, put):
    await put(OWN, daily=2)
    await paint(4, server="fake:other")
    await paint(2, "job-2")


async def test_a_refund_gives_back_what_the_job_was_charged_once(storage, paint, used):
    await paint(2)
    await paint(3, "job-2")
    for _ in range(2):
        await storage.write(lambda database: refund(database, "job-1"))
    assert await used(OWN) == (3, 3)
    await storage.write(lambda database: refund(database, "unknown"))
    assert await used(OWN) == (3, 3)


async def test_who_used_what_is_told_most_first_by_accounts_that_the_server_knows(storage, paint):
    await storage.write(lambda database: link_accounts(database, "other:ann", ANN))
    await paint(2, person="other:ann")
    await paint(3, "job-2", person=BOB)
    await paint(1, "job-3", person="other:eve")
    await paint(4, "job-4", person="fake:cid", now=day_start(NOON) - 1)
    await paint(5, "job-5", person="fake:dan")
    await storage.write(lambda database: refund(database, "job-5"))
    spent, total = await storage.write(lambda database: read_spent(database, HALL, NOON, 9))
    assert (spent, total) == ([Spent(BOB, 3), Spent(ANN, 2)], 6)
    spent, total = await storage.write(lambda database: read_spent(database, HALL, NOON, 1))
    assert (spent, total) == ([Spent(BOB, 3)], 6)


@dataclass
class Ledger:
    """The expected charges: (person, channel, time, pictures) by job."""

    charges: dict[str, tuple[str, str, float, int]] = field(default_factory=dict)

    def sum(self, since: float, person: str = "", channel: str = "") -> int:
        """Count pictures charged after `since` to a person, or to all; in a channel, or everywhere."""
        found = self.charges.values()
        return sum(
            n for who, where, at, n in found if at > since and person in ("", who) and channel in ("", where)
        )


ROOMS = ("fake:hall", "fake:yard")
REACTION_WEIGHTS = st.lists(
    st.one_of(
        st.tuples(st.just("charge"), st.sampled_from([ANN, BOB]), st.integers(1, 4), st.sampled_from(ROOMS)),
        st.tuples(st.just("refund"), st.just(""), st.integers(0, 30), st.just("")),
        st.tuples(
            st.just("wait"), st.just(""), st.sampled_from([1, 20, 59, 60, 3600, DAY // 2]), st.just("")
        ),
    ),
    max_size=25,
)
LIMITS = st.fixed_dictionaries(
    {}, optional={"daily": st.none() | st.integers(0, 12), "per_minute": st.none() | st.integers(0, 8)}
)
WHOSE = st.sampled_from([RuleSubject(PERSON, ANN), HERE, RuleSubject(SERVER, HALL), ALL])


@given(REACTION_WEIGHTS, st.dictionaries(WHOSE, LIMITS))
def test_charges_never_exceed_a_limit_and_refunds_restore_exactly(acts, rules):
    database, ledger, now = Database(memory=True), Ledger(), NOON
    migrations.apply(database)
    for whose, limits in rules.items():
        write_limits(database, HALL, whose, limits, ())
    for number, (act, who, amount, where) in enumerate(acts):
        job = f"job-{number}"
        if act == "wait":
            now += amount
        elif act == "refund":
            refund(database, f"job-{amount}")
            ledger.charges.pop(f"job-{amount}", None)
        else:
            fits = _fits(database, ledger, rules, (who, where), amount, now)
            assert _charge(database, (who, where), job, amount, now) == fits
            if fits:
                ledger.charges[job] = (who, where, now, amount)
        found = rows(database, "SELECT job, person, channel, at, pictures FROM usage WHERE refunded = 0")
        told = {row["job"]: (row["person"], row["channel"], row["at"], row["pictures"]) for row in found}
        assert told == ledger.charges
    database.close()


def _fits(database, ledger, rules, whom, pictures, now):
    held = limits_here(database, FREE, ask(person=whom[0], channel=whom[1]))
    person = [
        (each.amount, name, whom[0], whom[1] if each.whose.kind == CHANNEL else "")
        for name, each in held.items()
    ]
    total = [(amount, name, "", "") for name, amount in rules.get(ALL, {}).items()]
    since = {"daily": day_start(now) - 0.5, "per_minute": now - MINUTE}
    return all(
        amount is None or ledger.sum(since[name], *counted) + pictures <= amount
        for amount, name, *counted in (*person, *total)
        if name in since
    )


def _charge(database, whom, job, pictures, now):
    try:
        charge(database, FREE, ask(person=whom[0], channel=whom[1]), job, Request(pictures), now)
    except OverQuota:
        return False
    return True

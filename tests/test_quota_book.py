"""Limits as admins set them, what is charged against them, and the audit, in a real database."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quota_book import Defaults, QuotaBook, charge, read_limit, refund
from bot.quotas import DAY, MINUTE, day_start
from bot.storage import Database, change, migrations, rows
from commands.chat import UserError
from commands.context import Limit, Usage
from tests.fakes import NOON, ask

DEFAULTS = Defaults(person=Limit(100, 8), server=Limit(1000, 30))
FREE = Limit(None, None)
ANN, BOB, HALL = "fake:ann", "fake:bob", "fake:studio"


@pytest.fixture
def book(storage, clock):
    return QuotaBook(storage, DEFAULTS, clock)


async def charged(storage, pictures, job="job-1", now=NOON, defaults=DEFAULTS, **changes):
    """Charge a request of Ann's, which every part of can be changed."""
    await storage.run(lambda database: charge(database, defaults, ask(**changes), job, pictures, now))


async def test_where_no_admin_said_anything_the_configuration_holds(book):
    assert await book.limit(HALL, ANN) == DEFAULTS.person
    assert await book.limit(HALL, HALL) == DEFAULTS.server


async def test_what_an_admin_set_holds_in_their_server_alone(book):
    assert await book.change(ask(), ANN, Limit(5, None)) == (DEFAULTS.person, Limit(5, None))
    assert await book.limit(HALL, ANN) == Limit(5, None)
    assert await book.limit("fake:other", ANN) == DEFAULTS.person
    assert await book.limit(HALL, BOB) == DEFAULTS.person


async def test_a_second_change_replaces_the_first(book):
    await book.change(ask(), HALL, Limit(5, 1))
    assert await book.change(ask(), HALL, FREE) == (Limit(5, 1), FREE)
    assert await book.limit(HALL, HALL) == FREE


async def test_every_change_leaves_a_row_of_the_audit(book, storage, clock):
    await book.change(ask(person="fake:chief"), ANN, Limit(5, None))
    clock.advance(60)
    await book.change(ask(person="fake:chief"), ANN, FREE)
    first, second = await storage.run(lambda database: rows(database, "SELECT * FROM audit ORDER BY id"))
    assert (first["at"], second["at"]) == (NOON, NOON + 60)
    assert {first["person"], second["person"]} == {"fake:chief"}
    assert (first["server"], first["action"], first["subject"]) == (HALL, "quota", ANN)
    assert json.loads(first["before"]) == {"daily": 100, "per_minute": 8}
    assert first["after"] == second["before"] == json.dumps({"daily": 5, "per_minute": None})


async def test_a_change_that_cannot_be_audited_is_not_made(book, storage):
    await storage.run(lambda database: change(database, "DROP TABLE audit"))
    with pytest.raises(Exception, match="audit"):
        await book.change(ask(), ANN, FREE)
    assert await book.limit(HALL, ANN) == DEFAULTS.person


async def test_use_is_counted_for_the_person_and_for_the_server(book, storage):
    await charged(storage, 2)
    await charged(storage, 3, "job-2", person=BOB)
    await charged(storage, 4, "job-3", server="fake:other")
    assert await book.usage(HALL, ANN) == Usage(2, 2)
    assert await book.usage(HALL, BOB) == Usage(3, 3)
    assert await book.usage(HALL, HALL) == Usage(5, 5)


async def test_a_minute_and_a_day_later_use_counts_no_more(book, storage, clock):
    await charged(storage, 2)
    clock.advance(MINUTE)
    assert await book.usage(HALL, ANN) == Usage(2, 0)
    clock.advance(day_start(NOON) + DAY - clock.now)
    assert await book.usage(HALL, ANN) == Usage(0, 0)


@pytest.mark.parametrize("days", [1, 30])
async def test_a_clock_that_ran_ahead_and_is_set_back_blocks_nobody(book, storage, days):
    await charged(storage, DEFAULTS.person.per_minute, now=NOON + days * DAY)
    await charged(storage, DEFAULTS.person.per_minute, "job-2", now=NOON)
    assert await book.usage(HALL, ANN) == Usage(DEFAULTS.person.per_minute, DEFAULTS.person.per_minute)


async def test_a_clock_that_is_set_back_by_seconds_gives_nothing_away(storage):
    await charged(storage, DEFAULTS.person.per_minute, now=NOON + 5)
    with pytest.raises(UserError, match="try again in 65 s"):
        await charged(storage, 1, "job-2", now=NOON)


@pytest.mark.parametrize(
    ("subject", "sentence"),
    [
        (ANN, "You may ask for 3 pictures a minute; try again in 60 s."),
        (HALL, "This server may ask for 3 pictures a minute; try again in 60 s."),
    ],
)
async def test_a_request_over_a_limit_is_refused_and_not_charged(book, storage, subject, sentence):
    await book.change(ask(), subject, Limit(None, 3))
    await charged(storage, 2)
    with pytest.raises(UserError, match=sentence):
        await charged(storage, 2, "job-2")
    assert await book.usage(HALL, ANN) == Usage(2, 2)
    await charged(storage, 1, "job-3")


async def test_a_persons_limit_in_one_server_is_not_used_up_in_another(book, storage):
    await book.change(ask(), ANN, Limit(2, None))
    await charged(storage, 4, server="fake:other")
    await charged(storage, 2, "job-2")


async def test_a_refund_gives_back_what_the_job_was_charged_once(book, storage):
    await charged(storage, 2)
    await charged(storage, 3, "job-2")
    for _ in range(2):
        await storage.run(lambda database: refund(database, "job-1"))
    assert await book.usage(HALL, ANN) == Usage(3, 3)
    await storage.run(lambda database: refund(database, "unknown"))
    assert await book.usage(HALL, ANN) == Usage(3, 3)


@dataclass
class Ledger:
    """What should have been charged: (person, time, pictures) by job."""

    charges: dict[str, tuple[str, float, int]] = field(default_factory=dict)

    def sum(self, subject: str, since: float) -> int:
        """Pictures charged to a person, or to the whole server, after `since`."""
        found = self.charges.values()
        return sum(n for person, at, n in found if at > since and subject in (person, HALL))


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("charge"), st.sampled_from([ANN, BOB]), st.integers(1, 4)),
        st.tuples(st.just("refund"), st.just(""), st.integers(0, 30)),
        st.tuples(st.just("wait"), st.just(""), st.sampled_from([1, 20, 59, 60, 3600, DAY // 2])),
    ),
    max_size=25,
)
LIMITS = st.builds(Limit, st.none() | st.integers(0, 12), st.none() | st.integers(0, 8))


@given(ACTS, LIMITS, LIMITS)
def test_charges_never_exceed_a_limit_and_refunds_restore_exactly(acts, person, server):
    database, ledger, now = Database(memory=True), Ledger(), NOON
    migrations.apply(database)
    for number, (act, who, amount) in enumerate(acts):
        job = f"job-{number}"
        if act == "wait":
            now += amount
        elif act == "refund":
            refund(database, f"job-{amount}")
            ledger.charges.pop(f"job-{amount}", None)
        else:
            limits = {who: person, HALL: server}
            fits = all(_fits(ledger, subject, limit, amount, now) for subject, limit in limits.items())
            assert _charge(database, Defaults(person, server), who, job, amount, now) == fits
            if fits:
                ledger.charges[job] = (who, now, amount)
        _agree(database, ledger, Defaults(person, server), now)
    database.close()


def _fits(ledger, subject, limit, pictures, now):
    today = ledger.sum(subject, day_start(now) - 0.5) + pictures
    minute = ledger.sum(subject, now - MINUTE) + pictures
    return (limit.daily is None or today <= limit.daily) and (
        limit.per_minute is None or minute <= limit.per_minute
    )


def _charge(database, defaults, person, job, pictures, now):
    try:
        charge(database, defaults, ask(person=person), job, pictures, now)
    except UserError:
        return False
    return True


def _agree(database, ledger, defaults, now):
    """The book says what the ledger says, and neither is over a limit."""
    found = rows(database, "SELECT job, person, at, pictures FROM usage WHERE refunded = 0")
    assert {row["job"]: (row["person"], row["at"], row["pictures"]) for row in found} == ledger.charges
    for subject in (ANN, BOB, HALL):
        limit = read_limit(database, defaults, HALL, subject)
        assert limit.daily is None or ledger.sum(subject, day_start(now) - 0.5) <= limit.daily
        assert limit.per_minute is None or ledger.sum(subject, now - MINUTE) <= limit.per_minute

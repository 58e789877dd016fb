"""Test that tests/stress/ledger.py sees every kind of fault."""

from __future__ import annotations

import pytest

from bot.storage.database import change
from tests.stress import ledger
from tests.support.fakes import FISH, FakePlatform

SECOND = FISH.with_seed(8)


@pytest.fixture
async def books(open_workshop, tmp_path):
    """Return the database of a workshop that posted two pictures before something went wrong."""

    async def told(*faults):
        async with open_workshop(platform=FakePlatform()) as shop:
            await shop.accept("fake:1", (FISH, SECOND))
            await shop.finish()
            for sql in faults:
                await shop.storage.write(lambda database, sql=sql: change(database, sql))
        return ledger.read(tmp_path / "easel.db", tmp_path / "pictures")

    return told


def found(books):
    """Count what is wrong when two requests were promised and one was asked."""
    unseen, doubled = books.shown("fake", [set(books.pictures)])
    lists = (books.lost({"1"}), books.drifted(), books.unpainted(), books.strays(), unseen, doubled)
    return [len(each) for each in lists]


async def test_a_request_that_went_well_has_nothing_wrong(books):
    ledger = await books()
    assert found(ledger) == [0] * 6
    assert (len(ledger.jobs), len(ledger.pictures), list(ledger.problems)) == (1, 2, [])


@pytest.mark.parametrize(
    ("sql", "wrong"),
    [
        ("UPDATE jobs SET state = 'running'", [1, 0, 0, 0, 0, 0]),
        ("UPDATE jobs SET state = 'failed'", [0, 1, 0, 0, 0, 0]),
        ("UPDATE usage SET refunded = 1", [0, 1, 0, 0, 0, 0]),
        ("UPDATE usage SET pictures = 1", [0, 1, 0, 0, 0, 0]),
        ("UPDATE usage SET job = 'another'", [0, 2, 0, 0, 0, 0]),
        ("DELETE FROM pictures WHERE place = 1", [0, 0, 1, 1, 0, 0]),
        ("UPDATE pictures SET id = 'another' WHERE place = 1", [0, 0, 1, 1, 0, 0]),
    ],
)
async def test_a_fault_of_the_memory_is_found(books, sql, wrong):
    assert found(await books(sql)) == wrong


async def test_a_request_without_a_job_is_lost(books):
    assert (await books()).lost({"1", "2"}) == ["2"]


@pytest.mark.parametrize(("posts", "seen"), [(0, (1, 0)), (1, (0, 0)), (2, (0, 1))])
async def test_a_job_is_seen_once_or_it_is_a_fault(books, posts, seen):
    ledger = await books()
    unseen, doubled = ledger.shown("fake", [set(ledger.pictures)] * posts)
    assert (len(unseen), len(doubled)) == seen

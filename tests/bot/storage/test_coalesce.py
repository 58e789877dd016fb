"""Test bot/storage/coalesce.py: many wait for one operation."""

from __future__ import annotations

import asyncio

import pytest

from bot.storage.coalesce import Coalesced


class Works:
    """Work that ends when it is told, and returns how often it began."""

    def __init__(self):
        self.begun, self.gate, self.faults = 0, asyncio.Event(), {}

    async def __call__(self):
        self.begun += 1
        mine = self.begun
        await self.gate.wait()
        if mine in self.faults:
            raise self.faults[mine]
        return mine


@pytest.fixture
def works():
    return Works()


async def asked(shared, count):
    """Let so many callers wait."""
    waiting = [asyncio.create_task(shared.get()) for _ in range(count)]
    await asyncio.sleep(0)
    return waiting


async def test_who_asks_together_is_told_what_comes_of_one_work(works):
    shared = Coalesced(works)
    first = await asked(shared, 1)
    others = await asked(shared, 5)
    works.gate.set()
    assert await asyncio.gather(*first, *others) == [1, 2, 2, 2, 2, 2]


async def test_nobody_is_told_of_work_that_was_begun_before_they_asked(works):
    shared = Coalesced(works)
    works.gate.set()
    assert [await shared.get(), await shared.get()] == [1, 2]


async def test_what_it_raises_is_raised_for_all_and_the_next_begins_anew(works):
    shared = Coalesced(works)
    works.faults[2] = ValueError("no")
    first = await asked(shared, 1)
    others = await asked(shared, 3)
    works.gate.set()
    found = await asyncio.gather(*first, *others, return_exceptions=True)
    assert [str(each) for each in found] == ["1", "no", "no", "no"]
    assert await shared.get() == 3


async def test_who_is_called_off_takes_it_from_nobody_else(works):
    shared = Coalesced(works)
    first, *others = await asked(shared, 3)
    first.cancel()
    await asyncio.sleep(0)
    works.gate.set()
    assert await asyncio.gather(*others) == [2, 2]
    assert first.cancelled()

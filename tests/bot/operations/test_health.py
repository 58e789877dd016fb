"""Test that Easel is ready only when a worker is warm and the database writes."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from bot.operations.health import FRESH_SECONDS, Health, State
from bot.storage.database import Storage, rows
from engine.errors import PaintingFailed


@pytest.fixture
async def memory(tmp_path):
    """Open a database that does not wait for other programs."""
    storage = Storage(tmp_path / "easel.db", busy_seconds=0)
    yield storage
    await storage.close()


@pytest.fixture
async def health(memory, painting_client, clock):
    health = Health(memory, painting_client, clock)
    yield health
    await health.close()


async def test_a_warm_worker_and_a_database_that_writes_are_ready(health):
    assert (await health.state()).ready


@pytest.mark.parametrize(
    "state",
    [
        State(True, False, {}),
        State(False, True, {}),
        State(False, False, {}),
        State(True, True, {"discord": False}),
    ],
)
def test_anything_missing_is_not_ready(state):
    assert not state.ready


async def test_a_database_that_another_program_holds_is_not_ready_until_it_is_let_go(
    health, clock, tmp_path, caplog
):
    other = sqlite3.connect(tmp_path / "easel.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert await health.state() == State(worker=True, database=False, platforms={})
    other.close()
    clock.advance(FRESH_SECONDS)
    assert (await health.state()).ready
    assert caplog.messages == ["the database does not write: database is locked"]


async def test_an_answer_holds_for_a_second_and_each_new_one_is_written(health, memory, clock):
    for _ in range(3):
        await health.state()
    clock.advance(FRESH_SECONDS)
    await health.state()
    sql = "SELECT value FROM settings WHERE scope = 'service' AND key = 'health'"
    assert await memory.write(lambda database: rows(database, sql)) == [{"value": "2"}]


async def test_a_worker_that_was_lost_is_woken_once_and_ready_again(
    health, painting_client, clock, monkeypatch
):
    painting_client.warm, woken = False, asyncio.Event()
    wakes = []

    async def wake():
        wakes.append(1)
        await painting_client.gate.wait()
        painting_client.warm = True
        woken.set()

    monkeypatch.setattr(painting_client, "wake", wake)
    painting_client.gate.clear()
    for _ in range(2):
        assert await health.state() == State(worker=False, database=True, platforms={})
        clock.advance(FRESH_SECONDS)
    painting_client.gate.set()
    await woken.wait()
    assert (await health.state()).ready
    assert len(wakes) == 1


async def test_a_worker_that_cannot_be_woken_is_logged_and_tried_again(
    health, painting_client, clock, monkeypatch, caplog
):
    painting_client.warm, tried = False, asyncio.Queue()

    async def wake():
        tried.put_nowait(1)
        raise PaintingFailed("the worker died")

    monkeypatch.setattr(painting_client, "wake", wake)
    for _ in range(2):
        assert not (await health.state()).ready
        await tried.get()
        clock.advance(FRESH_SECONDS)
    assert caplog.messages == ["no worker gets warm"] * 2


async def test_closing_waits_for_no_worker(memory, painting_client, clock):
    painting_client.warm = False
    painting_client.gate.clear()
    health = Health(memory, painting_client, clock)
    await health.state()
    await health.close()
    assert not painting_client.warm

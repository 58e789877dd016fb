"""Test that what is too old is forgotten, and nothing else."""

from __future__ import annotations

import asyncio

import pytest

from bot.app import running
from bot.clock import DAY
from bot.config import Config, StorageConfig, Tokens, WebConfig
from bot.operations.retention import Retention
from bot.storage.database import StorageError, change, rows
from tests.support.fakes import NOON, FakeClock, FakePaintingClient

DAYS = 30
LATER = NOON + (DAYS + 1) * DAY
FAVOURITE = "INSERT INTO reactions (person, picture, verb, at) SELECT 'fake:bob', id, 'favourite', 0"


@pytest.fixture
async def painted(open_workshop):
    """Post four requests of one picture each at noon; return their ids."""
    async with open_workshop() as shop:
        jobs = [await shop.accept(f"event-{number}") for number in range(4)]
        await shop.finish()
        yield shop, jobs


def retention(shop, now=LATER, days=DAYS):
    return Retention(shop.storage, shop.store, days, FakeClock(now))


async def all_of(shop, sql):
    return [row["v"] for row in await shop.storage.write(lambda database: rows(database, sql))]


async def run_sql(shop, sql, *values):
    await shop.storage.write(lambda database: change(database, sql, *values))


async def left(shop):
    return await all_of(shop, "SELECT id AS v FROM jobs ORDER BY rowid")


async def files(shop):
    """Return the ids of pictures, by rows and by files."""
    known = await all_of(shop, "SELECT id AS v FROM pictures WHERE deleted_at IS NULL ORDER BY id")
    return known, sorted(path.stem for path in shop.folder.iterdir())


async def test_what_is_old_goes_with_rows_files_and_charges_but_the_highest_number_stays(painted):
    shop, _ = painted
    await run_sql(shop, "INSERT INTO usage_shares (job, person) SELECT job, 'fake:bob' FROM usage")
    [highest] = await all_of(
        shop, "SELECT job AS v FROM pictures WHERE number = (SELECT MAX(number) FROM pictures)"
    )
    assert await retention(shop).sweep() == 3
    assert await left(shop) == [highest]
    known, there = await files(shop)
    assert (len(known), known) == (1, there)
    for table in ("usage", "usage_shares"):
        assert await all_of(shop, f"SELECT job AS v FROM {table}") == []  # noqa: S608  # our own words


@pytest.mark.parametrize("now", [NOON, NOON + DAYS * DAY, NOON - DAYS * DAY])
async def test_what_is_young_enough_stays(painted, now):
    shop, jobs = painted
    assert await retention(shop, now).sweep() == 0
    assert await left(shop) == jobs
    assert len(await all_of(shop, "SELECT job AS v FROM usage")) == 4


@pytest.mark.parametrize(
    ("days", "own", "age", "forgotten"),
    [
        (None, "7", 8, 3),
        (None, "7", 6, 0),
        (None, None, 36_500, 0),
        (30, "7", 8, 3),
        (7, "30", 8, 3),
        (30, "90", 31, 3),
        (30, None, 8, 0),
    ],
)
async def test_of_the_days_of_a_server_and_of_all_the_fewest_hold(painted, days, own, age, forgotten):
    shop, _ = painted
    if own:
        sql = "INSERT INTO settings (scope, key, value) VALUES ('fake:studio', 'keep_days', ?)"
        await run_sql(shop, sql, own)
    assert await retention(shop, NOON + age * DAY, days).sweep() == forgotten
    assert len(await all_of(shop, "SELECT job AS v FROM usage")) == (0 if forgotten else 4)


async def test_the_days_of_one_server_are_not_anothers(painted):
    shop, _ = painted
    await run_sql(shop, "INSERT INTO settings (scope, key, value) VALUES ('fake:other', 'keep_days', '7')")
    assert await retention(shop, days=None).sweep() == 0


async def test_a_request_with_a_favourite_stays_for_as_long_as_it_is_one(painted):
    shop, _ = painted
    await run_sql(shop, f"{FAVOURITE} FROM pictures")
    assert await retention(shop).sweep() == 0
    await run_sql(shop, "DELETE FROM reactions")
    assert await retention(shop).sweep() == 3


@pytest.mark.parametrize("state", ["queued", "running", "painted"])
async def test_a_request_that_has_not_ended_stays_however_old(painted, state):
    shop, jobs = painted
    await run_sql(shop, "UPDATE jobs SET state = ?", state)
    assert await retention(shop).sweep() == 0
    assert await left(shop) == jobs


@pytest.mark.parametrize("state", ["failed", "cancelled"])
async def test_a_request_that_came_to_nothing_goes_too(painted, state):
    shop, _ = painted
    await run_sql(shop, "UPDATE jobs SET state = ?", state)
    assert await retention(shop).sweep() == 3


async def test_a_new_picture_never_gets_a_number_that_was_given_before(painted, open_workshop):
    shop, _ = painted
    [before] = await all_of(shop, "SELECT MAX(number) AS v FROM pictures")
    await retention(shop).sweep()
    async with open_workshop() as again:
        await again.accept("new")
        await again.finish()
        assert await all_of(again, "SELECT MAX(number) AS v FROM pictures") == [before + 1]


async def test_more_than_a_batch_is_forgotten_in_one_sweep(painted, monkeypatch):
    shop, _ = painted
    monkeypatch.setattr("bot.operations.retention.BATCH", 1)
    assert await retention(shop).sweep() == 3


async def test_a_picture_that_becomes_a_favourite_meanwhile_keeps_its_rows(painted, monkeypatch):
    shop, _ = painted
    discard = shop.store.discard

    async def late(job):
        await discard(job)
        await run_sql(shop, f"{FAVOURITE} FROM pictures WHERE job = ?", job)

    monkeypatch.setattr(shop.store, "discard", late)
    assert await retention(shop).sweep() == 0
    assert len(await left(shop)) == 4


async def test_a_sweep_that_broke_off_is_finished_by_the_next(painted, monkeypatch, caplog):
    shop, _ = painted
    naps = []

    async def broken(job):
        raise StorageError("disk full")

    async def sleep(seconds):
        naps.append(seconds)
        monkeypatch.undo()
        if len(naps) == 2:
            raise asyncio.CancelledError

    monkeypatch.setattr(shop.store, "discard", broken)
    with pytest.raises(asyncio.CancelledError):
        await retention(shop).run(sleep)
    assert naps == [DAY, DAY]
    assert len(await left(shop)) == 1
    assert "what is old could not be forgotten" in caplog.text


async def test_a_file_whose_deletion_broke_off_goes_with_its_request(painted):
    shop, _ = painted
    await run_sql(shop, "UPDATE pictures SET deleted_at = 1, deleted_by = ''")
    assert len(list(shop.folder.iterdir())) == 4
    await retention(shop).sweep()
    assert len(list(shop.folder.iterdir())) == 1


@pytest.mark.parametrize("days", [None, 7])
async def test_easel_forgets_as_the_configuration_says(tmp_path, monkeypatch, days):
    began = asyncio.Queue()

    async def run(self):
        began.put_nowait(self._days)

    monkeypatch.setattr(Retention, "run", run)
    storage = StorageConfig(tmp_path / "easel.db", tmp_path / "pictures", days)
    config = Config(web=WebConfig(port=0), storage=storage)
    async with running(config, Tokens(), FakePaintingClient()):
        assert await began.get() == days


@pytest.mark.parametrize(("later", "whose"), [(60, "fake:forgotten-1"), (DAY, "")])
async def test_what_a_forgotten_person_used_is_nobodys_after_the_day(painted, later, whose):
    shop, _ = painted
    await run_sql(shop, "INSERT INTO forgotten (pseudonym, at) VALUES ('fake:forgotten-1', 0)")
    await run_sql(shop, "UPDATE usage SET person = 'fake:forgotten-1'")
    await retention(shop, NOON + later, None).sweep()
    assert set(await all_of(shop, "SELECT person AS v FROM usage")) == {whose}


async def test_a_server_that_removed_easel_is_forgotten_by_the_sweep(painted):
    shop, _ = painted
    await run_sql(shop, "UPDATE servers SET left_at = ?", NOON)
    await retention(shop, NOON + 31 * DAY, None).sweep()
    assert await all_of(shop, "SELECT id AS v FROM servers") == []
    assert set(await all_of(shop, "SELECT server AS v FROM jobs")) == {""}

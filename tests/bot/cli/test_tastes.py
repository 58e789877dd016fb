"""Test `easel tastes`."""

from __future__ import annotations

import asyncio
import json

import pytest
from click.testing import CliRunner

from bot.cli.main import easel
from bot.storage.database import Storage, change, rows
from bot.storage.lock import sole_owner
from tests.support.fakes import FakeClock
from tests.support.taste_fixtures import Tasting

SQL = "SELECT person, state FROM taste_beliefs"


async def open_and(path, work):
    storage = Storage(path)
    try:
        return await work(storage)
    finally:
        await storage.close()


@pytest.fixture
def config(tmp_path):
    config = tmp_path / "config.toml"
    config.write_text(f'[storage]\ndatabase = "{tmp_path / "easel.db"}"\n')
    return str(config)


def test_rebuild_makes_every_belief_anew_from_the_log(tmp_path, config):
    async def live(storage):
        await Tasting(storage, FakeClock()).favourite()
        before = await storage.write(lambda database: rows(database, SQL))
        await storage.write(lambda database: change(database, "DELETE FROM taste_beliefs"))
        return before

    before = asyncio.run(open_and(tmp_path / "easel.db", live))
    done = CliRunner().invoke(easel, ["tastes", "rebuild", "--config", config, "--json"])
    assert (done.exit_code, json.loads(done.output)) == (0, {"people": 1})
    after = asyncio.run(open_and(tmp_path / "easel.db", lambda each: each.read(lambda one: rows(one, SQL))))
    assert after == before


def test_rebuild_makes_no_database_where_none_is(tmp_path, config):
    done = CliRunner().invoke(easel, ["tastes", "rebuild", "--config", config])
    assert done.exit_code == 2
    assert f"{tmp_path / 'easel.db'} is not there; give the settings" in done.output
    assert [each.name for each in tmp_path.iterdir()] == ["config.toml"]


def test_rebuild_says_how_many_it_made(tmp_path, config):
    asyncio.run(open_and(tmp_path / "easel.db", lambda each: each.read(lambda one: rows(one, SQL))))
    done = CliRunner().invoke(easel, ["tastes", "rebuild", "--config", config])
    assert (done.exit_code, done.output) == (0, "Learned the tastes of 0 people again.\n")


def test_rebuild_says_what_is_wrong_with_a_database(tmp_path, config):
    (tmp_path / "easel.db").write_text("This is no database. " * 50)
    done = CliRunner().invoke(easel, ["tastes", "rebuild", "--config", config])
    assert done.exit_code == 2
    assert "storage.database" in done.output


def test_rebuild_waits_for_nobody_who_runs_easel(tmp_path, config):
    (tmp_path / "easel.db").touch()
    with sole_owner(tmp_path / "easel.db"):
        done = CliRunner().invoke(easel, ["tastes", "rebuild", "--config", config])
    assert done.exit_code == 2
    assert "stop that one first" in done.output

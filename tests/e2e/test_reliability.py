"""Test what docs/reliability.md and docs/platform-limits.md say, on all of Easel."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot import app
from bot.app import running
from bot.cli.common import read_config
from bot.clock import DAY
from bot.config import ConfigError, Tokens
from bot.storage.database import Storage, rows
from commands.text.refusals import NO_MEMORY
from tests.support.fakes import FakeClock, FakePaintingClient, ask

ROOT = Path(__file__).parents[2]
TABLES = {"reliability.md": "\n| what fails |", "platform-limits.md": "\n| limit |"}
"""Documents whose lines name tests, and how their tables begin."""
DOCUMENTS = {name: (ROOT / "docs" / name).read_text() for name in TABLES}
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", "".join(DOCUMENTS.values()))))


def test_every_test_that_a_document_names_is_there():
    assert len(NAMED) > 50
    missing = [name for file, name in NAMED if f"def {name}(" not in (ROOT / file).read_text()]
    assert not missing


@pytest.mark.parametrize("name", TABLES)
def test_every_line_of_a_document_names_a_test_that_holds_it(name):
    table = DOCUMENTS[name].split(TABLES[name], 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    assert len(table) > 10
    assert not [line for line in table if "::test_" not in line]


@pytest.fixture
def settings(tmp_path):
    """Write a config file in the test's own folder and return its path."""
    path = tmp_path / "config.toml"
    path.write_text("[bot]\nshutdown_grace = 0\n[web]\nport = 0\n")
    return path


@pytest.fixture
def opened(monkeypatch):
    """Return the storages that Easel opens; they do not wait for other programs."""
    opened = []
    monkeypatch.setattr(app, "Storage", lambda path: opened.append(Storage(path, 0)) or opened[-1])
    return opened


class Locked:
    """Another program that writes into the file and does not end."""

    def __init__(self, storage, path):
        self.other = sqlite3.connect(path, isolation_level=None)

    async def begin(self):
        self.other.execute("BEGIN IMMEDIATE")

    async def end(self):
        self.other.close()


class ReadOnly:
    """Have SQLite refuse to write, as on a disk that is mounted read-only."""

    def __init__(self, storage, path):
        self.storage = storage

    async def begin(self):
        await self.storage.write(lambda database: database.conn.execute("PRAGMA query_only = ON"))

    async def end(self):
        # A transaction cannot begin here, so the way of `Storage.write` is shut.
        thread, connection = self.storage._writing, self.storage._writer.conn
        thread.submit(connection.execute, "PRAGMA query_only = OFF").result()


@pytest.mark.parametrize("fault", [Locked, ReadOnly])
async def test_a_request_is_refused_while_nothing_can_be_written_and_accepted_after(settings, opened, fault):
    config, painting_client = read_config(settings), FakePaintingClient()
    painting_client.gate.clear()
    async with running(config, Tokens(), painting_client, FakeClock()) as easel:
        trouble = fault(opened[0], config.storage.database)
        await trouble.begin()
        refused = await easel.service.handle(ask(channel="web:x"))
        await trouble.end()
        accepted = await easel.service.handle(ask(channel="web:x"))
        charged = await opened[0].write(lambda database: rows(database, "SELECT pictures FROM usage"))
    assert (refused.text, refused.refused) == (NO_MEMORY, True)
    assert accepted.job
    assert charged == [{"pictures": 1}]


async def test_where_a_job_was_announced_is_remembered(settings, opened):
    painting_client = FakePaintingClient()
    painting_client.gate.clear()
    async with running(read_config(settings), Tokens(), painting_client, FakeClock()) as easel:
        job = (await easel.service.handle(ask(channel="web:x"))).job
        await easel.service.announced(job, "web:x:1")
        found = await opened[0].write(lambda database: rows(database, "SELECT id, announced FROM jobs"))
    assert found == [{"id": job, "announced": "web:x:1"}]


async def test_an_announcement_that_cannot_be_written_is_logged(settings, opened, caplog):
    config = read_config(settings)
    async with running(config, Tokens(), FakePaintingClient(), FakeClock()) as easel:
        trouble = Locked(opened[0], config.storage.database)
        await trouble.begin()
        await easel.service.announced("job-1", "web:x:1")
        await trouble.end()
    assert "job job-1 is announced as web:x:1, and that could not be written" in caplog.text


async def test_a_database_that_is_read_only_stops_the_start_with_one_sentence(settings, monkeypatch):
    config = read_config(settings)
    await Storage(config.storage.database).close()

    def read_only(path, **options):
        return sqlite3.Connection(f"{path.as_uri()}?mode=ro", uri=True, **options)

    monkeypatch.setattr("bot.storage.database.sqlite3.connect", read_only)
    with pytest.raises(ConfigError, match=r"cannot be used \(attempt to write a readonly database\); check"):
        async with running(config, Tokens(), FakePaintingClient()):
            pass


@pytest.mark.parametrize("days", [1, -1])
async def test_a_clock_that_jumps_a_day_loses_and_doubles_no_request(settings, opened, days):
    clock, painting_client = FakeClock(), FakePaintingClient()
    painting_client.gate.clear()
    async with running(read_config(settings), Tokens(), painting_client, clock) as easel:
        first = await easel.service.handle(ask(channel="web:x"))
        clock.advance(days * DAY)
        again = await easel.service.handle(ask(channel="web:x"))
        second = await easel.service.handle(ask(key="event-2", channel="web:x"))
        jobs = await opened[0].write(lambda database: rows(database, "SELECT id FROM jobs ORDER BY rowid"))
    assert first.job == again.job
    assert [row["id"] for row in jobs] == [first.job, second.job]


@pytest.mark.parametrize("text", ["[quotas]\nperson_per_minute = 0\n", "no settings at all"])
async def test_a_config_that_changes_on_disk_holds_from_the_next_start_on(settings, opened, text):
    async with running(read_config(settings), Tokens(), FakePaintingClient(), FakeClock()) as easel:
        settings.write_text(text)
        assert (await easel.service.handle(ask(channel="web:x"))).job


async def test_after_a_crash_the_memory_is_sound(settings, opened, tmp_path):
    painting_client = FakePaintingClient()
    painting_client.gate.clear()
    config = read_config(settings)
    async with running(config, Tokens(), painting_client, FakeClock()) as easel:
        await easel.service.handle(ask(channel="web:x"))
        # What a killed process leaves is what lies on the disk at that moment.
        for end in ("", "-wal"):
            source = config.storage.database.with_name(f"easel.db{end}")
            (tmp_path / f"left.db{end}").write_bytes(source.read_bytes())
    with closing(sqlite3.connect(tmp_path / "left.db")) as left:
        assert left.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert left.execute("SELECT COUNT(*) FROM jobs").fetchone() == (1,)

"""Test the database: transactions, migrations, and what happens when the file fails."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import ConfigError
from bot.storage.database import Database, Storage, StorageError, change, first, migrations, rows

RELEASED = ["people_and_servers", "quotas_and_usage", "jobs_and_pictures", "reactions_and_tastes", "turns"]
TABLES = {
    *("people", "servers", "settings", "quotas", "usage", "jobs", "pictures", "reactions", "taste_events"),
    *("taste_beliefs", "audit"),
}
ADD = "INSERT INTO settings (scope, key, value) VALUES (?, ?, ?)"
ALL = "SELECT key, value FROM settings WHERE scope = ? ORDER BY rowid"


def note(key, value="x", scope="test"):
    return lambda database: change(database, ADD, scope, key, value)


async def notes(storage, scope="test"):
    found = await storage.write(lambda database: rows(database, ALL, scope))
    return [(row["key"], row["value"]) for row in found]


async def test_a_new_file_has_every_table(storage):
    sql = "SELECT name FROM sqlite_master WHERE type = 'table'"
    found = await storage.write(lambda database: rows(database, sql))
    assert {row["name"] for row in found} >= TABLES


def test_migrations_are_only_ever_added():
    names = [each.name for each in migrations.pending(Database(memory=True))]
    assert names[: len(RELEASED)] == RELEASED


@pytest.mark.parametrize("known", range(1, len(RELEASED)))
async def test_an_old_file_is_brought_up_to_date_and_keeps_its_rows(tmp_path, known):
    old = Database(tmp_path / "easel.db")
    migrations.apply(old, stop_before=RELEASED[known])
    change(old, "INSERT INTO people (id, locale, first_seen) VALUES ('fake:ann', 'zh', 1.5)")
    change(old, "INSERT INTO servers (id, first_seen) VALUES ('fake:studio', 2.5)")
    old.conn.commit()
    old.close()
    storage = Storage(tmp_path / "easel.db")
    person = await storage.write(lambda database: first(database, "SELECT * FROM people"))
    server = await storage.write(lambda database: first(database, "SELECT * FROM servers"))
    left = await storage.write(migrations.pending)
    await storage.close()
    assert (person["id"], person["locale"], person["turn"]) == ("fake:ann", "zh", 0)
    assert (server["first_seen"], server["turn"]) == (2.5, 0)
    assert left == []


async def test_limits_of_old_stay_as_they_held(tmp_path):
    old = Database(tmp_path / "easel.db")
    migrations.apply(old, stop_before="rules_of_quotas")
    for row in (("fake:studio", "fake:studio", 200, None), ("fake:studio", "fake:ann", 5, 8)):
        change(old, "INSERT INTO quotas (server, subject, daily, per_minute) VALUES (?, ?, ?, ?)", *row)
    sql = "INSERT INTO usage (job, person, server, at, pictures, refunded) VALUES (?, 'a', 'b', 1.0, 2, 0)"
    for job in ("job-1", "job-2"):
        change(old, sql, job)
    change(old, _JOB, "job-1")
    old.conn.commit()
    old.close()
    storage = Storage(tmp_path / "easel.db")
    limits = await storage.write(lambda database: rows(database, "SELECT * FROM quotas ORDER BY rowid"))
    charged = await storage.write(lambda database: rows(database, "SELECT job, channel FROM usage"))
    await storage.close()
    assert [(row["kind"], row["subject"], row["name"], row["amount"]) for row in limits] == [
        ("total", "fake:studio", "daily", 200),
        ("total", "fake:studio", "per_minute", None),
        ("person", "fake:ann", "daily", 5),
        ("person", "fake:ann", "per_minute", 8),
    ]
    assert {row["job"]: row["channel"] for row in charged} == {"job-1": "fake:hall", "job-2": ""}


_JOB = """
INSERT INTO jobs (id, key, person, server, channel, locale, reply, line, conditions, state, accepted_at)
VALUES (?, 'key', 'a', 'b', 'fake:hall', 'en', '{}', '', '[]', 'posted', 1.0)
"""


async def test_what_was_written_is_there_after_a_restart(tmp_path):
    for key in ("a", "b"):
        storage = Storage(tmp_path / "deep" / "down" / "easel.db")
        await storage.write(note(key))
        await storage.close()
    storage = Storage(tmp_path / "deep" / "down" / "easel.db")
    assert await notes(storage) == [("a", "x"), ("b", "x")]
    await storage.close()


async def test_the_event_loop_never_waits_for_the_file(storage):
    for run in (storage.write, storage.read):
        assert await run(lambda _: threading.current_thread()) is not threading.current_thread()


async def test_a_read_sees_every_write_that_was_answered_before(storage):
    for number in range(20):
        await storage.write(note(str(number)))
        found = await storage.read(lambda database: rows(database, ALL, "test"))
        assert [row["key"] for row in found] == [str(each) for each in range(number + 1)]


async def test_a_read_waits_for_no_writer(tmp_path):
    storage = Storage(tmp_path / "easel.db", busy_seconds=0)
    with holding(tmp_path / "easel.db"):
        assert await storage.read(lambda database: rows(database, ALL, "test")) == []
    release = threading.Event()
    writing = asyncio.create_task(storage.write(lambda _: release.wait(10)))
    await storage.read(lambda database: rows(database, ALL, "test"))
    assert not writing.done()
    release.set()
    await writing
    await storage.close()


async def test_a_read_changes_nothing(storage):
    with pytest.raises(StorageError, match="readonly"):
        await storage.read(note("a"))
    assert await notes(storage) == []


async def test_a_read_is_of_one_moment(storage):
    def work(database):
        before = rows(database, ALL, "test")
        writing = asyncio.run_coroutine_threadsafe(storage.write(note("a")), loop)
        writing.result(10)
        return before == rows(database, ALL, "test") == []

    loop = asyncio.get_running_loop()
    assert await storage.read(work)
    assert await notes(storage) == [("a", "x")]


async def test_transactions_come_one_after_the_other(storage):
    await asyncio.gather(*(storage.write(note(str(number))) for number in range(20)))
    assert [key for key, _ in await notes(storage)] == [str(number) for number in range(20)]


@pytest.mark.parametrize("error", [ValueError("no"), sqlite3.IntegrityError("no")])
async def test_a_transaction_that_fails_leaves_nothing_behind(storage, error):
    def work(database):
        note("half")(database)
        raise error

    with pytest.raises(type(error)):
        await storage.write(work)
    assert await notes(storage) == []


@given(st.lists(st.tuples(st.lists(st.sampled_from("abcdef"), max_size=5), st.booleans()), max_size=6))
def test_only_whole_transactions_are_kept(transactions):
    asyncio.run(_only_whole_ones_are_kept(transactions))


async def _only_whole_ones_are_kept(transactions):
    storage, kept = Storage(Path(":memory:")), []
    for keys, breaks in transactions:
        try:
            await storage.write(partial(_write, keys, breaks))
            kept += keys
        except (ValueError, StorageError):
            assert breaks or len({*kept, *keys}) < len(kept) + len(keys)
        assert [key for key, _ in await notes(storage)] == kept
    await storage.close()


def _write(keys, breaks, database):
    for key in keys:
        note(key)(database)
    if breaks:
        raise ValueError


def a_folder(path):
    path.mkdir()


def a_text(path):
    path.write_text("Not a database. " * 300)


def damaged(path):
    whole = Database(path)
    migrations.apply(whole)
    whole.close()
    path.write_bytes(path.read_bytes()[:5000])


def below_a_file(path):
    path.parent.rmdir()
    path.parent.write_text("")


@contextmanager
def holding(path):
    """Let another program write into the file."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


def of_another_program(path):
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE people (name TEXT)")
    other.close()


@pytest.mark.parametrize("spoil", [a_folder, a_text, damaged, below_a_file, of_another_program])
def test_a_file_that_cannot_be_used_is_named_with_its_key(tmp_path, spoil):
    path = tmp_path / "memory" / "easel.db"
    path.parent.mkdir()
    spoil(path)
    with pytest.raises(ConfigError) as stop:
        Storage(path)
    assert str(stop.value).startswith(f"The database {path} cannot be used (")
    assert "storage.database" in str(stop.value)


def test_a_file_that_another_process_holds_is_named_at_the_start(tmp_path):
    asyncio.run(Storage(tmp_path / "easel.db").close())
    with holding(tmp_path / "easel.db"), pytest.raises(ConfigError, match=r"easel\.db .*database is locked"):
        Storage(tmp_path / "easel.db", busy_seconds=0)


async def test_a_file_that_is_held_for_too_long_fails_one_transaction(tmp_path):
    storage = Storage(tmp_path / "easel.db", busy_seconds=0)
    with holding(tmp_path / "easel.db"), pytest.raises(StorageError, match="locked"):
        await storage.write(note("a"))
    await storage.write(note("b"))
    assert await notes(storage) == [("b", "x")]
    await storage.close()


async def test_on_a_full_disk_nothing_is_half_written_and_room_mends_it(storage):
    await storage.write(note("before"))
    await storage.write(lambda database: rows(database, "PRAGMA max_page_count = 1"))
    with pytest.raises(StorageError, match="full"):
        await storage.write(lambda database: [note(f"k{n}", "x" * 3000)(database) for n in range(9)])
    assert await notes(storage) == [("before", "x")]
    await storage.write(lambda database: rows(database, "PRAGMA max_page_count = 100000"))
    await storage.write(note("after"))
    assert [key for key, _ in await notes(storage)] == ["before", "after"]


async def test_a_picture_belongs_to_a_job(storage):
    sql = (
        "INSERT INTO pictures (id, job, place, conditions, media_type, width, height, made_at)"
        " VALUES ('p', 'nobody', 0, '{}', 'image/png', 1, 1, 0)"
    )
    with pytest.raises(StorageError, match="FOREIGN KEY"):
        await storage.write(lambda database: change(database, sql))


async def test_first_is_the_first_row_or_none(storage):
    await storage.write(note("a"))
    await storage.write(note("b"))
    assert (await storage.write(lambda database: first(database, ALL, "test")))["key"] == "a"
    assert await storage.write(lambda database: first(database, ALL, "nowhere")) is None
    assert await storage.write(lambda database: change(database, "DELETE FROM settings")) == 2

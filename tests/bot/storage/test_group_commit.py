"""Test that writes share a commit and nothing else."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import pytest

from bot.storage.group_commit import RESOLVED_AT_ONCE, GroupCommit, GroupRead

WHOLE = ["BEGIN IMMEDIATE", "COMMIT"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "easel.db"


@pytest.fixture
def connection(path):
    with closing(sqlite3.connect(path, timeout=0)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE said (word TEXT UNIQUE)")
        yield connection


@pytest.fixture
def commits(connection):
    return GroupCommit(connection)


def say(connection, word):
    """Make work that writes a word and returns it."""

    def work():
        connection.execute("INSERT INTO said VALUES (?)", (word,))
        return word

    return work


def written(path):
    with closing(sqlite3.connect(path)) as other:
        return sorted(word for (word,) in other.execute("SELECT word FROM said"))


async def take(commits, *works):
    """Run works that wait at the same moment, and return what came of each."""
    told = [commits.enter(work)[0] for work in works]
    commits.take_turn(asyncio.get_running_loop())
    return await asyncio.gather(*told, return_exceptions=True)


async def test_works_that_wait_together_are_committed_together(commits, connection, path):
    statements = []
    connection.set_trace_callback(statements.append)
    assert await take(commits, say(connection, "a"), say(connection, "b")) == ["a", "b"]
    assert [each for each in statements if each in ("BEGIN IMMEDIATE", "COMMIT")] == [
        "BEGIN IMMEDIATE",
        "COMMIT",
    ]
    assert written(path) == ["a", "b"]


async def test_what_one_raises_undoes_that_alone(commits, connection, path):
    def half():
        connection.execute("INSERT INTO said VALUES ('half')")
        raise ValueError("no")

    first, failed, last = await take(commits, say(connection, "a"), half, say(connection, "b"))
    assert (first, str(failed), last) == ("a", "no", "b")
    assert written(path) == ["a", "b"]


async def test_a_statement_that_is_refused_undoes_that_alone(commits, connection, path):
    twice = [say(connection, word) for word in "aab"]
    _, refused, _ = await take(commits, *twice)
    assert isinstance(refused, sqlite3.IntegrityError)
    assert written(path) == ["a", "b"]


async def test_nothing_is_told_before_it_is_committed(commits, connection, path):
    told, _ = commits.enter(say(connection, "a"))
    told.add_done_callback(lambda _: seen.append(written(path)))
    seen = []
    commits.take_turn(asyncio.get_running_loop())
    await told
    await asyncio.sleep(0)
    assert seen == [["a"]]


async def test_a_file_that_another_holds_fails_all_that_wait(commits, connection, path):
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        failed = await take(commits, say(connection, "a"), say(connection, "b"))
    assert [str(each) for each in failed] == ["database is locked"] * 2
    assert await take(commits, say(connection, "a")) == ["a"]


async def test_what_sqlite_undoes_itself_fails_who_did_it_alone(commits, connection, path):
    def undo():
        connection.execute("INSERT OR ROLLBACK INTO said VALUES ('a')")

    first, failed, last = await take(commits, say(connection, "a"), undo, say(connection, "b"))
    assert (first, last, type(failed)) == ("a", "b", sqlite3.IntegrityError)
    assert written(path) == ["a", "b"]


async def test_who_no_longer_waits_is_not_told(commits, connection, path):
    told, _ = commits.enter(say(connection, "a"))
    told.cancel()
    commits.take_turn(asyncio.get_running_loop())
    await asyncio.sleep(0)
    assert told.cancelled()
    assert written(path) == ["a"]


async def test_a_turn_with_nothing_to_do_does_nothing(commits, connection):
    statements = []
    connection.set_trace_callback(statements.append)
    commits.take_turn(asyncio.get_running_loop())
    assert statements == []


async def test_when_many_go_on_at_once_others_get_their_turn_in_between(commits, connection):
    loop = asyncio.get_running_loop()
    told = [commits.enter(lambda: None)[0] for _ in range(3 * RESOLVED_AT_ONCE)]
    commits.take_turn(loop)
    await asyncio.sleep(0)
    went_on = []
    while not all(each.done() for each in told):
        went_on.append(sum(each.done() for each in told))
        await asyncio.sleep(0)
    assert went_on[-2:] == [RESOLVED_AT_ONCE, 2 * RESOLVED_AT_ONCE]


async def test_only_the_first_of_those_who_wait_needs_a_turn(commits, connection):
    (one, first), (two, second) = commits.enter(lambda: 1), commits.enter(lambda: 2)
    assert (first, second) == (True, False)
    commits.take_turn(asyncio.get_running_loop())
    assert await asyncio.gather(one, two) == [1, 2]
    assert commits.enter(lambda: 3)[1]


async def test_who_comes_during_a_turn_is_taken_by_it(commits, connection):
    late = []
    told, _ = commits.enter(lambda: late.append(commits.enter(lambda: "late")[0]))
    commits.take_turn(asyncio.get_running_loop())
    await told
    assert await late[0] == "late"


async def test_reads_that_wait_together_share_a_snapshot_and_no_error(connection):
    statements = []
    connection.set_trace_callback(statements.append)
    reads = GroupRead(connection)
    found = await take(reads, lambda: connection.execute("SELECT 1").fetchone(), lambda: 1 / 0)
    assert found[0] == (1,)
    assert isinstance(found[1], ZeroDivisionError)
    assert statements == ["BEGIN", "SELECT 1", "ROLLBACK"]

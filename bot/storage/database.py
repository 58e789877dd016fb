"""One SQLite file in WAL mode: a thread that writes, a thread that reads, and migrations that only grow.

`Storage.write` runs work in a transaction, all or nothing; `Storage.read` runs it on a snapshot and waits for
no writer. The event loop never waits for the file. Times are UTC epoch seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlite_utils
from sqlite_utils.migrations import Migrations

from bot.config import ConfigError
from bot.storage.group_commit import GroupCommit, GroupRead
from bot.storage.migrations import MIGRATIONS

Database = sqlite_utils.Database
Result = TypeVar("Result")
Args = ParamSpec("Args")
Work = Callable[Concatenate[Database, Args], Result]
"""A function of the database and more arguments."""
Row = dict[str, Any]
StorageError = sqlite3.Error
"""Raised when the file is full, locked, read-only or damaged."""
BUSY_SECONDS = 1.5
"""How long to wait for another process that has locked the file; people get an answer within three."""

migrations = Migrations("easel")
for _step in MIGRATIONS:
    migrations()(_step)


class Storage:
    """The open database."""

    def __init__(self, path: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        """Open or make the file and bring it up to date. Raises ConfigError."""
        self._writing, self._reading = (
            ThreadPoolExecutor(1, f"storage-{name}") for name in ("write", "read")
        )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer: Database = self._writing.submit(_open, path, busy_seconds).result()
            self._reader: Database = self._reading.submit(_open_to_read, path, busy_seconds).result()
        except (OSError, StorageError) as error:
            self._writing.shutdown()
            self._reading.shutdown()
            raise ConfigError(
                f"The database {path} cannot be used ({error}); check storage.database, its rights,"
                " and that no other program holds it."
            ) from error
        self._commits, self._reads = GroupCommit(self._writer.conn), GroupRead(self._reader.conn)

    async def read(self, work: Work[Args, Result], *args: Args.args, **kwargs: Args.kwargs) -> Result:
        """Run `work` on a snapshot with every write that returned before. Raises what it raises.

        A change to the database raises StorageError. To see writes under way, too, use `write`.
        """
        return await _enter(self._reads, self._reading, partial(work, self._reader, *args, **kwargs))

    async def write(self, work: Work[Args, Result], *args: Args.args, **kwargs: Args.kwargs) -> Result:
        """Run `work` in a transaction. Raises what it raises, or StorageError, and then writes nothing.

        `work` may run twice: see `bot.storage.group_commit`.
        """
        return await _enter(self._commits, self._writing, partial(work, self._writer, *args, **kwargs))

    async def truncate_log(self) -> None:
        """Empty the write-ahead log, which has what was deleted. Raises StorageError.

        Another program that reads the file at that moment keeps its part of the log until the next time.
        """
        await asyncio.get_running_loop().run_in_executor(self._writing, self._truncate_log)

    def _truncate_log(self) -> None:
        self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    async def close(self) -> None:
        """Finish work under way and close the file."""
        loop = asyncio.get_running_loop()
        for thread, database in ((self._reading, self._reader), (self._writing, self._writer)):
            await loop.run_in_executor(thread, database.close)
            thread.shutdown()


async def _enter(group: GroupRead, thread: ThreadPoolExecutor, work: Callable[[], Result]) -> Result:
    result, is_first = group.enter(work)
    if is_first:
        thread.submit(group.take_turn, result.get_loop())
    return await result


def _open(path: Path, busy_seconds: float) -> Database:
    database = Database(sqlite3.connect(path, timeout=busy_seconds))
    try:
        database.enable_wal()
        database.execute("PRAGMA foreign_keys = ON")
        # What is deleted is overwritten, so that nobody reads it in the file.
        database.execute("PRAGMA secure_delete = ON")
        migrations.apply(database)
        # A locked or read-only file should fail at the start, not for the first person who asks.
        _try_writing(database.conn)
    except BaseException:
        database.close()
        raise
    return database


def _open_to_read(path: Path, busy_seconds: float) -> Database:
    database = Database(sqlite3.connect(path, timeout=busy_seconds, isolation_level=None))
    database.execute("PRAGMA query_only = ON")
    return database


def copy_database(source: Path, target: Path) -> None:
    """Copy a snapshot of a database while others write to it. Raises StorageError.

    target: a new file, which only its owner may read
    """
    target.touch(mode=0o600, exist_ok=False)
    with contextlib.closing(_existing(source)) as old, contextlib.closing(_existing(target)) as new:
        old.backup(new)


def problems(path: Path) -> list[str]:
    """Return what SQLite finds wrong in a file. Raises StorageError when it is no database."""
    with contextlib.closing(_existing(path)) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        loose = connection.execute("PRAGMA foreign_key_check").fetchall()
    return found + [f"a row of {table} belongs to no row of {parent}" for table, _, parent, _ in loose]


def check_writing(path: Path) -> None:
    """Try a transaction on an existing file, and change nothing. Raises StorageError."""
    with contextlib.closing(_existing(path)) as connection:
        _try_writing(connection)


def _try_writing(connection: sqlite3.Connection) -> None:
    # Even on a read-only file, a transaction can begin.
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TABLE easel_was_here (id)")
    connection.rollback()


def pictures_of(path: Path) -> dict[str, str]:
    """Return the media types of the pictures that nobody deleted, by id. Raises StorageError."""
    sql = "SELECT id, media_type FROM pictures WHERE deleted_at IS NULL"
    with contextlib.closing(_existing(path)) as connection:
        return dict(connection.execute(sql).fetchall())


def _existing(path: Path) -> sqlite3.Connection:
    # Without the mode, SQLite would make a missing file.
    uri = f"{path.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(uri, timeout=BUSY_SECONDS, isolation_level=None, uri=True)


def rows(database: Database, sql: str, *values: object) -> list[Row]:
    """Return all rows of a query as dictionaries."""
    return list(database.query(sql, list(values)))


def first(database: Database, sql: str, *values: object) -> Row | None:
    """Return the first row of a query, or None."""
    return next(iter(rows(database, sql, *values)), None)


def columns(database: Database) -> dict[str, tuple[str, ...]]:
    """Return the names of every table's columns."""
    found = rows(database, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return {row["name"]: tuple(database.table(row["name"]).columns_dict) for row in found}


def change(database: Database, sql: str, *values: object) -> int:
    """Run a statement and return how many rows it changed."""
    return int(database.execute(sql, list(values)).rowcount)

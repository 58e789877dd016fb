"""Memory: one SQLite file, one thread that touches it, migrations that only grow.

Everything that reads or writes is a function of a `Database`, handed to `Storage.run`, which runs it in a
transaction on the storage's own thread: either all of it happens or nothing, and the event loop never waits.
Times are UTC epoch seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import sqlite_utils
from sqlite_utils.migrations import Migrations

from bot.commits import SharedCommits
from bot.config import ConfigError

Database = sqlite_utils.Database
Result = TypeVar("Result")
Row = dict[str, Any]
StorageError = sqlite3.Error
"""What `Storage.run` raises when the file is full, locked, read-only or damaged."""
BUSY_SECONDS = 1.5
"""How long to wait for another process that holds the file: people are answered within three."""

migrations = Migrations("easel")


class Storage:
    """The open database."""

    def __init__(self, path: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        """Open or make the file and bring it up to date. Raises ConfigError."""
        self._thread = ThreadPoolExecutor(1, "storage")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database: Database = self._thread.submit(_open, path, busy_seconds).result()
        except (OSError, StorageError) as error:
            self._thread.shutdown()
            raise ConfigError(
                f"The database {path} cannot be used ({error}); check storage.database, its rights,"
                " and that no other program holds it."
            ) from error
        self._commits = SharedCommits(self._database.conn)

    async def run(self, work: Callable[[Database], Result]) -> Result:
        """Run `work` in a transaction. Raises what it raises, or StorageError, with nothing of it written.

        See `bot.commits` for what `work` must bear.
        """
        told, first = self._commits.enter(lambda: work(self._database))
        if first:
            self._thread.submit(self._commits.take_turn, told.get_loop())
        return await told

    async def close(self) -> None:
        """Finish what is under way and close the file."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._database.close)
        self._thread.shutdown()


def _open(path: Path, busy_seconds: float) -> Database:
    database = Database(sqlite3.connect(path, timeout=busy_seconds))
    try:
        database.enable_wal()
        database.execute("PRAGMA foreign_keys = ON")
        migrations.apply(database)
        # A file that others hold, or that is read-only, is told now and not to the first person who asks.
        _try_writing(database.conn)
    except BaseException:
        database.close()
        raise
    return database


def copy_database(source: Path, target: Path) -> None:
    """Copy a database while others write into it: the whole of one moment. Raises StorageError.

    target: a new file, of which nobody but its owner reads anything
    """
    target.touch(mode=0o600, exist_ok=False)
    with contextlib.closing(_existing(source)) as old, contextlib.closing(_existing(target)) as new:
        old.backup(new)


def problems(path: Path) -> list[str]:
    """What SQLite finds wrong in a file; nothing when it is sound. Raises StorageError when it is none."""
    with contextlib.closing(_existing(path)) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        loose = connection.execute("PRAGMA foreign_key_check").fetchall()
    return found + [f"a row of {table} belongs to no row of {parent}" for table, _, parent, _ in loose]


def check_writing(path: Path) -> None:
    """Try a transaction on a file that is there, without a change. Raises StorageError."""
    with contextlib.closing(_existing(path)) as connection:
        _try_writing(connection)


def _try_writing(connection: sqlite3.Connection) -> None:
    # A transaction alone begins on a read-only file too.
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TABLE easel_was_here (id)")
    connection.rollback()


def pictures_of(path: Path) -> dict[str, str]:
    """The pictures that a database names and nobody deleted: id -> media type. Raises StorageError."""
    sql = "SELECT id, media_type FROM pictures WHERE deleted_at IS NULL"
    with contextlib.closing(_existing(path)) as connection:
        return dict(connection.execute(sql).fetchall())


def _existing(path: Path) -> sqlite3.Connection:
    # Without the mode, SQLite would make a file that is not there.
    uri = f"{path.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(uri, timeout=BUSY_SECONDS, isolation_level=None, uri=True)


def rows(database: Database, sql: str, *values: object) -> list[Row]:
    """All rows of a query as dictionaries."""
    return list(database.query(sql, list(values)))


def first(database: Database, sql: str, *values: object) -> Row | None:
    """The first row of a query, or None."""
    return next(iter(rows(database, sql, *values)), None)


def change(database: Database, sql: str, *values: object) -> int:
    """Run a statement and return how many rows it changed."""
    return int(database.execute(sql, list(values)).rowcount)


@migrations()
def people_and_servers(database: Database) -> None:
    """Who was met where, and what was set for them."""
    _table(database, "people", {"id": str, "locale": str, "first_seen": float}, ("id",))
    _table(database, "servers", {"id": str, "first_seen": float}, ("id",))
    _table(database, "settings", {"scope": str, "key": str, "value": str}, ("scope", "key"))


@migrations()
def quotas_and_usage(database: Database) -> None:
    """Limits set by admins (null is no limit), pictures charged (a refund marks its charge), the audit."""
    limits = {"server": str, "subject": str, "daily": int, "per_minute": int}
    _table(database, "quotas", limits, ("server", "subject"), nullable=("daily", "per_minute"))
    charges = {"job": str, "person": str, "server": str, "at": float, "pictures": int, "refunded": int}
    _table(database, "usage", charges, ("job",))
    database.table("usage").create_index(["server", "person", "at"])
    database.table("usage").create_index(["server", "at"])
    acts = {"id": int, "at": float, "person": str, "server": str, "action": str, "subject": str}
    _table(database, "audit", {**acts, "before": str, "after": str}, ("id",))


@migrations()
def jobs_and_pictures(database: Database) -> None:
    """Requests with their state, and the pictures that came of them."""
    asked = {"id": str, "key": str, "person": str, "server": str, "channel": str, "locale": str, "reply": str}
    times = {"accepted_at": float, "started_at": float, "finished_at": float}
    columns = {**asked, "line": str, "conditions": str, "state": str, **times, "post": str}
    _table(database, "jobs", columns, ("id",), nullable=("started_at", "finished_at", "post"))
    for unique in ("key", "post"):
        database.table("jobs").create_index([unique], unique=True)
    for index in (
        ["state", "accepted_at"],
        ["person", "channel", "accepted_at"],
        ["server", "person", "started_at"],
    ):
        database.table("jobs").create_index(index)
    made = {"id": str, "job": str, "place": int, "conditions": str, "media_type": str}
    shape = {"width": int, "height": int, "made_at": float}
    _table(database, "pictures", {**made, **shape}, ("id",), belongs=(("job", "jobs", "id"),))
    database.table("pictures").create_index(["job", "place"], unique=True)


@migrations()
def reactions_and_tastes(database: Database) -> None:
    """What people liked: as it stands, as it happened, and counted."""
    now = {"person": str, "picture": str, "verb": str, "at": float}
    belongs = (("picture", "pictures", "id"),)
    _table(database, "reactions", now, ("person", "picture", "verb"), belongs=belongs)
    log = {"id": int, "at": float, "person": str, "server": str, "picture": str, "verb": str, "weight": int}
    _table(database, "taste_events", {**log, "conditions": str}, ("id",))
    database.table("taste_events").create_index(["person", "at"])
    _table(
        database,
        "taste_state",
        {"person": str, "kind": str, "name": str, "count": int},
        ("person", "kind", "name"),
    )


@migrations()
def turns(database: Database) -> None:
    """When each server and person was last served, as a running number: 0 for never."""
    for table in ("servers", "people"):
        database.table(table).add_column("turn", int, not_null_default=0)
    database.table("servers").create_index(["turn"])


@migrations()
def picture_numbers(database: Database) -> None:
    """What people call a picture, and who deleted it: its row stays, so no other gets its number."""
    pictures = database.table("pictures")
    pictures.add_column("number", int)
    for number, row in enumerate(rows(database, "SELECT id FROM pictures ORDER BY made_at, rowid"), 1):
        change(database, "UPDATE pictures SET number = ? WHERE id = ?", number, row["id"])
    pictures.create_index(["number"], unique=True)
    pictures.add_column("deleted_at", float)
    pictures.add_column("deleted_by", str)
    database.table("jobs").create_index(["server", "finished_at"])


@migrations()
def taste_beliefs(database: Database) -> None:
    """What each event is worth, and what follows from all of them: the log stays the truth."""
    events = database.table("taste_events")
    events.add_column("own", int, not_null_default=1)
    events.add_column("share", float, not_null_default=1.0)
    events.add_column("said", str, not_null_default="")
    events.create_index(["person", "picture", "verb"])
    _table(database, "taste_beliefs", {"person": str, "state": str}, ("person",))
    database.table("taste_state").drop()


@migrations()
def joined_accounts(database: Database) -> None:
    """Which accounts are one person, codes that join them, and charges that count for who has parted."""
    _table(database, "accounts", {"account": str, "person": str}, ("account",))
    database.table("accounts").create_index(["person"])
    _table(database, "link_codes", {"hash": str, "account": str, "expires_at": float}, ("hash",))
    _table(database, "link_guesses", {"id": int, "account": str, "at": float}, ("id",))
    _table(database, "usage_shares", {"job": str, "person": str}, ("job", "person"))
    database.table("usage").create_index(["person", "at"])
    database.table("jobs").add_column("account", str, not_null_default="")
    change(database, "UPDATE jobs SET account = person")


@migrations()
def seconds_of_pictures(database: Database) -> None:
    """How long a worker painted at each picture, by which others are told how long they wait."""
    database.table("pictures").add_column("seconds", float)


@migrations()
def hidden_pictures(database: Database) -> None:
    """Who hid a picture from those who do not choose to see it; null when nobody did."""
    database.table("pictures").add_column("hidden_by", str)


@migrations()
def taste_choices(database: Database) -> None:
    """Of each picture that left something open, who chose it: the taste, or chance to measure it by."""
    choices = {"job": str, "place": int, "slice": str, "opened": str}
    _table(database, "taste_choices", choices, ("job", "place"))


@migrations()
def announcements(database: Database) -> None:
    """The post that says that a job was accepted; the result takes its place."""
    database.table("jobs").add_column("announced", str)


@migrations()
def taste_profiles(database: Database) -> None:
    """Which of a person's tastes an event tells of; empty for the usual one."""
    database.table("taste_events").add_column("profile", str, not_null_default="")


def _table(
    database: Database,
    name: str,
    columns: dict[str, type],
    key: tuple[str, ...],
    nullable: tuple[str, ...] = (),
    belongs: tuple[tuple[str, str, str], ...] = (),
) -> None:
    required = set(columns) - set(key) - set(nullable)
    pk = key[0] if len(key) == 1 else key
    database.table(name).create(columns, pk=pk, not_null=required, foreign_keys=belongs)

"""Find everything that is kept of a person, by the names of columns: a new table needs no line here.

A row belongs to whoever its `person` or `account` names, to the owner of its `picture`, or of its `job`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.people.identity import accounts_of
from bot.storage.database import Database, Row, columns, rows

OWNERS = ("person", "account")
ACTORS = ("deleted_by", "hidden_by", "blocked_by", "kept_by")
"""Columns that name who did something to what is another's."""
LISTED = "IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Own:
    """What belongs to a person. names: of the person and their accounts; jobs, pictures: ids"""

    names: Sequence[str]
    jobs: Sequence[str]
    pictures: Sequence[str]

    @classmethod
    def of(cls, database: Database, person: str) -> Own:
        """Read it from the database."""
        names = tuple(dict.fromkeys((person, *accounts_of(database, person))))
        jobs = _ids(database, f"SELECT id FROM jobs WHERE person {LISTED}", names)  # noqa: S608  # our own words
        pictures = _ids(database, f"SELECT id FROM pictures WHERE job {LISTED}", jobs)  # noqa: S608  # our own words
        return cls(names, jobs, pictures)

    def values(self) -> Mapping[str, str]:
        """Return the values of each column by which a row is a person's, as a JSON list."""
        names = dict.fromkeys(OWNERS, self.names)
        return {key: json.dumps(each) for key, each in (names | self._things()).items()}

    def _things(self) -> dict[str, Sequence[str]]:
        return {"picture": self.pictures, "job": self.jobs}


def _ids(database: Database, sql: str, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(row["id"] for row in rows(database, sql, json.dumps(values)))


def places(database: Database, own: Own) -> Iterator[tuple[str, str, str]]:
    """Yield each table with a column by which its rows are a person's, and the column's values."""
    values = own.values()
    for table, names in columns(database).items():
        for column in names:
            if column in values:
                yield table, column, values[column]


def rows_of(database: Database, own: Own) -> dict[str, list[Row]]:
    """Return a person's rows by table, each once, without the names of others."""
    found: dict[str, dict[int, Row]] = {}
    for table, column, values in places(database, own):
        sql = f"SELECT rowid AS row_id, * FROM {table} WHERE {column} {LISTED}"  # noqa: S608  # our own words
        for row in rows(database, sql, values):
            found.setdefault(table, {})[row.pop("row_id")] = _without_others(row, own.names)
    return {table: list(each.values()) for table, each in found.items()}


def _without_others(row: Row, names: Sequence[str]) -> Row:
    others = [key for key in (*OWNERS, *ACTORS) if row.get(key) and row[key] not in names]
    return row | dict.fromkeys(others, "")

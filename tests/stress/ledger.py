"""Compare Easel's database with what people were promised and what they saw."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.storage.database import problems
from bot.storage.states import CANCELLED, FAILED, POSTED

ENDED = (POSTED, FAILED, CANCELLED)


@dataclass(frozen=True)
class Ledger:
    """The rows of a database at rest. jobs, usage, pictures: by id; kept: names of the files"""

    jobs: Mapping[str, sqlite3.Row]
    usage: Mapping[str, sqlite3.Row]
    pictures: Mapping[str, sqlite3.Row]
    kept: Collection[str]
    problems: Collection[str]

    def lost(self, promised: Collection[str]) -> list[str]:
        """Return keys of promised requests without a job, and jobs that never ended."""
        known = {row["key"].rpartition(" ")[2].rpartition(":")[2] for row in self.jobs.values()}
        waiting = [job for job, row in self.jobs.items() if row["state"] not in ENDED]
        return [*sorted(set(promised) - known), *waiting]

    def drifted(self) -> list[str]:
        """Return jobs with a wrong charge, and charges without a job."""
        wrong = [job for job, row in self.jobs.items() if self._charged(job) != _cost(row)]
        return wrong + [job for job in self.usage if job not in self.jobs]

    def _charged(self, job: str) -> int:
        row = self.usage.get(job)
        return 0 if row is None or row["refunded"] else int(row["pictures"])

    def unpainted(self) -> list[str]:
        """Return posted jobs with missing or double pictures, as rows or as files."""
        held = Counter(row["job"] for picture, row in self.pictures.items() if picture in self._stems())
        return [
            job
            for job, row in self.jobs.items()
            if row["state"] == POSTED and held[job] != len(json.loads(row["conditions"]))
        ]

    def strays(self) -> list[str]:
        """Return files without a row."""
        return sorted(self._stems() - set(self.pictures))

    def _stems(self) -> set[str]:
        return {name.partition(".")[0] for name in self.kept}

    def shown(self, platform: str, posts: Iterable[Collection[str]]) -> tuple[list[str], list[str]]:
        """Return posted jobs of a platform that no post shows, and jobs that several posts show.

        posts: the ids of the pictures in each
        """
        seen = Counter(job for ids in posts for job in {self.pictures[each]["job"] for each in ids})
        theirs = [job for job, row in self.jobs.items() if _platform(row) == platform]
        unseen = [job for job in theirs if self.jobs[job]["state"] == POSTED and not seen[job]]
        return unseen, [job for job, count in seen.items() if count > 1]


def _platform(row: sqlite3.Row) -> str:
    return str(row["channel"].partition(":")[0])


def _cost(row: sqlite3.Row) -> int:
    return 0 if row["state"] in (FAILED, CANCELLED) else len(json.loads(row["conditions"]))


def read(database: Path, pictures: Path) -> Ledger:
    """Read the database of a stopped Easel."""
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row

        def by_id(table: str, key: str = "id") -> dict[str, Any]:
            return {row[key]: row for row in connection.execute(f"SELECT * FROM {table}")}  # noqa: S608

        tables = by_id("jobs"), by_id("usage", "job"), by_id("pictures")
    return Ledger(*tables, [path.name for path in pictures.iterdir()], problems(database))

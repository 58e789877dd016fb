"""Run everything that waits for a connection in one transaction.

A commit takes longer than the writes in it, and waking a thread takes longer than a short read. Each write
runs in a savepoint of its own, so its error undoes no other write. A write may run twice, after the first run
was undone, so what it changes outside the database must allow that.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Result = TypeVar("Result")
Work = Callable[[], Any]
RESOLVED_AT_ONCE = 10
"""Futures resolved in one turn of the event loop."""
Outcome = tuple[Any, Exception | None]
"""What a callback returned, or what it raised."""


class GroupRead:
    """Run callbacks on the thread of a connection, and all that wait on one snapshot."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: deque[tuple[Work, asyncio.Future[Any]]] = deque()

    def enter(self, work: Callable[[], Result]) -> tuple[asyncio.Future[Result], bool]:
        """Return the future of `work`, and whether the caller must have `take_turn` called."""
        result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, result))
        # If others wait, the turn of the first is still to come, and takes this one, too.
        return result, len(self._waiting) == 1

    def take_turn(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run everything that waits, and what comes meanwhile."""
        while self._waiting:
            turn = [self._waiting.popleft() for _ in range(len(self._waiting))]
            outcomes = self._run([work for work, _ in turn])
            loop.call_soon_threadsafe(_resolve, loop, [result for _, result in turn], outcomes)

    def _run(self, works: Sequence[Work]) -> list[Outcome]:
        try:
            self._connection.execute("BEGIN")
            outcomes = [self._attempt(work) for work in works]
            self._connection.rollback()
        except sqlite3.Error as error:
            return [(None, error)] * len(works)
        return outcomes

    def _attempt(self, work: Work) -> Outcome:
        try:
            return work(), None
        except Exception as error:
            return None, error


class GroupCommit(GroupRead):
    """Run callbacks in one transaction on the thread of a connection; futures resolve after the commit."""

    def _run(self, works: Sequence[Work]) -> list[Outcome]:
        try:
            # IMMEDIATE: a transaction that reads before it writes could else fail between the two.
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            return [(None, error)] * len(works)
        try:
            outcomes = [self._attempt(work) for work in works]
            self._connection.commit()
        except Exception as error:
            self._connection.rollback()
            return self._one_by_one(works) if len(works) > 1 else [(None, error)]
        return outcomes

    def _one_by_one(self, works: Sequence[Work]) -> list[Outcome]:
        """Run each in a transaction of its own, after one of them failed the commit they shared."""
        return [outcome for work in works for outcome in self._run([work])]

    def _attempt(self, work: Work) -> Outcome:
        self._connection.execute("SAVEPOINT attempt")
        try:
            outcome: Outcome = (work(), None)
        except Exception as error:
            if not self._connection.in_transaction:
                raise  # SQLite itself has undone everything: the disk is full, for instance
            self._connection.execute("ROLLBACK TO attempt")
            outcome = (None, error)
        self._connection.execute("RELEASE attempt")
        return outcome


def _resolve(
    loop: asyncio.AbstractEventLoop, waiting: Sequence[asyncio.Future[Any]], outcomes: Sequence[Outcome]
) -> None:
    batch = zip(waiting[:RESOLVED_AT_ONCE], outcomes[:RESOLVED_AT_ONCE], strict=True)
    for future, (result, error) in batch:
        if future.cancelled():
            continue
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)
    if len(waiting) > RESOLVED_AT_ONCE:
        # Other callbacks of the loop run in between.
        loop.call_soon(_resolve, loop, waiting[RESOLVED_AT_ONCE:], outcomes[RESOLVED_AT_ONCE:])

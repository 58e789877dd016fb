"""One commit for everything that waits: the disk takes longer for that than SQLite for all the rest.

Each work has a savepoint of its own, so that what one raises undoes nothing of the others. A work may be done
twice, the first time undone: what it changes beside the database must bear that.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Result = TypeVar("Result")
Work = Callable[[], Any]
TOLD_AT_ONCE = 10
"""Of those who wait, how many go on in one turn of the event loop."""
Outcome = tuple[Any, Exception | None]
"""What a work returned, or what it raised."""


class GroupCommit:
    """Works of an event loop, done on the thread of a connection. Nothing is told before it is committed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: deque[tuple[Work, asyncio.Future[Any]]] = deque()

    def enter(self, work: Callable[[], Result]) -> tuple[asyncio.Future[Result], bool]:
        """What `work` will have returned or raised, and whether `take_turn` must be called after this."""
        told: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, told))
        # Of more that wait, the first one's turn is still to come, or takes this too. That is so only since
        # what is waiting is looked at after this was put there.
        return told, len(self._waiting) == 1

    def take_turn(self, loop: asyncio.AbstractEventLoop) -> None:
        """Do everything that waits, and what comes meanwhile; an earlier turn may have done it already."""
        while self._waiting:
            turn = [self._waiting.popleft() for _ in range(len(self._waiting))]
            outcomes = self._transact([work for work, _ in turn])
            loop.call_soon_threadsafe(_tell, loop, [told for _, told in turn], outcomes)

    def _transact(self, works: Sequence[Work]) -> list[Outcome]:
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
        """Of those that share a commit all are undone when one fails it: they are done again, so that only
        that one is told."""
        return [outcome for work in works for outcome in self._transact([work])]

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


def _tell(
    loop: asyncio.AbstractEventLoop, waiting: Sequence[asyncio.Future[Any]], outcomes: Sequence[Outcome]
) -> None:
    for told, (result, error) in zip(waiting[:TOLD_AT_ONCE], outcomes[:TOLD_AT_ONCE], strict=True):
        if told.cancelled():
            continue
        if error is None:
            told.set_result(result)
        else:
            told.set_exception(error)
    if len(waiting) > TOLD_AT_ONCE:
        # What else is due gets its turn in between.
        loop.call_soon(_tell, loop, waiting[TOLD_AT_ONCE:], outcomes[TOLD_AT_ONCE:])

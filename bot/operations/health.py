"""Whether Easel can do its work: a worker is warm, and the database writes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.storage.database import Database, Storage, StorageError, change
from engine.errors import EngineError

log = logging.getLogger(__name__)

FRESH_SECONDS = 1.0
"""How long an answer holds, so that whoever asks in a loop does not keep the database busy."""


class Wakeable(Protocol):
    """What is asked of `engine.workers.client.PaintingClient`."""

    @property
    def warm(self) -> bool: ...
    async def wake(self) -> None: ...


@dataclass(frozen=True, slots=True)
class State:
    """worker: one is warm; database: a row could be written just now."""

    worker: bool
    database: bool

    @property
    def ready(self) -> bool:
        """Whether people can be served."""
        return self.worker and self.database


class Health:
    """Looks after worker and database when it is asked."""

    def __init__(self, storage: Storage, studio: Wakeable, clock: Callable[[], float]) -> None:
        """clock: monotonic seconds"""
        self._storage, self._studio, self._clock = storage, studio, clock
        self._lock = asyncio.Lock()
        self._known: tuple[float, State] | None = None
        self._waking: asyncio.Task[None] | None = None

    async def state(self) -> State:
        """The state, at most `FRESH_SECONDS` old."""
        async with self._lock:
            if self._known is None or self._clock() - self._known[0] >= FRESH_SECONDS:
                self._known = (self._clock(), State(self._is_warm(), await self._writes()))
            return self._known[1]

    def _is_warm(self) -> bool:
        warm = self._studio.warm
        if not warm and (self._waking is None or self._waking.done()):
            # With nobody asking for a picture, nothing else would start the worker's successor.
            self._waking = asyncio.create_task(self._wake())
        return warm

    async def _wake(self) -> None:
        try:
            await self._studio.wake()
        except EngineError:
            log.exception("no worker gets warm")

    async def _writes(self) -> bool:
        try:
            await self._storage.write(_write)
        except StorageError as error:
            log.error("the database does not write: %s", error)
            return False
        return True

    async def close(self) -> None:
        """Wait for no worker any more."""
        if self._waking is not None:
            self._waking.cancel()
            await asyncio.wait([self._waking])


def _write(database: Database) -> int:
    """A row that changes each time: what is the same would not reach the disk."""
    sql = (
        "INSERT INTO settings (scope, key, value) VALUES ('house', 'health', '1')"
        " ON CONFLICT (scope, key) DO UPDATE SET value = CAST(value AS INTEGER) + 1"
    )
    return change(database, sql)

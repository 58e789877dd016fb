"""Check whether Easel can work: a worker is warm, and the database writes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.people.settings import read_own, write_own
from bot.ports import Platform
from bot.storage.database import Database, Storage, StorageError
from engine.errors import EngineError

log = logging.getLogger(__name__)

FRESH_SECONDS = 1.0
"""How long an answer is reused, so that a loop of probes does not keep the database busy."""


class Wakeable(Protocol):
    """What the health check asks of `engine.workers.client.PaintingClient`."""

    @property
    def warm(self) -> bool: ...
    async def wake(self) -> None: ...


@dataclass(frozen=True, slots=True)
class State:
    """worker: one is warm; database: a row could be written just now; platforms: whether each is connected"""

    worker: bool
    database: bool
    platforms: Mapping[str, bool]

    @property
    def ready(self) -> bool:
        """Whether people can be served."""
        return self.worker and self.database and all(self.platforms.values())


class Health:
    """Check worker, database and platforms on request."""

    def __init__(
        self,
        storage: Storage,
        client: Wakeable,
        clock: Callable[[], float],
        platforms: Sequence[Platform] = (),
    ) -> None:
        """clock: monotonic seconds; platforms: those that are configured; it may grow"""
        self._platforms = platforms
        self._storage, self._client, self._clock = storage, client, clock
        self._lock = asyncio.Lock()
        self._known: tuple[float, State] | None = None
        self._waking: asyncio.Task[None] | None = None

    async def state(self) -> State:
        """Return the state, at most `FRESH_SECONDS` old."""
        async with self._lock:
            if self._known is None or self._clock() - self._known[0] >= FRESH_SECONDS:
                self._known = (self._clock(), State(self._is_warm(), await self._writes(), self._connected()))
            return self._known[1]

    def _connected(self) -> Mapping[str, bool]:
        return {each.name: each.connected for each in self._platforms}

    def _is_warm(self) -> bool:
        warm = self._client.warm
        if not warm and (self._waking is None or self._waking.done()):
            # While nobody asks for a picture, nothing else starts a new worker.
            self._waking = asyncio.create_task(self._wake())
        return warm

    async def _wake(self) -> None:
        try:
            await self._client.wake()
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
        """Stop waiting for a worker."""
        if self._waking is not None:
            self._waking.cancel()
            await asyncio.wait([self._waking])


def _write(database: Database) -> None:
    """Change a value each time: the same one would not reach the disk."""
    write_own(database, "health", str(1 + int(read_own(database, "health") or 0)))

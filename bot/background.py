"""Run work in the background of an object that is opened and closed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


class BackgroundTasks:
    """A task group that lives from `open`, or else the first `spawn`, to `close`, whichever tasks call them.

    Work that raises is logged, and the rest of the group goes on.
    """

    def __init__(self) -> None:
        self._owner: asyncio.Task[None] | None = None
        self._opened, self._closing = asyncio.Event(), asyncio.Event()
        self._group: asyncio.TaskGroup
        self._running = 0

    @property
    def running(self) -> int:
        """How much work is not done yet."""
        return self._running

    async def open(self) -> None:
        """Return when `spawn` waits for nothing; a second call does nothing."""
        # A group is left by the task that entered it, so that task is one of our own.
        self._owner = self._owner or asyncio.create_task(self._own())
        await self._opened.wait()

    async def spawn(self, work: Coroutine[Any, Any, object]) -> asyncio.Task[None]:
        """Start work. Raises RuntimeError after `close`."""
        logged = _logged(work)
        try:
            await self.open()
            task = self._group.create_task(logged, name=getattr(work, "__qualname__", None))
        except BaseException:
            logged.close()
            work.close()
            raise
        self._running += 1
        task.add_done_callback(self._count)
        return task

    def _count(self, task: asyncio.Task[None]) -> None:
        self._running -= 1

    async def close(self, grace: float = 0.0) -> None:
        """Wait for up to `grace` seconds, and cancel what is not done by then."""
        self._closing.set()
        if self._owner is not None:
            await asyncio.wait({self._owner}, timeout=grace)
            self._owner.cancel()
            await asyncio.wait({self._owner})

    async def _own(self) -> None:
        async with asyncio.TaskGroup() as self._group:
            self._opened.set()
            await self._closing.wait()


async def _logged(work: Coroutine[Any, Any, object]) -> None:
    try:
        await work
    except Exception:
        log.exception("work in the background failed")

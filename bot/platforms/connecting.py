"""Stay connected to a platform: try again, with growing pauses, whenever it cannot be reached."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable

from bot.ports import Refused, Remedy, TokenRejected

log = logging.getLogger(__name__)

START_SECONDS = 30.0
"""How long a start waits for a platform before it goes on without."""
PAUSES = (5.0, 10.0, 20.0, 40.0, 60.0)
"""Seconds between attempts; the last one repeats."""


class Unreachable(Exception):
    """A platform cannot be reached now; the message says why, and what to do about it where that is known."""


class SteadyConnection:
    """Connect, and do it again whenever the connection is lost for good.

    connected: set while events flow
    """

    def __init__(
        self,
        name: str,
        connect: Callable[[], Awaitable[None]],
        sleep: Callable[[float], Awaitable[object]],
        least_pause: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """name: of the platform; sleep: between attempts; least_pause: seconds that each takes at least

        connect: calls `on_connected` when events flow, and returns when they flow no more; raises Unreachable
            or TokenRejected
        """
        self._name, self._connect = name, connect
        self._sleep, self._least_pause = sleep, least_pause
        self._tried = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.connected = asyncio.Event()

    async def open(self) -> None:
        """Return when events flow, or when the platform cannot be reached now; then it is tried again in the
        background. Raises TokenRejected, and what else `connect` raises at first."""
        self._task = asyncio.create_task(self._stay_connected())
        tried = asyncio.create_task(self._tried.wait())
        both = (self._task, tried)
        await asyncio.wait(both, timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        tried.cancel()
        if self._task.done():
            await self._task
        if not self.connected.is_set():
            log.warning("%s is not there yet; Easel goes on without it and connects when it can", self._name)

    async def close(self) -> None:
        """Disconnect, and return when no task is left."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def on_connected(self) -> None:
        """Note that events flow."""
        if not self.connected.is_set():
            log.info("%s is connected", self._name)
        self.connected.set()
        self._tried.set()

    def check(self) -> None:
        """Raise Refused while the platform is away."""
        if not self.connected.is_set():
            raise Refused(f"{self._name} is not connected", Remedy.AGAIN)

    async def _stay_connected(self) -> None:
        for pause in itertools.chain(PAUSES, itertools.repeat(PAUSES[-1])):
            try:
                await self._connect()
            except Unreachable as error:
                log.warning("%s; trying again in %g s", error, pause)
            except TokenRejected as error:
                if self._tried.is_set():
                    log.error("%s: %s", self._name, error)
                raise
            except OSError:
                # An address of ours is taken; later nobody is there to be told.
                if not self._tried.is_set():
                    raise
                log.exception("%s cannot listen; trying again in %g s", self._name, pause)
            except Exception:
                log.exception("the connection to %s broke; trying again in %g s", self._name, pause)
            self.connected.clear()
            self._tried.set()
            await self._sleep(max(pause, self._least_pause()))

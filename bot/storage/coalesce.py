"""Run an operation once for all callers that wait at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Coalesced(Generic[Result]):
    """Run an operation when a caller asks, and share the result with all who asked before it began."""

    def __init__(self, work: Callable[[], Awaitable[Result]]) -> None:
        self._work, self._lock = work, asyncio.Lock()
        self._asked = self._answered = 0
        self._outcome: tuple[Result | None, Exception | None]

    async def get(self) -> Result:
        """Return what the operation returns, or raise what it raises, to every caller."""
        self._asked += 1
        mine = self._asked
        async with self._lock:
            if self._answered < mine:
                asked = self._asked
                self._outcome = await self._attempt()
                self._answered = asked
            result, error = self._outcome
        if error is not None:
            raise error
        return result  # type: ignore[return-value]  # None only where the work returns that

    async def _attempt(self) -> tuple[Result | None, Exception | None]:
        try:
            return await self._work(), None
        except Exception as error:
            return None, error

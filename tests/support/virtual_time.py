"""Let the time of an event loop pass at once, for tests of code that waits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock


@contextmanager
def passing_at_once(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Make a loop's clock jump to its next timer instead of sleeping. For work without sockets."""
    selector = loop._selector  # type: ignore[attr-defined]  # asyncio has no public way in
    now, select = loop.time(), selector.select

    def clock() -> float:
        return now

    def jump(timeout: float | None = None) -> list[object]:
        nonlocal now
        if timeout is None:
            return list(select(None))
        now += timeout
        return list(select(0))

    with mock.patch.object(loop, "time", clock), mock.patch.object(selector, "select", jump):
        yield

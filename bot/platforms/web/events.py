"""Keep open event streams by chat.

A browser that reads too slowly is disconnected: it connects again and reads its history, so nothing is lost
and nobody else waits.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

MOST_BEHIND = 64
"""Events a browser may lag behind."""


class EventStreams:
    """Send events to every open page of a chat."""

    def __init__(self) -> None:
        self._open: defaultdict[str, set[asyncio.Queue[str | None]]] = defaultdict(set)

    @contextmanager
    def listen(self, channel: str) -> Iterator[asyncio.Queue[str | None]]:
        """Return a queue of the chat's events as JSON; None ends it."""
        queue: asyncio.Queue[str | None] = asyncio.Queue(MOST_BEHIND)
        self._open[channel].add(queue)
        try:
            yield queue
        finally:
            self._drop(channel, queue)

    def send(self, channel: str, event: Mapping[str, object]) -> None:
        """Send an event to the open pages, if there are any."""
        text = json.dumps(event, ensure_ascii=False)
        for queue in list(self._open.get(channel, ())):
            if queue.full():
                end_stream(queue)
                self._drop(channel, queue)
            else:
                queue.put_nowait(text)

    def close(self) -> None:
        """End all streams."""
        for queues in list(self._open.values()):
            for queue in list(queues):
                end_stream(queue)

    def _drop(self, channel: str, queue: asyncio.Queue[str | None]) -> None:
        self._open[channel].discard(queue)
        if not self._open[channel]:
            del self._open[channel]


def end_stream(queue: asyncio.Queue[str | None]) -> None:
    """Stop the listener, whatever it has not read yet."""
    while queue.full():
        queue.get_nowait()
    queue.put_nowait(None)

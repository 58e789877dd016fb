"""Remember, while the adapter runs, which events came and which posts announce a job."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from bot.platforms.slack.messages import SlackMessage
from commands.chat import Answer

MOST_REMEMBERED = 2000


class RecentKeys:
    """Remember the latest keys, and forget the oldest first."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._keys: OrderedDict[str, None] = OrderedDict()
        self._most = most

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def add(self, key: str) -> bool:
        """Return whether the key is new."""
        if key in self._keys:
            return False
        self._keys[key] = None
        if len(self._keys) > self._most:
            self._keys.popitem(last=False)
        return True


class PendingEvents:
    """Events that came and were not handled yet."""

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Future[Answer | None]] = {}

    def begin(self, event: str) -> tuple[asyncio.Future[Answer | None], bool]:
        """Return what is done when it was handled, and whether it is new."""
        new = event not in self._events
        if new:
            self._events[event] = asyncio.get_running_loop().create_future()
        return self._events[event], new

    def end(self, event: str, answer: Answer | None = None) -> bool:
        """Note that it was handled; return whether anybody still waits for that.

        answer: what whoever waits says, where they say it
        """
        ended = self._events.pop(event, None)
        if ended is not None:
            ended.set_result(answer)
        return ended is not None


class Announcements:
    """The post that announces each job; the result replaces it.

    A restart forgets all, and results then become posts of their own.
    """

    def __init__(self) -> None:
        self._messages: dict[str, asyncio.Future[SlackMessage | None]] = {}
        self._ended = RecentKeys()

    def open(self, job: str) -> asyncio.Future[SlackMessage | None] | None:
        """Return a future for the announcement, or None when there must be none.

        A job that is announced or has ended gets none: an announcement after the result would stay for ever.
        """
        if job in self._messages or job in self._ended:
            return None
        self._messages[job] = asyncio.get_running_loop().create_future()
        return self._messages[job]

    async def find(self, job: str) -> SlackMessage | None:
        """Wait for the job's announcement, and return it; None when there is none."""
        future = self._messages.get(job)
        return await asyncio.shield(future) if future else None

    def move(self, job: str, message: SlackMessage | None) -> None:
        """Note another message as the job's announcement; None while it is being written."""
        self._messages[job] = asyncio.get_running_loop().create_future()
        self._messages[job].set_result(message)

    def end(self, job: str) -> None:
        """Note that the result was posted."""
        self._ended.add(job)
        self._messages.pop(job, None)

"""What the adapter remembers while it runs: events it has seen, and posts that say a job is being painted."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict

from bot.platforms.slack.messages import Post

MOST_REMEMBERED = 2000


class Recent:
    """Keys that came up lately; the oldest are forgotten first."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._keys: OrderedDict[str, None] = OrderedDict()
        self._most = most

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def add(self, key: str) -> bool:
        """Whether the key is new."""
        if key in self._keys:
            return False
        self._keys[key] = None
        if len(self._keys) > self._most:
            self._keys.popitem(last=False)
        return True


class UnderWay:
    """Events that came and are not dealt with yet."""

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Event] = {}

    def begin(self, event: str) -> tuple[asyncio.Event, bool]:
        """What is set when it ends, and whether it is new."""
        new = event not in self._events
        return self._events.setdefault(event, asyncio.Event()), new

    def end(self, event: str) -> None:
        """It is dealt with; twice is once."""
        if ended := self._events.pop(event, None):
            ended.set()


async def is_set(event: asyncio.Event, seconds: float | None) -> bool:
    """Whether it was set within so many seconds; None waits until it is."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


class Announcements:
    """The post that says of each job that it is being painted; the result takes its place.

    After a restart nothing is known of earlier posts, and results become posts of their own.
    """

    def __init__(self) -> None:
        self._posts: dict[str, asyncio.Future[Post | None]] = {}
        self._ended = Recent()

    def open(self, job: str) -> asyncio.Future[Post | None] | None:
        """To be fulfilled with the post, or with None when there can be none.

        None for a job that has one or has ended: an announcement after the result would stay for ever.
        """
        if job in self._posts or job in self._ended:
            return None
        self._posts[job] = asyncio.get_running_loop().create_future()
        return self._posts[job]

    async def find(self, job: str) -> Post | None:
        """The job's announcement, once it is posted."""
        future = self._posts.get(job)
        return await asyncio.shield(future) if future else None

    def move(self, job: str, post: Post | None) -> None:
        """Another post takes the place of the job's announcement; None while it is still being written."""
        self._posts[job] = asyncio.get_running_loop().create_future()
        self._posts[job].set_result(post)

    def end(self, job: str) -> None:
        """The result is posted."""
        self._ended.add(job)
        self._posts.pop(job, None)

"""Messages as fast as Slack takes them: one a second in a channel, and a few more at once.

https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

GAP = 1.0
"""Seconds between two messages in a channel, in the long run."""
AT_ONCE = 10
"""Messages that may come at once in a channel where nothing was said for a while."""
MOST_KEPT = 1000


class Pace:
    """Makes messages wait for their turn, each channel's for its own."""

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], Awaitable[object]]) -> None:
        """clock: UTC epoch seconds; sleep: waits for seconds"""
        self._clock, self._sleep = clock, sleep
        self._even: dict[str, float] = {}

    async def turn(self, channel: str) -> None:
        """Return when the next message of a channel may be sent."""
        now = self._clock()
        if len(self._even) >= MOST_KEPT:
            self._even = {name: even for name, even in self._even.items() if even > now}
        # When all messages so far would have been sent at an even pace: the generic cell rate algorithm.
        even = max(self._even.get(channel, now), now)
        # A clock that was set back makes nobody wait for longer than a row of messages does.
        even = even if even - now < 60 else now
        self._even[channel] = even + GAP
        wait = even - now - (AT_ONCE - 1) * GAP
        if wait > 0:
            await self._sleep(wait)

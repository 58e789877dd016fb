"""Keeps Easel's address from being banned by Discord.

An address with 10,000 answers of status 401, 403 or 429 within ten minutes is locked out, with every bot
there: https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable

import aiohttp

log = logging.getLogger(__name__)

BAD = frozenset({401, 403, 429})
MOST = 1000
"""Bad answers after which Easel leaves Discord alone: a tenth of what gets an address banned."""
WINDOW = 600.0
"""Seconds that a bad answer counts."""


class BadAnswers:
    """Counts them, over every connection that is made."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """clock: seconds"""
        self._clock = clock
        self._times: deque[float] = deque(maxlen=MOST)
        self._stop: Callable[[], object] = lambda: None

    def trace(self, stop: Callable[[], object]) -> aiohttp.TraceConfig:
        """What hears every answer of a client. stop: called once when there were too many"""
        self._stop = stop
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._on_answer)
        return trace

    def rest(self) -> float:
        """Seconds to leave Discord alone; 0 while all is well."""
        return WINDOW if self._too_many() else 0.0

    async def _on_answer(self, session: object, context: object, told: aiohttp.TraceRequestEndParams) -> None:
        shared = told.response.headers.get("X-RateLimit-Scope") == "shared"
        if told.response.status not in BAD or shared or self._too_many():
            return
        self._times.append(self._clock())
        if self._too_many():
            log.error(
                "Discord gave %d bad answers within %g minutes, the last one %d; Easel leaves it alone for as"
                " long, before Discord bans this address",
                *(len(self._times), WINDOW / 60, told.response.status),
            )
            self._stop()

    def _too_many(self) -> bool:
        return len(self._times) == self._times.maxlen and self._clock() - self._times[0] < WINDOW

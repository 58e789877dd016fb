"""How fast each of many may go on: a token bucket for each, and only so many of them in memory. Pure.

https://en.wikipedia.org/wiki/Token_bucket
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_KEPT = 10_000
"""Buckets; the one that was used longest ago is forgotten first, and is full when it comes back."""
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class _Bucket:
    """left: what may still be taken; at: when that was so, in seconds"""

    left: float
    at: float


class Rates:
    """Takes from buckets that hold `per_minute` and fill up again within a minute."""

    def __init__(self, per_minute: int, clock: Callable[[], float], most: int = MOST_KEPT) -> None:
        """clock: monotonic seconds; most: buckets that are remembered"""
        self._size, self._clock, self._most = per_minute, clock, most
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str, cost: int = 1) -> float:
        """Seconds to wait before `cost` may be taken; 0 when it was taken now.

        What costs more than a bucket holds takes a full one.
        """
        now, cost = self._clock(), min(cost, self._size)
        bucket = self._buckets.pop(key, _Bucket(self._size, now))
        left = min(self._size, bucket.left + (now - bucket.at) * self._size / MINUTE)
        wait = max(0.0, (cost - left) * MINUTE / self._size)
        self._buckets[key] = _Bucket(left if wait else left - cost, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return wait

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._buckets)

"""Limit the requests of one address, so that nobody blocks the others or guesses the admin token.

Probes of machines are not limited.
"""

from __future__ import annotations

import ipaddress
import math
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler

FREE = frozenset({"/healthz", "/metrics"})
READ, WRITE, GUESS = 1, 10, 60
"""Costs of a request: one that reads, one that writes, and one that tries an admin token."""
COSTLY = {"/admin": GUESS}
MOST_AT_ONCE = 200
"""Requests of one address at the same time; an open page has one for its events."""
WHEN_FULL = 10
"""Seconds to wait for an address that has so many."""
MOST_BUCKETS = 10_000
"""Buckets that are remembered; the one unused for longest is forgotten first."""
MINUTE = 60.0
BUSY = "Too many requests; wait {seconds} seconds, please."


class RequestLimiter:
    """Count requests by address."""

    def __init__(self, per_minute: int | None, proxies: int, clock: Callable[[], float]) -> None:
        """per_minute: reads of one address, None sets no limit; clock: monotonic seconds

        proxies: how many of ours stand in front; each adds an address to X-Forwarded-For
        """
        self._buckets = None if per_minute is None else TokenBuckets(per_minute, clock)
        self._proxies = proxies
        self._under_way: Counter[str] = Counter()

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Handle a request as the proxies saw it, or answer 429 with Retry-After."""
        request = self._behind_proxies(request)
        if self._buckets is None or request.path in FREE:
            return await handler(request)
        network = network_of(request.remote or "")
        wait = self._buckets.take(network, _cost(request))
        if not wait and self._under_way[network] < MOST_AT_ONCE:
            return await self._counted(network, request, handler)
        seconds = math.ceil(wait) or WHEN_FULL
        headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
        return web.Response(status=429, text=BUSY.format(seconds=seconds), headers=headers)

    def _behind_proxies(self, request: web.Request) -> web.Request:
        if not self._proxies:
            return request
        told = [each.strip() for each in ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")]
        remote = told[-self._proxies] if len(told) >= self._proxies else ""
        scheme = request.headers.get("X-Forwarded-Proto", "").strip().lower()
        return request.clone(
            remote=remote or request.remote or "",
            scheme=scheme if scheme in ("http", "https") else request.scheme,
        )

    async def _counted(self, network: str, request: web.Request, handler: Handler) -> web.StreamResponse:
        self._under_way[network] += 1
        try:
            return await handler(request)
        finally:
            self._under_way[network] -= 1
            if not self._under_way[network]:
                del self._under_way[network]


def _cost(request: web.Request) -> int:
    reads = request.method in ("GET", "HEAD")
    return READ if reads else COSTLY.get(request.path, WRITE)


def network_of(address: str) -> str:
    """Return the network to count: of an IPv4 address itself, of an IPv6 address its /64, one household."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.ip_network((found, 64), strict=False))
        return str(found.ipv4_mapped)
    return str(found)


@dataclass(frozen=True, slots=True)
class _Bucket:
    """left: tokens at the time `at`, in seconds"""

    left: float
    at: float


class TokenBuckets:
    """Buckets that hold `per_minute` tokens and fill up within a minute."""

    def __init__(self, per_minute: int, clock: Callable[[], float], most: int = MOST_BUCKETS) -> None:
        """clock: monotonic seconds; most: buckets that are remembered"""
        self._size, self._clock, self._most = per_minute, clock, most
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str, cost: int = 1) -> float:
        """Take tokens and return 0, or return the seconds until there are enough.

        A cost above the size of a bucket takes a full one.
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
        """Return how many buckets are remembered."""
        return len(self._buckets)

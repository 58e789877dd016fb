"""How much one address may ask of the web server, so that nobody keeps it from the others or guesses at the
admin token. Machines that look after Easel are not held up.
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
"""What a request costs: one that reads, one that writes, and one that says an admin token."""
COSTLY = {"/admin": GUESS}
MOST_AT_ONCE = 200
"""Requests of one address that are under way at once; an open page has one for its events."""
WHEN_FULL = 10
"""Seconds that one is asked to wait who has so many."""
BUSY = "Too many requests; wait {seconds} seconds, please."


class Limits:
    """Counts requests by the address that they come from."""

    def __init__(self, per_minute: int | None, proxies: int, clock: Callable[[], float]) -> None:
        """per_minute: reads of one address, None sets no limit; clock: monotonic seconds

        proxies: how many of ours stand in front, each of which adds to X-Forwarded-For whom it was asked by
        """
        self._rates = None if per_minute is None else Rates(per_minute, clock)
        self._proxies = proxies
        self._under_way: Counter[str] = Counter()

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Pass a request on as the proxies saw it, or answer 429 with Retry-After."""
        request = self._as_it_came(request)
        if self._rates is None or request.path in FREE:
            return await handler(request)
        network = network_of(request.remote or "")
        wait = self._rates.take(network, _cost(request))
        if not wait and self._under_way[network] < MOST_AT_ONCE:
            return await self._counted(network, request, handler)
        seconds = math.ceil(wait) or WHEN_FULL
        headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
        return web.Response(status=429, text=BUSY.format(seconds=seconds), headers=headers)

    def _as_it_came(self, request: web.Request) -> web.Request:
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
    """Whom an address stands for: an IPv4 address itself, an IPv6 one its /64, which one household has."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.ip_network((found, 64), strict=False))
        return str(found.ipv4_mapped)
    return str(found)


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

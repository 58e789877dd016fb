"""How much one address may ask of the web server, so that nobody keeps it from the others or guesses at the
admin token. Machines that look after Easel are not held up.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.rates import Rates

FREE = frozenset({"/healthz", "/metrics"})
READ, WRITE, GUESS = 1, 10, 60
"""What a request costs: one that reads, one that writes, and one that says an admin token."""
COSTLY = {"/admin": GUESS}
BUSY = "Too many requests; wait {seconds} seconds, please."


class Limits:
    """Counts requests by the address that they come from."""

    def __init__(self, per_minute: int | None, proxies: int, clock: Callable[[], float]) -> None:
        """per_minute: reads of one address, None sets no limit; clock: monotonic seconds

        proxies: how many of ours stand in front, each of which adds to X-Forwarded-For whom it was asked by
        """
        self._rates = None if per_minute is None else Rates(per_minute, clock)
        self._proxies = proxies

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Pass a request on as the proxies saw it, or answer 429 with Retry-After."""
        request = self._as_it_came(request)
        wait = self._wait(request)
        if not wait:
            return await handler(request)
        seconds = math.ceil(wait)
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

    def _wait(self, request: web.Request) -> float:
        if self._rates is None or request.path in FREE:
            return 0.0
        reads = request.method in ("GET", "HEAD")
        cost = READ if reads else COSTLY.get(request.path, WRITE)
        return self._rates.take(network_of(request.remote or ""), cost)


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

"""Protect every answer of the web server: its headers, and the names it answers to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.config import is_loopback

POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
ALWAYS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        # Else aiohttp names itself and its version.
        "Server": "Easel",
    }
)
STATIC = "/static/"
STRANGER = "Easel answers here only as localhost; behind a proxy of yours, set web.proxies."
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:@/]+)(?::\d*)?")


async def secure(request: web.Request, response: web.StreamResponse) -> None:
    """Add headers: no foreign scripts or frames, and no caching unless the answer allows it."""
    response.headers.update(ALWAYS)
    own = request.path.startswith(STATIC) and response.status < 400
    response.headers.setdefault("Cache-Control", "no-cache" if own else "no-store")


@web.middleware
async def own_names_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer 421 to a request for another name."""
    # Every browser sends a Host.
    if all(is_own(host) for host in request.headers.getall("Host", [])):
        return await handler(request)
    return web.Response(status=421, text=STRANGER, headers={"Cache-Control": "no-store"})


def is_own(host: str) -> bool:
    """Return whether a Host names this machine: an address of it, localhost, or a name below that, which no
    browser looks up in the network.
    """
    found = _HOST.fullmatch(host)
    if found is None:
        return False
    name = found[1].strip("[]").lower()
    return is_loopback(name) or name.endswith(".localhost")

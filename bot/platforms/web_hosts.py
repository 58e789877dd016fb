"""By which names the web chat of this machine alone may be called.

A site elsewhere can have its own name lead here (DNS rebinding), and would then count as the same origin. In
Host a browser says which name it asked for.
"""

from __future__ import annotations

import re

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.exposure import is_loopback

STRANGER = "Easel answers here only as localhost; behind a proxy of yours, set web.proxies."
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:@/]+)(?::\d*)?")


@web.middleware
async def own_names_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer 421 to whoever asked for another name."""
    # What says no Host is no browser.
    if all(is_own(host) for host in request.headers.getall("Host", [])):
        return await handler(request)
    return web.Response(status=421, text=STRANGER, headers={"Cache-Control": "no-store"})


def is_own(host: str) -> bool:
    """Whether a Host names this machine: an address of it, localhost, or a name below, which no browser asks
    the network for.
    """
    found = _HOST.fullmatch(host)
    if found is None:
        return False
    name = found[1].strip("[]").lower()
    return is_loopback(name) or name.endswith(".localhost")

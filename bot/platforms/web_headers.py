"""What stands above every answer of the web server, whatever it is about."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from aiohttp import web

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
        # What listens, and in which version, is nobody's business.
        "Server": "Easel",
    }
)
STATIC = "/static/"


async def secure(request: web.Request, response: web.StreamResponse) -> None:
    """Foreign scripts and frames stay out, and nothing is kept that does not say it may be."""
    response.headers.update(ALWAYS)
    own = request.path.startswith(STATIC) and response.status < 400
    response.headers.setdefault("Cache-Control", "no-cache" if own else "no-store")

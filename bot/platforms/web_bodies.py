"""What a write says, read with care: it comes from anywhere, in any form, as slowly as it likes."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

MOST_BODY = 16 * 1024
"""Bytes."""
BODY_SECONDS = 10.0


async def read_body(request: web.Request, **expected: type) -> dict[str, Any]:
    """The JSON body with these keys of these types.

    Raises HTTPBadRequest, HTTPRequestTimeout for one that comes too slowly, HTTPRequestEntityTooLarge.
    """
    body = await _json(request)
    if not isinstance(body, dict) or any(type(body.get(key)) is not kind for key, kind in expected.items()):
        wanted = ", ".join(f"{key} ({kind.__name__})" for key, kind in expected.items())
        raise web.HTTPBadRequest(text=f"The body must have {wanted}.")
    return {key: _whole(body[key]) for key in expected}


async def _json(request: web.Request) -> Any:
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.json()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    # A charset nobody knows is a LookupError; brackets within brackets run out of stack.
    except (ValueError, LookupError, RecursionError):
        raise web.HTTPBadRequest(text="The body must be JSON.") from None


def _whole(value: Any) -> Any:
    """Half of a surrogate pair can be written as JSON, but neither stored nor compared."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else value

"""What a write says, read with care: it comes from anywhere, in any form, as slowly as it likes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from aiohttp import web

MOST_BODY = 16 * 1024
"""Bytes."""
BODY_SECONDS = 10.0
FORM = "application/x-www-form-urlencoded"
"""What a browser makes of a form without files; ours have none."""


async def read_body(request: web.Request, **expected: type) -> dict[str, Any]:
    """The JSON body with these keys of these types.

    Raises HTTPBadRequest, HTTPRequestTimeout for one that comes too slowly, HTTPRequestEntityTooLarge.
    """
    body = await _json(request)
    if not isinstance(body, dict) or any(type(body.get(key)) is not kind for key, kind in expected.items()):
        wanted = ", ".join(f"{key} ({kind.__name__})" for key, kind in expected.items())
        raise web.HTTPBadRequest(text=f"The body must have {wanted}.")
    return {key: _whole(body[key]) for key in expected}


async def read_form(request: web.Request) -> Mapping[str, Sequence[str]]:
    """The fields of a form, of which a body of any other kind has none. Raises as `read_body` does."""
    if request.content_type != FORM:
        return {}
    with _as_refusals("The body must be a form."):
        async with asyncio.timeout(BODY_SECONDS):
            sent = await request.post()
    return {_whole(key): [_whole(each) for each in sent.getall(key)] for key in sent}


async def _json(request: web.Request) -> Any:
    with _as_refusals("The body must be JSON."):
        async with asyncio.timeout(BODY_SECONDS):
            return await request.json()


@contextmanager
def _as_refusals(sentence: str) -> Iterator[None]:
    """What reading raises is the sender's mistake: a charset that nobody knows is a LookupError, and brackets
    within brackets run out of stack."""
    try:
        yield
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (ValueError, LookupError, RecursionError):
        raise web.HTTPBadRequest(text=sentence) from None


def _whole(value: Any) -> Any:
    """Half of a surrogate pair can be written as JSON, but neither stored nor compared."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else value

"""Read the bodies of writes, which may come from anywhere, in any form, at any speed."""

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
"""The type of a form without files; ours have none."""


async def read_body(request: web.Request, **expected: type) -> dict[str, Any]:
    """Return the JSON body, with these keys of these types.

    Raises HTTPBadRequest, HTTPRequestTimeout when it comes too slowly, HTTPRequestEntityTooLarge.
    """
    body = await _json(request)
    if not isinstance(body, dict) or any(type(body.get(key)) is not kind for key, kind in expected.items()):
        wanted = ", ".join(f"{key} ({kind.__name__})" for key, kind in expected.items())
        raise web.HTTPBadRequest(text=f"The body must have {wanted}.")
    return {key: _whole(body[key]) for key in expected}


async def read_fields(request: web.Request) -> Mapping[str, Sequence[str]]:
    """Return the fields of a form; none for a body of another kind. Raises the same as `read_body`."""
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
    """Turn errors of reading into refusals: an unknown charset is a LookupError, and nested brackets exhaust
    the stack."""
    try:
        yield
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (ValueError, LookupError, RecursionError):
        raise web.HTTPBadRequest(text=sentence) from None


def _whole(value: Any) -> Any:
    """Replace half surrogate pairs, which JSON can hold, but which can be neither stored nor compared."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else value

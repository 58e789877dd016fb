"""Serve the page on which a picture can be verified."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiohttp import BodyPartReader, web

from bot.platforms.web.pages import Asking, Render
from bot.platforms.web.session import Sessions
from bot.ports import Service

MOST_BYTES = 20 * 1024 * 1024
"""Of an uploaded picture."""
MOST_TOKEN = 200
FORM_WITH_FILES = "multipart/form-data"
WANTED = "The body must be a form with a file."
UPLOAD_SECONDS = 60.0


class VerifyPages:
    """The routes of the page."""

    def __init__(self, service: Service, asking: Asking, render: Render, sessions: Sessions) -> None:
        self._service, self._asking, self._render, self._sessions = service, asking, render, sessions

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Return the routes."""
        return [web.get("/verify", self._page), web.post("/verify", self._check)]

    async def _page(self, request: web.Request) -> web.StreamResponse:
        return self._shown(request, "")

    async def _check(self, request: web.Request) -> web.StreamResponse:
        if request.content_type != FORM_WITH_FILES:
            self._sessions.guard(request)
            raise web.HTTPBadRequest(text=WANTED)
        token, picture = await _read_upload(request)
        self._sessions.guard(request, token)
        answer = await self._service.verify(self._asking(request), picture)
        return self._shown(request, answer.text)

    def _shown(self, request: web.Request, said: str) -> web.StreamResponse:
        return self._render(request, "verify.html", {"here": "verify", "said": said.splitlines()})


async def _read_upload(request: web.Request) -> tuple[str, bytes]:
    """Return the token and the file of a form.

    Raises HTTPBadRequest, HTTPRequestTimeout when it comes too slowly, HTTPRequestEntityTooLarge.
    """
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            return await _read_parts(request)
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except ValueError:
        raise web.HTTPBadRequest(text=WANTED) from None


async def _read_parts(request: web.Request) -> tuple[str, bytes]:
    found = {"csrf": b"", "picture": b""}
    reader = await request.multipart()
    while isinstance(part := await reader.next(), BodyPartReader):
        if part.name in found:
            found[part.name] = await _read(part, MOST_TOKEN if part.name == "csrf" else MOST_BYTES)
    return found["csrf"].decode(errors="replace"), found["picture"]


async def _read(part: BodyPartReader, most: int) -> bytes:
    read = bytearray()
    while chunk := await part.read_chunk():
        read += chunk
        if len(read) > most:
            raise web.HTTPRequestEntityTooLarge(most, len(read))
    return bytes(read)

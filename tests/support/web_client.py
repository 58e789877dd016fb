"""Use the web chat without a browser: cookie, CSRF token and event stream."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.app import App, running
from bot.config import BotConfig, Config, Secret, Tokens, WebConfig
from bot.platforms.web.session import CSRF_HEADER
from tests.support.databases import storage_in
from tests.support.fakes import FakeClock, FakePaintingClient

ADMIN_TOKEN = "opening-day-2027"  # noqa: S105
LINE = "/paint style=ink color=blue shape=fish size=256"


@dataclass
class WebClient:
    """A person in the web chat. http: bound to the app's address, with a cookie jar"""

    http: aiohttp.ClientSession
    csrf: str = ""
    keys: int = 0

    async def open(self, **headers: str) -> str:
        """Load the page and return its HTML."""
        async with self.http.get("/", headers=headers) as response:
            page = await response.text()
        self.csrf = re.search(r'name="csrf" content="(\w+)"', page)[1]
        return page

    async def write(self, path: str, body: object, **headers: str) -> tuple[int, Any]:
        """POST as the page does, and return (status, JSON or text)."""
        sent = {CSRF_HEADER: self.csrf} | headers
        async with self.http.post(path, json=body, headers=sent) as response:
            return response.status, await _content(response)

    async def read(self, path: str) -> tuple[int, Any]:
        """GET, and return (status, JSON, text or bytes)."""
        async with self.http.get(path) as response:
            return response.status, await _content(response)

    async def ask(self, line: str = LINE, key: str = "") -> dict[str, Any]:
        """Send a line and return the answer."""
        self.keys += 1
        status, answer = await self.write("/ask", {"key": key or f"key-{self.keys:05d}", "line": line})
        assert status == 200, answer
        return answer

    @asynccontextmanager
    async def events(self) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """Yield the page's events as they come."""
        async with self.http.get("/events") as response:
            lines = _events(response)
            assert await anext(lines) is None
            yield lines


async def _content(response: aiohttp.ClientResponse) -> Any:
    kind = response.content_type
    if kind == "application/json":
        return await response.json()
    return await (response.text() if kind.startswith("text/") else response.read())


async def _events(response: aiohttp.ClientResponse) -> AsyncIterator[Any]:
    """Yield None for the opening event, then what is sent."""
    async for line in response.content:
        if line.startswith(b"data: "):
            text = line.removeprefix(b"data: ").strip()
            yield json.loads(text) if text else None


@asynccontextmanager
async def web_app(
    folder: Path,
    painting_client: FakePaintingClient,
    clock: FakeClock,
    admin_token: str = ADMIN_TOKEN,
    **at: Any,
) -> AsyncIterator[App]:
    """Run Easel in `folder`, with a web chat on a free port unless `at` has one."""
    storage = storage_in(folder)
    config = Config(bot=BotConfig(shutdown_grace=0), web=WebConfig(**{"port": 0, **at}), storage=storage)
    tokens = Tokens(web_admin=Secret(admin_token) if admin_token else None)
    async with running(config, tokens, painting_client, clock) as app:
        yield app


@asynccontextmanager
async def visitor(app: App) -> AsyncIterator[WebClient]:
    """Open the page as somebody new."""
    # IP addresses carry cookies only in a jar that is told to.
    jar = aiohttp.CookieJar(unsafe=True)
    timeout = aiohttp.ClientTimeout(total=20)
    address = app.platforms["web"].address
    async with aiohttp.ClientSession(address, cookie_jar=jar, timeout=timeout) as http:
        client = WebClient(http)
        await client.open()
        yield client

"""Share among the fake platforms how they listen on loopback, and how tests wait for what comes in."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from aiohttp import web

WAIT_SECONDS = 10
MOST_BYTES = 32 * 1024 * 1024


@dataclass
class Twin:
    """A server that records calls. address: where it listens, without a slash at the end

    seconds: how long a call is under way to it, and its answer back
    """

    address: str = ""
    seconds: float = 0.0
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, true: Callable[[], Any], seconds: float = WAIT_SECONDS) -> Any:
        """Wait until a function returns something true, and return that. Raises TimeoutError."""
        async with asyncio.timeout(seconds), self._news:
            return await self._news.wait_for(true)

    async def tell(self) -> None:
        """Wake those who wait."""
        async with self._news:
            self._news.notify_all()


@dataclass(frozen=True)
class Joining:
    """How Easel is joined to a platform's twin, each part as a context. server: () -> the twin;
    app: (folder, server, painting_client) -> the whole of Easel
    adapter: (server, service, clock) -> the adapter alone
    """

    server: Callable[..., AbstractAsyncContextManager[Any]]
    app: Callable[..., AbstractAsyncContextManager[Any]]
    adapter: Callable[..., AbstractAsyncContextManager[Any]]


@asynccontextmanager
async def listening(twin: Twin, routes: Iterable[web.AbstractRouteDef]) -> AsyncIterator[None]:
    """Run a server on a free port, without any proxy."""

    @web.middleware
    async def travel(request: web.Request, handler: Any) -> web.StreamResponse:
        await asyncio.sleep(twin.seconds)
        response = await handler(request)
        await asyncio.sleep(twin.seconds)
        return response

    app = web.Application(client_max_size=MOST_BYTES, middlewares=[travel])
    app.add_routes(routes)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    twin.address = f"http://{host}:{port}"
    direct = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    try:
        with mock.patch.dict(os.environ, direct, clear=True):
            yield
    finally:
        for socket in twin.sockets:
            await socket.close()
        await runner.cleanup()

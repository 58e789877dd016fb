"""The way to Slack and back: calls to its Web API, and its events, which come in over a web socket that Easel
opens (Socket Mode) or as signed HTTP requests.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import VARIABLES, Secret
from bot.ports import TokenRejected

log = logging.getLogger(__name__)

SCOPES = frozenset(
    {
        *("app_mentions:read", "chat:write", "chat:write.public", "commands", "files:read", "files:write"),
        *("im:history", "reactions:read", "users:read"),
    }
)
"""What the manifest asks for."""
PATH = "/slack/events"
CALL_SECONDS = 30
CONNECT_SECONDS = 30.0
MOST_RATE_LIMITED = 3
"""Times that one call waits for as long as Slack says."""


@dataclass(frozen=True, slots=True)
class Self:
    """Who Easel is in this workspace. team, user: Slack's ids; name: what follows the @"""

    team: str
    user: str
    name: str


class SlackConnection(Protocol):
    """An open connection. address: where requests arrive, empty for a web socket."""

    @property
    def address(self) -> str: ...
    async def close(self) -> None: ...


def make_client(token: Secret, base: str | None, session: aiohttp.ClientSession | None) -> AsyncWebClient:
    """A client of the Web API. base: another address than Slack's own, ending in a slash"""
    limited = AsyncRateLimitErrorRetryHandler(max_retry_count=MOST_RATE_LIMITED)
    return AsyncWebClient(
        token.reveal(),
        base or AsyncWebClient.BASE_URL,
        timeout=CALL_SECONDS,
        session=session,
        retry_handlers=[AsyncConnectionErrorRetryHandler(), limited],
    )


async def introduce(client: AsyncWebClient) -> Self:
    """Learn who we are. Raises TokenRejected."""
    try:
        me = await client.auth_test()
    except SlackApiError as error:
        remedy = "copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of your app."
        raise _rejected("slack_bot", error, remedy) from error
    except (aiohttp.ClientError, OSError) as error:
        raise _unreachable(error) from error
    _compare_scopes(me.headers)
    return Self(me["team_id"], me["user_id"], me["user"])


def _compare_scopes(headers: Mapping[str, str]) -> None:
    """Slack says with every answer what the token may do; where it says nothing, it is not known."""
    given = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), None)
    missing = SCOPES - {each.strip() for each in given.split(",")} if given is not None else set()
    if missing:
        log.error(
            "Slack gives no leave for %s; compare the scopes under OAuth & Permissions with"
            " docs/slack-manifest.yaml, and install the app again",
            ", ".join(sorted(missing)),
        )


def _rejected(variable: str, error: SlackApiError, remedy: str) -> TokenRejected:
    """variable: a key of `bot.config.VARIABLES`; remedy: what to do"""
    reason = error.response.get("error", "unknown error")
    return TokenRejected(f"Slack does not accept {VARIABLES[variable]} ({reason}); {remedy}")


def _unreachable(error: Exception) -> TokenRejected:
    """Nothing answers at Slack's address."""
    reason = str(error) or type(error).__name__
    return TokenRejected(
        f"Slack cannot be reached ({reason}); check the network, and slack.api_base in config.toml, and start"
        " again."
    )


class SocketLink:
    """Socket Mode, opened by `open`."""

    address = ""

    def __init__(self, handler: AsyncSocketModeHandler) -> None:
        self._handler = handler

    @classmethod
    async def open(cls, app: AsyncApp, token: Secret) -> SocketLink:
        """Connected. Raises TokenRejected."""
        try:
            opened = await app.client.apps_connections_open(app_token=token.reveal())
        except SlackApiError as error:
            remedy = (
                "under Basic Information of your app, make an app-level token (xapp-…) with the scope"
                " connections:write, and see that Socket Mode is on."
            )
            raise _rejected("slack_app", error, remedy) from error
        except (aiohttp.ClientError, OSError) as error:
            raise _unreachable(error) from error
        link = cls(AsyncSocketModeHandler(app, token.reveal()))
        link._handler.client.wss_uri = opened["url"]
        try:
            # The client tries again for ever, which nobody would see from outside.
            async with asyncio.timeout(CONNECT_SECONDS):
                await link._handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's own gap
        except BaseException as error:
            await link.close()
            if isinstance(error, TimeoutError):
                raise _unreachable(error) from error
            raise
        return link

    async def close(self) -> None:
        """Closed, with no task of it left."""
        client = self._handler.client
        await self._handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's own gap
        tasks = (client.message_processor, client.current_session_monitor, client.message_receiver)
        await asyncio.gather(*filter(None, tasks), return_exceptions=True)


class HttpLink:
    """Signed requests at `PATH`, opened by `open`."""

    def __init__(self, runner: web.AppRunner) -> None:
        self._runner = runner

    @classmethod
    async def open(cls, app: AsyncApp, secret: Secret, host: str, port: int) -> HttpLink:
        """Listening. secret: what Slack signs with. Raises OSError when the port is taken."""
        server = app.web_app(path=PATH)
        server.middlewares.insert(0, signed_only(secret))
        runner = web.AppRunner(server, shutdown_timeout=1, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError:
            await runner.cleanup()
            raise
        return cls(runner)

    @property
    def address(self) -> str:
        """Where requests arrive."""
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}{PATH}"

    async def close(self) -> None:
        """Requests under way are answered first."""
        await self._runner.cleanup()


def signed_only(secret: Secret) -> Middleware:
    """Answers 401 to whatever does not come from Slack, whichever route it is for."""
    verifier = SignatureVerifier(secret.reveal())

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        time = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not is_signed(verifier, await request.read(), time, signature):
            return web.Response(status=401)
        return await handler(request)

    return guard


def is_signed(verifier: SignatureVerifier, body: bytes, time: str, signature: str) -> bool:
    """Whether Slack signed this body within the last five minutes. time: UTC epoch seconds, as they came"""
    try:
        return bool(verifier.is_valid(body, time, signature))
    except (TypeError, ValueError, OverflowError):
        return False

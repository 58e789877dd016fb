"""Connect to Slack: calls to its Web API, and its events over a web socket or as signed HTTP requests.

Easel opens the web socket (Socket Mode); Slack sends the requests, and their signatures are checked here.
"""

from __future__ import annotations

import asyncio
import json
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
from bot.platforms.connecting import Unreachable
from bot.platforms.slack.refusals import code_of, slack_refusal
from bot.ports import Remedy, TokenRejected

log = logging.getLogger(__name__)

SCOPES = frozenset(
    {
        *("app_mentions:read", "chat:write", "chat:write.public", "commands", "files:read", "files:write"),
        *("im:history", "reactions:read", "users:read"),
    }
)
"""The scopes in the manifest."""
PATH = "/slack/events"
CALL_SECONDS = 30
CONNECT_SECONDS = 30.0
CHECK_SECONDS, MOST_CHECKS = 10.0, 6
"""Between two looks at a web socket, and how many in a row find it closed before it is given up."""
MOST_RATE_LIMITED = 3
"""How often one call waits for as long as Slack says."""


@dataclass(frozen=True, slots=True)
class SlackIdentity:
    """Easel's own account in this workspace. team, user: Slack's ids; name: what follows the @"""

    team: str
    user: str
    name: str

    @property
    def server(self) -> str:
        """The service's id of the workspace."""
        return f"slack:{self.team}"

    def person(self, user: str) -> str:
        """Return the service's id of a user."""
        return f"slack:{self.team}-{user}"


class SlackConnection(Protocol):
    """An open connection. address: where requests arrive; empty for a web socket"""

    @property
    def address(self) -> str: ...
    async def lost(self) -> None:
        """Return when it is lost for longer than Bolt needs to make it anew."""
        ...

    async def close(self) -> None: ...


def make_web_client(token: Secret, base: str | None, session: aiohttp.ClientSession | None) -> AsyncWebClient:
    """Return a client of the Web API. base: another address than Slack's own, ending in a slash"""
    limited = AsyncRateLimitErrorRetryHandler(max_retry_count=MOST_RATE_LIMITED)
    return AsyncWebClient(
        token.reveal(),
        base or AsyncWebClient.BASE_URL,
        timeout=CALL_SECONDS,
        session=session,
        retry_handlers=[AsyncConnectionErrorRetryHandler(), limited],
    )


async def identify(client: AsyncWebClient) -> SlackIdentity:
    """Ask Slack who we are. Raises TokenRejected or Unreachable."""
    try:
        me = await client.auth_test()
    except Exception as error:
        remedy = "copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of your app."
        raise _failed(error, "slack_bot", remedy) from error
    _compare_scopes(me.headers)
    return SlackIdentity(me["team_id"], me["user_id"], me["user"])


def _compare_scopes(headers: Mapping[str, str]) -> None:
    """Log scopes that the token lacks, where Slack names those that it has."""
    given = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), None)
    missing = SCOPES - {each.strip() for each in given.split(",")} if given is not None else set()
    if missing:
        log.error(
            "Slack grants no %s; compare the scopes under OAuth & Permissions with"
            " docs/slack-manifest.yaml, and install the app again",
            ", ".join(sorted(missing)),
        )


def _failed(error: Exception, variable: str, remedy: str = "") -> Exception:
    """Return what a failed attempt to connect means. variable: a key of `bot.config.VARIABLES`
    remedy: what to do about a token that is not accepted
    """
    refusal = slack_refusal(error)
    if refusal is None:
        return error
    if isinstance(error, SlackApiError) and refusal.remedy is not Remedy.AGAIN:
        return TokenRejected(f"Slack does not accept {VARIABLES[variable]} ({code_of(error)}); {remedy}")
    return Unreachable(
        f"Slack cannot be reached ({refusal}); check the network, and slack.api_base in config.toml"
    )


class SocketConnection:
    """A web socket of Socket Mode."""

    address = ""

    def __init__(self, handler: AsyncSocketModeHandler) -> None:
        self._handler = handler

    @classmethod
    async def open(cls, app: AsyncApp, token: Secret) -> SocketConnection:
        """Connect. Raises TokenRejected or Unreachable."""
        try:
            opened = await app.client.apps_connections_open(app_token=token.reveal())
        except Exception as error:
            remedy = (
                "under Basic Information of your app, make an app-level token (xapp-…) with the scope"
                " connections:write, and see that Socket Mode is on."
            )
            raise _failed(error, "slack_app", remedy) from error
        connection = cls(AsyncSocketModeHandler(app, token.reveal()))
        connection._handler.client.wss_uri = opened["url"]
        try:
            # The client would try again for ever, and nobody would see why.
            async with asyncio.timeout(CONNECT_SECONDS):
                await connection._handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's own gap
        except BaseException as error:
            await connection.close()
            raise (_failed(error, "slack_app") if isinstance(error, Exception) else error) from error
        return connection

    async def lost(self) -> None:
        """See `SlackConnection.lost`."""
        closed = 0
        while closed < MOST_CHECKS:
            await asyncio.sleep(CHECK_SECONDS)
            closed = 0 if await self._handler.client.is_connected() else closed + 1

    async def close(self) -> None:
        """Disconnect, and return when no task is left."""
        client = self._handler.client
        await self._handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's own gap
        tasks = (client.message_processor, client.current_session_monitor, client.message_receiver)
        await asyncio.gather(*filter(None, tasks), return_exceptions=True)


class HttpConnection:
    """A server for Slack's signed requests at `PATH`."""

    def __init__(self, runner: web.AppRunner) -> None:
        self._runner = runner

    @classmethod
    async def open(cls, app: AsyncApp, secret: Secret, host: str, port: int) -> HttpConnection:
        """Listen. secret: the key of Slack's signatures. Raises OSError when the port is taken."""
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

    async def lost(self) -> None:
        """See `SlackConnection.lost`. Slack connects anew for each request."""
        await asyncio.Future()

    async def close(self) -> None:
        """Stop listening, after the requests under way."""
        await self._runner.cleanup()


def signed_only(secret: Secret) -> Middleware:
    """Return a middleware that answers 401, on every route, to requests that Slack did not sign, and 400 to
    those that cannot be read."""
    verifier = SignatureVerifier(secret.reveal())

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        time = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not is_signed(verifier, await request.read(), time, signature):
            return web.Response(status=401)
        try:
            return await handler(request)
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            log.warning("Slack signed a request that cannot be read: %s", error)
            return web.Response(status=400)

    return guard


def is_signed(verifier: SignatureVerifier, body: bytes, time: str, signature: str) -> bool:
    """Return whether Slack signed this body within the last five minutes. time: UTC epoch seconds, as text"""
    try:
        return bool(verifier.is_valid(body, time, signature))
    except (TypeError, ValueError, OverflowError):
        return False

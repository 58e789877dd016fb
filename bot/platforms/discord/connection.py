"""Connect to Discord, stay connected, and keep Easel's address from being banned there."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Awaitable, Callable
from types import MappingProxyType

import aiohttp
import discord
from aiohttp.client import ClientTimeout
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
from yarl import URL

from bot.config import VARIABLES, Secret
from bot.platforms.connecting import SteadyConnection, Unreachable
from bot.ports import TokenRejected

log = logging.getLogger(__name__)

API = "https://discord.com/api/v10"
GATEWAY = "wss://gateway.discord.gg"
BAD_TOKEN = 4004
CLOSED = MappingProxyType(
    {
        4010: "Discord does not know the shard that Easel asks for (4010); update Easel",
        4011: "Easel is in more servers than Discord serves over one connection (4011); remove it from some",
        4012: "Discord no longer speaks the version of its gateway that Easel uses (4012); update Easel",
        4013: "Discord does not know an intent that Easel asks for (4013); update Easel",
        4014: "Discord does not grant an intent that Easel asks for (4014); see under Bot of your application"
        " whether it is restricted, and update Easel",
    }
)
"""Close codes of the gateway after which Discord wants no second attempt, in words that help; see
https://docs.discord.com/developers/topics/opcodes-and-status-codes"""
INVALID = frozenset({401, 403, 429})
"""Statuses that count as invalid requests."""
MOST_INVALID = 1000
"""Invalid requests after which Easel pauses: a tenth of what gets an address banned."""
INVALID_SECONDS = 600.0
"""How long an invalid request counts, and how long the pause is."""


class InvalidRequestGuard:
    """Count invalid requests over all connections, and pause before Discord bans this address.

    An address with 10,000 of them within ten minutes is locked out, with every bot there:
    https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """clock: seconds"""
        self._clock = clock
        self._times: deque[float] = deque(maxlen=MOST_INVALID)
        self._stop: Callable[[], Awaitable[object]]

    def trace(self, stop: Callable[[], Awaitable[object]]) -> aiohttp.TraceConfig:
        """Return a trace for the next client. stop: called once when there were too many"""
        self._stop = stop
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._on_answer)
        return trace

    def pause(self) -> float:
        """Return the seconds to wait before the next connection; 0 while all is well."""
        return INVALID_SECONDS if self._too_many() else 0.0

    async def _on_answer(self, session: object, context: object, end: aiohttp.TraceRequestEndParams) -> None:
        shared = end.response.headers.get("X-RateLimit-Scope") == "shared"
        if end.response.status not in INVALID or shared or self._too_many():
            return
        self._times.append(self._clock())
        if self._too_many():
            log.error(
                "Discord refused %d requests within %g minutes, the last one with %d; Easel pauses for as"
                " long, before Discord bans this address",
                *(len(self._times), INVALID_SECONDS / 60, end.response.status),
            )
            await self._stop()

    def _too_many(self) -> bool:
        full = len(self._times) == self._times.maxlen
        return full and self._clock() - self._times[0] < INVALID_SECONDS


class RedirectingConnector(aiohttp.TCPConnector):
    """Connect one client to other addresses than Discord's own.

    discord.py has no public way to do that for one client. All clients share `Route.BASE` and
    `DiscordWebSocket.DEFAULT_GATEWAY`; a subclass of its `HTTPClient` would miss webhooks and answers to
    interactions, which build their own routes. What all calls of a client share is its session, whose
    `connector` is an argument of `discord.Client`. A resolver there would not do: addresses in the config
    may be plain HTTP, while discord.py asks for HTTPS.
    """

    def __init__(self, api_base: str | None, gateway: str | None) -> None:
        """api_base, gateway: other addresses, None for Discord's own"""
        super().__init__(limit=0)
        pairs = ((API, api_base), (GATEWAY, gateway))
        self._addresses = {own: other.rstrip("/") for own, other in pairs if other}

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109  # aiohttp's own signature
    ) -> Connection:
        """See `aiohttp.BaseConnector.connect`."""
        asked = str(req.url)
        for own, other in self._addresses.items():
            if asked.startswith(own):
                req.url = URL(other + asked.removeprefix(own), encoded=True)
        return await super().connect(req, traces, timeout)


def make_discord_client(
    api_base: str | None, gateway: str | None, trace: aiohttp.TraceConfig
) -> discord.Client:
    """Return a client for mentions, direct messages and reactions, without privileged intents.

    trace: sees every answer
    """
    intents = discord.Intents(
        guilds=True, guild_messages=True, dm_messages=True, guild_reactions=True, dm_reactions=True
    )
    return discord.Client(
        intents=intents,
        connector=RedirectingConnector(api_base, gateway),
        http_trace=trace,
        allowed_mentions=discord.AllowedMentions.none(),
        max_messages=None,
        member_cache_flags=discord.MemberCacheFlags.none(),
        chunk_guilds_at_startup=False,
        # Commands are answered from the first moment, without waiting for the list of servers.
        guild_ready_timeout=0,
    )


class GatewayConnection:
    """Log in and connect, and do both again whenever the connection is lost for good."""

    def __init__(
        self,
        token: Secret,
        prepare: Callable[[], discord.Client],
        publish: Callable[[], Awaitable[None]],
        sleep: Callable[[float], Awaitable[object]],
        least_pause: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """prepare: makes a client with its handlers; publish: called after each login

        least_pause: seconds to wait at least before the next attempt
        """
        self._token, self._prepare, self._publish = token, prepare, publish
        self._steady = SteadyConnection("discord", self._connect, sleep, least_pause)
        self.open, self.close = self._steady.open, self._steady.close
        self.connected, self.on_connected = self._steady.connected, self._steady.on_connected
        self.check = self._steady.check

    async def _connect(self) -> None:
        """Connect, and return when disconnected. Raises TokenRejected or Unreachable."""
        try:
            async with self._prepare() as client:
                await client.login(self._token.reveal())
                await self._publish()
                await client.connect()
        except discord.LoginFailure as error:
            raise _rejected() from error
        except discord.PrivilegedIntentsRequired as error:
            raise Unreachable(CLOSED[4014]) from error
        except discord.ConnectionClosed as error:
            if error.code == BAD_TOKEN:
                raise _rejected() from error
            reason = f"Discord closed the connection with code {error.code}"
            raise Unreachable(CLOSED.get(error.code or 0, reason)) from error
        except (OSError, aiohttp.ClientError, discord.HTTPException) as error:
            raise Unreachable(f"Discord cannot be reached ({error or type(error)})") from error


def _rejected() -> TokenRejected:
    return TokenRejected(
        f"Discord does not accept {VARIABLES['discord']}; under Bot of your application, choose Reset Token"
        " and copy the new one."
    )

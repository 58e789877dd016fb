"""Keeps Easel's address from being banned by Discord.

An address with 10,000 answers of status 401, 403 or 429 within ten minutes is locked out, with every bot
there: https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import deque
from collections.abc import Awaitable, Callable

import aiohttp
import discord
from aiohttp.client import ClientTimeout
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
from yarl import URL

from bot.config import VARIABLES, Secret
from bot.ports import TokenRejected

log = logging.getLogger(__name__)

BAD = frozenset({401, 403, 429})
MOST = 1000
"""Bad answers after which Easel leaves Discord alone: a tenth of what gets an address banned."""
WINDOW = 600.0
"""Seconds that a bad answer counts."""


class InvalidRequestGuard:
    """Counts them, over every connection that is made."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """clock: seconds"""
        self._clock = clock
        self._times: deque[float] = deque(maxlen=MOST)
        self._stop: Callable[[], object] = lambda: None

    def trace(self, stop: Callable[[], object]) -> aiohttp.TraceConfig:
        """What hears every answer of a client. stop: called once when there were too many"""
        self._stop = stop
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._on_answer)
        return trace

    def rest(self) -> float:
        """Seconds to leave Discord alone; 0 while all is well."""
        return WINDOW if self._too_many() else 0.0

    async def _on_answer(self, session: object, context: object, told: aiohttp.TraceRequestEndParams) -> None:
        shared = told.response.headers.get("X-RateLimit-Scope") == "shared"
        if told.response.status not in BAD or shared or self._too_many():
            return
        self._times.append(self._clock())
        if self._too_many():
            log.error(
                "Discord gave %d bad answers within %g minutes, the last one %d; Easel leaves it alone for as"
                " long, before Discord bans this address",
                *(len(self._times), WINDOW / 60, told.response.status),
            )
            self._stop()

    def _too_many(self) -> bool:
        return len(self._times) == self._times.maxlen and self._clock() - self._times[0] < WINDOW


log = logging.getLogger(__name__)

API = "https://discord.com/api/v10"
GATEWAY = "wss://gateway.discord.gg"
START_SECONDS = 30.0
"""How long a start waits for Discord before it goes on without."""
PAUSES = (5.0, 10.0, 20.0, 40.0, 60.0)
"""Seconds between attempts to log in; the last one for ever."""
BAD_TOKEN = 4004
"""The gateway's close code: https://docs.discord.com/developers/topics/opcodes-and-status-codes"""


class RedirectingConnector(aiohttp.TCPConnector):
    """Calls other addresses in place of Discord's own, which discord.py has as attributes of classes: this
    way every client goes where it was told, and nothing else changes."""

    def __init__(self, api_base: str | None, gateway: str | None) -> None:
        """api_base, gateway: other addresses, None for Discord's own"""
        super().__init__(limit=0)
        found = ((API, api_base), (GATEWAY, gateway))
        self._places = {own: other.rstrip("/") for own, other in found if other}

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109  # aiohttp's own signature
    ) -> Connection:
        """See `aiohttp.BaseConnector.connect`."""
        asked = str(req.url)
        for own, other in self._places.items():
            if asked.startswith(own):
                req.url = URL(other + asked.removeprefix(own), encoded=True)
        return await super().connect(req, traces, timeout)


def make_client(api_base: str | None, gateway: str | None, trace: aiohttp.TraceConfig) -> discord.Client:
    """A client that hears mentions, direct messages and reactions, and needs no privileged intent.

    trace: hears of every answer
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
        # Commands are answered from the first moment; nothing waits for the list of servers.
        guild_ready_timeout=0,
    )


class GatewayConnection:
    """Logs in, connects, and does both again whenever the connection is lost for good.

    client: the one in use; wait for `connected` before it is called
    """

    def __init__(
        self,
        token: Secret,
        prepare: Callable[[], discord.Client],
        publish: Callable[[], Awaitable[None]],
        sleep: Callable[[float], Awaitable[object]],
        rest: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """prepare: makes a client with its handlers; publish: called once it is logged in
        rest: seconds to wait, at the least, before the next attempt"""
        self._rest = rest
        self._token, self._prepare, self._publish, self._sleep = token, prepare, publish, sleep
        self._tried = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.connected = asyncio.Event()

    async def open(self) -> None:
        """Return when events flow, or when Discord cannot be reached now; then it is tried again in the
        background. Raises TokenRejected."""
        self._task = asyncio.create_task(self._stay())
        tried = asyncio.create_task(self._tried.wait())
        both = (self._task, tried)
        await asyncio.wait(both, timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        tried.cancel()
        if self._task.done():
            await self._task
        if not self.connected.is_set():
            log.warning("Discord is not there yet; Easel goes on without, and joins it when it can")

    async def close(self) -> None:
        """Closed, with no task of it left."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def greet(self) -> None:
        """The gateway has said that events flow."""
        self.connected.set()
        self._tried.set()

    async def _stay(self) -> None:
        for pause in itertools.chain(PAUSES, itertools.repeat(PAUSES[-1])):
            try:
                await self._connect()
            except (OSError, aiohttp.ClientError, discord.HTTPException) as error:
                log.warning(
                    "Discord cannot be reached (%s); trying again in %g s", error or type(error), pause
                )
            except TokenRejected as error:
                if self._tried.is_set():
                    log.error("discord: %s", error)
                raise
            except Exception:
                log.exception("the connection to Discord broke; trying again in %g s", pause)
            self.connected.clear()
            self._tried.set()
            await self._sleep(max(pause, self._rest()))

    async def _connect(self) -> None:
        """Stay connected. Raises TokenRejected, or what discord.py ends a connection with."""
        try:
            async with self._prepare() as client:
                await client.login(self._token.reveal())
                await self._publish()
                await client.connect()
        except discord.LoginFailure as error:
            raise _rejected() from error
        except discord.ConnectionClosed as error:
            if error.code == BAD_TOKEN:
                raise _rejected() from error
            raise


def _rejected() -> TokenRejected:
    return TokenRejected(
        f"Discord does not accept {VARIABLES['discord']}; under Bot of your application, choose Reset Token"
        " and copy the new one."
    )

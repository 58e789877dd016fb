"""Build the application, start its parts in order, and stop them in the opposite order."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import secrets
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.accounts.linking import AccountLinking
from bot.background import BackgroundTasks
from bot.config import Config, ConfigError, Tokens, check_web_exposure
from bot.jobs.delivery import PostRefresher
from bot.jobs.dispatcher import Dispatcher
from bot.jobs.progress import ProgressUpdates
from bot.jobs.queue import JobQueue
from bot.moderation.service import ModerationService
from bot.operations.health import Health
from bot.operations.metrics import Meter, watch_lag
from bot.operations.retention import Retention
from bot.overview import OverviewReader
from bot.own_data.service import OwnDataService
from bot.people.arrivals import Arrivals
from bot.people.audit import AuditLog
from bot.people.settings import SettingsStore, read_own, write_own
from bot.pictures.keys import signing_key
from bot.pictures.search import PictureSearch
from bot.pictures.store import PictureStore
from bot.pictures.verification import PictureVerifier
from bot.ports import Platform, Service, TokenRejected
from bot.quotas.rules import Defaults
from bot.quotas.service import QuotaService
from bot.service import EaselService, fresh_id, fresh_seed
from bot.storage.database import Database, Storage
from bot.storage.lock import sole_owner
from bot.tastes.features import TasteFeatures
from bot.tastes.recommender import TastePicker
from bot.tastes.service import TasteService
from bot.tastes.store import TasteStore
from commands.services.context import Services
from commands.services.quotas import Limit
from engine.defaults import SeededDefaults
from engine.errors import EngineError, WeightsMissing
from engine.marks.keys import SigningKey
from engine.vocabulary import load_vocabulary
from engine.workers.client import PainterSettings, PaintingClient

log = logging.getLogger(__name__)

ADDRESSES = MappingProxyType({"web": "web.host and web.port", "slack": "slack.http_host and slack.http_port"})
"""Configuration keys of the addresses that platforms listen on."""


@dataclass(frozen=True, slots=True)
class App:
    """A running Easel. platforms: the connected ones, by name."""

    service: Service
    platforms: Mapping[str, Platform]


async def serve(config: Config, tokens: Tokens) -> None:
    """Run until SIGINT or SIGTERM, also during the start. Raises ConfigError."""
    stop = asyncio.Event()
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def interrupt() -> None:
        log.info("stopping")
        stop.set()
        # A second signal ends the process at once.
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        if task is not None:
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupt)
    try:
        async with running(config, tokens):
            # Objects made by now stay; searching them for garbage would block everybody for 0.1 s.
            gc.collect()
            gc.freeze()
            await asyncio.Future()
    except asyncio.CancelledError:
        if not stop.is_set():
            raise


@contextlib.asynccontextmanager
async def running(
    config: Config,
    tokens: Tokens,
    client: PaintingClient | None = None,
    clock: Callable[[], float] = time.time,
) -> AsyncIterator[App]:
    """Run Easel inside the block. client: used in place of the configured one"""
    check_web_exposure(config, tokens)
    painter = config.painter
    settings = PainterSettings(
        painter.device,
        painter.workers,
        painter.threads,
        painter.deadline_seconds,
        candidates=painter.candidates,
        key=config.storage.key,
    )
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(sole_owner(config.storage.database))
        storage = Storage(config.storage.database)
        stack.push_async_callback(storage.close)
        key = signing_key(config.storage.key, clock())
        client = client or PaintingClient(settings)
        stack.push_async_callback(client.close)
        connected: dict[str, Platform] = {}
        background, meter = BackgroundTasks(), Meter(lambda: client.restarts)
        stack.push_async_callback(background.close)
        await background.spawn(watch_lag(meter, time.monotonic))
        memory = TasteStore(storage, TasteFeatures(load_vocabulary()))
        service, dispatcher, store = _build(config, storage, client, connected, clock, meter, memory, key)
        await _start_client(client)
        await memory.load()
        for work in (memory.run(), memory.keep_up()):
            await background.spawn(work)
        configured: list[Platform] = []
        health = Health(storage, client, time.monotonic, configured)
        stack.push_async_callback(health.close)
        configured += await _make_platforms(config, tokens, storage, health, meter, clock)
        for platform in configured:
            if await _connect(platform, service, stack):
                connected[platform.name] = platform
        stack.push_async_callback(dispatcher.drain, config.bot.shutdown_grace)
        await dispatcher.start()
        for name in connected:
            await dispatcher.welcome(name)
        await background.spawn(Retention(storage, store, config.storage.keep_days, clock).run())
        yield App(service, connected)


def _build(
    config: Config,
    storage: Storage,
    client: PaintingClient,
    connected: Mapping[str, Platform],
    clock: Callable[[], float],
    meter: Meter,
    memory: TasteStore,
    key: SigningKey | None,
) -> tuple[Service, Dispatcher, PictureStore]:
    limits = config.quotas
    defaults = Defaults(
        person=Limit(
            limits.person_daily,
            limits.person_per_minute,
            limits.person_concurrent,
            limits.person_size,
            limits.person_count,
        ),
        total=Limit(limits.server_daily, limits.server_per_minute),
    )
    queue = JobQueue(storage, defaults, clock, fresh_id)
    store = PictureStore(storage, config.storage.pictures, clock, fresh_id)
    vocabulary = load_vocabulary()
    chooser = SeededDefaults(vocabulary)
    tastes = TasteService(storage, memory, TastePicker(vocabulary, memory.features, chooser), clock)
    links, settings, audit = (
        AccountLinking(storage, memory, clock),
        SettingsStore(storage, clock),
        AuditLog(storage),
    )
    dispatcher = Dispatcher(
        queue,
        store,
        client,
        connected,
        ProgressUpdates(queue, connected, lambda: client.workers, clock),
        on_retry=meter.post_retried,
        on_posted=tastes.shown,
        on_painted=meter.painted,
        on_refused=meter.quota_refused,
    )
    own_data = OwnDataService(storage, store, memory, clock)
    moderation = ModerationService(storage, store, connected, clock)
    services = Services(
        jobs=dispatcher,
        pictures=PictureSearch(storage, store, PostRefresher(queue, store, connected).revise),
        quotas=QuotaService(storage, defaults, clock),
        settings=settings,
        audit=audit,
        links=links,
        tastes=tastes,
        own_data=own_data,
        moderation=moderation,
        verification=PictureVerifier(storage, key),
        vocabulary=vocabulary,
        chooser=chooser,
        fresh_seed=fresh_seed,
    )
    overviews = OverviewReader(storage, defaults, settings, audit, clock)
    arrivals = Arrivals(storage)
    service = EaselService(
        services, arrivals.identified, store, queue, overviews, own_data.keep_servers, moderation.check
    )
    return service, dispatcher, store


async def _start_client(client: PaintingClient) -> None:
    try:
        await client.start()
    except WeightsMissing as error:
        raise ConfigError(f"The painter cannot start: {error}") from error
    except EngineError as error:
        raise ConfigError(
            f"The painter cannot start ({error}); see what it wrote above, and check painter in config.toml."
        ) from error


async def _make_platforms(
    config: Config,
    tokens: Tokens,
    storage: Storage,
    health: Health,
    meter: Meter,
    clock: Callable[[], float],
) -> Sequence[Platform]:
    """Make the adapters of configured platforms, and import the libraries of no others."""
    from bot.platforms.web.adapter import WebPlatform
    from bot.platforms.web.probes import Probes
    from bot.platforms.web.rate_limit import RequestLimiter

    secret = await storage.write(_web_secret)
    probes = Probes(health, meter, storage).routes()
    at = config.web
    limiter = RequestLimiter(at.per_minute, at.proxies, time.monotonic)
    web_chat = WebPlatform(
        at.host, at.port, limiter, secret, tokens.web_admin, probes, clock, behind_proxy=at.proxies > 0
    )
    made: list[Platform] = [web_chat]
    if tokens.discord:
        from bot.platforms.discord.adapter import DiscordPlatform

        discord = config.discord
        made.append(DiscordPlatform(tokens.discord, discord.api_base or None, discord.gateway or None))
    if tokens.slack_bot:
        from bot.platforms.slack.adapter import SlackPlatform

        slack = config.slack
        place = (slack.api_base or None, slack.http_host, slack.http_port)
        made.append(SlackPlatform(tokens.slack_bot, tokens.slack_app, tokens.slack_signing, *place))
    return made


def _web_secret(database: Database) -> bytes:
    """Return the key that signs the web chat's cookies; the first start makes it."""
    secret = read_own(database, "web_secret") or secrets.token_hex(32)
    write_own(database, "web_secret", secret)
    return bytes.fromhex(secret)


async def _connect(platform: Platform, service: Service, stack: contextlib.AsyncExitStack) -> bool:
    """Connect a platform; False when it rejects its token. Raises ConfigError when its address is taken."""
    try:
        await platform.start(service)
    except TokenRejected as error:
        log.error("%s is left out: %s", platform.name, error)
        return False
    except OSError as error:
        keys = ADDRESSES.get(platform.name, platform.name)
        raise ConfigError(
            f"{platform.name} cannot listen on its address ({error.strerror or error});"
            f" check {keys} in config.toml, and that Easel does not run already."
        ) from error
    stack.push_async_callback(platform.stop)
    return True

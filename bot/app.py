"""The composition root: everything is made here, started in order, and stopped in the opposite order."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import secrets
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bot.archive import Archive
from bot.audit import AuditBook
from bot.config import Config, ConfigError, Tokens
from bot.dispatch import Dispatcher
from bot.exposure import refuse_open_house
from bot.gallery import Gallery
from bot.health import Health
from bot.house import House, Rooms, fresh_id, fresh_seed
from bot.jobs import JobQueue
from bot.link_book import LinkBook
from bot.lock import sole_owner
from bot.metrics import MeasuredJobs, MeasuredStudio, Meter, watch_lag
from bot.overview import OverviewBook
from bot.platforms.base import Platform, TokenRejected
from bot.quota_book import QuotaBook
from bot.quota_rules import Defaults
from bot.retention import Retention
from bot.revisions import Revisions
from bot.settings_book import SettingsBook
from bot.storage import Database, Storage, change, rows
from bot.taste_book import TasteBook
from bot.taste_evidence import WishFeatures
from bot.taste_memory import TasteMemory
from bot.taste_picker import TastePicker
from bot.waiting import WaitingRoom
from commands.limits import Limit
from engine.chance import ChanceChooser
from engine.errors import EngineError, WeightsMissing
from engine.studio import Studio, StudioSettings
from engine.vocabulary import load_vocabulary

log = logging.getLogger(__name__)

ADDRESSES = MappingProxyType({"web": "web.host and web.port", "slack": "slack.http_host and slack.http_port"})
"""Keys of the addresses that platforms listen on."""


@dataclass(frozen=True, slots=True)
class App:
    """A running Easel. platforms: those that are connected, by name."""

    house: House
    platforms: Mapping[str, Platform]


async def serve(config: Config, tokens: Tokens) -> None:
    """Run until SIGINT or SIGTERM, even while it starts. Raises ConfigError for what keeps it from that."""
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
            # What is there by now stays: to look for garbage in it, for a tenth of a second, would keep
            # everybody waiting.
            gc.collect()
            gc.freeze()
            await asyncio.Future()
    except asyncio.CancelledError:
        if not stop.is_set():
            raise


@contextlib.asynccontextmanager
async def running(
    config: Config, tokens: Tokens, studio: Studio | None = None, clock: Callable[[], float] = time.time
) -> AsyncIterator[App]:
    """Easel from start to stop. studio: one to use in place of the configured."""
    refuse_open_house(config, tokens)
    painter = config.painter
    settings = StudioSettings(
        painter.device,
        painter.workers,
        painter.threads,
        painter.deadline_seconds,
        composer=painter.composer,
        candidates=painter.candidates,
    )
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(sole_owner(config.storage.database))
        storage = Storage(config.storage.database)
        stack.push_async_callback(storage.close)
        studio = studio or Studio(settings)
        stack.push_async_callback(studio.close)
        connected: dict[str, Platform] = {}
        meter = await _measure(studio, stack)
        memory = TasteMemory(storage, WishFeatures(load_vocabulary()))
        house, dispatcher, gallery = _build(config, storage, studio, connected, clock, meter, memory)
        await _start_studio(studio)
        await memory.load()
        for work in (memory.run(), memory.keep_up()):
            await _beside(work, stack)
        health = Health(storage, studio, time.monotonic)
        stack.push_async_callback(health.close)
        for platform in await _make_platforms(config, tokens, storage, health, meter, clock):
            if await _connect(platform, house, stack):
                connected[platform.name] = platform
        stack.push_async_callback(dispatcher.drain, config.bot.shutdown_grace)
        await dispatcher.start()
        for name in connected:
            await dispatcher.welcome(name)
        await _beside(Retention(storage, gallery, config.storage.keep_days, clock).run(), stack)
        yield App(house, connected)


async def _measure(studio: Studio, stack: contextlib.AsyncExitStack) -> Meter:
    meter = Meter(lambda: studio.restarts)
    await _beside(watch_lag(meter, time.monotonic), stack)
    return meter


async def _beside(work: Coroutine[Any, Any, None], stack: contextlib.AsyncExitStack) -> None:
    """Run `work` until the stack is unwound."""
    task = asyncio.create_task(work)
    stack.push_async_callback(asyncio.wait, [task])
    stack.callback(task.cancel)


def _build(
    config: Config,
    storage: Storage,
    studio: Studio,
    connected: Mapping[str, Platform],
    clock: Callable[[], float],
    meter: Meter,
    memory: TasteMemory,
) -> tuple[House, Dispatcher, Gallery]:
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
    gallery = Gallery(storage, config.storage.pictures, clock, fresh_id)
    measured = MeasuredStudio(studio, meter)
    vocabulary = load_vocabulary()
    chance = ChanceChooser(vocabulary)
    picker = TastePicker(vocabulary, memory.features, chance)
    tastes, quotas = TasteBook(storage, memory, picker, clock), QuotaBook(storage, defaults, clock)
    room = WaitingRoom(queue, connected, lambda: studio.workers, clock)
    dispatcher = Dispatcher(
        queue, gallery, measured, connected, room, on_retry=meter.post_retried, on_posted=tastes.shown
    )
    settings, audit = SettingsBook(storage, clock), AuditBook(storage)
    archive = Archive(storage, gallery, Revisions(queue, gallery, connected).revise)
    books = (quotas, settings, audit, tastes)
    pictures, links = (gallery, archive, vocabulary, chance), LinkBook(storage, memory, clock)
    overviews = OverviewBook(storage, defaults, settings, audit, clock)
    rooms = Rooms(MeasuredJobs(dispatcher, meter), *books, *pictures, links, queue, overviews)
    return House(rooms, clock, fresh_seed), dispatcher, gallery


async def _start_studio(studio: Studio) -> None:
    try:
        await studio.start()
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
    """Adapters of everything that is set up; their libraries are imported only then."""
    from bot.platforms.web import WebPlatform
    from bot.platforms.web_limits import Limits
    from bot.platforms.web_probes import Probes

    secret = await storage.run(_web_secret)
    probes = Probes(health, meter, storage).routes()
    at = config.web
    limits = Limits(at.per_minute, at.proxies, time.monotonic)
    web_chat = WebPlatform(
        at.host, at.port, limits, secret, tokens.web_admin, probes, clock, behind_proxy=at.proxies > 0
    )
    made: list[Platform] = [web_chat]
    if tokens.discord:
        from bot.platforms.discord import DiscordPlatform

        discord = config.discord
        made.append(DiscordPlatform(tokens.discord, discord.api_base or None, discord.gateway or None))
    if tokens.slack_bot:
        from bot.platforms.slack import SlackPlatform

        slack = config.slack
        place = (slack.api_base or None, slack.http_host, slack.http_port)
        made.append(SlackPlatform(tokens.slack_bot, tokens.slack_app, tokens.slack_signing, *place))
    return made


def _web_secret(database: Database) -> bytes:
    """The key that signs the web chat's cookies, made once."""
    change(
        database,
        "INSERT OR IGNORE INTO settings (scope, key, value) VALUES ('house', 'web_secret', ?)",
        secrets.token_hex(32),
    )
    sql = "SELECT value FROM settings WHERE scope = 'house' AND key = 'web_secret'"
    return bytes.fromhex(rows(database, sql)[0]["value"])


async def _connect(platform: Platform, house: House, stack: contextlib.AsyncExitStack) -> bool:
    """Whether the platform is connected. Raises ConfigError when its address is taken."""
    try:
        await platform.start(house)
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
    log.info("%s is connected", platform.name)
    return True

"""Fakes of what the service uses: they make real pictures, accept posts, and record their calls."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PIL import Image

from bot.ports import Service
from bot.records import Delivery
from commands.chat import Answer, Ask, Attachment, Picture, Post
from commands.i18n import translator
from engine.captions import describe
from engine.color.palette import resolve
from engine.conditions import Conditions
from engine.layout import Layout, Pixels
from engine.painting.encoding import finish
from engine.vocabulary import load_vocabulary
from engine.workers.worker import Painted

FISH = Conditions(style=(("ink", 1.0),), colors=("blue",), shape="fish", scene="portrait", seed=7, size=256)
NOON = 1_800_014_400.0
"""15 January 2027, 12:00 UTC."""
HERE = Answer("Here I am.", private=True)


def ask(words: str = "style=ink color=blue shape=fish size=256", **changes: object) -> Ask:
    """Return a line that somebody typed, with changes."""
    said = {"key": "event-1", "person": "fake:ann", "server": "fake:studio", "channel": "fake:hall"}
    return Ask(**{**said, "command": "paint", "words": words, **changes})  # type: ignore[arg-type]


@dataclass
class FakeClock:
    """A clock that only moves when it is told."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class FakePainter:
    """Paint by returning the layout."""

    name = "fake"

    def paint(self, layouts: Sequence[Layout], conditions: Sequence[Conditions]) -> list[Pixels]:
        return [layout.image for layout in layouts]

    def use_threads(self, count: int) -> None: ...


@dataclass
class FakePaintingClient:
    """Paint flat pictures of the asked size and first color at once, as valid files with their parameters.

    failures: raised one by one by the next calls of `paint`; gate: clear it to keep paintings waiting, and
        choosing for choices
    busy: set when the first painting begins; warm: whether a worker is, which `wake` brings with an open gate
    seconds: that a painting says it took; better: by how much a better seed is larger
    """

    workers: int = 1
    painted: list[tuple[str, Conditions]] = field(default_factory=list)
    sketched: list[Conditions] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    sketch_failures: list[Exception] = field(default_factory=list)
    judged: list[Conditions] = field(default_factory=list)
    choice_failures: list[Exception] = field(default_factory=list)
    better: int = 0
    start_failure: Exception | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    busy: asyncio.Event = field(default_factory=asyncio.Event)
    choosing: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False
    warm: bool = True
    seconds: float = 0.0
    restarts: int = 0

    def __post_init__(self) -> None:
        self.gate.set()
        self.choosing.set()

    async def start(self) -> None:
        if self.start_failure:
            raise self.start_failure

    async def wake(self) -> None:
        await self.gate.wait()
        self.warm = True

    async def close(self) -> None:
        self.closed = True

    async def sketch(self, conditions: Conditions) -> bytes:
        self.sketched.append(conditions)
        if self.sketch_failures:
            raise self.sketch_failures.pop(0)
        out = io.BytesIO()
        Image.fromarray(flat(conditions)).save(out, "WEBP")
        return out.getvalue()

    async def choose(self, conditions: Conditions) -> Conditions:
        self.judged.append(conditions)
        await self.choosing.wait()
        if self.choice_failures:
            raise self.choice_failures.pop(0)
        return conditions.with_seed(conditions.seed + self.better)

    async def paint(
        self, job: str, conditions: Conditions, media_type: str = "image/png", number: int = 0
    ) -> Painted:
        self.painted.append((job, conditions))
        self.busy.set()
        await self.gate.wait()
        if self.failures:
            raise self.failures.pop(0)
        data = finish(flat(conditions), conditions, media_type=media_type)
        seconds = {"compose": 0.0, "paint": 0.0, "finish": 0.0, "total": self.seconds}
        size = (conditions.width, conditions.height)
        return Painted(data, media_type, *size, describe(conditions), conditions, seconds, number=number)


def flat(conditions: Conditions) -> Pixels:
    """Return (H, W, 3) of the first color, gray for natural colors."""
    color = bytes.fromhex(resolve((*conditions.colors, "gray")[0]).removeprefix("#"))
    return np.full((conditions.height, conditions.width, 3), list(color), dtype=np.uint8)


PICTURE = Picture("p1", finish(flat(FISH), FISH), "image/png", 256, 256, describe(FISH), FISH)
CARD = Attachment("easel-taste.png", PICTURE.data, "image/png", "A chart: ink", 256, 256)
FILE = Attachment("easel-taste.json", b'{"events": []}', "application/json")
PAINTED = Post("style=ink shape=fish", pictures=(PICTURE,))
FAILED = Post("The painting failed.", failed=True)


async def remembered(service: Service, post: str, **changes: object) -> None:
    """Wait until the database has a post, which the platform has a moment before."""
    async with asyncio.timeout(10):
        while not await service.find(ask(**changes), post):
            pass


def delivery_of(person: str, server: str, channel: str, reply: Mapping[str, str]) -> Delivery:
    """Return a job as the database returns it."""
    return Delivery("job-1", person, server, channel, "en", reply, NOON, "fish", (FISH,))


@dataclass
class FakePlatform:
    """Accept every post.

    failures: raised one by one by the next calls of `post`; start_failure: raised by `start`
    preview_gate: clear it to keep previews waiting; post_gate: the same for the receipts of posts
    wait_gate, wait_failures: the same for what is told while a job waits, wait_begun is set by it
    moved: the post in which everything is shown anew, in place of the old one
    """

    name: str = "fake"
    posts: list[tuple[Delivery, Post]] = field(default_factory=list)
    previews: list[tuple[Delivery, tuple[Picture, ...]]] = field(default_factory=list)
    revisions: list[tuple[str, Post]] = field(default_factory=list)
    told: list[tuple[str, Post]] = field(default_factory=list)
    waits: list[tuple[str, Answer]] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    preview_failures: list[Exception] = field(default_factory=list)
    wait_failures: list[Exception] = field(default_factory=list)
    start_failure: Exception | None = None
    wait_gate: asyncio.Event = field(default_factory=asyncio.Event)
    wait_begun: asyncio.Event = field(default_factory=asyncio.Event)
    preview_gate: asyncio.Event = field(default_factory=asyncio.Event)
    post_gate: asyncio.Event = field(default_factory=asyncio.Event)
    service: Service | None = None
    moved: str = ""
    connected: bool = True
    stopped: bool = False
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self.wait_gate.set()
        self.preview_gate.set()
        self.post_gate.set()

    async def start(self, service: Service) -> None:
        if self.start_failure:
            raise self.start_failure
        self.service = service

    async def stop(self) -> None:
        self.stopped = True

    async def preview(self, delivery: Delivery, layouts: Sequence[Picture]) -> None:
        await self.preview_gate.wait()
        if self.preview_failures:
            raise self.preview_failures.pop(0)
        await self._record(self.previews, (delivery, tuple(layouts)))

    async def post(self, delivery: Delivery, post: Post) -> str:
        if self.failures:
            raise self.failures.pop(0)
        await self._record(self.posts, (delivery, post))
        await self.post_gate.wait()
        return f"{self.name}-post-{delivery.job}"

    async def wait(self, delivery: Delivery, answer: Answer) -> None:
        self.wait_begun.set()
        await self.wait_gate.wait()
        if self.wait_failures:
            raise self.wait_failures.pop(0)
        await self._record(self.waits, (delivery.job, answer))

    async def tell(self, channel: str, post: Post) -> None:
        if self.failures:
            raise self.failures.pop(0)
        await self._record(self.told, (channel, post))

    async def revise(self, delivery: Delivery, old: str, post: Post) -> str:
        await self._record(self.revisions, (old, post))
        return self.moved or old

    async def revised(self, count: int = 1) -> list[tuple[str, Post]]:
        """Wait for `count` changed posts and return all."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.revisions) >= count)
        return self.revisions

    async def _record(self, where: list, what: tuple) -> None:
        where.append(what)
        async with self._news:
            self._news.notify_all()

    async def posted(self, count: int = 1) -> list[tuple[Delivery, Post]]:
        """Wait for `count` posts and return all."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.posts) >= count)
        return self.posts

    async def previewed(self, count: int = 1) -> list[tuple[Delivery, tuple[Picture, ...]]]:
        """Wait for `count` previews and return all."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.previews) >= count)
        return self.previews


@dataclass
class RecordingService:
    """Give the same answer to everything, and record what was asked.

    gate: clear it to keep people waiting; asked: set when somebody asks; announcements: posts by their jobs
    outcome: of every reaction, an exception is raised; servers: those that a platform said have Easel
    """

    answer: Answer | Exception = HERE
    asks: list[Ask] = field(default_factory=list)
    reactions: asyncio.Queue[tuple[Ask, bool]] = field(default_factory=asyncio.Queue)
    outcome: Answer | Exception | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    announcements: dict[str, str] = field(default_factory=dict)
    servers: asyncio.Queue[tuple[str, tuple[str, ...]]] = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        self.gate.set()

    async def keep_servers(self, platform: str, present: Collection[str]) -> None:
        await self.servers.put((platform, tuple(present)))

    async def announced(self, job: str, post: str) -> None:
        self.announcements[job] = post

    async def handle(self, ask: Ask) -> Answer:
        self.asks.append(ask)
        self.asked.set()
        await self.gate.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def react(self, ask: Ask, on: bool) -> Answer | None:
        await self.reactions.put((ask, on))
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def translate(self, locale: str) -> Any:
        return translator(locale)

    def suggest(self, kind: str, text: str, locale: str, limit: int = 25) -> Sequence[tuple[str, str]]:
        return load_vocabulary().suggest(kind, text, locale, limit)

"""Time whole jobs, from the accepted request to the file on disk, beside the same painting alone.

Queue, previews, pool and store work as in `easel serve`; only the platforms are missing.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bot.bench.races import Bound, Plan, Progress, Race, Seconds
from bot.jobs.dispatcher import Dispatcher, PaintingService
from bot.jobs.progress import ProgressUpdates
from bot.jobs.queue import JobQueue
from bot.pictures.store import PictureStore
from bot.ports import Service
from bot.quotas.rules import Defaults
from bot.records import Delivery
from bot.service import fresh_id
from bot.storage.database import Storage
from commands.chat import Answer, Ask, Picture, Post
from commands.services.quotas import Limit
from engine.bench.timed_process import TimedProcess, together
from engine.conditions import Asked, Conditions, complete
from engine.defaults import SeededDefaults
from engine.errors import PaintingFailed
from engine.painting.encoding import PNG
from engine.vocabulary import load_vocabulary
from engine.workers.client import PainterSettings, Split
from engine.workers.client import PaintingClient as Pool
from engine.workers.worker import WARM_UP, Painted

FREE = Limit(None, None)
PLATFORM = "bench"
JOBS: Mapping[str, Bound] = {"job to forward and encode": Bound("job", "forward and encode", 1.15)}
LEAST_OF_LOOP = 0.9
"""Least pictures per second of the queue, over those of the best bare loop."""


class Nobody:
    """A platform without people. failed: called with the job of a painting that failed"""

    name, connected = PLATFORM, True

    def __init__(self, failed: Callable[[str], None]) -> None:
        self._failed = failed

    async def start(self, service: Service) -> None: ...

    async def stop(self) -> None: ...

    async def preview(self, delivery: Delivery, layouts: Sequence[Picture]) -> None: ...

    async def wait(self, delivery: Delivery, answer: Answer) -> None: ...

    async def post(self, delivery: Delivery, post: Post) -> str:
        if post.failed:
            self._failed(delivery.job)
        return f"{PLATFORM}:{delivery.job}"

    async def tell(self, channel: str, post: Post) -> None: ...

    async def revise(self, delivery: Delivery, old: str, post: Post) -> str:
        return old


class WatchedStore(PictureStore):
    """Note when each picture is stored."""

    kept_at: dict[str, asyncio.Future[float]]

    async def keep(self, job: str, place: int, painted: Painted) -> None:
        await super().keep(job, place, painted)
        self.kept_at[job].set_result(time.perf_counter())


class Desk:
    """Send requests and time them."""

    def __init__(self, dispatcher: Dispatcher, kept_at: dict[str, asyncio.Future[float]]) -> None:
        self._dispatcher, self._kept_at = dispatcher, kept_at
        self._keys = itertools.count(1)

    async def one(self, conditions: Conditions) -> float:
        """Return the seconds of one picture. Raises PaintingFailed."""
        job, accepted = await self._accept(conditions)
        return await self._kept_at[job] - accepted

    async def many(self, pictures: Sequence[Conditions]) -> float:
        """Return the seconds of several jobs, of one picture each. Raises PaintingFailed."""
        accepted = [await self._accept(each) for each in pictures]
        kept = await asyncio.gather(*(self._kept_at[job] for job, _ in accepted))
        return max(kept) - accepted[0][1]

    async def _accept(self, conditions: Conditions) -> tuple[str, float]:
        number = next(self._keys)
        ask = Ask(f"{number}", f"{PLATFORM}:ann", f"{PLATFORM}:hall", f"{PLATFORM}:hall", "paint")
        accepted = await self._dispatcher.accept(ask, "", (conditions,))
        return accepted.job, time.perf_counter()


@contextlib.asynccontextmanager
async def desk(folder: Path, client: PaintingService) -> AsyncIterator[Desk]:
    """Open a desk with its database in `folder`. client: already started"""
    loop = asyncio.get_running_loop()
    kept_at: dict[str, asyncio.Future[float]] = {}

    def new_job() -> str:
        job = fresh_id()
        kept_at[job] = loop.create_future()
        return job

    def failed(job: str) -> None:
        kept_at[job].set_exception(PaintingFailed("a job of the bench failed; the log says why"))

    async with contextlib.AsyncExitStack() as stack:
        storage = Storage(folder / "easel.db")
        stack.push_async_callback(storage.close)
        store = WatchedStore(storage, folder / "pictures", time.time, fresh_id)
        store.kept_at = kept_at
        queue = JobQueue(storage, Defaults(FREE, FREE), time.time, new_job)
        platforms = {PLATFORM: Nobody(failed)}
        progress_updates = ProgressUpdates(queue, platforms, lambda: client.workers, time.time)
        dispatcher = Dispatcher(queue, store, client, platforms, progress_updates)
        stack.push_async_callback(dispatcher.drain, 20.0)
        await dispatcher.start()
        yield Desk(dispatcher, kept_at)


async def race_jobs(plan: Plan, split: Split, progress: Progress) -> dict[str, Race]:
    """Race one job with the generator's forward pass and encoding, and a full queue with bare loops."""
    client = Pool(PainterSettings(device="cpu"))
    try:
        progress("workers")
        await client.start()
        with tempfile.TemporaryDirectory() as folder:
            async with desk(Path(folder), client) as opened:
                return {
                    "jobs": await _race_one(opened, plan, split, progress),
                    "queue": await _race_many(opened, plan, split, progress),
                }
    finally:
        await client.close()


async def _race_one(opened: Desk, plan: Plan, split: Split, progress: Progress) -> Race:
    from engine.bench import variants

    picture = replace(WARM_UP, size=plan.size)
    progress("job")
    with TimedProcess(variants.forward_and_encode, picture, split.threads) as bare:
        works = {
            "job": lambda: opened.one(picture),
            "forward and encode": lambda: asyncio.to_thread(bare.run),
        }
        return Race(await _interleaved(works, plan.rounds), JOBS)


async def _race_many(opened: Desk, plan: Plan, split: Split, progress: Progress) -> Race:
    pictures = made_up(plan.jobs, plan.size)
    progress("queue")
    cores = split.workers * split.least
    wide = max(1, cores // split.threads)
    with contextlib.ExitStack() as stack:
        few, many = (_loop(pictures, processes, cores // processes, stack) for processes in (wide, cores))
        works = {
            "queue": lambda: opened.many(pictures),
            f"{wide} × {cores // wide} threads": lambda: asyncio.to_thread(together, few),
            f"{cores} × 1 thread": lambda: asyncio.to_thread(together, many),
        }
        seconds = await _interleaved(works, plan.few)
    best = min(list(works)[1:], key=lambda name: statistics.median(seconds[name]))
    # A ratio of pictures per second is the inverse ratio of seconds.
    return Race(seconds, {"queue to best bare loop": Bound(best, "queue", LEAST_OF_LOOP, least=True)})


def _loop(
    pictures: tuple[Conditions, ...], processes: int, threads: int, stack: contextlib.ExitStack
) -> list[TimedProcess]:
    from engine.bench import variants

    shares = [pictures[place::processes] for place in range(processes)]
    return [stack.enter_context(TimedProcess(variants.loop, share, PNG, threads)) for share in shares]


async def _interleaved(works: Mapping[str, Callable[[], Awaitable[float]]], rounds: int) -> Seconds:
    taken: Seconds = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(await work())
    return taken


def made_up(count: int, size: int) -> tuple[Conditions, ...]:
    """Return random requests, the same each time."""
    vocabulary = load_vocabulary()
    chooser = SeededDefaults(vocabulary)
    return tuple(complete(Asked(size=size), chooser, seed)[0] for seed in range(count))

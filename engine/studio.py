"""The parent side of the process pool: async in, pictures out.

`Studio` is what `bot/` holds; the children are in `engine/worker.py`. Workers are spawned, warmed before the
first job and replaced when they die or get stuck. A job whose worker was lost is painted again once.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from engine import worker
from engine.conditions import Conditions
from engine.errors import DeadlinePassed, PaintingFailed, WeightsMissing
from engine.worker import Painted

if TYPE_CHECKING:
    from engine.painter import Painter

log = logging.getLogger(__name__)
Result = TypeVar("Result")

TRIES = 2
SKETCH_SECONDS = 10.0
START_SECONDS = 120.0
"""A worker that is not warm by then never will be."""


@dataclass(frozen=True, slots=True)
class StudioSettings:
    """device: "auto", "cpu" or "cuda"; workers, and threads of each: 0 for the best split."""

    device: str = "auto"
    workers: int = 0
    threads: int = 0
    deadline_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Split:
    """How many workers with how many threads each, on which kind of device."""

    device: str
    workers: int
    threads: int


def split_cores(settings: StudioSettings, cores: int, gpus: int) -> Split:
    """One worker per GPU; on CPUs one worker for each two cores, with two threads.

    On two cores one worker of two threads paints a picture in about 0.6 of the time that one of two
    workers of one thread needs, at the same pictures per second (`docs/benchmarks.md`).
    """
    if gpus and settings.device != "cpu":
        return Split("cuda", settings.workers or gpus, settings.threads or max(1, cores // gpus))
    threads = settings.threads or min(2, cores)
    return Split("cpu", settings.workers or max(1, cores // threads), threads)


class Studio:
    """Paints and sketches in processes of its own. Start it before use and close it after."""

    def __init__(self, settings: StudioSettings, load: Callable[[str, int], Painter] | None = None) -> None:
        """load: makes a worker's painter from (device, threads); must be importable by name in a child."""
        self._settings = settings
        self._load = load
        self._painters: ProcessPool | None = None
        self._sketchers: ProcessPool | None = None
        self._split = split_cores(settings, os.cpu_count() or 1, 0)

    @property
    def workers(self) -> int:
        """Pictures painted at the same time; known before the start on CPUs, after it on GPUs."""
        return self._split.workers

    async def start(self) -> None:
        """Return when a worker is warm. Raises WeightsMissing, or PaintingFailed when none gets warm."""
        context = multiprocessing.get_context("spawn")
        split = split_cores(self._settings, os.cpu_count() or 1, await self._count_gpus())
        self._split = split
        load = self._load or worker.load_shipped
        self._sketchers = ProcessPool(1, context=context, initializer=worker.start_sketching)
        arguments = (load, split.device, split.threads)
        self._painters = ProcessPool(
            split.workers, context=context, initializer=worker.start_painting, initargs=arguments
        )
        log.info("painting on %s with %d × %d threads", split.device, split.workers, split.threads)
        try:
            await asyncio.wait_for(self._warm(load, split), START_SECONDS)
        except BaseException:
            await self.close()
            raise

    async def _count_gpus(self) -> int:
        if self._settings.device == "cpu":
            return 0
        return await _once(worker.gpu_count)

    async def _warm(self, load: Callable[[str, int], Painter], split: Split) -> None:
        try:
            await self._schedule(self._painters, worker.ready, (), None)
        except ProcessExpired as error:
            # pebble tells only that the initializer died; the reason is found by loading once more.
            reason = await _once(_probe, load, split.device, split.threads)
            if reason:
                raise WeightsMissing(reason) from error
            raise PaintingFailed("no worker could be started") from error

    async def close(self) -> None:
        """Stop the processes; jobs under way are lost."""
        for pool in (self._painters, self._sketchers):
            if pool is not None:
                pool.stop()  # type: ignore[no-untyped-call]
                await asyncio.to_thread(pool.join)
        self._painters = self._sketchers = None

    async def sketch(self, conditions: Conditions) -> bytes:
        """The layout as a small WebP, within tens of milliseconds. Raises PaintingFailed."""
        try:
            return await self._schedule(self._sketchers, worker.sketch_one, (conditions,), SKETCH_SECONDS)
        except (ProcessExpired, TimeoutError) as error:
            raise PaintingFailed("the sketch was lost") from error

    async def paint(self, job: str, conditions: Conditions, media_type: str = "image/png") -> Painted:
        """A painting. Raises PaintingFailed, or DeadlinePassed when it took too long twice."""
        last: PaintingFailed = PaintingFailed("never tried")
        for attempt in range(1, TRIES + 1):
            try:
                deadline = self._settings.deadline_seconds
                return _checked(
                    await self._schedule(self._painters, worker.paint_one, (conditions, media_type), deadline)
                )
            except TimeoutError:
                last = DeadlinePassed(f"not painted within {self._settings.deadline_seconds:g} s")
            except ProcessExpired as error:
                last = PaintingFailed(f"the worker died with exit code {error.exitcode}")
            except PaintingFailed as error:
                last = error
            except Exception as error:
                last = PaintingFailed(f"{type(error).__name__} in the worker: {error}")
            log.warning("job %s: attempt %d failed: %s", job, attempt, last)
        raise last

    @staticmethod
    async def _schedule(
        pool: ProcessPool | None, work: Callable[..., Result], args: tuple[Any, ...], seconds: float | None
    ) -> Result:
        if pool is None:
            raise PaintingFailed("the studio is closed")
        future: Future[Result] = pool.schedule(work, args=args, timeout=seconds)
        return await asyncio.wrap_future(future)


def _checked(painted: object) -> Painted:
    """Raises PaintingFailed for anything but a picture."""
    if not isinstance(painted, Painted) or not painted.data:
        raise PaintingFailed("the worker answered with no picture")
    return painted


def _probe(load: Callable[[str, int], object], device: str, threads: int) -> str:
    """What loading the painter fails with, in words; empty when it succeeds."""
    try:
        load(device, threads)
    except WeightsMissing as error:
        return str(error)
    return ""


async def _once(work: Callable[..., Result], *args: object) -> Result:
    """Run something in a fresh process that ends with it."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return await asyncio.get_running_loop().run_in_executor(pool, work, *args)

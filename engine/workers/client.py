"""Paint in a pool of processes, for the process that answers people.

`engine/workers/worker.py` runs in the workers. They are spawned, warmed before the first job, and replaced
when they die or hang. A job whose worker died is painted once more.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.conditions import Conditions
from engine.errors import PaintingFailed
from engine.marks.code import NO_ROW
from engine.workers import worker
from engine.workers.pool import WorkerPool
from engine.workers.worker import Painted

if TYPE_CHECKING:
    from engine.painting.painter import Painter

log = logging.getLogger(__name__)

TRIES = 2
CHOOSING_SECONDS = 10.0
GPU_CANDIDATES = 4
SKETCH_SECONDS = 10.0
NICENESS, SKETCHING_NICENESS = 10, 19
"""Answers have priority over painting, and previews have the least. An idle machine is not slower."""


@dataclass(frozen=True, slots=True)
class PainterSettings:
    """How pictures are painted.

    device: "auto", "cpu" or "cuda"; workers, and threads of each: 0 for the best split
    deadline_seconds: how long a picture may take; warm_seconds: how long a worker may take to get ready
    originality: whether paintings are compared with known art
    candidates: seeds of which the best is painted, if the request names none and nothing else waits; 0 for
        several on a GPU and one on CPUs, where each would take a good part of a painting's time
    key: the file of the key that signs pictures; None leaves them unsigned
    """

    device: str = "auto"
    workers: int = 0
    threads: int = 0
    deadline_seconds: float = 60.0
    warm_seconds: float = 120.0
    originality: bool = True
    candidates: int = 0
    key: Path | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """The number of workers on a device, and the most and fewest threads of each."""

    device: str
    workers: int
    threads: int
    least: int

    def threads_beside(self, busy: int) -> int:
        """Return the threads of a worker while `busy` workers paint, itself included."""
        return max(self.least, self.threads // max(1, min(busy, self.workers)))


def split_cores(settings: PainterSettings, cores: int, gpus: int) -> Split:
    """Choose one worker per GPU; on CPUs one per two cores, but two on two cores.

    Two threads paint one picture sooner, but two workers with one thread each paint more pictures per second
    (`docs/benchmarks.md`). So on two cores, a worker gets both threads while the other one is idle.
    """
    if gpus and settings.device != "cpu":
        threads = settings.threads or max(1, cores // gpus)
        return Split("cuda", settings.workers or gpus, threads, threads)
    threads = settings.threads or min(2, cores)
    shared = not settings.threads and cores < 4
    workers = settings.workers or max(1, cores // (1 if shared else threads))
    return Split("cpu", workers, threads, 1 if shared else threads)


class PaintingClient:
    """Paint and sketch in processes of its own. Start it before use and close it after."""

    def __init__(self, settings: PainterSettings, load: Callable[[str, int], Painter] | None = None) -> None:
        """load: makes a worker's painter from (device, threads); importable by name"""
        self._settings = settings
        self._load = load or worker.load_shipped
        self._painters: WorkerPool | None = None
        self._sketchers: WorkerPool | None = None
        self._split = split_cores(settings, os.cpu_count() or 1, 0)
        self._busy = 0

    @property
    def workers(self) -> int:
        """Return how many pictures are painted at the same time; on GPUs only known after the start."""
        return self._split.workers

    @property
    def candidates(self) -> int:
        """Return the number of seeds among which `choose` finds the best; 1 for the given one only."""
        return self._settings.candidates or (GPU_CANDIDATES if self._split.device == "cuda" else 1)

    @property
    def warm(self) -> bool:
        """Return whether a worker is ready to paint."""
        return self._painters is not None and self._painters.warm

    @property
    def restarts(self) -> int:
        """Return how often a dead or stuck process was replaced."""
        return sum(pool.restarts for pool in (self._painters, self._sketchers) if pool is not None)

    async def wake(self) -> None:
        """Wait until a worker is warm. Raises PaintingFailed when none gets warm."""
        await _opened(self._painters).run(worker.ready)

    async def start(self) -> None:
        """Wait until a worker and the sketching process are warm.

        Raises WeightsMissing, or PaintingFailed when one never gets warm or the device is missing.
        """
        settings = self._settings
        gpus = 0 if settings.device == "cpu" else await _count_gpus(settings.warm_seconds)
        if settings.device == "cuda" and not gpus:
            raise PaintingFailed("PyTorch finds no GPU for the device cuda")
        self._split = split = split_cores(settings, os.cpu_count() or 1, gpus)
        judged = self.candidates > 1
        arguments = (
            *(self._load, split.device, split.threads),
            *(settings.warm_seconds, settings.originality, judged, settings.key),
        )
        self._sketchers = WorkerPool(1, worker.start_sketching, (settings.warm_seconds,), SKETCHING_NICENESS)
        self._painters = WorkerPool(split.workers, worker.start_painting, arguments, NICENESS)
        log.info("painting on %s with %d × %d threads", split.device, split.workers, split.threads)
        try:
            await asyncio.gather(
                self._painters.run(worker.ready),
                # A pool starts its processes with its first job, and the first preview should not wait.
                self._sketchers.run(worker.sketch_one, (worker.WARM_UP,)),
            )
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Stop the processes; running jobs fail."""
        for pool in (self._painters, self._sketchers):
            if pool is not None:
                await pool.close()

    async def sketch(self, conditions: Conditions) -> bytes:
        """Compose the layout as a small WebP, within tens of milliseconds. Raises PaintingFailed."""
        return await _opened(self._sketchers).run(worker.sketch_one, (conditions,), SKETCH_SECONDS)

    async def choose(self, conditions: Conditions) -> Conditions:
        """Return the conditions with the seed that the critic rates best. Raises PaintingFailed."""
        if self.candidates == 1:
            return conditions
        threads = self._split.threads_beside(self._busy + 1)
        return await _opened(self._painters).run(
            worker.choose_one,
            (conditions, self.candidates, threads),
            CHOOSING_SECONDS,
        )

    async def paint(
        self, job: str, conditions: Conditions, media_type: str = "image/png", number: int = NO_ROW
    ) -> Painted:
        """Paint a picture. Raises PaintingFailed, or DeadlinePassed when it took too long twice.

        number: that the picture's invisible mark carries
        """
        painters = _opened(self._painters)
        self._busy += 1
        try:
            return await self._try(painters, job, (conditions, media_type, number))
        finally:
            self._busy -= 1

    async def _try(self, painters: WorkerPool, job: str, wish: tuple[Conditions, str, int]) -> Painted:
        conditions, media_type, number = wish
        last = PaintingFailed("never tried")
        for attempt in range(1, TRIES + 1):
            try:
                threads = self._split.threads_beside(self._busy)
                work = (conditions, media_type, threads, number)
                return await painters.run(worker.paint_one, work, self._settings.deadline_seconds)
            except PaintingFailed as error:
                last = error
            except Exception as error:
                last = PaintingFailed(f"{type(error).__name__} in the worker: {error}")
                last.__cause__ = error
            log.warning("job %s: attempt %d failed: %s", job, attempt, last, exc_info=last)
        raise last


def _opened(pool: WorkerPool | None) -> WorkerPool:
    if pool is None:
        raise PaintingFailed("the painting client was not started")
    return pool


async def _count_gpus(seconds: float) -> int:
    """Count GPUs in a process that ends with the answer, so that this one does not import torch."""
    pool = WorkerPool(1, worker.leave_interrupts)
    try:
        return await pool.run(worker.gpu_count, (), seconds)
    finally:
        await pool.close()

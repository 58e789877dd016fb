"""A pool of spawned processes that stays up whichever of them dies.

pebble replaces a worker that dies or gets stuck at a job, but gives the whole pool up when one dies idle or
before it is warm; such a pool is opened anew for the next job.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import resource_tracker
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from engine.errors import DeadlinePassed, PaintingFailed

log = logging.getLogger(__name__)
Result = TypeVar("Result")


class WorkerPool:
    """Async in, answers of processes out. Nothing runs before the first job; close it after the last."""

    def __init__(self, workers: int, start: Callable[..., None], arguments: tuple[Any, ...] = ()) -> None:
        """start: called with `arguments` in each process before its first job; importable by name."""
        self._workers, self._start, self._arguments = workers, start, arguments
        self._pool: ProcessPool | None = self._make()
        self._pending: set[Future[Any]] = set()
        self._lock = asyncio.Lock()
        self._restarts = 0
        self._answered = False

    @property
    def restarts(self) -> int:
        """How often a process that died or got stuck was replaced; a pool that is opened anew counts once."""
        return self._restarts

    @property
    def warm(self) -> bool:
        """Whether a process answered, and none was lost since."""
        if self._pool is None or not self._answered:
            return False
        with interrupts_held():
            return bool(self._pool.active)

    def _make(self) -> ProcessPool:
        context = multiprocessing.get_context("spawn")
        return ProcessPool(self._workers, 0, self._start, self._arguments, context)

    async def run(
        self, work: Callable[..., Result], arguments: tuple[Any, ...] = (), seconds: float | None = None
    ) -> Result:
        """What `work` returns or raises in a process.

        seconds: how long it may run, the waiting for a free process left out
        Raises DeadlinePassed after that, and PaintingFailed when the process was lost or the pool is closed.
        """
        future = await self._submit(work, arguments, seconds)
        try:
            result = await asyncio.wrap_future(future)
            self._answered = True
            return result
        except TimeoutError as error:
            self._lose()
            raise DeadlinePassed(f"not done within {seconds} s") from error
        except ProcessExpired as error:
            self._lose()
            raise PaintingFailed(f"the worker died with exit code {error.exitcode}") from error
        except BrokenProcessPool as error:
            raise PaintingFailed("the worker died before it took the job") from error
        finally:
            self._pending.discard(future)

    def _lose(self) -> None:
        self._restarts, self._answered = self._restarts + 1, False

    async def close(self) -> None:
        """Stop the processes. Jobs under way fail."""
        async with self._lock:
            await self._stop()

    async def _submit(
        self, work: Callable[..., Result], arguments: tuple[Any, ...], seconds: float | None
    ) -> Future[Result]:
        async with self._lock:
            if self._pool is None:
                raise PaintingFailed("the studio is closed")
            with interrupts_held():
                # Asking starts a pool that is new.
                active = self._pool.active
            if not active:
                log.warning("a worker died idle or before it was warm; all are started anew")
                self._lose()
                await self._stop()
                self._pool = self._make()
            with interrupts_held():
                future: Future[Result] = self._pool.schedule(work, args=arguments, timeout=seconds)
            self._pending.add(future)
            return future

    async def _stop(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            await asyncio.to_thread(pool.join)
        # pebble leaves the jobs of a stopped pool without an answer.
        for future in self._pending:
            if not future.done():
                future.set_exception(BrokenProcessPool("the pool was stopped"))


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """Processes that start meanwhile, and those that their threads start, never see Ctrl-C: the parent ends
    them."""
    # The tracker starts with the first process, and lets interrupts through again when it has.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

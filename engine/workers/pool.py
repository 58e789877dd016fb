"""A pool of spawned processes that survives the death of any of them at any time.

Each process has its own pipe, whose ends no other process has: killed in the middle of a message, it blocks
nobody else. The parent waits in threads, so a process that stops half-way does not block the event loop.
Deadlines use the loop's clock, which no change of the system's clock affects.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import resource_tracker
from typing import Any, TypeVar

from engine.errors import DeadlinePassed, PaintingFailed
from engine.workers.process import Child, NotStarted

log = logging.getLogger(__name__)
Result = TypeVar("Result")

STARTS = 3
"""How often a process that dies before it is warm is started; after that, its job fails."""


class Slot:
    """One place of the pool: a process, or the reason why there is none."""

    def __init__(self) -> None:
        self.child: Child | None = None
        self.failure = ""


class WorkerPool:
    """Runs functions in processes, which start with the first job. Close it after the last."""

    def __init__(
        self, workers: int, start: Callable[..., None], arguments: tuple[Any, ...] = (), niceness: int = 0
    ) -> None:
        """start: called with `arguments` in each process before its first job; importable by name

        niceness: how far the priority of the processes is below ours, 0 to 19
        """
        self._workers, self._start, self._arguments = workers, start, arguments
        self._niceness = niceness
        # One thread for each process, and one for each replacement that starts meanwhile.
        self._threads = ThreadPoolExecutor(2 * workers, "pool")
        self._free: asyncio.Queue[Slot | None] = asyncio.Queue()
        self._children: set[Child] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._opened = self._closed = self._answered = False
        self._restarts = 0

    @property
    def restarts(self) -> int:
        """How often a dead or stuck process was replaced."""
        return self._restarts

    @property
    def warm(self) -> bool:
        """Whether a process has answered, and none was lost since."""
        return self._answered and not self._closed

    async def run(
        self, work: Callable[..., Result], arguments: tuple[Any, ...] = (), seconds: float | None = None
    ) -> Result:
        """Run `work` in a process and return or raise what it does.

        seconds: how long it may run, not counting the wait for a free process
        Raises DeadlinePassed after that, and PaintingFailed when the process dies or the pool is closed.
        """
        self._open()
        while True:
            child = await self._next()
            try:
                return await self._do(child, work, arguments, seconds)
            except NotStarted:
                log.warning("a worker died idle; another takes its job")

    async def _do(
        self, child: Child, work: Callable[..., Result], arguments: tuple[Any, ...], seconds: float | None
    ) -> Result:
        lost = True
        try:
            async with asyncio.timeout(seconds):
                answer = await self._in_thread(child.ask, work, arguments)
            lost = False
            self._answered = True
            result: Result = answer()
            return result
        except TimeoutError as error:
            if not lost:
                raise  # raised by the work itself
            raise DeadlinePassed(f"not done within {seconds} s") from error
        except EOFError as error:
            code = await self._in_thread(child.exit_code)
            raise PaintingFailed(f"the worker died with exit code {code}") from error
        finally:
            self._leave(child, lost)

    def _leave(self, child: Child, lost: bool) -> None:
        """Offer the process again, or replace a lost one."""
        if not lost and not self._closed:
            self._offer(child)
        elif not self._closed:
            self._replace(child)

    def _replace(self, child: Child) -> None:
        self._restarts, self._answered = self._restarts + 1, False
        child.kill()
        self._fill(child)

    def _offer(self, child: Child) -> None:
        place = Slot()
        place.child = child
        self._free.put_nowait(place)

    async def _next(self) -> Child:
        """Wait for a warm, free process. Raises PaintingFailed when there will be none."""
        place = None if self._closed else await self._free.get()
        if place is None:
            self._free.put_nowait(None)
            raise PaintingFailed("the painting client is closed")
        if place.child is None:
            self._fill()
            raise PaintingFailed(place.failure)
        return place.child

    def _open(self) -> None:
        if not self._opened and not self._closed:
            self._opened = True
            for _ in range(self._workers):
                self._fill()

    def _fill(self, before: Child | None = None) -> None:
        """Start a process, and offer it when it is warm. before: the killed process it replaces"""
        task = asyncio.create_task(self._begin(before))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _begin(self, before: Child | None) -> None:
        place = Slot()
        if before is not None:
            await self._in_thread(before.exit_code)
            self._children.discard(before)
        for _ in range(STARTS):
            child = await self._in_thread(self._spawn)
            self._children.add(child)
            if self._closed:
                break  # `close` kills it
            try:
                await self._in_thread(child.warm)
                place.child = child
                break
            except EOFError:
                code = await self._in_thread(child.exit_code)
                if self._closed:
                    break
                place.failure = f"the worker died before it was warm, with exit code {code}"
                self._restarts += 1
                self._children.discard(child)
                log.warning("%s", place.failure)
            if code != -signal.SIGKILL:
                break
        self._free.put_nowait(place)

    def _spawn(self) -> Child:
        with blocked_interrupts():
            return Child(self._start, self._arguments, self._niceness)

    async def _in_thread(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    async def close(self) -> None:
        """Stop the processes. Running jobs fail."""
        self._closed = True
        self._free.put_nowait(None)
        while self._children or self._starting:
            for child in list(self._children):
                child.kill()
                await self._in_thread(child.exit_code)
                self._children.discard(child)
            if self._starting:
                await asyncio.wait(self._starting)
        self._threads.shutdown()


@contextlib.contextmanager
def blocked_interrupts() -> Iterator[None]:
    """Block Ctrl-C for processes that start in this block: the parent ends them."""
    # The resource tracker starts with the first process and unblocks interrupts: start it before.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

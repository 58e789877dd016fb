"""A pool of spawned processes that stays up whichever of them dies, and whenever.

Each process has a pipe of its own, whose ends nobody else holds: one that is killed in the middle of a word
takes nothing with it that another waits for. The parent waits in threads, so that one that stops half-way
stops no event loop. Deadlines are the loop's, which no system clock moves.
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
from engine.workers.process import Child, Untaken

log = logging.getLogger(__name__)
Result = TypeVar("Result")

STARTS = 3
"""How often a process is started that is killed before it is warm; then whoever waits for it is told."""


class Slot:
    """One of a pool's places: a process, or why there is none. It is offered when it is either."""

    def __init__(self) -> None:
        self.child: Child | None = None
        self.failure = ""


class WorkerPool:
    """Async in, answers of processes out. Nothing runs before the first job; close it after the last."""

    def __init__(
        self, workers: int, start: Callable[..., None], arguments: tuple[Any, ...] = (), niceness: int = 0
    ) -> None:
        """start: called with `arguments` in each process before its first job; importable by name

        niceness: by how much the priority of the processes is below ours, 0 to 19
        """
        self._workers, self._start, self._arguments = workers, start, arguments
        self._niceness = niceness
        # One thread for each that works, and one for each that takes the place of one that was killed.
        self._threads = ThreadPoolExecutor(2 * workers, "pool")
        self._free: asyncio.Queue[Slot | None] = asyncio.Queue()
        self._children: set[Child] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._opened = self._closed = self._answered = False
        self._restarts = 0

    @property
    def restarts(self) -> int:
        """How often a process that died or got stuck was replaced."""
        return self._restarts

    @property
    def warm(self) -> bool:
        """Whether a process answered, and none was lost since."""
        return self._answered and not self._closed

    async def run(
        self, work: Callable[..., Result], arguments: tuple[Any, ...] = (), seconds: float | None = None
    ) -> Result:
        """What `work` returns or raises in a process.

        seconds: how long it may run, the waiting for a free process left out
        Raises DeadlinePassed after that, and PaintingFailed when the process was lost or the pool is closed.
        """
        self._open()
        while True:
            child = await self._next()
            try:
                return await self._do(child, work, arguments, seconds)
            except Untaken:
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
                raise  # the work's own
            raise DeadlinePassed(f"not done within {seconds} s") from error
        except EOFError as error:
            code = await self._in_thread(child.exit_code)
            raise PaintingFailed(f"the worker died with exit code {code}") from error
        finally:
            self._leave(child, lost)

    def _leave(self, child: Child, lost: bool) -> None:
        """Whoever asked is through with the process."""
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
        """A process that is warm and free. Raises PaintingFailed when there is to be none."""
        place = None if self._closed else await self._free.get()
        if place is None:
            self._free.put_nowait(None)
            raise PaintingFailed("the studio is closed")
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
        """Have a place filled, and offered when it is. before: who was killed there"""
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
                break  # it is killed with the others
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
        with interrupts_held():
            return Child(self._start, self._arguments, self._niceness)

    async def _in_thread(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    async def close(self) -> None:
        """Stop the processes. Jobs under way fail."""
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
def interrupts_held() -> Iterator[None]:
    """Processes that start meanwhile never see Ctrl-C: the parent ends them."""
    # The tracker starts with the first process, and lets interrupts through again when it has.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

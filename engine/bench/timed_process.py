"""One way to do something, warm in a process of its own and timed on command.

Each has its own process, so that nobody's idle threads, allocator or memory disturb the others; they are told
to run in turn, so that whatever else goes on in the machine meets all of them alike.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.workers.worker import wait_patiently

Work = Callable[[], object]
"""What is timed."""
STATUS = Path("/proc/self/status")


@dataclass(slots=True)
class StoppedWork:
    """What a process keeps between two commands; set once when it starts."""

    work: Work | None = None


_HELD = StoppedWork()


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by the clock, which other work stretches, and of the processor for all threads together."""

    seconds: float
    processor: float


class Contestant:
    """A process that holds some work. Close it after use."""

    def __init__(self, make: Callable[..., Work], *arguments: Any) -> None:
        """Return when the work was made and done once; raises what `make` raises.

        make: importable by name, called with `arguments` in the process
        """
        # As in service: what makes the work may bring torch, which reads the environment when it comes.
        self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), wait_patiently)
        self._id: int | None = None
        start = time.perf_counter()
        try:
            self._id = self._pool.submit(_prepare, make, arguments).result()
        except BaseException:
            self.close()
            raise
        self.start_seconds = time.perf_counter() - start
        """From the start of the process to the end of its first run."""
        self.processor: list[float] = []
        """Processor seconds of each run so far, of all threads together."""
        self.hold()

    def __enter__(self) -> Contestant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin(self) -> Future[Took]:
        """Begin to work; what it took. `hold` it afterwards."""
        self._let_go()
        return self._pool.submit(_timed)

    def hold(self) -> None:
        """Stop the process until it is asked again: idle threads that spin on would take a core of others."""
        self._signal(signal.SIGSTOP)

    def _let_go(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        # One that has ended is told of by whatever it is asked next.
        with contextlib.suppress(ProcessLookupError):
            if self._id is not None:
                os.kill(self._id, number)

    def run(self) -> float:
        """Work; the seconds it took."""
        took = self.begin().result()
        self.hold()
        self.processor.append(took.processor)
        return took.seconds

    def peak_memory(self) -> float:
        """Most memory that the process held so far, in MB."""
        self._let_go()
        return self._pool.submit(peak_memory).result()

    def close(self) -> None:
        """End the process."""
        self._let_go()
        self._pool.shutdown()


def _prepare(make: Callable[..., Work], arguments: tuple[Any, ...]) -> int:
    """Returns the process's id."""
    _HELD.work = make(*arguments)
    _HELD.work()
    return os.getpid()


def _timed() -> Took:
    if _HELD.work is None:
        raise RuntimeError("this process was given no work")
    start, used = time.perf_counter(), time.process_time()
    _HELD.work()
    return Took(time.perf_counter() - start, time.process_time() - used)


def peak_memory() -> float:
    """Most memory that this process held so far, in MB (10^6 bytes)."""
    # getrusage would count what the parent held when it started this process.
    [line] = [line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024 / 1e6


def interleaved(works: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each work in each round; every round runs all of them in turn."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(work())
    return taken


def ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """Median over rounds of one's seconds in those of another in the same round."""
    return statistics.median(one / other for one, other in zip(over, under, strict=True))


def together(contestants: Iterable[Contestant]) -> float:
    """Let all work at once; seconds until the last is done."""
    start = time.perf_counter()
    all_of_them = list(contestants)
    for future in [contestant.begin() for contestant in all_of_them]:
        future.result()
    took = time.perf_counter() - start
    for contestant in all_of_them:
        contestant.hold()
    return took

"""Time pieces of work, each warm in its own process.

In its own process, no work suffers from the idle threads, allocator or memory of another. They run in turn,
so that other load on the machine affects all of them alike.
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
"""The function that is timed."""
STATUS = Path("/proc/self/status")


@dataclass(slots=True)
class ProcessState:
    """What a process keeps between two runs. Set once, when it starts."""

    work: Work | None = None


_STATE = ProcessState()


@dataclass(frozen=True, slots=True)
class Took:
    """Wall time, which depends on other load, and processor time of all threads together, in seconds."""

    seconds: float
    processor: float


class TimedProcess:
    """A process with some work to time. Close it after use."""

    def __init__(self, make: Callable[..., Work], *arguments: Any) -> None:
        """Make the work and run it once; raises what `make` raises.

        make: importable by name, called with `arguments` in the process
        """
        # As in a worker: `make` may import torch, which reads the environment once.
        self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), wait_patiently)
        self._id: int | None = None
        start = time.perf_counter()
        try:
            self._id = self._pool.submit(_prepare, make, arguments).result()
        except BaseException:
            self.close()
            raise
        self.start_seconds = time.perf_counter() - start
        """Seconds from the start of the process to the end of its first run."""
        self.processor: list[float] = []
        """Processor seconds of each run so far, all threads together."""
        self.pause()

    def __enter__(self) -> TimedProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin(self) -> Future[Took]:
        """Start a run and return its future. Call `pause` afterwards."""
        self._resume()
        return self._pool.submit(_timed)

    def pause(self) -> None:
        """Stop the process until the next run, so that its spinning threads take no core from others."""
        self._signal(signal.SIGSTOP)

    def _resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        # If the process has ended, the next run raises.
        with contextlib.suppress(ProcessLookupError):
            if self._id is not None:
                os.kill(self._id, number)

    def run(self) -> float:
        """Run once and return the seconds."""
        took = self.begin().result()
        self.pause()
        self.processor.append(took.processor)
        return took.seconds

    def peak_memory(self) -> float:
        """Return the most memory that the process has used, in MB."""
        self._resume()
        return self._pool.submit(peak_memory).result()

    def close(self) -> None:
        """End the process."""
        self._resume()
        self._pool.shutdown()


def _prepare(make: Callable[..., Work], arguments: tuple[Any, ...]) -> int:
    """Make the work, run it once, and return the id of the process."""
    _STATE.work = make(*arguments)
    _STATE.work()
    return os.getpid()


def _timed() -> Took:
    if _STATE.work is None:
        raise RuntimeError("this process has no work")
    start, used = time.perf_counter(), time.process_time()
    _STATE.work()
    return Took(time.perf_counter() - start, time.process_time() - used)


def peak_memory() -> float:
    """Return the most memory that this process has used, in MB (10^6 bytes)."""
    # getrusage would count the parent's memory at the start of this process.
    [line] = [line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024 / 1e6


def interleaved(works: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Run all works in turn, round after round, and return the seconds of each."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(work())
    return taken


def ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """Return the median over rounds of the ratio of two works in the same round."""
    return statistics.median(one / other for one, other in zip(over, under, strict=True))


def together(processes: Iterable[TimedProcess]) -> float:
    """Run all at once and return the seconds until the last is done."""
    start = time.perf_counter()
    all_of_them = list(processes)
    for future in [process.begin() for process in all_of_them]:
        future.result()
    took = time.perf_counter() - start
    for process in all_of_them:
        process.pause()
    return took

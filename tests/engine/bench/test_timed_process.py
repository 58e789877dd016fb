"""Test engine/bench/timed_process.py with work that takes no time."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.bench.timed_process import TimedProcess, interleaved, peak_memory, ratio, together


def notes(file: Path) -> Callable[[], object]:
    """Make work that appends the id of its process to a file."""

    def work() -> None:
        with file.open("a") as out:
            out.write(f"{os.getpid()}\n")

    return work


def impossible(module: str) -> Callable[[], object]:
    raise ModuleNotFoundError(f"No module named {module!r}", name=module)


def test_work_is_made_in_a_process_of_its_own_and_done_once_before_it_is_timed(tmp_path: Path) -> None:
    with TimedProcess(notes, tmp_path / "notes") as process:
        assert process.start_seconds > 0
        assert process.run() >= 0
        assert [used >= 0 for used in process.processor] == [True]
        lines = (tmp_path / "notes").read_text().split()
    assert len(lines) == 2
    assert set(lines) != {str(os.getpid())}


def test_processes_that_work_together_are_waited_for(tmp_path: Path) -> None:
    files = [tmp_path / "one", tmp_path / "two"]
    with TimedProcess(notes, files[0]) as one, TimedProcess(notes, files[1]) as two:
        seconds = together([one, two])
        assert seconds >= 0
        assert [len(file.read_text().split()) for file in files] == [2, 2]


def test_what_keeps_work_from_being_made_is_raised_here() -> None:
    with pytest.raises(ModuleNotFoundError, match="diffusers"):
        TimedProcess(impossible, "diffusers")


def test_peak_memory_grows_with_what_is_held_and_stays_when_it_is_freed() -> None:
    before = peak_memory()
    held = np.ones(int(before * 1e6 / 8) + 8_000_000)
    grown = peak_memory()
    del held
    assert grown > before + 60
    assert peak_memory() > grown - 10  # the kernel counts in batches


def test_a_process_stands_still_until_it_is_asked(tmp_path: Path) -> None:
    with TimedProcess(notes, tmp_path / "notes") as process:
        process.run()
        pid = int((tmp_path / "notes").read_text().split()[-1])
        # Not at once: a signal is delivered when the kernel comes to it.
        os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOWAIT)
        assert process.run() > 0


def test_every_round_runs_all_in_turn() -> None:
    order: list[str] = []

    def work(name: str) -> Callable[[], float]:
        return lambda: float(len(order.append(name) or order))  # type: ignore[func-returns-value]

    taken = interleaved({"a": work("a"), "b": work("b")}, 2)
    assert order == ["a", "b", "a", "b"]
    assert taken == {"a": [1.0, 3.0], "b": [2.0, 4.0]}


def test_a_ratio_is_the_median_of_those_of_the_rounds() -> None:
    # Whatever slowed a whole round down cancels out.
    assert ratio([1.0, 20.0, 9.0], [2.0, 40.0, 3.0]) == 0.5

"""Test engine/workers/pool.py with real processes."""

from __future__ import annotations

import asyncio
import gc
import math
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from engine.errors import DeadlinePassed, PaintingFailed
from engine.workers.pool import WorkerPool
from engine.workers.worker import leave_interrupts

pytestmark = pytest.mark.asyncio(loop_scope="module")


def killed(_: int = 0) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_once(note: Path) -> None:
    if not note.exists():
        note.touch()
        killed()


class HalfAnAnswer:
    """Kills the process that sends it, in the middle of the message."""

    def __reduce__(self) -> tuple[Any, ...]:
        [pipe] = [each for each in gc.get_objects() if isinstance(each, Connection)]
        os.write(pipe.fileno(), b"\x00\x00\x10\x00half")
        killed()
        return int, ()


def half_an_answer() -> HalfAnAnswer:
    return HalfAnAnswer()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(1, leave_interrupts)
    yield pool
    await pool.close()


async def test_work_is_done_in_another_process(pool: WorkerPool) -> None:
    assert await pool.run(os.getpid) not in (0, os.getpid())
    assert await pool.run(math.factorial, (5,)) == 120


async def test_what_work_raises_is_raised_here(pool: WorkerPool) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        await pool.run(int, ("five",))


async def test_processes_leave_the_processor_to_us_as_far_as_they_are_told() -> None:
    pool = WorkerPool(1, leave_interrupts, niceness=1)
    assert await pool.run(os.nice, (0,)) == os.nice(0) + 1
    await pool.close()


async def test_work_that_cannot_be_sent_fails_alone(pool: WorkerPool) -> None:
    with pytest.raises((AttributeError, TypeError)):
        await pool.run(threading.Lock().acquire)
    assert await pool.run(math.factorial, (3,)) == 6


async def test_work_that_takes_too_long_passes_its_deadline(pool: WorkerPool) -> None:
    with pytest.raises(DeadlinePassed, match=r"0\.2 s"):
        await pool.run(signal.pause, (), 0.2)
    assert await pool.run(math.factorial, (4,)) == 24


@pytest.mark.parametrize("days", [1, -1])
async def test_a_clock_that_jumps_changes_no_deadline(
    pool: WorkerPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    os.mkfifo(tmp_path / "pipe")
    job = asyncio.create_task(pool.run(Path.read_bytes, (tmp_path / "pipe",), 60))
    # Opening it returns when the process reads, and so is at work.
    with await asyncio.to_thread((tmp_path / "pipe").open, "wb") as pipe:
        then = time.time() + days * 86_400
        monkeypatch.setattr(time, "time", lambda: then)
        pipe.write(b"done")
    assert await job == b"done"


async def test_a_process_that_dies_at_work_is_told_and_replaced(pool: WorkerPool) -> None:
    with pytest.raises(PaintingFailed, match="died"):
        await pool.run(os._exit, (3,))
    assert await pool.run(math.factorial, (4,)) == 24


async def test_a_process_that_dies_idle_fails_no_job(pool: WorkerPool) -> None:
    lost = await pool.run(os.getpid)
    os.kill(lost, signal.SIGKILL)
    assert await pool.run(os.getpid) != lost


async def test_a_process_that_is_killed_while_it_answers_is_replaced(pool: WorkerPool) -> None:
    answer = asyncio.create_task(pool.run(half_an_answer))
    with pytest.raises(PaintingFailed, match="exit code -9"):
        await answer
    assert await pool.run(math.factorial, (4,)) == 24


async def test_a_process_that_is_killed_before_it_is_warm_is_started_again(tmp_path: Path) -> None:
    pool = WorkerPool(1, killed_once, (tmp_path / "note",))
    assert await pool.run(math.factorial, (4,)) == 24
    assert pool.restarts == 1
    await pool.close()


@pytest.mark.parametrize(("start", "code"), [(os._exit, 3), (killed, -9)])
async def test_whoever_waits_is_told_when_no_process_gets_warm(
    start: Callable[[int], None], code: int
) -> None:
    pool = WorkerPool(1, start, (3,))
    for _ in range(2):
        with pytest.raises(PaintingFailed, match=f"died before it was warm, with exit code {code}"):
            await pool.run(os.getpid)
    assert not pool.warm
    await pool.close()


async def test_a_job_that_waits_for_a_process_is_told_when_the_pool_closes(pool: WorkerPool) -> None:
    pool = WorkerPool(1, leave_interrupts)
    jobs = [asyncio.create_task(pool.run(signal.pause)) for _ in range(2)]
    await asyncio.sleep(0)
    await pool.close()
    said = [str(failure) for failure in await asyncio.gather(*jobs, return_exceptions=True)]
    assert "the painting client is closed" in said


async def test_a_pool_is_warm_from_an_answer_until_a_process_is_lost() -> None:
    pool = WorkerPool(1, leave_interrupts)
    assert (pool.warm, pool.restarts) == (False, 0)
    await pool.run(os.getpid)
    assert (pool.warm, pool.restarts) == (True, 0)
    with pytest.raises(PaintingFailed, match="died"):
        await pool.run(os._exit, (3,))
    assert (pool.warm, pool.restarts) == (False, 1)
    with pytest.raises(DeadlinePassed):
        await pool.run(signal.pause, (), 0.2)
    assert (pool.warm, pool.restarts) == (False, 2)
    await pool.run(os.getpid)
    assert (pool.warm, pool.restarts) == (True, 2)
    await pool.close()
    assert (pool.warm, pool.restarts) == (False, 2)


async def test_ctrl_c_is_held_from_a_process_and_its_replacement_from_their_first_moment_on() -> None:
    pool = WorkerPool(1, int)
    for _ in range(2):
        assert signal.SIGINT in await pool.run(signal.pthread_sigmask, (signal.SIG_BLOCK, ()))
        with pytest.raises(PaintingFailed, match="died"):
            await pool.run(os._exit, (3,))
    await pool.close()
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


async def test_work_that_is_cancelled_makes_room_for_the_next(pool: WorkerPool) -> None:
    await pool.run(os.getpid)
    job = asyncio.create_task(pool.run(signal.pause))
    await asyncio.sleep(0)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert await pool.run(math.factorial, (4,)) == 24


async def test_nothing_runs_before_the_first_job_or_after_closing() -> None:
    before = multiprocessing.active_children()
    pool = WorkerPool(2, leave_interrupts)
    assert multiprocessing.active_children() == before
    await pool.run(os.getpid)
    assert len(multiprocessing.active_children()) == len(before) + 2
    await pool.close()
    assert multiprocessing.active_children() == before
    with pytest.raises(PaintingFailed, match="closed"):
        await pool.run(os.getpid)


async def test_a_pool_closes_twice() -> None:
    pool = WorkerPool(1, leave_interrupts)
    await pool.close()
    await pool.close()

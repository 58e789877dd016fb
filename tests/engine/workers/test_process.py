"""Test engine/workers/process.py; test_pool.py tests processes that die."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Callable, Iterator

import pytest

from engine.workers.process import Child, NotStarted, RemoteTraceback
from engine.workers.worker import leave_interrupts


@pytest.fixture
def child() -> Iterator[Child]:
    child = Child(leave_interrupts, ())
    child.warm()
    yield child
    child.kill()
    child.exit_code()


def test_a_child_does_one_thing_after_the_other(child: Child) -> None:
    assert child.ask(math.factorial, (5,))() == 120
    assert child.ask(os.getpid, ())() != os.getpid()


def test_what_is_raised_tells_where_it_was(child: Child) -> None:
    with pytest.raises(ValueError, match="invalid literal") as raised:
        child.ask(int, ("five",))()
    assert isinstance(raised.value.__cause__, RemoteTraceback)
    assert "process.py" in str(raised.value.__cause__)


@pytest.mark.parametrize("work", [threading.Lock().acquire, threading.Lock])
def test_work_or_an_answer_that_cannot_be_sent_is_told(child: Child, work: Callable[[], object]) -> None:
    with pytest.raises((AttributeError, TypeError)):
        child.ask(work, ())()
    assert child.ask(math.factorial, (3,))() == 6


def test_a_child_that_dies_over_its_work_has_taken_it(child: Child) -> None:
    with pytest.raises(EOFError):
        child.ask(os._exit, (3,))
    assert child.exit_code() == 3


def test_a_child_that_is_gone_takes_nothing(child: Child) -> None:
    child.kill()
    child.exit_code()
    with pytest.raises(NotStarted):
        child.ask(os.getpid, ())

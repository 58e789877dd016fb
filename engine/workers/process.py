"""A process that does what it is told, one thing after the other, and the parent's end of the pipe to it.

Its methods block; whoever calls them waits in a thread.
"""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

WARM, TAKEN = "warm", "taken"
Answer = Callable[[], Any]
"""Returns or raises what the work did."""


class Untaken(Exception):
    """The process was gone before it took the work."""


class Elsewhere(Exception):
    """The traceback of what was raised in the process, which stays there."""


class Child:
    """A spawned process. `warm` it before it is asked for anything."""

    def __init__(self, start: Callable[..., None], arguments: tuple[Any, ...], niceness: int = 0) -> None:
        """start: called with `arguments` in the process before its first work; importable by name

        niceness: by how much its priority is below ours, 0 to 19
        """
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, start, arguments, niceness), daemon=True)
        self._process.start()
        # Without another holder the pipe ends with the process.
        theirs.close()

    def warm(self) -> None:
        """Return when it is ready. Raises EOFError when it ended."""
        self._hear()

    def ask(self, work: Callable[..., Any], arguments: tuple[Any, ...]) -> Answer:
        """What came of the work. Raises EOFError when the process ended over it, and Untaken when before."""
        try:
            self._pipe.send((work, arguments))
            self._hear()
        except (EOFError, OSError) as error:
            raise Untaken from error
        except Exception as error:
            return partial(_told, None, error, "")  # it cannot be sent
        return partial(_told, *self._hear())

    def _hear(self) -> Any:
        try:
            return self._pipe.recv()
        except OSError as error:
            raise EOFError from error  # reset, or closed here when it was killed

    def exit_code(self) -> int | None:
        """Of the process, which has ended; minus the signal that ended it."""
        self._process.join()
        return self._process.exitcode

    def kill(self) -> None:
        """End it, whatever it does; it is gone soon after."""
        self._process.kill()


def _told(result: Any, failure: Exception | None, where: str) -> Any:
    if failure is not None:
        raise failure from Elsewhere(where)
    return result


def _serve(pipe: Connection, start: Callable[..., None], arguments: tuple[Any, ...], niceness: int) -> None:
    os.nice(niceness)
    start(*arguments)
    pipe.send(WARM)
    while True:
        try:
            work, given = pipe.recv()
        except EOFError:
            return  # the parent is gone
        pipe.send(TAKEN)
        answer = _attempt(work, given)
        try:
            pipe.send(answer)
        except BrokenPipeError:
            return
        except Exception as error:
            pipe.send((None, TypeError(f"what came of the work cannot be sent: {error}"), ""))


def _attempt(work: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, Exception | None, str]:
    try:
        return work(*arguments), None, ""
    except Exception as error:
        return None, error, traceback.format_exc()

"""A child process that runs functions one after the other, and the parent's end of its pipe.

The methods block: call them in a thread.
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
"""Returns the result of the work, or raises its error."""


class NotStarted(Exception):
    """The process was gone before it received the work."""


class RemoteTraceback(Exception):
    """The traceback of an error in the process, as text."""


class Child:
    """A spawned process. Call `warm` before `ask`."""

    def __init__(self, start: Callable[..., None], arguments: tuple[Any, ...], niceness: int = 0) -> None:
        """start: called with `arguments` in the process before its first work; importable by name

        niceness: how far its priority is below ours, 0 to 19
        """
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, start, arguments, niceness), daemon=True)
        self._process.start()
        # The pipe closes with the process only if we have no copy of its end.
        theirs.close()

    def warm(self) -> None:
        """Wait until it is ready. Raises EOFError when it died."""
        self._receive()

    def ask(self, work: Callable[..., Any], arguments: tuple[Any, ...]) -> Answer:
        """Run the work. Raises NotStarted when the process was dead, and EOFError when it dies meanwhile."""
        try:
            self._pipe.send((work, arguments))
            self._receive()
        except (EOFError, OSError) as error:
            raise NotStarted from error
        except Exception as error:
            return partial(_result, None, error, "")  # the work cannot be pickled
        return partial(_result, *self._receive())

    def _receive(self) -> Any:
        try:
            return self._pipe.recv()
        except OSError as error:
            raise EOFError from error  # the pipe was reset, or `kill` closed it

    def exit_code(self) -> int | None:
        """Wait for the end of the process; a signal counts as minus its number."""
        self._process.join()
        return self._process.exitcode

    def kill(self) -> None:
        """Kill it; `exit_code` waits for its end."""
        self._process.kill()


def _result(result: Any, failure: Exception | None, where: str) -> Any:
    if failure is not None:
        raise failure from RemoteTraceback(where)
    return result


def _serve(pipe: Connection, start: Callable[..., None], arguments: tuple[Any, ...], niceness: int) -> None:
    os.nice(niceness)
    start(*arguments)
    pipe.send(WARM)
    while True:
        try:
            work, given = pipe.recv()
        except EOFError:
            return  # the parent has died
        pipe.send(TAKEN)
        answer = _attempt(work, given)
        try:
            pipe.send(answer)
        except BrokenPipeError:
            return
        except Exception as error:
            pipe.send((None, TypeError(f"the result cannot be sent: {error}"), ""))


def _attempt(work: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, Exception | None, str]:
    try:
        return work(*arguments), None, ""
    except Exception as error:
        return None, error, traceback.format_exc()

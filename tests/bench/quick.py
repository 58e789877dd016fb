"""The `easel` command with a painter that costs nothing: python -m tests.bench.quick serve --config FILE

Everything else is the real thing: processes, database, files and posts. So a machine gets through the crashes
and the thousands of pictures of the other programs here in minutes, and its time goes where the faults are.
"""

from __future__ import annotations

from unittest import mock

from tests.fakes import FakePainter


def load_quick(device: str, threads: int) -> FakePainter:
    """In place of `engine.worker.load_shipped`: the layout itself is the painting."""
    return FakePainter()


def main() -> None:
    from bot.cli import easel

    with mock.patch("engine.worker.load_shipped", load_quick):
        easel(prog_name="easel")


if __name__ == "__main__":
    main()

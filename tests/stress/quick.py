"""Run `easel` with a painter that costs nothing: python -m tests.stress.quick serve --config FILE

Everything else is the real thing: processes, database, files and posts. So a machine gets through the crashes
and the thousands of pictures of the other programs here in minutes, and its time goes where the faults are.
"""

from __future__ import annotations

from collections.abc import Sequence
from unittest import mock

from engine.conditions import Conditions
from engine.layout import Layout, Pixels


class QuickPainter:
    """Paint by returning the layout."""

    name = "quick"

    def paint(self, layouts: Sequence[Layout], conditions: Sequence[Conditions]) -> list[Pixels]:
        return [layout.image for layout in layouts]

    def use_threads(self, count: int) -> None: ...


def load_quick(device: str, threads: int) -> QuickPainter:
    """Replace `engine.workers.worker.load_shipped`."""
    return QuickPainter()


def main() -> None:
    from bot.cli.main import easel

    with mock.patch("engine.workers.worker.load_shipped", load_quick):
        easel(prog_name="easel")


if __name__ == "__main__":
    main()

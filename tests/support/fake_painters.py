"""Cheap painters that spawned workers import by name; the seed tells them what to do."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from engine.conditions import Conditions
from engine.errors import WeightsMissing
from engine.layout import Layout, Pixels

GOOD, DIES_ONCE, DIES, STUCK_ONCE, STUCK, NONSENSE, SMALL, RAISES, NAMES_PROCESS = range(100, 109)
Load = Callable[[str, int], "MoodyPainter"]


@dataclass
class MoodyPainter:
    """Return the layout, unless the seed asks for something else.

    notes: a folder that records moods that come once, because the next worker is another process
    """

    notes: Path
    name: str = "moody"

    def paint(self, layouts: Sequence[Layout], conditions: Sequence[Conditions]) -> list[Pixels]:
        seed = conditions[0].seed
        if seed == DIES or (seed == DIES_ONCE and self._first_time(seed)):
            os._exit(9)
        if seed == STUCK or (seed == STUCK_ONCE and self._first_time(seed)):
            threading.Event().wait()
        if seed == RAISES:
            raise ValueError("the brush broke")
        if seed == NAMES_PROCESS:
            (self.notes / "process").write_text(str(os.getpid()))
        images = [layout.image for layout in layouts]
        return {NONSENSE: [], SMALL: [np.zeros((8, 8, 3), np.uint8)]}.get(seed, images)

    def use_threads(self, count: int) -> None:
        (self.notes / "threads").write_text(str(count))

    def _first_time(self, seed: int) -> bool:
        note = self.notes / f"seed-{seed}"
        first = not note.exists()
        note.touch()
        return first


def moody(notes: Path) -> Load:
    """Return a loader of moody painters that can be sent to a worker."""
    return partial(_load_moody, notes)


def _load_moody(notes: Path, device: str, threads: int) -> MoodyPainter:
    return MoodyPainter(notes)


def load_nothing(device: str, threads: int) -> MoodyPainter:
    raise WeightsMissing("no weights in painter.safetensors")


def load_broken(device: str, threads: int) -> MoodyPainter:
    raise RuntimeError("the easel fell over")


def load_forever(device: str, threads: int) -> MoodyPainter:
    threading.Event().wait()
    raise AssertionError("nobody ends the wait")

"""The child side of the pool: one process that holds a painter and paints what it is told.

Nothing here imports torch until a painter is loaded, so that the process which only sketches stays small.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.composer import compose
from engine.conditions import Conditions
from engine.finish import PNG, describe, encode_preview, finish

if TYPE_CHECKING:  # the painter brings torch with it
    from engine.painter import Painter

WARM_UP = Conditions(style=(("oil", 1.0),), colors=("blue",), shape="fish", scene="portrait", seed=0)


@dataclass(frozen=True, slots=True)
class Painted:
    """A finished picture as it left the worker.

    data: the encoded file with its parameters embedded; media_type: "image/png" or "image/webp"
    alt: English alt text beginning with "Generated picture:"
    seconds: wall time by phase: compose, paint, finish, total
    """

    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int
    alt: str
    conditions: Conditions
    seconds: dict[str, float]


@dataclass(slots=True)
class Bench:
    """Where a worker keeps its painter between jobs; set once when the process starts."""

    painter: Painter | None = None


_BENCH = Bench()


def load_shipped(device: str, threads: int) -> Painter:
    """The painter of the shipped weights. Raises WeightsMissing."""
    from engine.painter import load_painter

    return load_painter(device, threads)


def start_painting(load: Callable[[str, int], Painter], device: str, threads: int) -> None:
    """Initializer: load and warm the painter. Ctrl-C is left to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _BENCH.painter = load(device, threads)
    paint_one(WARM_UP, PNG)


def start_sketching() -> None:
    """Initializer of the process that composes previews."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    compose(WARM_UP)


def paint_one(conditions: Conditions, media_type: str) -> Painted:
    """Compose, paint and encode one picture in this process."""
    if _BENCH.painter is None:
        raise RuntimeError("this process was started without a painter")
    return paint_with(_BENCH.painter, conditions, media_type)


def paint_with(painter: Painter, conditions: Conditions, media_type: str) -> Painted:
    """Compose, paint and encode one picture, timing each phase."""
    marks = [time.perf_counter()]
    layout = compose(conditions)
    marks.append(time.perf_counter())
    painting = painter.paint([layout], [conditions])[0]
    marks.append(time.perf_counter())
    data = finish(painting, conditions, media_type=media_type)
    marks.append(time.perf_counter())
    phases = ("compose", "paint", "finish")
    seconds = {name: end - start for name, start, end in zip(phases, marks, marks[1:], strict=False)}
    seconds["total"] = marks[-1] - marks[0]
    height, width = painting.shape[:2]
    return Painted(data, media_type, width, height, describe(conditions), conditions, seconds)


def sketch_one(conditions: Conditions) -> bytes:
    """The layout alone, as a small WebP."""
    return encode_preview(compose(conditions))


def ready() -> bool:
    """Answered once the initializer is through."""
    return _BENCH.painter is not None


def gpu_count() -> int:
    """CUDA devices torch can use. Imports torch, so it is asked of a child process."""
    import torch

    return torch.cuda.device_count()

"""The worker's side of the pool: a process that loads a painter and paints.

Nothing here imports torch before a painter is loaded, so the process that only sketches stays small.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.captions import describe
from engine.composer import compose
from engine.conditions import MAX_SEED, Conditions
from engine.errors import PaintingFailed, WeightsMissing
from engine.layout import Layout, Pixels
from engine.marks.code import word_of
from engine.marks.fingerprint import fingerprint
from engine.marks.invisible import embed
from engine.marks.keys import read_key
from engine.marks.metadata import Origin
from engine.marks.signature import Signer, is_available
from engine.painting.encoding import (
    ORIGIN,
    PNG,
    PREVIEW_SIDE,
    Signs,
    compress_png,
    encode_preview,
    finish,
)

if TYPE_CHECKING:  # these bring torch with them
    from engine.painting.critic import Judge
    from engine.painting.originality import Originality
    from engine.painting.painter import Painter

TAKES, TOO_NEAR = 3, 0.25
"""Most tries of a picture, while its originality is below TOO_NEAR; see `engine.painting.originality`."""
STRIDE = 0x9E3779B1
"""Step between the noise seeds of two tries, far from the seeds that people name."""
WARM_UP = Conditions(style=(("oil", 1.0),), colors=("blue",), shape="fish", scene="portrait", seed=0)


@dataclass(frozen=True, slots=True)
class Painted:
    """A finished picture from a worker.

    data: the encoded file with its parameters embedded; media_type: "image/png" or "image/webp"
    alt: English alt text beginning with "Generated picture:"
    originality: see `engine.painting.originality`; None without an index
    seconds: wall time by phase: compose, paint, finish, total
    number: that the invisible mark carries, see `engine.marks.metadata.Origin`
    fingerprint: see `engine.marks.fingerprint`; sources: names of the compositions in the backdrop
    """

    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int
    alt: str
    conditions: Conditions
    seconds: dict[str, float]
    originality: float | None = None
    number: int = ORIGIN.number
    fingerprint: bytes = b""
    sources: tuple[str, ...] = ()


@dataclass(slots=True)
class WorkerState:
    """What a worker keeps between jobs, or why it cannot paint. Set when the process starts."""

    painter: Painter | None = None
    originality: Originality | None = None
    critic: Judge | None = None
    weights: str = ""
    signer: Signer | None = None
    missing: WeightsMissing | None = None


_BENCH = WorkerState()


def load_shipped(device: str, threads: int) -> Painter:
    """Load the shipped painter. Raises WeightsMissing."""
    from engine.painting.painter import load_painter

    return load_painter(device, threads)


def load_originality(device: str) -> Originality:
    """Load the shipped originality index. Raises WeightsMissing."""
    from engine.painting.originality import Originality, load_index

    return Originality(load_index(), device)


def _load_critic(device: str) -> Judge:
    """Load the shipped critic. Raises WeightsMissing."""
    from engine.painting import critic

    return critic.load_judge(device)


def weights_digest() -> str:
    """Return the hash of the shipped weights. Raises WeightsMissing."""
    from engine.painting.weights import SHIPPED, digest_of

    try:
        return digest_of()
    except OSError as error:
        raise WeightsMissing(f"The weights in {SHIPPED} cannot be read ({error}).") from error


def load_signer(key: Path | None) -> Signer | None:
    """Load the signer of a key's file; None without a key or the extra "provenance".

    Raises KeyUnusable, or OSError.
    """
    found = read_key(key) if key and is_available() else None
    return Signer(found) if found else None


def leave_interrupts() -> None:
    """Leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def wait_patiently() -> None:
    """Set OMP_WAIT_POLICY=passive, unless it is set, so that idle threads yield their core.

    By default idle threads spin for long, and on busy cores two threads then take six times as long. If they
    slept at once, a layer would end before they wake up, and two threads would be as slow as one.
    GOMP_SPINCOUNT lets them spin a little first. OpenMP reads its environment once, when torch is imported.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ["OMP_WAIT_POLICY"] = "passive"
        os.environ.setdefault("GOMP_SPINCOUNT", "20000")


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Kill this process when the block takes longer; until its first job it has no other deadline."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def start_painting(
    load: Callable[[str, int], Painter],
    device: str,
    threads: int,
    seconds: float,
    compared: bool,
    judged: bool = False,
    key: Path | None = None,
) -> None:
    """Load and warm the painter within so many seconds.

    compared: compare paintings with known art; judged: load the critic, too; key: the file to sign with
    """
    leave_interrupts()
    wait_patiently()
    with within(seconds):
        try:
            _BENCH.painter = load(device, threads)
            _BENCH.originality = load_originality(device) if compared else None
            _BENCH.critic = _load_critic(device) if judged else None
            _BENCH.weights, _BENCH.signer = weights_digest(), load_signer(key)
        except WeightsMissing as error:
            # An error raised here would end the process without reaching the parent.
            _BENCH.missing = error
        else:
            paint_one(WARM_UP, PNG, threads=threads)


def start_sketching(seconds: float) -> None:
    """Initialize the process that composes previews."""
    leave_interrupts()
    with within(seconds):
        compose(WARM_UP)


def paint_one(
    conditions: Conditions, media_type: str, threads: int = 1, number: int = ORIGIN.number
) -> Painted:
    """Compose, paint and encode one picture in this process.

    number: see `engine.marks.metadata.Origin`. Raises WeightsMissing, and see `paint_with`.
    """
    painter = _painter()
    painter.use_threads(threads)
    origin = Origin(number, _BENCH.weights)
    return paint_with(painter, conditions, media_type, _BENCH.originality, origin, _BENCH.signer)


def choose_one(conditions: Conditions, candidates: int, threads: int = 1) -> Conditions:
    """Return the best of several seeds of a request, see `engine.painting.critic.best_of`.

    Raises WeightsMissing, and RuntimeError in a process without a critic.
    """
    from engine.painting.critic import best_of

    painter = _painter()
    if _BENCH.critic is None:
        raise RuntimeError("this process was started without a judge")
    painter.use_threads(threads)
    return best_of(conditions, candidates, painter, _BENCH.critic)


def _painter() -> Painter:
    if _BENCH.painter is None:
        raise _BENCH.missing or RuntimeError("this process was started without a painter")
    return _BENCH.painter


def paint_with(
    painter: Painter,
    conditions: Conditions,
    media_type: str,
    originality: Originality | None = None,
    origin: Origin = ORIGIN,
    signer: Signs | None = None,
) -> Painted:
    """Compose, paint, mark and encode one picture, and time each phase.

    originality: compares it with known art; origin: what the marks carry; signer: signs the file
    Raises PaintingFailed when the painter does not return one picture of the layout's size.
    """
    began = time.perf_counter()
    layout = compose(conditions)
    composed = time.perf_counter()
    take = _best_take(painter, layout, conditions, media_type, originality, word_of(origin.number))
    data = finish(
        take.painting,
        conditions,
        media_type=media_type,
        originality=take.originality,
        compressed=take.compressed,
        origin=replace(origin, sources=layout.sources),
        signer=signer,
    )
    seen = fingerprint(take.painting)
    ended = time.perf_counter()
    seconds = {
        "compose": composed - began,
        "paint": take.painted_at - composed,
        "finish": ended - take.painted_at,
        "total": ended - began,
    }
    height, width = take.painting.shape[:2]
    alt = describe(conditions)
    return Painted(
        *(data, media_type, width, height, alt, conditions, seconds),
        *(take.originality, origin.number, seen, layout.sources),
    )


@dataclass(frozen=True, slots=True)
class _Take:
    """One try at a picture, with its mark. painted_at: by `time.perf_counter`; compressed: see `finish`"""

    painting: Pixels
    painted_at: float
    originality: float | None
    compressed: bytes | None


def _best_take(
    painter: Painter,
    layout: Layout,
    conditions: Conditions,
    media_type: str,
    originality: Originality | None,
    word: int,
) -> _Take:
    """Paint until a painting is original enough; after `TAKES` tries return the most original.

    word: of the invisible mark
    """
    takes: list[_Take] = []
    for number in range(TAKES):
        wish = conditions.with_seed((conditions.seed + number * STRIDE) & MAX_SEED)
        painting = _checked(painter.paint([layout], [wish]), layout)
        painted_at = time.perf_counter()
        painting = embed(painting, word)
        take = _Take(painting, painted_at, *_compared(painting, media_type, originality))
        if take.originality is None or take.originality >= TOO_NEAR:
            return take
        takes.append(take)
    return max(takes, key=lambda each: each.originality or 0.0)


def _compared(
    painting: Pixels, media_type: str, originality: Originality | None
) -> tuple[float | None, bytes | None]:
    """Measure the originality, and meanwhile compress a PNG on another core."""
    if originality is None:
        return None, None
    if media_type != PNG:
        return originality.of(painting), None
    with ThreadPoolExecutor(1) as other:
        compressed = other.submit(compress_png, painting)
        return originality.of(painting), compressed.result()


def _checked(paintings: Sequence[Pixels], layout: Layout) -> Pixels:
    if len(paintings) != 1:
        raise PaintingFailed(f"the painter returned {len(paintings)} pictures for one wish")
    painting = np.asarray(paintings[0])
    if painting.dtype != np.uint8 or painting.shape != layout.image.shape:
        raise PaintingFailed(f"the painter returned {painting.dtype} of shape {painting.shape}")
    return painting


def sketch_one(conditions: Conditions) -> bytes:
    """Compose the layout alone and return it as a small WebP."""
    # The composition is the same in any size, and a small one is quick.
    small = replace(conditions, size=min(conditions.size, PREVIEW_SIDE))
    preview = encode_preview(compose(small))
    give_memory_back()
    return preview


def give_memory_back() -> None:
    """Return freed memory to the system, if the C library can (glibc).

    Composing makes arrays of many sizes, and fragmentation would grow for hours.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def ready() -> None:
    """Check that this worker can paint. Raises WeightsMissing."""
    _painter()


def gpu_count() -> int:
    """Count the CUDA devices. Imports torch, so it runs in a worker."""
    import torch

    return torch.cuda.device_count()

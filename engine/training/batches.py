"""Batches of art and layouts, made by other processes while the networks train."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from engine.painting.tensors import to_tensor
from engine.training.data import CropSampler
from engine.training.synthetic_requests import LayoutBank

RENEW_EVERY = 2
"""Batches per new layout of a made-up request."""
AHEAD = 8
"""Batches that each process keeps ready."""

Arrays = tuple[Tensor, Tensor, Tensor]
"""Art and layouts in uint8, (N, 128, 128, 3), and style indices (N,)."""


@dataclass(frozen=True, slots=True)
class Batch:
    """art: (pairs, 3, 128, 128) and layout: (pairs + made, 3, 128, 128) in [-1, 1]; style: (pairs + made,)

    The first layouts are those of the art; the others are of made-up requests.
    """

    art: Tensor
    layout: Tensor
    style: Tensor


class Batches(IterableDataset[Arrays]):
    """An endless sequence of batches, every style as often."""

    def __init__(
        self, sampler: CropSampler, depth: int, pairs: int, made: int, seed: tuple[int, ...]
    ) -> None:
        """depth: layouts of made-up requests kept per style; pairs, made: pictures of each kind"""
        self.sampler, self.depth, self.pairs, self.made, self.seed = sampler, depth, pairs, made, seed

    def __iter__(self) -> Iterator[Arrays]:
        process = get_worker_info()
        random = np.random.default_rng((*self.seed, process.id if process else 0))
        bank = LayoutBank(self.sampler.styles, self.depth, random)
        for number in itertools.count(1):
            yield self._draw(bank, random)
            if number % RENEW_EVERY == 0:
                bank.renew()

    def _draw(self, bank: LayoutBank, random: np.random.Generator) -> Arrays:
        style = random.integers(len(self.sampler.styles), size=self.pairs + self.made)
        pairs = [self.sampler.pair(int(index), random) for index in style[: self.pairs]]
        made = [bank.draw(int(index)) for index in style[self.pairs :]]
        art, layout = np.stack([pair[0] for pair in pairs]), np.stack([*(pair[1] for pair in pairs), *made])
        return torch.from_numpy(art), torch.from_numpy(layout), torch.from_numpy(style)


def load_batches(dataset: Batches, workers: int = 1) -> Iterator[Batch]:
    """Load batches in `workers` other processes, or in this one if 0."""
    loader = DataLoader(
        dataset, batch_size=None, num_workers=workers, prefetch_factor=AHEAD if workers else None
    )
    for art, layout, style in loader:
        yield Batch(to_tensor(art.numpy()), to_tensor(layout.numpy()), style)

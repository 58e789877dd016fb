"""Choose the best of several paintings of a request by the discriminator's score.

Choosing among samples by the discriminator's score: Azadi et al., Discriminator Rejection Sampling,
arXiv 1810.06758; here by best-of-N sampling.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import torch

from engine.composer import compose
from engine.conditions import MAX_CHAOS, MAX_SEED, MIN_SIZE, Conditions, StyleMix
from engine.layout import Pixels
from engine.painting.discriminator import Discriminator
from engine.painting.features import Features
from engine.painting.painter import Painter
from engine.painting.tensors import to_tensor
from engine.painting.weights import SHIPPED, SHIPPED_DISCRIMINATOR, load_generator, load_weights

STRIDE = 0x85EBCA6B
"""Step between the seeds of two candidates: far from the seeds that people name."""


class Judge:
    """Scores paintings, one at a time, in a worker."""

    def __init__(self, discriminator: Discriminator, styles: tuple[str, ...], device: str = "cpu") -> None:
        """styles: in the order of the discriminator's embeddings; device: "cpu" or "cuda:N" """
        self.device = torch.device(device)
        self._places = {style: place for place, style in enumerate(styles)}
        self._discriminator = discriminator.eval().requires_grad_(False).to(self.device)
        self._features = Features().to(self.device)

    @torch.inference_mode()
    def score(self, painting: Pixels, style: StyleMix) -> float:
        """Return how real a painting (H, W, 3) looks, higher for more. Scores compare within a style only.

        The mean over the discriminator's heads, and over the styles of a mix by weight.
        """
        image = to_tensor(painting[None]).to(self.device)  # (1, 3, H, W)
        maps = self._features(image)
        total = 0.0
        for name, weight in style:
            place = torch.tensor([self._places[name]], device=self.device)
            heads = self._discriminator(image, maps, place)
            total += weight * float(torch.stack([each.mean() for each in heads]).mean())
        return total


def load_judge(device: str = "cpu", weights: Path = SHIPPED_DISCRIMINATOR) -> Judge:
    """Load the shipped critic. Raises WeightsMissing."""
    styles = load_generator(SHIPPED).config.styles
    discriminator = Discriminator(len(styles))
    load_weights(discriminator, weights)
    return Judge(discriminator, styles, device)


def candidates(wish: Conditions, count: int) -> Iterator[Conditions]:
    """Yield the request, then the same with other seeds: `count` in all, up to twice as many by its chaos."""
    for place in range(count + round(count * wish.chaos / MAX_CHAOS)):
        yield wish.with_seed((wish.seed + place * STRIDE) & MAX_SEED)


def best_of(wish: Conditions, count: int, painter: Painter, judge: Judge) -> Conditions:
    """Paint the candidates small and return the one with the best score, the first of equals.

    Raises WeightsMissing for an unknown style, and what `engine.composer.compose` raises.
    """
    return max(candidates(wish, count), key=lambda each: _small_score(each, painter, judge))


def chooser(count: int, painter: Painter) -> Callable[[Conditions], Conditions]:
    """Return a function that picks the best of `count` seeds of a request. Raises WeightsMissing."""
    if count == 1:
        return lambda wish: wish
    judge = load_judge()
    return lambda wish: best_of(wish, count, painter, judge)


def _small_score(wish: Conditions, painter: Painter, judge: Judge) -> float:
    small = replace(wish, size=MIN_SIZE)
    [painting] = painter.paint([compose(small)], [small])
    return judge.score(painting, wish.style)

"""Which of several paintings of a wish comes nearest to art of its style, as the discriminator sees it.

Choosing among samples by the discriminator's score: Azadi et al., Discriminator Rejection Sampling,
arXiv 1810.06758; here the best of a few is kept, as in best-of-N sampling.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import torch

from engine.composer import PROCEDURAL, compose
from engine.conditions import MAX_CHAOS, MAX_SEED, MIN_SIZE, Conditions, StyleMix
from engine.layout import Pixels
from engine.painting.discriminator import Discriminator
from engine.painting.features import Features
from engine.painting.painter import Painter
from engine.painting.tensors import to_tensor
from engine.painting.weights import SHIPPED, SHIPPED_DISCRIMINATOR, load_generator, load_weights

STRIDE = 0x85EBCA6B
"""From one candidate's seed to the next one's: far from the seeds that people name."""


class Judge:
    """Scores paintings, one at a time, in a process that paints."""

    def __init__(self, discriminator: Discriminator, styles: tuple[str, ...], device: str = "cpu") -> None:
        """styles: in the order of the discriminator's embeddings; device: "cpu" or "cuda:N" """
        self.device = torch.device(device)
        self._places = {style: place for place, style in enumerate(styles)}
        self._discriminator = discriminator.eval().requires_grad_(False).to(self.device)
        self._features = Features().to(self.device)

    @torch.inference_mode()
    def score(self, painting: Pixels, style: StyleMix) -> float:
        """How real a painting (H, W, 3) looks, higher for more; only scores of one style compare.

        The mean over the discriminator's heads; of a mix, over its styles by their weights.
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
    """The judge of the shipped discriminator. Raises WeightsMissing."""
    styles = load_generator(SHIPPED).config.styles
    discriminator = Discriminator(len(styles))
    load_weights(discriminator, weights)
    return Judge(discriminator, styles, device)


def candidates(wish: Conditions, count: int) -> Iterator[Conditions]:
    """The wish itself, then the same with other seeds: `count` in all, up to twice as many by its chaos."""
    for place in range(count + round(count * wish.chaos / MAX_CHAOS)):
        yield wish.with_seed((wish.seed + place * STRIDE) & MAX_SEED)


def best_of(
    wish: Conditions, count: int, painter: Painter, judge: Judge, composer: str = PROCEDURAL
) -> Conditions:
    """Of the wish's candidates, painted small, the one that scores best; the earlier one of equals.

    Raises WeightsMissing for a style that the weights do not know, and see `engine.composer.compose`.
    """
    return max(candidates(wish, count), key=lambda each: _small_score(each, painter, judge, composer))


def chooser(count: int, painter: Painter, composer: str) -> Callable[[Conditions], Conditions]:
    """What gives the best of `count` seeds of a wish, or the wish itself for one. Raises WeightsMissing."""
    if count == 1:
        return lambda wish: wish
    judge = load_judge()
    return lambda wish: best_of(wish, count, painter, judge, composer)


def _small_score(wish: Conditions, painter: Painter, judge: Judge, composer: str) -> float:
    small = replace(wish, size=MIN_SIZE)
    [painting] = painter.paint([compose(small, composer)], [small])
    return judge.score(painting, wish.style)

"""The small GAN that learns where painters put light and dark: noise, style and tones to a tone map.

Hinge loss as the painter's (`engine/training/losses.py`), style and tones told to both networks: to the
discriminator by projection (Miyato and Koyama, arXiv 1802.05637, eq. 3). Both see maps that are moved
(DiffAugment, arXiv 2006.10738) and a little blurred and noisy (instance noise, arXiv 1610.04490, §3), or the
discriminator would go by how sharp a map is and nothing else.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

from engine.composing.learned_light import NOISE, SIDE, SLOPE, TONES, WIDTHS
from engine.training.losses import discriminator_loss, generator_loss
from engine.training.tone_maps import Batch, MapSampler

LEVELS = (8, 16, 32)
"""Places a side after each convolution."""
JUDGED = (TONES + 1, 32, 64, 96)
"""Channels of the discriminator: the shares and their tone, then halved in size three times."""
MOVED = SIDE // 8
"""Places by which a map is moved at most."""
VEIL, GRAIN = 0.5, 0.2
"""How much of a map is its blurred self, and the deviation of the noise on it."""


class CompositionGenerator(nn.Module):
    """Its inference is `engine.composing.learned_light.Composition`."""

    def __init__(self, styles: int) -> None:
        super().__init__()
        self.first = nn.Linear(NOISE + styles + TONES, WIDTHS[0] * 16)
        self.convolutions = nn.ModuleList(nn.Conv2d(old, new, 3, padding=1) for old, new in pairwise(WIDTHS))
        self.rough = nn.ParameterList(nn.Parameter(torch.zeros(width)) for width in WIDTHS[1:])
        self.last = nn.Conv2d(WIDTHS[-1], TONES, 3, padding=1)

    def forward(self, noise: Tensor, style: Tensor, lightness: Tensor, grain: list[Tensor]) -> Tensor:
        """Logits of tones (N, 5, 32, 32).

        noise: (N, 64); style: (N, styles), sums to 1; lightness: (N, 5); grain: (N, 1, side, side) unit
        noise for each of `LEVELS`
        """
        x = self.first(torch.cat([noise, style, lightness], 1)).unflatten(1, (WIDTHS[0], 4, 4))
        x = _evened(F.leaky_relu(x, SLOPE))  # (N, 64, 4, 4)
        for convolution, rough, each in zip(self.convolutions, self.rough, grain, strict=True):
            x = convolution(F.interpolate(x, scale_factor=2.0)) + rough[None, :, None, None] * each
            x = _evened(F.leaky_relu(x, SLOPE))  # (N, 64, 8, 8), (N, 48, 16, 16), (N, 32, 32, 32)
        logits: Tensor = self.last(x)
        return logits


def _evened(x: Tensor) -> Tensor:
    """Each place scaled to unit mean square over its channels."""
    return x * (x.square().mean(1, keepdim=True) + 1e-6).rsqrt()


class CompositionDiscriminator(nn.Module):
    """Judges a map as a whole and place by place."""

    def __init__(self, styles: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for old, new in pairwise(JUDGED):
            layers += [spectral_norm(nn.Conv2d(old, new, 4, stride=2, padding=1)), nn.LeakyReLU(0.2)]
        self.body = nn.Sequential(*layers)
        channels, told = JUDGED[-1], styles + TONES
        self.gathered = spectral_norm(nn.Linear(channels * 16, channels))
        self.whole, self.place = (
            nn.ModuleList([spectral_norm(nn.Linear(channels, 1)), spectral_norm(nn.Linear(told, channels))])
            for _ in range(2)
        )

    def forward(self, shares: Tensor, style: Tensor, lightness: Tensor) -> list[Tensor]:
        """Logits, higher for real: (N, 1) of the whole and (N, 16) of its places. For shapes see `Batch`."""
        tone = (shares * lightness[:, :, None, None]).sum(1, keepdim=True)
        maps = self.body(torch.cat([shares, tone * 2 - 1], 1))  # (N, 96, 4, 4)
        told = torch.cat([style, lightness], 1)[:, None]  # (N, 1, styles + 5)
        whole = F.leaky_relu(self.gathered(maps.flatten(1)), 0.2)[:, None]  # (N, 1, 96)
        places = maps.flatten(2).transpose(1, 2)  # (N, 16, 96)
        return [_match(head, seen, told) for head, seen in ((self.whole, whole), (self.place, places))]


def _match(head: nn.ModuleList, seen: Tensor, told: Tensor) -> Tensor:
    """(N, places): how real what is seen (N, places, C) is, and how well it goes with what was told."""
    real, projection = head
    logits: Tensor = real(seen).squeeze(2) + (seen * projection(told)).sum(2)
    return logits


@dataclass(frozen=True, slots=True)
class CompositionSettings:
    """batch: maps a step; rate: Adam's for the generator, half as much for the discriminator."""

    batch: int = 16
    rate: float = 4e-4
    averaging: float = 0.998


class CompositionTrainer:
    """Both networks, their optimizers, and the average that ships."""

    def __init__(self, sampler: MapSampler, settings: CompositionSettings, seed: int) -> None:
        self.sampler, self.settings = sampler, settings
        styles = len(sampler.styles)
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self.generator, self.discriminator = (
                CompositionGenerator(styles),
                CompositionDiscriminator(styles),
            )
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        self.generator_steps = torch.optim.Adam(self.generator.parameters(), settings.rate, (0.0, 0.99))
        self.discriminator_steps = torch.optim.Adam(
            self.discriminator.parameters(), settings.rate / 2, (0.0, 0.99)
        )
        self.draws = np.random.default_rng(seed)
        self.steps_done = 0

    def step(self) -> dict[str, float]:
        """Train on one batch and return its losses by name."""
        real = self.sampler.draw(self.settings.batch, self.draws)
        composed = torch.softmax(self._compose(real), 1)
        moves = self.draws.integers(-MOVED, MOVED + 1, (len(real.shares), 2))
        shown, fake = (self._veiled(_moved(each, moves)) for each in (real.shares, composed))
        told = (real.style, real.lightness)
        loss = discriminator_loss(self.discriminator(shown, *told), self.discriminator(fake.detach(), *told))
        _descend(loss, self.discriminator_steps)
        wanted = generator_loss(self.discriminator(fake, *told))
        _descend(wanted, self.generator_steps)
        with torch.no_grad():
            for mean, now in zip(self.average.parameters(), self.generator.parameters(), strict=True):
                mean.lerp_(now, 1 - self.settings.averaging)
        self.steps_done += 1
        return {"discriminator": loss.item(), "adversarial": wanted.item()}

    def _compose(self, like: Batch) -> Tensor:
        count = len(like.style)
        grain = [self._noise(count, 1, side, side) for side in LEVELS]
        logits: Tensor = self.generator(self._noise(count, NOISE), like.style, like.lightness, grain)
        return logits

    def _veiled(self, shares: Tensor) -> Tensor:
        blurred = F.avg_pool2d(F.pad(shares, (1, 1, 1, 1), mode="replicate"), 3, 1)
        return torch.lerp(shares, blurred, VEIL) + GRAIN * self._noise(*shares.shape)

    def _noise(self, *shape: int) -> Tensor:
        return torch.from_numpy(self.draws.standard_normal(shape, np.float32))

    def state(self) -> dict[str, Any]:
        """Everything that a later sitting needs."""
        return {
            **{name: part.state_dict() for name, part in self._parts().items()},
            "steps": self.steps_done,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from `state`. Raises KeyError or RuntimeError when it is not of such a training."""
        for name, part in self._parts().items():
            part.load_state_dict(state[name])
        self.steps_done = int(state["steps"])

    def _parts(self) -> dict[str, Any]:
        names = ("generator", "average", "discriminator", "generator_steps", "discriminator_steps")
        return {name: getattr(self, name) for name in names}


def _moved(shares: Tensor, moves: NDArray[np.int64]) -> Tensor:
    """(N, 5, 32, 32) each moved down and right by so many places (N, 2); its edge is repeated."""
    room = F.pad(shares, (MOVED,) * 4, mode="replicate")
    return torch.stack(
        [
            each[:, MOVED - down : MOVED - down + SIDE, MOVED - right : MOVED - right + SIDE]
            for each, (down, right) in zip(room, moves.tolist(), strict=True)
        ]
    )


def _descend(loss: Tensor, optimizer: torch.optim.Optimizer) -> None:
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()

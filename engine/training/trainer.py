"""One step of adversarial training, and its state."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.painting.discriminator import Discriminator, augment, draw_moves
from engine.painting.features import CHANNELS, Features
from engine.painting.generator import (
    CROP_BORDER,
    NOISE_CHANNELS,
    Generator,
    GeneratorConfig,
    at_scales,
    noise_size,
)
from engine.training import losses
from engine.training.batches import Batch
from engine.training.data import CROP, recipe_for

Network = TypeVar("Network", bound=nn.Module)


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each loss counts for the generator.

    feature: pairs, L1 of features
    low: pairs, low frequencies; the style's recipe has the weight for made-up layouts
    statistics: made-up layouts; small, because a strong one leads to woven textures
    mismatch: the discriminator's loss on art with another style's label
    """

    feature: float = 1.0
    low: float = 20.0
    statistics: float = 0.2
    mismatch: float = 0.5


@dataclass(frozen=True, slots=True)
class StepSettings:
    """Settings of a step. pairs, made: pictures of each kind per step; rate: Adam's, with betas (0, 0.99)"""

    pairs: int = 4
    made: int = 8
    rate: float = 4e-4
    averaging: float = 0.998
    adversarial: str = "hinge"
    weights: Weights = Weights()


class Trainer:
    """Trains both networks; keeps the generator's average and the statistics of real art."""

    def __init__(
        self,
        generator: Generator,
        styles: Sequence[str],
        settings: StepSettings,
        seed: int,
        device: str = "cpu",
    ) -> None:
        self.settings, self.styles = settings, len(styles)
        self.device = torch.device(device)
        self.generator = _placed(generator.train(), self.device)
        self.average = copy.deepcopy(generator).eval().requires_grad_(False)
        self.discriminator = _placed(Discriminator(self.styles), self.device)
        self.features = _placed(Features(), self.device)
        trained = [p for p in self.discriminator.parameters() if p.requires_grad]
        self.generator_steps = torch.optim.Adam(generator.parameters(), settings.rate, (0.0, 0.99))
        self.discriminator_steps = torch.optim.Adam(trained, settings.rate, (0.0, 0.99))
        size = 2 * sum(CHANNELS)
        self.typical = torch.zeros(self.styles, size, device=self.device)
        self.spread = torch.ones(size, device=self.device)
        recipes = [recipe_for(style) for style in styles]
        self.layout_weight = torch.tensor([each.layout_weight for each in recipes], device=self.device)
        self.random = torch.Generator().manual_seed(seed)
        self.steps_done = 0

    def cool(self, share: float) -> None:
        """Set both learning rates to `share`, 0..1, of the settings' rate."""
        for optimizer in (self.generator_steps, self.discriminator_steps):
            for group in optimizer.param_groups:
                group["lr"] = self.settings.rate * share

    def step(self, batch: Batch) -> dict[str, float]:
        """Train on one batch and return its losses by name."""
        style, layout, art = (each.to(self.device) for each in (batch.style, batch.layout, batch.art))
        pairs = len(art)
        moves = draw_moves(len(style), self.random)
        with torch.autocast(self.device.type, torch.bfloat16):
            painted = self.generator(
                layout.contiguous(memory_format=torch.channels_last),
                self._one_hot(style),
                self._noise(len(style)),
            ).float()
            shown_art, shown = augment(art, moves[:pairs]), augment(painted, moves)
            with torch.no_grad():
                art_maps = self.features(shown_art)
            maps = self.features(shown)
            report = self._train_discriminator(shown_art, art_maps, shown.detach(), _detached(maps), style)
            self._observe(art_maps, style[:pairs])
            report |= self._train_generator(
                shown, maps, art_maps, painted, torch.cat([art, layout[pairs:]]), style
            )
        self._update_average()
        self.steps_done += 1
        return report

    def _another(self, style: Tensor) -> Tensor:
        """Draw another style for each style (N,)."""
        steps = torch.randint(1, max(2, self.styles), style.shape, generator=self.random).to(self.device)
        return (style + steps) % self.styles

    def _one_hot(self, style: Tensor) -> Tensor:
        return F.one_hot(style, self.styles).float()

    def _noise(self, count: int) -> Tensor:
        size = (count, NOISE_CHANNELS, *noise_size(CROP, CROP, CROP_BORDER))
        return at_scales(torch.randn(size, generator=self.random)).to(self.device)

    def _train_discriminator(
        self, art: Tensor, art_maps: list[Tensor], painted: Tensor, maps: list[Tensor], style: Tensor
    ) -> dict[str, float]:
        own = style[: len(art)]
        real = self.discriminator(art, art_maps, own)
        fake = self.discriminator(painted, maps, style)
        other = self.discriminator(art, art_maps, self._another(own))
        kind = self.settings.adversarial
        loss = losses.discriminator_loss(_floats(real), _floats(fake), kind)
        mistaken = losses.rejection_loss(_floats(other), kind)
        _descend(loss + self.settings.weights.mismatch * mistaken, self.discriminator_steps)
        return {"discriminator": loss.item(), "mismatch": mistaken.item()}

    def _train_generator(
        self,
        shown: Tensor,
        maps: list[Tensor],
        art_maps: list[Tensor],
        painted: Tensor,
        target: Tensor,
        style: Tensor,
    ) -> dict[str, float]:
        pairs, weights = self.settings.pairs, self.settings.weights
        self.discriminator.requires_grad_(False)
        logits = self.discriminator(shown, maps, style)
        _allow_gradients(self.discriminator)
        low = self.layout_weight[style].clone()
        low[:pairs] = weights.low
        made_statistics = losses.statistics(_floats([each[pairs:] for each in maps]))
        terms = {
            "adversarial": losses.generator_loss(_floats(logits), self.settings.adversarial),
            "feature": weights.feature
            * losses.feature_loss(_floats([each[:pairs] for each in maps]), _floats(art_maps)),
            "low_frequency": losses.low_frequency_loss(painted, target, low),
            "statistics": weights.statistics
            * losses.statistics_loss(made_statistics, self.typical[style[pairs:]], self.spread),
        }
        _descend(torch.stack(list(terms.values())).sum(), self.generator_steps)
        return {name: term.item() for name, term in terms.items()}

    @torch.no_grad()
    def _observe(self, art_maps: list[Tensor], style: Tensor) -> None:
        """Update the running average of each style's statistics, and of their spread."""
        seen = losses.statistics(_floats(art_maps))  # (pairs, S)
        for index, row in zip(style.tolist(), seen, strict=True):
            fresh = not self.typical[index].any()
            self.typical[index].lerp_(row, 1.0 if fresh else 0.03)
        self.spread.lerp_(seen.std(0), 0.01 if self.steps_done else 1.0)

    @torch.no_grad()
    def _update_average(self) -> None:
        """Update the exponential moving average; faster at the start, to forget the first steps."""
        keep = min(self.settings.averaging, (1 + self.steps_done) / (10 + self.steps_done))
        for mean, now in zip(self.average.parameters(), self.generator.parameters(), strict=True):
            mean.lerp_(now, 1 - keep)

    def state(self) -> dict[str, Any]:
        """Return everything needed to resume, as tensors and plain values."""
        return {
            "config": asdict(self.generator.config),
            "generator": self.generator.state_dict(),
            "average": self.average.state_dict(),
            "discriminator": self.discriminator.state_dict(),
            "generator_steps": self.generator_steps.state_dict(),
            "discriminator_steps": self.discriminator_steps.state_dict(),
            "typical": self.typical,
            "spread": self.spread,
            "steps_done": self.steps_done,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Resume from `state`. Raises KeyError or RuntimeError when it is of another shape."""
        for name in ("generator", "average", "discriminator", "generator_steps", "discriminator_steps"):
            getattr(self, name).load_state_dict(state[name])
        self.typical.copy_(state["typical"])
        self.spread.copy_(state["spread"])
        self.steps_done = int(state["steps_done"])
        self.random.manual_seed(self.steps_done)


def new_generator(styles: tuple[str, ...], seed: int) -> Generator:
    """Make a generator with fresh weights, the same for the same seed."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return Generator(GeneratorConfig(styles=styles))


def _placed(network: Network, device: torch.device) -> Network:
    """Move to the device, channels last, which is faster for convolutions on CPUs."""
    network.to(device)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network


def _descend(loss: Tensor, optimizer: torch.optim.Optimizer) -> None:
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()


def _allow_gradients(discriminator: Discriminator) -> None:
    discriminator.requires_grad_(True)
    discriminator.projections.requires_grad_(False)


def _floats(tensors: list[Tensor]) -> list[Tensor]:
    return [each.float() for each in tensors]


def _detached(tensors: list[Tensor]) -> list[Tensor]:
    return [each.detach() for each in tensors]

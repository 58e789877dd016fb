"""The GAN's discriminator, which rates whether a picture is real art of a style.

A projected discriminator (Sauer et al., Projected GANs Converge Faster, arXiv 2111.01007, §3.2): small
trained heads see frozen features at four scales, each after a fixed random 1×1 projection. One more head
sees the pixels at full resolution, because the frozen features miss weave and grid. Every head is
conditioned on the style by projection (Miyato and Koyama, arXiv 1802.05637, eq. 3) and spectrally
normalized (Miyato et al., arXiv 1802.05957, eq. 8).
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from engine.painting.features import CHANNELS

PROJECTED = 64
"""Channels after the fixed projection of each scale."""
JUDGING = 128
"""Channels of the heads on features."""
PIXEL_WIDTHS = (3, 48, 96, 160)
"""Channels of the head on pixels, from the picture on; each step halves the resolution."""


class Head(nn.Module):
    """Rates each place of one map, given the style."""

    def __init__(self, body: nn.Module, channels: int, styles: int) -> None:
        super().__init__()
        self.body = body
        self.real = spectral_norm(nn.Conv2d(channels, 1, 1))
        self.style = nn.Embedding(styles, channels)
        nn.init.normal_(self.style.weight, std=0.1)

    def forward(self, image: Tensor, style: Tensor) -> Tensor:
        """Rate a map (N, C, h, w) for style indices (N,): logits (N, places)."""
        hidden = self.body(image)  # (N, channels, h', w')
        match = (hidden * self.style(style)[:, :, None, None]).sum(1, keepdim=True) / hidden.shape[1] ** 0.5
        return (self.real(hidden) + match).flatten(1)  # type: ignore[no-any-return]


class Discriminator(nn.Module):
    """Four heads on frozen features and one on pixels."""

    def __init__(self, styles: int) -> None:
        super().__init__()
        self.projections = nn.ModuleList(_projection(channels) for channels in CHANNELS)
        self.heads = nn.ModuleList(Head(_map_body(), JUDGING, styles) for _ in CHANNELS)
        self.pixels = Head(_pixel_body(PIXEL_WIDTHS), PIXEL_WIDTHS[-1], styles)

    def forward(self, images: Tensor, maps: list[Tensor], style: Tensor) -> list[Tensor]:
        """Return the logits of each head, higher for real.

        images: (N, 3, H, W) in [-1, 1]; maps: `Features` of the same images; style: (N,) indices
        """
        seen = [projection(each) for projection, each in zip(self.projections, maps, strict=True)]
        logits = [head(each, style) for head, each in zip(self.heads, seen, strict=True)]
        return [*logits, self.pixels(images, style)]


def _projection(channels: int) -> nn.Conv2d:
    """Make a random 1×1 projection that is never trained."""
    convolution = nn.Conv2d(channels, PROJECTED, 1, bias=False)
    nn.init.normal_(convolution.weight, std=channels**-0.5)
    return convolution.requires_grad_(False)


def _map_body() -> nn.Sequential:
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise((PROJECTED, JUDGING, JUDGING)):
        layers += [spectral_norm(nn.Conv2d(inputs, outputs, 3, padding=1)), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers)


def _pixel_body(widths: tuple[int, ...]) -> nn.Sequential:
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(widths):
        layers += [spectral_norm(nn.Conv2d(inputs, outputs, 4, stride=2, padding=1)), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers)


def draw_moves(count: int, random: torch.Generator) -> Tensor:
    """Draw (count, 4) in [0, 1]: how far pictures shift down and right, and where a square is cut out."""
    return torch.rand((count, 4), generator=random)


def augment(images: Tensor, moves: Tensor) -> Tensor:
    """Shift pictures and cut squares out, differentiably (Zhao et al., DiffAugment, arXiv 2006.10738).

    (N, 3, H, W) and `draw_moves` (N, 4) -> (N, 3, H, W). Each picture moves by up to an eighth and loses
    one square of a quarter of its side. Colors stay, because they belong to the style.
    """
    height, width = images.shape[2:]
    changed = []
    for image, (down, right, top, left) in zip(images, moves.tolist(), strict=True):
        shifts = (round((down - 0.5) * height / 4), round((right - 0.5) * width / 4))
        row, column = int(top * height * 3 / 4), int(left * width * 3 / 4)
        keep = torch.ones((1, height, width), device=images.device)
        keep[:, row : row + height // 4, column : column + width // 4] = 0
        changed.append(torch.roll(image, shifts, (1, 2)) * keep)
    return torch.stack(changed)

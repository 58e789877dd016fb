"""Losses of the generator and the discriminator.

- hinge loss: Lim and Ye, Geometric GAN, arXiv 1705.02894, eq. 18-19
- cross-entropy: Goodfellow et al., arXiv 1406.2661, eq. 1, with the non-saturating generator of §3
- feature L1: Johnson et al., arXiv 1603.08155, §3.2, with L1 instead of the square
- low frequency: mean ‖G - y‖² on average-pooled images
- statistics: Huang and Belongie, arXiv 1703.06868, eq. 13, on spatial means and deviations
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

ADVERSARIAL = ("hinge", "cross-entropy")


def discriminator_loss(real: list[Tensor], painted: list[Tensor], kind: str = "hinge") -> Tensor:
    """Return the mean over heads. Logits are (N, places), higher for real. kind: one of ADVERSARIAL."""
    return rejection_loss([-each for each in real], kind) + rejection_loss(painted, kind)


def rejection_loss(shown: list[Tensor], kind: str = "hinge") -> Tensor:
    """Return the half of the discriminator's loss that lowers the logits (N, places) of rejected pictures.

    Rejected are paintings, and art shown with another style's label (Reed et al., arXiv 1605.05396, §4.1),
    which teaches the differences between styles.
    """
    push = F.softplus if kind == "cross-entropy" else _hinge
    return torch.stack([push(each).mean() for each in shown]).mean()


def generator_loss(painted: list[Tensor], kind: str = "hinge") -> Tensor:
    """Return the mean over heads; the generator raises the logits (N, places) of its paintings."""
    losses = [F.softplus(-p).mean() if kind == "cross-entropy" else -p.mean() for p in painted]
    return torch.stack(losses).mean()


def _hinge(logits: Tensor) -> Tensor:
    return F.relu(1 + logits)


def feature_loss(painted: list[Tensor], real: list[Tensor]) -> Tensor:
    """Return the mean absolute difference of maps (N, C, h, w), each scaled by its mean magnitude."""
    losses = [F.l1_loss(p, r) / r.abs().mean().clamp_min(1e-3) for p, r in zip(painted, real, strict=True)]
    return torch.stack(losses).mean()


def low_frequency_loss(painted: Tensor, target: Tensor, weight: Tensor, pool: int = 16) -> Tensor:
    """Return mean ‖G - y‖² of (N, 3, H, W) averaged over pool × pool px. weight: (N,), one per picture"""
    difference = F.avg_pool2d(painted, pool) - F.avg_pool2d(target, pool)
    return (difference.square().mean((1, 2, 3)) * weight).mean()


def statistics(maps: list[Tensor]) -> Tensor:
    """Return the spatial mean and deviation of each channel: (N, 2 · channels of all maps)."""
    parts = []
    for each in maps:
        parts += [each.mean((2, 3)), (each.var((2, 3), unbiased=False) + 1e-5).sqrt()]
    return torch.cat(parts, dim=1)


def statistics_loss(painted: Tensor, typical: Tensor, spread: Tensor) -> Tensor:
    """Return the distance of `statistics` (N, S) from their style's average (N, S), over the spread (S,)."""
    return ((painted - typical).abs() / (spread + 1e-3)).clamp_max(5).mean()

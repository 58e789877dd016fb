"""Metrics of paintings, as pure functions of features and pixels.

- kernel inception distance: Bińkowski et al., Demystifying MMD GANs, arXiv 1801.01401, eq. 4 with the
  cubic polynomial kernel of §4
- CIEDE2000 color difference: as coloraide computes it
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from coloraide import Color
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from engine.color.oklab import oklab_from_srgb
from engine.layout import Mask, Pixels

HALF, ROUNDS = 0.5, 12
"""Coverage from which a pixel belongs to the silhouette, and rounds of k-means."""
POOL = 16
"""Palettes are compared after averaging over 16 × 16 px."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean, half the width of its 95 % interval, and the value of each style."""

    mean: float
    half_width: float
    by_style: dict[str, float] = field(default_factory=dict)


def standardise(features: Tensor, over: Tensor) -> Tensor:
    """Standardize features (N, D) by the mean and deviation of `over` (M, D)."""
    return (features - over.mean(0)) / over.std(0).clamp_min(1e-6)


def kernel_distance(some: Tensor, others: Tensor) -> float:
    """Return the unbiased squared MMD of (N, D) and (M, D), two rows or more; about 0 for the same art."""
    size = some.shape[1]

    def kernel(left: Tensor, right: Tensor) -> Tensor:
        return (left.double() @ right.double().T / size + 1) ** 3

    def within(rows: Tensor) -> Tensor:
        gram = kernel(rows, rows)
        return (gram.sum() - gram.diagonal().sum()) / (len(rows) * (len(rows) - 1))

    return float(within(some) + within(others) - 2 * kernel(some, others).mean())


def fit_classifier(features: Tensor, labels: Tensor, classes: int) -> Tensor:
    """Fit a linear classifier to features (N, D) and labels (N,): (D + 1, classes), the last row is the bias.

    Features are standardized. Cross-entropy with classes weighted equally and a ridge of 1e-3, by L-BFGS.
    """
    rows = _with_bias(features)
    weights = torch.zeros(rows.shape[1], classes, requires_grad=True)
    balance = 1 / torch.bincount(labels, minlength=classes).clamp_min(1).float()
    solver = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        solver.zero_grad()
        loss = F.cross_entropy(rows @ weights, labels, balance) + 1e-3 * weights.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    solver.step(closure)  # type: ignore[no-untyped-call]
    return weights.detach()


def classify(features: Tensor, weights: Tensor) -> Tensor:
    """Return the most likely class (N,) of standardized features (N, D)."""
    return (_with_bias(features) @ weights).argmax(1)


def _with_bias(features: Tensor) -> Tensor:
    return torch.cat([features, torch.ones(len(features), 1)], dim=1)


def palette_difference(painting: Pixels, layout: Pixels) -> float:
    """Return the mean CIEDE2000 between (H, W, 3) uint8 sRGB pictures, averaged over 16 × 16 px."""
    pairs = zip(_pooled(painting), _pooled(layout), strict=True)
    return float(np.mean([left.delta_e(right, method="2000") for left, right in pairs]))


def shape_overlap(painting: Pixels, figure: Mask) -> float:
    """Return the intersection over union of the asked silhouette (H, W) and the figure visible in (H, W, 3).

    k-means in OKLab splits the pixels in the silhouette's box into two classes, without the silhouette; the
    class that fits better is the visible figure. 1 is a perfect likeness.
    """
    rows, columns = (np.nonzero(figure.max(axis) > HALF)[0] for axis in (1, 0))
    if not len(rows):
        return 0.0
    box = np.s_[_room(rows, figure.shape[0]), _room(columns, figure.shape[1])]
    asked = figure[box] > HALF
    seen = _two_classes(oklab_from_srgb(painting[box]).reshape(-1, 3)).reshape(asked.shape)
    return max(float((asked & each).sum() / (asked | each).sum()) for each in (seen, ~seen))


def _room(places: NDArray[np.intp], most: int) -> slice:
    """Return the range from the first place to the last, and a tenth more on both sides."""
    more = max(1, (places[-1] - places[0]) // 10)
    return slice(max(0, int(places[0] - more)), min(most, int(places[-1] + more + 1)))


def _two_classes(colors: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Split colors (N, 3) into two clusters (N,), which start apart along the widest direction."""
    centred = colors - colors.mean(0)
    widest = np.linalg.eigh(centred.T @ centred)[1][:, -1]
    in_second = centred @ widest > 0
    for _ in range(ROUNDS):
        if in_second.all() or not in_second.any():
            break
        centres = np.stack([colors[~in_second].mean(0), colors[in_second].mean(0)])
        gaps = np.square(colors[:, None] - centres).sum(2)
        in_second = gaps[:, 1] < gaps[:, 0]
    return np.asarray(in_second, np.bool_)


def _pooled(pixels: Pixels) -> list[Color]:
    height, width = pixels.shape[:2]
    small = Image.fromarray(pixels).resize((width // POOL, height // POOL), Image.Resampling.BOX)
    return [Color("srgb", list(rgb)) for rgb in np.asarray(small).reshape(-1, 3) / 255]


def interval(values: NDArray[np.float64] | list[float]) -> tuple[float, float]:
    """Return the mean and half its 95 % interval (normal approximation); nan for too few values."""
    numbers = np.asarray(values, dtype=np.float64)
    mean = numbers.mean() if len(numbers) else float("nan")
    half = 1.96 * numbers.std(ddof=1) / len(numbers) ** 0.5 if len(numbers) > 1 else float("nan")
    return float(mean), float(half)

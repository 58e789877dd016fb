"""Convert between pictures and tensors."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import torch
from torch import Tensor

from engine.layout import Pixels
from engine.painting.generator import NOISE_CHANNELS, at_scales, noise_size


def to_tensor(pixels: Pixels) -> Tensor:
    """Convert uint8 (N, H, W, 3) to float (N, 3, H, W) in [-1, 1]."""
    return torch.tensor(pixels).permute(0, 3, 1, 2).float() / 127.5 - 1


def to_pixels(images: Tensor) -> Pixels:
    """Convert (N, 3, H, W), about [-1, 1], to uint8 (N, H, W, 3)."""
    scaled = ((images.float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return scaled.permute(0, 2, 3, 1).contiguous().cpu().numpy()


def seeded_noise(seed: int, height: int, width: int) -> Tensor:
    """Draw noise (1, 4, h, w) for a picture of this size in px, on the CPU: the same for every device."""
    random = torch.Generator().manual_seed(seed)
    return at_scales(torch.randn((1, NOISE_CHANNELS, *noise_size(height, width)), generator=random))


@contextlib.contextmanager
def on_threads(count: int) -> Iterator[None]:
    """Run a block with so many threads, then restore the number."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)

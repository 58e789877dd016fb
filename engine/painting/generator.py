"""The GAN's generator: layout + style + noise -> painting, fully convolutional.

Most layers run at a quarter and an eighth of the resolution, and full resolution has only sixteen channels:
so it is quick on a CPU. Sources of the parts:

- style as feature-wise scale and shift (FiLM): Perez et al., arXiv 1709.07871, eq. 2
- normalization of each pixel over its channels: Karras et al., arXiv 1710.10196, §4.2. It sees one pixel
  only, so a picture can be painted in bands and at any size, and looks the same.
- noise in every block with a learned strength, here of each style: Karras et al., arXiv 1812.04948, §2
- sub-pixel upsampling: Shi et al., arXiv 1609.05158, eq. 4
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

NOISE_CHANNELS = 4
"""One channel per scale: bumps of 4, 8, 16 and 32 px, since a small network cannot make strokes itself."""
BORDER = 56
"""Pixels of reflection around a layout, so that the zero padding of the layers hardly reaches the picture."""
CROP_BORDER = 8
"""The same in training: crops are small, and a wide border would cost more than the crop."""
SEEN = 1
"""Rows and columns of the border, at a quarter of the resolution, that reach the last layers."""
STRIP = 32
"""Rows at a quarter of the resolution that are upsampled at a time."""


@dataclass(frozen=True, slots=True)
class GeneratorConfig:
    """The generator's size.

    styles: names in the order of the embedding
    width, depth: channels at a quarter and at an eighth of the resolution
    fine: channels at full resolution
    before, inner, after: blocks at a quarter, at an eighth, and at a quarter again
    """

    styles: tuple[str, ...]
    width: int = 64
    depth: int = 112
    fine: int = 16
    style_size: int = 48
    before: int = 1
    inner: int = 6
    after: int = 3


def pixel_norm(features: Tensor) -> Tensor:
    """Scale each pixel's channel vector to unit mean square; keep the shape."""
    return features * torch.rsqrt(features.square().mean(1, keepdim=True) + 1e-4)


class StyledBlock(nn.Module):
    """Residual block: the style scales and shifts the input of both convolutions, and noise is added."""

    def __init__(self, channels: int, style_size: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        self.grain = nn.Conv2d(NOISE_CHANNELS, channels, 1, bias=False)
        self.film = nn.Linear(style_size, 5 * channels)
        # Styles must differ from the first step: if they start near zero, they stay alike.
        nn.init.normal_(self.film.weight, std=0.15)
        nn.init.zeros_(self.film.bias)
        with torch.no_grad():
            self.second.weight.mul_(0.3)  # so that a deep stack starts near the identity

    def forward(self, hidden: Tensor, style: Tensor, noise: Tensor) -> Tensor:
        """(N, C, h, w), (N, style_size) and (N, 4, h, w) -> (N, C, h, w)."""
        film = self.film(style)[:, :, None, None]  # (N, 5 C, 1, 1)
        scale1, shift1, strength, scale2, shift2 = film.chunk(5, dim=1)  # (N, C, 1, 1)
        inner = self.first(torch.addcmul(shift1, pixel_norm(hidden), 1 + scale1))
        inner = torch.addcmul(inner, strength, self.grain(noise))
        inner = torch.addcmul(shift2, F.leaky_relu(inner, 0.2, inplace=True), 1 + scale2)
        return hidden + self.second(inner)  # type: ignore[no-any-return]


class Stack(nn.ModuleList):
    """Styled blocks one after another."""

    def __init__(self, count: int, channels: int, style_size: int) -> None:
        super().__init__(StyledBlock(channels, style_size) for _ in range(count))

    def forward(self, hidden: Tensor, style: Tensor, noise: Tensor) -> Tensor:
        """(N, C, h, w), (N, style_size) and (N, 4, h, w) -> (N, C, h, w)."""
        for block in self:
            hidden = block(hidden, style, noise)
        return hidden


class Generator(nn.Module):
    """Paints a layout in a style."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.config = config
        size = config.style_size
        self.styles = nn.Embedding(len(config.styles), size)
        self.stem = nn.Conv2d(3 * 16 + NOISE_CHANNELS, config.width, 3, padding=1)
        self.before = Stack(config.before, config.width, size)
        self.down = nn.Conv2d(config.width, config.depth, 3, stride=2, padding=1)
        self.inner = Stack(config.inner, config.depth, size)
        self.up = nn.Conv2d(config.depth, config.width * 4, 1)
        self.after = Stack(config.after, config.width, size)
        self.last = nn.Linear(size, 2 * config.width)
        self.tail = nn.Conv2d(config.width, config.fine * 16, 1)
        self.fine = nn.Conv2d(config.fine, config.fine, 3, padding=1)
        self.colors = nn.Conv2d(config.fine, 3, 3, padding=1)
        nn.init.normal_(self.last.weight, std=0.05)
        nn.init.zeros_(self.last.bias)
        _even_subpixels(self.up, 2)
        _even_subpixels(self.tail, 4)
        with torch.no_grad():
            self.colors.weight.mul_(0.1)

    def forward(self, layout: Tensor, weights: Tensor, noise: Tensor) -> Tensor:
        """Paint.

        layout: (N, 3, H, W) in [-1, 1], H and W multiples of 8
        weights: (N, styles) mix of the styles, rows sum to 1
        noise: (N, 4, (H + 2 b) / 4, (W + 2 b) / 4) of `at_scales`; b is the border in px, a multiple of 8
        Returns (N, 3, H, W), about [-1, 1]; clamp before showing. The layout keeps its own precision, because
        bfloat16 has too few steps for a smooth sky.
        """
        dtype = self.stem.weight.dtype
        style = weights.to(dtype) @ self.styles.weight  # (N, style_size)
        border = 2 * noise.shape[2] - layout.shape[2] // 2
        padded = F.pad(layout, (border,) * 4, mode="reflect")  # (N, 3, H + 2 b, W + 2 b)
        seen = torch.cat([F.pixel_unshuffle(padded, 4), noise], dim=1)  # (N, 52, h, w)
        seen = seen.to(dtype, memory_format=torch.channels_last)
        shallow = self.stem(seen)  # (N, width, h, w)
        # Every block reads the noise, and each would copy a view.
        noise = seen[:, -NOISE_CHANNELS:].clone(memory_format=torch.channels_last)
        coarse = noise[..., ::2, ::2].clone(memory_format=torch.channels_last)
        shallow = self.before(shallow, style, noise)
        deep = self.inner(self.down(shallow), style, coarse)  # (N, depth, h/2, w/2)
        shallow = shallow + F.pixel_shuffle(self.up(deep), 2)
        # The last blocks skip the part of the border that cannot reach the picture.
        rows = border // 4
        seen_rows = min(rows, 2 * len(self.after) + SEEN)
        shallow, noise = (_without_rim(each, rows - seen_rows) for each in (shallow, noise))
        shallow = self.after(shallow, style, noise)
        scale, shift = self.last(style)[:, :, None, None].chunk(2, dim=1)  # (N, width, 1, 1)
        # All styles share the few weights at full resolution, so their inputs must be of one size.
        shallow = _without_rim(shallow, seen_rows - SEEN)
        starts = range(0, layout.shape[2] // 4, STRIP)
        strips = [self._finest(shallow[:, :, row : row + STRIP + 2], scale, shift) for row in starts]
        painting: Tensor = layout + torch.cat(strips, dim=2).to(layout.dtype)
        return painting

    def _finest(self, shallow: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
        """Compute the change at full resolution: (N, width, h + 2, w + 2) -> (N, 3, 4 h, 4 w).

        Work in strips that fit into the processor's cache.
        """
        shallow = torch.addcmul(shift, pixel_norm(shallow), 1 + scale)
        full = self._enlarged(shallow)  # (N, fine, 4 h + 8, 4 w + 8)
        full = F.leaky_relu(self.fine(full), 0.2, inplace=True)
        rest = 4 * SEEN
        return self.colors(full)[:, :, rest:-rest, rest:-rest]  # type: ignore[no-any-return]

    def _enlarged(self, shallow: Tensor) -> Tensor:
        """Apply the tail and upsample: (N, width, h, w) -> (N, fine, 4 h, 4 w).

        Like `pixel_shuffle`, but the channels are in the memory order of a picture, so whole runs are moved
        instead of single numbers.
        """
        fine = self.config.fine
        kernel = _pixels_first(self.tail.weight, fine)
        bias = None if self.tail.bias is None else _pixels_first(self.tail.bias, fine)
        wide = F.leaky_relu(F.conv2d(shallow, kernel, bias), 0.2, inplace=True)  # (N, 16 fine, h, w)
        count, _, height, width = wide.shape
        rows = wide.permute(0, 2, 3, 1).reshape(count, height, width, 4, 4 * fine).transpose(2, 3)
        return rows.reshape(count, 4 * height, 4 * width, fine).permute(0, 3, 1, 2)


def _without_rim(features: Tensor, width: int) -> Tensor:
    """Cut off the border: (N, C, h, w) -> (N, C, h - 2 width, w - 2 width)."""
    height, across = features.shape[2:]
    inner = features[:, :, width : height - width, width : across - width]
    return inner.contiguous(memory_format=torch.channels_last)


def _pixels_first(weight: Tensor, fine: int) -> Tensor:
    """Reorder the tail's weights (fine · 16, ...) from by channel to by sub-pixel."""
    return weight.reshape(fine, 16, *weight.shape[1:]).transpose(0, 1).reshape(weight.shape)


def noise_size(height: int, width: int, border: int = BORDER) -> tuple[int, int]:
    """Return rows and columns of the noise for a layout of this size with this border, in px."""
    return (height + 2 * border) // 4, (width + 2 * border) // 4


def at_scales(white: Tensor) -> Tensor:
    """Make each channel of white noise (N, 4, h, w) twice as coarse as the last, with about unit variance."""
    size = white.shape[2:]
    channels = [white[:, :1]]
    for index in range(1, white.shape[1]):
        coarse = F.avg_pool2d(white[:, index : index + 1], 2**index, ceil_mode=True) * 2**index
        # Bilinear interpolation lowers the variance between knots; 1.5 restores it on average.
        channels.append(1.5 * smoothly(coarse, size))
    return torch.cat(channels, dim=1)


def smoothly(image: Tensor, size: Sequence[int]) -> Tensor:
    """Enlarge float (N, C, h, w) bilinearly to `size` (rows, columns), the same on any number of threads.

    In single precision the last bit would depend on the split between threads.
    """
    return F.interpolate(image.double(), tuple(size), mode="bilinear").float()


def _even_subpixels(convolution: nn.Conv2d, factor: int) -> None:
    """Start with equal sub-pixels, against checkerboards (Aitken et al., arXiv 1707.02937)."""
    with torch.no_grad():
        one = convolution.weight[:: factor * factor]
        convolution.weight.copy_(one.repeat_interleave(factor * factor, dim=0))
        convolution.bias.zero_()  # type: ignore[union-attr]

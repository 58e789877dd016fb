"""The GAN's generator: layout + style + noise -> painting, fully convolutional.

Most of the work happens at a quarter and an eighth of the resolution, and full resolution has only
sixteen channels, which is what makes it quick on a CPU. Sources of the parts:

- style as feature-wise scale and shift (FiLM): Perez et al., arXiv 1709.07871, eq. 2
- normalisation of each pixel over its channels: Karras et al., arXiv 1710.10196, §4.2. It looks at one
  pixel only, so a picture can be painted in bands and at any size without a change of hand.
- noise in every block, its strength learned: Karras et al., arXiv 1812.04948, §2; here a style has its own
- sub-pixel upsampling: Shi et al., arXiv 1609.05158, eq. 4
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

NOISE_CHANNELS = 4
"""One at each scale: bumps of 4, 8, 16 and 32 px, for strokes that a small network could not grow itself."""
BORDER = 40
"""Pixels of reflection around a layout: of the zeros inside the network little reaches the picture then."""
CROP_BORDER = 8
"""The same in training, where crops are small and a wide border would be most of the work."""
SEEN = 1
"""Rows and columns of that border, at a quarter of the resolution, that the last layers still see."""
STRIP = 32
"""Rows at a quarter of the resolution that are brought to full resolution at a time."""


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
    """Each pixel's channel vector brought to unit mean square; shape kept."""
    return features * torch.rsqrt(features.square().mean(1, keepdim=True) + 1e-4)


class StyledBlock(nn.Module):
    """Residual block whose two convolutions see the style as scale and shift, and noise between them."""

    def __init__(self, channels: int, style_size: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        self.grain = nn.Conv2d(NOISE_CHANNELS, channels, 1, bias=False)
        self.film = nn.Linear(style_size, 5 * channels)
        # Styles must differ from the first step: started near zero they never part.
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
        noise: (N, 4, (H + 2 b) / 4, (W + 2 b) / 4) of `at_scales`; b, a multiple of 8, is the border painted
            in px
        Returns (N, 3, H, W), about [-1, 1]; clamp before showing. The layout stays in its own precision,
        since bfloat16 has too few steps for a smooth sky.
        """
        dtype = self.stem.weight.dtype
        style = weights.to(dtype) @ self.styles.weight  # (N, style_size)
        border = 2 * noise.shape[2] - layout.shape[2] // 2
        padded = F.pad(layout, (border,) * 4, mode="reflect")  # (N, 3, H + 2 b, W + 2 b)
        seen = torch.cat([F.pixel_unshuffle(padded, 4), noise], dim=1)  # (N, 52, h, w)
        seen = seen.to(dtype, memory_format=torch.channels_last)
        shallow = self.stem(seen)  # (N, width, h, w)
        # Every block sees the noise: as a view it would be copied each time.
        noise = seen[:, -NOISE_CHANNELS:].clone(memory_format=torch.channels_last)
        coarse = noise[..., ::2, ::2].clone(memory_format=torch.channels_last)
        shallow = self.before(shallow, style, noise)
        deep = self.inner(self.down(shallow), style, coarse)  # (N, depth, h/2, w/2)
        shallow = shallow + F.pixel_shuffle(self.up(deep), 2)
        # What the last blocks cannot carry into the picture need not go through them.
        rows = border // 4
        seen_rows = min(rows, 2 * len(self.after) + SEEN)
        shallow, noise = (_without_rim(each, rows - seen_rows) for each in (shallow, noise))
        shallow = self.after(shallow, style, noise)
        scale, shift = self.last(style)[:, :, None, None].chunk(2, dim=1)  # (N, width, 1, 1)
        # Full resolution has few weights, shared by all styles: they must not see each at a size of its own.
        shallow = _without_rim(shallow, seen_rows - SEEN)
        starts = range(0, layout.shape[2] // 4, STRIP)
        strips = [self._finest(shallow[:, :, row : row + STRIP + 2], scale, shift) for row in starts]
        painting: Tensor = layout + torch.cat(strips, dim=2).to(layout.dtype)
        return painting

    def _finest(self, shallow: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
        """(N, width, h + 2, w + 2) -> (N, 3, 4 h, 4 w): what changes at full resolution.

        In strips, so that what is at work stays in the processor's cache.
        """
        shallow = torch.addcmul(shift, pixel_norm(shallow), 1 + scale)
        full = self._enlarged(shallow)  # (N, fine, 4 h + 8, 4 w + 8)
        full = F.leaky_relu(self.fine(full), 0.2, inplace=True)
        rest = 4 * SEEN
        return self.colors(full)[:, :, rest:-rest, rest:-rest]  # type: ignore[no-any-return]

    def _enlarged(self, shallow: Tensor) -> Tensor:
        """(N, width, h, w) -> (N, fine, 4 h, 4 w): the tail, rectified, with its channels moved into space.

        The same as `pixel_shuffle`, but its channels come in the order in which memory holds a picture, so
        that whole runs are moved in place of single numbers.
        """
        fine = self.config.fine
        kernel = _pixels_first(self.tail.weight, fine)
        bias = None if self.tail.bias is None else _pixels_first(self.tail.bias, fine)
        wide = F.leaky_relu(F.conv2d(shallow, kernel, bias), 0.2, inplace=True)  # (N, 16 fine, h, w)
        count, _, height, width = wide.shape
        rows = wide.permute(0, 2, 3, 1).reshape(count, height, width, 4, 4 * fine).transpose(2, 3)
        return rows.reshape(count, 4 * height, 4 * width, fine).permute(0, 3, 1, 2)


def _without_rim(features: Tensor, width: int) -> Tensor:
    """(N, C, h, w) -> (N, C, h - 2 width, w - 2 width)."""
    height, across = features.shape[2:]
    inner = features[:, :, width : height - width, width : across - width]
    return inner.contiguous(memory_format=torch.channels_last)


def _pixels_first(weight: Tensor, fine: int) -> Tensor:
    """(fine · 16, ...) of the tail, sorted by channel -> the same sorted by sub-pixel."""
    return weight.reshape(fine, 16, *weight.shape[1:]).transpose(0, 1).reshape(weight.shape)


def noise_size(height: int, width: int, border: int = BORDER) -> tuple[int, int]:
    """Rows and columns of the noise for a layout of that size and a border around it, in px."""
    return (height + 2 * border) // 4, (width + 2 * border) // 4


def at_scales(white: Tensor) -> Tensor:
    """White noise (N, 4, h, w) -> each channel twice as coarse as the one before, about unit variance."""
    size = white.shape[2:]
    channels = [white[:, :1]]
    for index in range(1, white.shape[1]):
        coarse = F.avg_pool2d(white[:, index : index + 1], 2**index, ceil_mode=True) * 2**index
        # Between its knots a bilinear surface is calmer than at them; 1.5 makes up for it on the whole.
        channels.append(1.5 * smoothly(coarse, size))
    return torch.cat(channels, dim=1)


def smoothly(image: Tensor, size: Sequence[int]) -> Tensor:
    """Float (N, C, h, w) enlarged bilinearly to `size`, rows and columns: the same on any number of threads.

    In single precision its last bit hangs on where the share of a thread ends.
    """
    return F.interpolate(image.double(), tuple(size), mode="bilinear").float()


def _even_subpixels(convolution: nn.Conv2d, factor: int) -> None:
    """Start all sub-pixels alike, against checkerboards (Aitken et al., arXiv 1707.02937)."""
    with torch.no_grad():
        one = convolution.weight[:: factor * factor]
        convolution.weight.copy_(one.repeat_interleave(factor * factor, dim=0))
        convolution.bias.zero_()  # type: ignore[union-attr]

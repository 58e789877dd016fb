"""The Painter interface, and the GAN painter behind it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.conditions import Conditions, StyleMix
from engine.errors import WeightsMissing
from engine.layout import Layout, Pixels
from engine.painting.generator import Generator, smoothly
from engine.painting.tensors import seeded_noise, to_pixels, to_tensor
from engine.painting.weights import SHIPPED, load_generator

SIZE_STEP = 16
"""The generator paints sides of multiples of so many px: it works at an eighth, and halves are never odd."""
LAID_ON = 1.13
"""Factor on the generator's change, because averaged weights paint a little too weakly."""
KEPT, PATCH = 0.75, 32
"""Share of the color drift that is undone, measured over patches of so many px."""


class Painter(Protocol):
    """Paints layouts."""

    @property
    def name(self) -> str:
        """The painter's name, for example "gan"."""
        ...

    def paint(self, layouts: Sequence[Layout], conditions: Sequence[Conditions]) -> list[Pixels]:
        """Paint each pair as (H, W, 3) uint8 of the layout's size. Deterministic."""
        ...

    def use_threads(self, count: int) -> None:
        """Use so many threads from now on. The number does not change the paintings."""
        ...


class GanPainter:
    """Easel's own generator. Paints one picture at a time, so that pictures do not depend on each other."""

    name = "gan"

    def __init__(self, generator: Generator, device: str = "cpu") -> None:
        """device: "cpu" or "cuda:N"; computes in bfloat16 where the device can, else in float32"""
        self.device = torch.device(device)
        self.dtype = torch.bfloat16 if computes_in_bfloat16(self.device) else torch.float32
        self.places = {style: index for index, style in enumerate(generator.config.styles)}
        self.generator = generator.eval().requires_grad_(False).to(self.device, self.dtype)
        self.generator.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def paint(self, layouts: Sequence[Layout], conditions: Sequence[Conditions]) -> list[Pixels]:
        """See `Painter.paint`. Raises WeightsMissing for a style the weights do not know."""
        return [self._paint_one(layout, wish) for layout, wish in zip(layouts, conditions, strict=True)]

    def use_threads(self, count: int) -> None:
        torch.set_num_threads(count)

    @torch.inference_mode()
    def _paint_one(self, layout: Layout, wish: Conditions) -> Pixels:
        image = to_tensor(layout.image[None]).to(self.device)  # (1, 3, H, W)
        painting = self._generated(image, wish)
        painting = image + LAID_ON * (painting - image)
        painting = painting + KEPT * _drift(image, painting)
        if layout.preserve is not None:
            preserve = torch.from_numpy(layout.preserve).to(self.device)  # (H, W)
            painting = painting + (image - painting) * preserve
        painted: Pixels = to_pixels(painting)[0]
        return painted

    def _generated(self, image: Tensor, wish: Conditions) -> Tensor:
        """Return the generator's painting (1, 3, H, W); a side between two steps is cut off."""
        height, width = image.shape[2:]
        image = F.pad(image, (0, -width % SIZE_STEP, 0, -height % SIZE_STEP), mode="replicate")
        noise = seeded_noise(wish.seed, *image.shape[2:]).to(self.device)
        painting: Tensor = self.generator(image, self.mix(wish.style).to(self.device), noise)
        return painting[:, :, :height, :width]

    def mix(self, style: StyleMix) -> Tensor:
        """Return the weights of the mix (1, styles). Raises WeightsMissing for an unknown style."""
        weights = torch.zeros(1, len(self.places))
        for name, weight in style:
            if name not in self.places:
                raise WeightsMissing(f"The weights know no style {name}; train them on a folder that has it.")
            weights[0, self.places[name]] = weight
        return weights


def _drift(layout: Tensor, painting: Tensor) -> Tensor:
    """Return the smooth difference from the painting's colors to the layout's, (1, 3, H, W)."""
    off = F.avg_pool2d(layout - painting, PATCH, ceil_mode=True, count_include_pad=False)
    return smoothly(off, layout.shape[2:])


def load_painter(device: str = "cpu", threads: int | None = None, weights: Path = SHIPPED) -> Painter:
    """Load the shipped painter.

    threads: per picture; None leaves the choice to torch. Raises WeightsMissing.
    """
    if threads is not None:
        torch.set_num_threads(threads)
    return GanPainter(load_generator(weights), device)


def computes_in_bfloat16(device: torch.device) -> bool:
    """Whether bfloat16 is faster than float32: on GPUs that support it, and CPUs with AVX512-BF16 or AMX."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    return device.type == "cpu" and bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())

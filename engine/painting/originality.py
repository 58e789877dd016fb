"""Measure how far a painting is from all art that the painter was trained on.

Each crop of a painting is compared with all crops of the art by the features that the metrics use. The index
ships instead of the art: 48 numbers per crop, its features on the axes along which art varies most.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from engine.errors import WeightsMissing
from engine.layout import Pixels
from engine.painting.features import Features, feature_means
from engine.painting.painter import computes_in_bfloat16
from engine.painting.tensors import on_threads, to_tensor

AXES = 48
"""Numbers kept of the 472 features of a crop."""
LOOKED_AT, CROP = 256, 128
"""Longer side to which a painting is scaled, as for the metrics, and the side of its crops, in px."""
SHIPPED = Path(__file__).parents[1] / "weights" / "originality.safetensors"


@dataclass(frozen=True, slots=True)
class OriginalityIndex:
    """The training art as numbers.

    mean, deviation: (472,) of the features of its crops; axes: (472, 48); known: (N, 48) the crops on them
    usual: (1,) the median distance from art that was not trained on to the nearest crop
    """

    mean: Tensor
    deviation: Tensor
    axes: Tensor
    known: Tensor
    usual: Tensor

    @classmethod
    def of(cls, known: Tensor, new: Tensor) -> OriginalityIndex:
        """Build an index from features (N, 472) of training art and (M, 472) of held-out art."""
        mean, deviation = known.mean(0), known.std(0).clamp_min(1e-6)
        scaled = (known - mean) / deviation
        axes = torch.linalg.eigh(scaled.T @ scaled)[1][:, -AXES:]
        index = cls(mean, deviation, axes, scaled @ axes, torch.ones(1))
        distances, _ = index.nearest(new)
        return cls(mean, deviation, axes, index.known, distances.median().reshape(1))

    def nearest(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Find the crops nearest to features (M, 472): distances (M,) over the usual one, and places."""
        found = torch.cdist((features - self.mean) / self.deviation @ self.axes, self.known).min(1)
        return found.values / self.usual, found.indices

    def save(self, path: Path) -> None:
        """Write it in float16."""
        save_file({each.name: getattr(self, each.name).half().contiguous() for each in fields(self)}, path)


def load_index(path: Path = SHIPPED) -> OriginalityIndex:
    """Read an index in float32. Raises WeightsMissing when the file is absent or damaged."""
    try:
        with safe_open(path, "pt") as file:
            parts = {each.name: file.get_tensor(each.name).float() for each in fields(OriginalityIndex)}
        return OriginalityIndex(**parts)
    except (OSError, SafetensorError) as error:
        raise WeightsMissing(
            f"The index in {path} cannot be used ({error}); put the shipped file back, or train anew with"
            " easel train."
        ) from error


class Originality:
    """Compares paintings with the index, one at a time, in a worker."""

    def __init__(self, index: OriginalityIndex, device: str = "cpu") -> None:
        """device: "cpu" or "cuda:N" """
        self.device = torch.device(device)
        self.dtype = torch.bfloat16 if computes_in_bfloat16(self.device) else torch.float32
        self._index = index
        self._features = Features().to(self.device, self.dtype)
        self._features.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    @torch.inference_mode()
    def of(self, painting: Pixels) -> float:
        """Return how original a painting (H, W, 3) is: at about 1 it is as far from the art as new art is.

        The least original crop counts.
        """
        crops = _crops(painting).to(self.device, self.dtype, memory_format=torch.channels_last)
        # The layers are so small that two threads would wait for each other longer than they compute.
        with on_threads(1):
            distances, _ = self._index.nearest(feature_means(self._features, crops).cpu())
        return float(distances.min())


def _crops(painting: Pixels) -> Tensor:
    """Cut (N, 3, 128, 128) in [-1, 1] that cover the painting at 256 px, or at 128 px on the shorter side."""
    height, width = painting.shape[:2]
    scale = max(LOOKED_AT / max(height, width), CROP / min(height, width))
    size = (max(CROP, round(width * scale)), max(CROP, round(height * scale)))
    image = to_tensor(_resized(painting, size)[None])
    return torch.cat(
        [
            image[:, :, top : top + CROP, left : left + CROP]
            for top in _places(size[1])
            for left in _places(size[0])
        ]
    )


def _resized(painting: Pixels, size: tuple[int, int]) -> Pixels:
    return np.asarray(Image.fromarray(painting).resize(size, Image.Resampling.BOX))


def _places(side: int) -> list[int]:
    """Return where crops begin that cover a side with the least overlap."""
    count = -(-side // CROP)
    return [round(index * (side - CROP) / max(1, count - 1)) for index in range(count)]

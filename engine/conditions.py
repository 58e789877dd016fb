"""What a picture is asked to be.

`Asked` is what a person said, with None for everything they left open. `Conditions` is complete:
the same conditions and weights give the same picture, byte for byte, on the same machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

MIN_SIZE, MAX_SIZE, DEFAULT_SIZE = 256, 2048, 512
SIZE_STEP = 16
"""Sides are multiples of 16 px: the generator works at an eighth and halves are never odd."""
MAX_COUNT = 4
MAX_COLORS = 5
MAX_CHAOS = 100
MAX_SEED = 2**32 - 1
MAX_ASPECT = 4
"""No side is more than four times the other."""
SCENES = ("portrait", "landscape", "still-life", "pattern", "flock", "mandala", "abstract")

StyleMix = tuple[tuple[str, float], ...]
"""Style names with weights that sum to 1, heaviest first, for example (("ink", 1.0),)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person said; None stands for what they left open."""

    style: StyleMix | None = None
    colors: tuple[str, ...] | None = None
    shape: str | None = None
    scene: str | None = None
    seed: int | None = None
    size: int | None = None
    aspect: tuple[int, int] | None = None
    chaos: int | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Conditions:
    """Everything that decides one picture.

    style: names of the vocabulary with weights that sum to 1
    colors: one to five of the vocabulary's colour words, CSS names or '#rrggbb', the ruling one first
    shape, scene: names of the vocabulary
    seed: 0 to 2**32 - 1
    size: the longer side in px, a multiple of 16 in 256..2048
    aspect: width and height as a ratio of small whole numbers
    chaos: 0 (as asked) to 100 (as wild as the composer goes)
    """

    style: StyleMix
    colors: tuple[str, ...]
    shape: str
    scene: str
    seed: int
    size: int = DEFAULT_SIZE
    aspect: tuple[int, int] = (1, 1)
    chaos: int = 0

    def __post_init__(self) -> None:
        weights = [weight for _, weight in self.style]
        if not all(weight > 0 for weight in weights) or not abs(sum(weights) - 1) <= 1e-6:
            raise ValueError("style weights must be positive and sum to 1")
        if not 1 <= len(self.colors) <= MAX_COLORS:
            raise ValueError(f"one to {MAX_COLORS} colors")
        if not 0 <= self.seed <= MAX_SEED:
            raise ValueError("seed must fit 32 bits")
        if not MIN_SIZE <= self.size <= MAX_SIZE or self.size % SIZE_STEP:
            raise ValueError(f"size must be a multiple of {SIZE_STEP} in {MIN_SIZE}..{MAX_SIZE}")
        if min(self.aspect) < 1 or max(self.aspect) > MAX_ASPECT * min(self.aspect):
            raise ValueError(f"aspect must be within 1:{MAX_ASPECT} and {MAX_ASPECT}:1")
        if not 0 <= self.chaos <= MAX_CHAOS:
            raise ValueError(f"chaos must be 0 to {MAX_CHAOS}")

    @property
    def width(self) -> int:
        """Pixels across."""
        return self._side(self.aspect[0])

    @property
    def height(self) -> int:
        """Pixels down."""
        return self._side(self.aspect[1])

    def _side(self, share: int) -> int:
        return max(SIZE_STEP, round(self.size * share / max(self.aspect) / SIZE_STEP) * SIZE_STEP)

    @property
    def main_style(self) -> str:
        """The heaviest style of the mix."""
        return max(self.style, key=lambda part: part[1])[0]

    def with_seed(self, seed: int) -> Conditions:
        """The same wish with another seed (0 to 2**32 - 1)."""
        return replace(self, seed=seed)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready mapping; `from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Conditions:
        """Conditions from `to_dict` after a trip through JSON. Raises KeyError, TypeError or ValueError."""
        style = tuple((str(name), float(weight)) for name, weight in data["style"])
        width, height = data["aspect"]
        lists = {"style": style, "colors": tuple(data["colors"]), "aspect": (int(width), int(height))}
        return cls(**{**data, **lists})


class Chooser(Protocol):
    """Chooses what a person left open: by seed, or by taste."""

    def style(self, asked: Asked, seed: int) -> StyleMix: ...
    def colors(self, asked: Asked, seed: int) -> tuple[str, ...]: ...
    def shape(self, asked: Asked, seed: int) -> str: ...
    def scene(self, asked: Asked, seed: int) -> str: ...


def complete(asked: Asked, chooser: Chooser, first_seed: int) -> tuple[Conditions, ...]:
    """One set of conditions per picture of the request.

    `first_seed` serves when none was asked; picture k of the request takes seed + k.
    """
    seed = first_seed if asked.seed is None else asked.seed
    return tuple(_complete_one(asked, chooser, (seed + k) & MAX_SEED) for k in range(asked.count))


def _complete_one(asked: Asked, chooser: Chooser, seed: int) -> Conditions:
    return Conditions(
        style=asked.style or chooser.style(asked, seed),
        colors=asked.colors or chooser.colors(asked, seed),
        shape=asked.shape or chooser.shape(asked, seed),
        scene=asked.scene or chooser.scene(asked, seed),
        seed=seed,
        size=asked.size or DEFAULT_SIZE,
        aspect=asked.aspect or (1, 1),
        chaos=asked.chaos or 0,
    )

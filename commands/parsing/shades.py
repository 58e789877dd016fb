"""Colors that a word before them shifts: pale yellow, neon green, bluish gray."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from coloraide import Color

_HUE_SHARE = 0.35
"""How far "bluish" moves a color toward blue."""
Shade = Callable[[float, float, float], tuple[float, float, float]]
"""From lightness, chroma and hue in OKLCh to others."""
_SHADES: Mapping[str, Shade] = MappingProxyType(
    {
        "pale": lambda light, chroma, hue: (light + 0.55 * (0.96 - light), chroma * 0.55, hue),
        "dark": lambda light, chroma, hue: (light * 0.62, chroma * 0.85, hue),
        "bright": lambda light, chroma, hue: (light + 0.2 * (0.85 - light), chroma * 1.25, hue),
        "neon": lambda light, chroma, hue: (max(light, 0.8), max(chroma * 1.5, 0.2), hue),
        "pastel": lambda light, chroma, hue: (0.88, min(chroma, 0.08), hue),
        "muted": lambda light, chroma, hue: (light, chroma * 0.45, hue),
    }
)
_TOWARD: Mapping[str, str] = MappingProxyType(
    {
        **{"warm": "orange", "cold": "blue"},
        **{
            each: each
            for each in ("red", "blue", "green", "yellow", "purple", "brown", "gray", "pink", "orange")
        },
    }
)


def shifted(name: str, shift: str) -> str:
    """A color that a word shifts, as a name of the vocabulary where it has one, else as '#rrggbb'."""
    vocabulary = load_vocabulary()
    for spelled in (f"{shift} {name}", f"{'light' if shift == 'pale' else shift} {name}"):
        if found := vocabulary.find("color", spelled):
            return found
    return computed(name, shift)


def computed(name: str, shift: str) -> str:
    """A shifted color, as '#rrggbb'."""
    from coloraide import Color

    if shift in _TOWARD:
        return mixed(name, _TOWARD[shift])
    light, chroma, hue = Color(_hex(name)).convert("oklch").coords(nans=False)
    return _written(Color("oklch", list(_SHADES[shift](light, chroma, hue))))


def mixed(name: str, other: str) -> str:
    """A color nearer to another one, as '#rrggbb'."""
    from coloraide import Color

    return _written(Color(_hex(name)).mix(_hex(other), _HUE_SHARE, space="oklab"))


def _written(color: Color) -> str:
    return str(color.convert("srgb").fit("srgb").to_string(hex=True))


def _hex(name: str) -> str:
    vocabulary = load_vocabulary()
    known = {word.name: word.value for word in vocabulary.words("color")}
    return known.get(name, name)

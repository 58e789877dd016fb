"""How light and how strong in colour the art of a style is, so that no layout asks for what it never shows.

The figures follow the mean lightness and chroma, in OKLab, of real art in each style.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.color.palette import Tone

PAPER = Tone(0.965, 0.012, 85.0)


@dataclass(frozen=True, slots=True)
class StyleTones:
    """A style's habits of light and colour; lightness and chroma are OKLab's.

    dusk: the first colour's lightness above which the figure is seen against the dark
    high: the highest lightness of light surroundings
    deep: the highest lightness of dark surroundings
    chroma: how much of their chroma the surroundings keep, 0..1
    paper: what is left untouched
    one_ink: nothing is in a hue of its own that was not asked for
    """

    dusk: float = 0.64
    high: float = 0.86
    deep: float = 1.0
    chroma: float = 1.0
    paper: Tone = PAPER
    one_ink: bool = False


EVEN = StyleTones()
MOODS: Mapping[str, StyleTones] = MappingProxyType(
    {
        "oil": StyleTones(dusk=0.44, high=0.7, deep=0.46, chroma=0.5),
        "post-impressionism": StyleTones(dusk=0.54, high=0.76, deep=0.56, chroma=0.65),
        "expressionism": StyleTones(dusk=0.58, high=0.8, deep=0.6, chroma=0.65),
        "impressionism": StyleTones(dusk=0.58, high=0.8, deep=0.6, chroma=0.55),
        "pointillism": StyleTones(high=0.88, chroma=0.6),
        "ukiyo-e": StyleTones(dusk=0.74, high=0.93, chroma=0.5),
        "art-nouveau": StyleTones(high=0.8),
        "abstract": StyleTones(dusk=0.7, high=0.9),
        "poster": StyleTones(dusk=0.7, high=0.9),
        "pixel": StyleTones(dusk=0.56, high=0.9, deep=0.5),
        "ink": StyleTones(paper=Tone(0.9, 0.016, 88.0), one_ink=True),
        "linocut": StyleTones(paper=Tone(0.95, 0.02, 88.0), one_ink=True),
        "sketch": StyleTones(paper=Tone(1.0, 0.0, 85.0), one_ink=True),
        "watercolor": StyleTones(paper=Tone(0.955, 0.02, 88.0)),
    }
)


def mood_of(style: str) -> StyleTones:
    """The mood of a style; an even one for a style that has none of its own."""
    return MOODS.get(style, EVEN)

"""How light and how strong in colour the art of a style is, so that no layout asks for what it never shows.

The figures follow the mean lightness and chroma, in OKLab, of real art in each style.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.palette import Tone

PAPER = Tone(0.965, 0.012, 85.0)


@dataclass(frozen=True, slots=True)
class Mood:
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


EVEN = Mood()
MOODS: Mapping[str, Mood] = MappingProxyType(
    {
        "oil": Mood(dusk=0.44, high=0.7, deep=0.46, chroma=0.5),
        "post-impressionism": Mood(dusk=0.54, high=0.76, deep=0.56, chroma=0.65),
        "expressionism": Mood(dusk=0.58, high=0.8, deep=0.6, chroma=0.65),
        "impressionism": Mood(dusk=0.58, high=0.8, deep=0.6, chroma=0.55),
        "pointillism": Mood(high=0.88, chroma=0.6),
        "ukiyo-e": Mood(dusk=0.74, high=0.93, chroma=0.5),
        "art-nouveau": Mood(high=0.8),
        "abstract": Mood(dusk=0.7, high=0.9),
        "poster": Mood(dusk=0.7, high=0.9),
        "pixel": Mood(dusk=0.56, high=0.9, deep=0.5),
        "ink": Mood(paper=Tone(0.9, 0.016, 88.0), one_ink=True),
        "linocut": Mood(paper=Tone(0.95, 0.02, 88.0), one_ink=True),
        "sketch": Mood(paper=Tone(1.0, 0.0, 85.0), one_ink=True),
        "watercolor": Mood(paper=Tone(0.955, 0.02, 88.0)),
    }
)


def mood_of(style: str) -> Mood:
    """The mood of a style; an even one for a style that has none of its own."""
    return MOODS.get(style, EVEN)

"""How each style is trained: at what scale, with what ground, held how tightly to its layout.

A style that is not listed is trained as a painting of many colours.
"""

from __future__ import annotations

from dataclasses import dataclass

REDUCE_COLORS, REDUCE_FILL, REDUCE_GRID = "colors", "fill", "grid"


@dataclass(frozen=True, slots=True)
class Recipe:
    """One style's way of being trained.

    short_side: range in px to which a picture's shorter side is brought before a crop is cut
    reduce: how a layout is taken from a picture: by colours, by filling a line drawing, or on a pixel grid
    detail: px of the shorter side of the copy that the layout is taken from; less asks the painter to
        invent more
    clusters: range of the number of colours in the layout
    shading: range of the share of the picture's own low-frequency light that the layout keeps
    tint: the art is grey or of one ink, so picture and layout are dyed together in any hue
    hold: weight of keeping to the low frequencies of a made-up layout
    """

    short_side: tuple[int, int] = (160, 320)
    reduce: str = REDUCE_COLORS
    detail: int = 64
    clusters: tuple[int, int] = (5, 9)
    shading: tuple[float, float] = (0.2, 0.6)
    tint: bool = False
    hold: float = 0.8


PAINTING = Recipe()

RECIPES = {
    "abstract": Recipe(shading=(0, 0.2)),
    "art-nouveau": Recipe(shading=(0, 0.3)),
    "ink": Recipe(short_side=(200, 320), clusters=(4, 7), tint=True, hold=0.6),
    "linocut": Recipe(short_side=(160, 320), clusters=(2, 2), detail=96, shading=(0, 0), hold=1.5),
    "pixel": Recipe(short_side=(256, 256), reduce=REDUCE_GRID, clusters=(4, 7), shading=(0, 0), hold=3.0),
    "poster": Recipe(clusters=(4, 7), detail=72, shading=(0, 0), hold=1.5),
    "sketch": Recipe(short_side=(150, 227), reduce=REDUCE_FILL, shading=(0, 0), tint=True, hold=0.1),
    # These two are scanned at 77 to 110 px: enlarged little, so that line and wash keep their look.
    "ukiyo-e": Recipe(short_side=(132, 150), clusters=(6, 10), shading=(0, 0.3)),
    "watercolor": Recipe(short_side=(132, 160), clusters=(4, 8), shading=(0, 0.4), hold=0.7),
}


def recipe(style: str) -> Recipe:
    """The recipe of a style, by its folder's name."""
    return RECIPES.get(style, PAINTING)

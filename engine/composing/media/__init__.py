"""How a composition is brought to each medium's kind of layout."""

from __future__ import annotations

import numpy as np

from engine.color.palette import tone
from engine.composing.media.drawn import ink, sketch
from engine.composing.media.painted import large_forms, painted, washes
from engine.composing.media.printed import keyed, linocut, poster
from engine.composing.media.rich import Rich
from engine.composing.media.squares import pixel
from engine.layout import Pixels
from engine.styles import Composing


def drawn(rich: Rich, how: Composing, medium: str, random: np.random.Generator) -> Pixels:
    """Bring a composition to a medium's layout (H, W, 3)."""
    match medium:
        case "washes":
            return washes(rich, how, random)
        case "forms":
            return large_forms(rich, how)
        case "ink":
            return ink(rich, how, random)
        case "sketch":
            return sketch(rich, random)
        case "linocut":
            return linocut(rich, random)
        case "poster":
            return poster(rich, how)
        case "keyed":
            return keyed(rich, how, tone(how.line_color) if how.line_color else None)
        case "pixel":
            return pixel(rich)
        case _:
            return painted(rich, how)

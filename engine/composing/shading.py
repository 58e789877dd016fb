"""The play of light: how light each region is in the colour that it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.color.palette import BLACK, GRAY, WHITE, Tone, hue_distance
from engine.composing.regions import Region
from engine.styles import Style, StyleTones

EVEN = StyleTones()
CONTRAST = 0.3
"""Difference in OKLab lightness between figure and surroundings that is aimed at."""
LIGHTEST_ON_LIGHT = {"paper": 0.66, "drawing": 0.66, "print": 0.58}
"""The figure's highest lightness before light surroundings, by ground; elsewhere
0.33 under the mood's highest."""
DARKEST_ON_DARK = 0.7
"""The figure's lowest lightness before dark surroundings."""
AWAY = 0.45
"""How far the lightness of another shape in the background is from the figure to what is around both."""
ROOM = 0.03
"""Chroma above that of gray that a region keeps which is to count as coloured: room for light and shadow."""
INK, SECOND_INK = 0.36, 0.56
"""Lightness of ink, of printed figures and of what is around them; tones keep a little of their own."""
INKED_STRONGLY = frozenset({"figure", "echo", "front"})
"""Roles of regions that take the figure's ink."""
SHADOW = Tone(0.2, 0.03, 285.0)
"""What shadows are glazed with."""


@dataclass(frozen=True, slots=True)
class Key:
    """The picture's play of light: how light the figure is, and whether it is seen against the dark.

    paper: whether bare paper shows, which is white without being painted
    """

    dark: bool
    figure: float
    paper: bool
    mood: StyleTones = EVEN

    @property
    def surroundings(self) -> tuple[float, float]:
        """Lowest and highest lightness of what the figure is seen against."""
        if self.dark:
            high = min(self.figure - CONTRAST, self.mood.deep)
            return max(0.24, min(self.figure - 0.45, high - 0.2)), high
        high = 0.93 if self.paper else max(self.mood.high, self.figure + 0.28)
        # Light figures keep their colour: what is around them has less room then.
        return min(self.figure + CONTRAST, high - 0.03), high


def key_of(asked: Sequence[Tone], style: Style, hour: float = 0.0, strength: float = 0.0) -> Key:
    """The key in which the first asked colour looks most like itself and stands out.

    hour: by how much lightness the day ends sooner (below 0) or later; for colours of middle lightness
        it decides between day and night
    strength: by how much the figure is darker than it need be by day, or lighter by night
    """
    first, paper, mood = asked[0].lightness, style.bare, style.tones
    grays = [tone.lightness for tone in asked[1:] if tone.is_gray]
    if paper:
        dark = first > (0.78 if style.medium == "print" else 0.84)
    elif min(grays, default=1) < BLACK:
        dark = first > 0.4
    else:
        dark = first > (0.8 if max(grays, default=0) > WHITE else mood.dusk + hour)
    if dark:
        return Key(True, min(max(first, DARKEST_ON_DARK) + strength, 0.96), paper, mood)
    lightest = LIGHTEST_ON_LIGHT.get(style.medium, mood.high - 0.33)
    return Key(False, max(0.2, min(first, lightest) - strength), paper, mood)


def tone_of(region: Region, tone: Tone, key: Key, *, free: bool) -> Tone:
    """The tone in which a region is painted.

    free: the lightness is planned from the region's depth alone, as for a companion or the figure's own hue;
        otherwise the tone's own lightness shows
    """
    if region.role == "figure":
        return tone.at(key.figure)
    lightness = _lightness(tone, region, key, free=free)
    if tone.is_gray:
        return tone.at(lightness)
    seen = GRAY + ROOM * max(0.8, key.mood.chroma)
    chroma = max(tone.chroma * (0.55 + 0.35 * region.depth) * key.mood.chroma, seen)
    turn = _warmed(tone, lightness)
    painted = tone.at(lightness, chroma, turn)
    # Very light and very dark colours have little chroma to show: go towards the middle until it is seen.
    while region.role != "front" and painted.chroma < seen and abs(lightness - 0.6) > 0.1:
        lightness += 0.02 if lightness < 0.6 else -0.02
        painted = tone.at(lightness, chroma, turn)
    return painted


def _lightness(tone: Tone, region: Region, key: Key, *, free: bool) -> float:
    low, high = key.surroundings
    planned = low + (high - low) * (0.94 - 0.89 * region.depth)
    if tone.is_gray and not free:
        return tone.lightness
    if region.guest and region.role == "band":
        return key.figure + AWAY * ((high if key.dark else low) - key.figure)
    if region.role == "echo":
        return max(tone.lightness, key.figure - 0.06) if key.dark else min(tone.lightness, key.figure + 0.06)
    if region.role == "front":
        return low - 0.06 if key.dark else max(0.24, key.figure - 0.12)
    if free and key.dark and _is_yellow(tone):
        return high - 0.06 * region.depth
    if free:
        return planned
    wished = min(max(tone.lightness, low), min(high, 0.87))
    return 0.6 * wished + 0.4 * min(planned, 0.87)


def inked(regions: Sequence[Region], painted: Sequence[Tone], key: Key) -> list[Tone]:
    """The tones as blocks print them on light paper: the figure's ink is strong, and only paper is light."""
    if key.dark:
        return list(painted)
    return [_printed(tone, region) for region, tone in zip(regions, painted, strict=True)]


def _printed(tone: Tone, region: Region) -> Tone:
    if tone.is_gray and tone.lightness > WHITE:
        return tone
    ink = INK if region.role in INKED_STRONGLY else SECOND_INK
    return tone.at(ink + (tone.lightness - INK) * 0.3)


def _is_yellow(tone: Tone) -> bool:
    return 75 < tone.hue < 125 and not tone.is_gray


def _warmed(tone: Tone, lightness: float) -> float:
    """Degrees towards orange for a darkened yellow, which would look like mud in its own hue."""
    if not _is_yellow(tone):
        return 0.0
    return -min(15.0, 45 * max(0.0, tone.lightness - lightness))


def is_free(tones: Sequence[Tone], color: int, asked: int) -> bool:
    """Whether a colour may take any lightness: a companion, or the figure's own hue when it has one."""
    return color >= asked or (color == 0 and not tones[0].is_gray)


def tones_for(
    regions: Sequence[Region], dealt: Sequence[int], tones: Sequence[Tone], asked: int, key: Key
) -> list[Tone]:
    """The tone of every region when the open ones take the dealt colours."""
    below = key.mood.paper
    painted = []
    for region, color in zip(regions, dealt, strict=True):
        if region.role == "shade":
            tone = SHADOW
        elif region.role == "cloud":
            tone = below.at(below.lightness + (0.05 if below.lightness > 0.6 else 0.1), below.chroma * 0.8)
        elif region.role == "accent":
            tone = _accent(tones, asked, below, key)
        else:
            tone = below = tone_of(region, tones[color], key, free=is_free(tones, color, asked))
        painted.append(tone)
    return painted


def _accent(tones: Sequence[Tone], asked: int, below: Tone, key: Key) -> Tone:
    """Another asked colour that shows against what is below, else the companion accent."""
    fitting = [
        tone for tone in tones[1:asked] if not tone.is_gray and float(hue_distance(tone.hue, below.hue)) > 40
    ]
    tone = fitting[0] if fitting else tones[-1]
    chroma = tone.chroma if tone.is_gray else max(tone.chroma, 0.1)
    return tone.at(0.85 if key.dark else 0.7, chroma)

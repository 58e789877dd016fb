"""How much of something a wish has: a style, a color, a shade, a size, a format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from commands.parsing import values
from commands.parsing.shades import computed, mixed, shifted
from engine.conditions import MAX_ASPECT, MAX_CHAOS, MAX_SIZE, MIN_SIZE, SCALES, Asked

MIXED_IN = 0.4
"""The share of a style that a picture shall have more of."""
WILDER = 30
"""Steps of chaos."""
_SIZES = (*SCALES[:2], "", *SCALES[2:])


def restyled(wish: Asked, style: str) -> Asked:
    """More of a style: mixed in, or with a larger share."""
    shares = dict(wish.style or ())
    share = shares.get(style, 0.0)
    wanted = share + (1 - share) * MIXED_IN
    rest = sum(shares.values()) - share
    if rest <= 0:
        return wish
    mix = {name: part * (1 - wanted) / rest for name, part in shares.items() if name != style}
    most = sorted(mix.items(), key=lambda part: -part[1])[: values.MAX_STYLES - 1]
    return replace(wish, style=values.mix({**dict(most), style: wanted}))


def less_styled(wish: Asked, style: str) -> Asked:
    shares = dict(wish.style or ())
    if style not in shares or len(shares) == 1:
        return wish
    shares[style] *= 0.4
    return replace(wish, style=values.mix({name: part for name, part in shares.items() if part > 0.05}))


def toward(wish: Asked, color: str) -> Asked:
    """All colors nearer to one; those that are it already are stronger, and natural ones become it."""
    return (
        _each_color(wish, lambda name: _nearer(name, color))
        if wish.colors
        else replace(wish, colors=(color,))
    )


def _nearer(name: str, color: str) -> str:
    return computed(name, "bright") if name == color else mixed(name, color)


def faded(wish: Asked, color: str) -> Asked:
    """Less of a color."""
    near = [each for each in wish.colors or () if each == color or mixed(each, color) == each]
    rest = tuple(each for each in wish.colors or () if each not in near)
    if near and rest:
        return _each_color(replace(wish, colors=rest), lambda name: "" if name in near else name)
    return _each_color(wish, lambda name: shifted(name, "muted"))


def shaded(wish: Asked, shade: str) -> Asked:
    """All colors darker, paler, warmer; natural ones by the hour, the weather or one muted color."""
    if wish.colors:
        return _each_color(wish, lambda name: _shade(name, shade))
    return _NATURAL[shade](wish) if shade in _NATURAL else wish


def _shade(name: str, shade: str) -> str:
    found = shifted(name, shade)
    return computed(name, shade) if found == name else found


_NATURAL: Mapping[str, Callable[[Asked], Asked]] = MappingProxyType(
    {
        "dark": lambda wish: replace(wish, time="night"),
        "bright": lambda wish: replace(wish, time="day", weather="clear"),
        "pale": lambda wish: replace(wish, weather="fog"),
        "warm": lambda wish: replace(wish, colors=(shifted("orange", "muted"),)),
        "cold": lambda wish: replace(wish, colors=(shifted("blue", "muted"),)),
    }
)


def _each_color(wish: Asked, change: Callable[[str], str]) -> Asked:
    colors = tuple(dict.fromkeys(filter(None, map(change, wish.colors or ()))))
    others = tuple(replace(each, color=change(each.color) if each.color else "") for each in wish.others)
    return replace(wish, colors=colors, color=change(wish.color) if wish.color else "", others=others)


def scaled(wish: Asked, step: int) -> Asked:
    """The main figure a step larger or smaller; a picture without one itself."""
    if not wish.shape:
        return enlarged(wish, step > 0)
    at = _SIZES.index(wish.scale or "") + step
    return replace(wish, scale=_SIZES[max(0, min(at, len(_SIZES) - 1))])


def enlarged(wish: Asked, up: bool) -> Asked:
    """The picture twice as large, or half."""
    size = wish.size or MIN_SIZE
    return replace(wish, size=min(2 * size, MAX_SIZE) if up else max(MIN_SIZE, size // 2))


def formatted(wish: Asked, form: str) -> Asked:
    """The picture wider, taller or square."""
    across, down = wish.aspect or (1, 1)
    if form == "square":
        return replace(wish, aspect=(1, 1))
    ratio = across / down if form == "wide" else down / across
    longer, shorter = next(
        (pair for pair in ((3, 2), (2, 1), (3, 1), (MAX_ASPECT, 1)) if pair[0] / pair[1] > ratio),
        (MAX_ASPECT, 1),
    )
    return replace(wish, aspect=(longer, shorter) if form == "wide" else (shorter, longer))


def by_word(wish: Asked, kind: str, value: str) -> Asked:
    """A wish after a word that is a change by itself. kind, value: a key of `words` in changes.toml"""
    up = value == "up"
    match kind:
        case "color":
            return toward(wish, value)
        case "shade":
            return shaded(wish, value)
        case "style":
            return restyled(wish, value)
        case "scale":
            return scaled(wish, 1 if up else -1)
        case "picture":
            return enlarged(wish, up)
        case "format":
            return formatted(wish, value)
    chaos = (wish.chaos or 0) + (WILDER if up else -WILDER)
    return replace(wish, chaos=max(0, min(chaos, MAX_CHAOS)))

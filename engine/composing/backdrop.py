"""A new backdrop from two or more compositions: pieces side by side along seams, under another's sky."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from engine.color.oklab import Lab
from engine.composing.atlas import FLOOR, NO_GROUND, Place, load_atlas
from engine.composing.grids import Grid, blended, blurred, resized, smooth_noise
from engine.composing.pieces import Frame, Seam, cut, join_pieces, matched, seam, sky_of
from engine.composing.studio import BUILT, TABLE, built

SIDE = 128
"""Pixels of a backdrop's shorter side."""
MATCHED = 0.85
"""How far a piece takes its neighbour's colours."""
OVERLAP = 0.34
"""Share of the frame's width over which two pieces may be parted."""
PICKY = 1.3
"""How much likelier a composition is that fits better by one, as a logarithm."""
PARTNERS = 6
"""Compositions that are tried beside another, for the seam that shows least."""
SKIES = 0.7
"""How often the sky is another picture's."""
TRIED, OPEN = 4, 0.93
"""Skies that are tried, and the share of one that must be open."""
GRADED = (0.03, 0.12, 0.12)
"""How far seeds part in lightness, hue (radians) and share of chroma."""
HORIZONS = (0.24, 0.62)
"""Shares of the height between which a horizon lies, so that figures have sky and ground."""


@dataclass(frozen=True, slots=True)
class View:
    """What is asked of a backdrop.

    places: names, any of them will do; time, weather: empty where open
    aspect: width over height; ground: what must be there to stand on, empty where anything will do
    wild: 0 to 1, how far its colours may stray; deserted: whether nobody may be in it
    """

    places: tuple[str, ...]
    time: str = ""
    weather: str = ""
    aspect: float = 1.0
    ground: str = ""
    wild: float = 0.0
    deserted: bool = False


@dataclass(frozen=True, slots=True)
class Backdrop:
    """lab: (H, W, 3) OKLab, the shorter side `SIDE` px; horizon: row, None where there is none

    time, weather, ground: of the composition that most of it is from
    light: -1 from the left, 1 from the right, 0 where it may come from anywhere
    sources: names of all compositions in it
    """

    lab: Lab = field(repr=False)
    horizon: int | None
    time: str
    weather: str
    ground: str
    light: float
    sources: tuple[str, ...]


def backdrop(view: View, random: np.random.Generator) -> Backdrop:
    """Make a backdrop; the same view and random state give the same one."""
    if view.places[0] in BUILT:
        return _built(view, random)
    main = _choose(view, random, ())
    size = _size(view.aspect)
    wanted = main.horizon if main.horizon is not None else 0.5
    share = float(np.clip(wanted + random.uniform(-0.07, 0.07), *HORIZONS))
    frame = Frame(*size, round(size[0] * share))
    lab, used, mirrored = _panorama(view, main, frame, random)
    if main.horizon is not None and random.random() < SKIES:
        lab, used = _under_another_sky(lab, view, main, frame, used, random)
    horizon = None if main.horizon is None else frame.horizon
    light = -main.light if mirrored else main.light
    names = tuple(place.name for place in used)
    lab = _graded(lab, view.wild, random)
    return Backdrop(lab, horizon, main.time, main.weather, main.ground, light, names)


def _built(view: View, random: np.random.Generator) -> Backdrop:
    """A wall and a table, or one plain ground, in the tones of two compositions."""
    height, width = _size(view.aspect)
    frame = Frame(height, width, round(height * random.uniform(0.56, 0.66)))
    wall = _choose(replace(view, ground=""), random, ())
    cloth = _choose(replace(view, ground=""), random, (wall,), like=wall)
    side = float(random.choice([-1, 1]))
    lab = _graded(built(view.places[0], wall, cloth, frame, side, random), view.wild, random)
    horizon = frame.horizon if view.places[0] == TABLE else None
    return Backdrop(lab, horizon, view.time, view.weather, FLOOR, side, (wall.name, cloth.name))


def _size(aspect: float) -> tuple[int, int]:
    if aspect >= 1:
        return SIDE, round(SIDE * aspect)
    return round(SIDE / aspect), SIDE


def _panorama(
    view: View, main: Place, frame: Frame, random: np.random.Generator
) -> tuple[Lab, tuple[Place, ...], bool]:
    """Pieces from left to right until the frame is full: two at least."""
    used: tuple[Place, ...] = (main,)
    first = cut(main, frame, random)
    keep = round(min(frame.width, frame.height * 1.3) * random.uniform(0.62, 0.84))
    lab = _window(first, keep, random)
    while lab.shape[1] < frame.width or len(used) < 2:
        lab, other = _continued(lab, view, used, frame, random)
        used = (*used, other)
    lab = _window(lab, frame.width, random)
    mirrored = bool(random.random() < 0.5)
    return (lab[:, ::-1] if mirrored else lab), used, mirrored


def _continued(
    lab: Lab, view: View, used: tuple[Place, ...], frame: Frame, random: np.random.Generator
) -> tuple[Lab, Place]:
    """Continue a panorama to the right with the one of a few compositions whose seam shows least."""
    tried = [_choose(view, random, used, like=used[0]) for _ in range(PARTNERS)]
    found = [_seamed(lab, place, frame, random) for place in dict.fromkeys(tried)]
    best = min(found, key=lambda each: each.seam.cost)
    return join_pieces(lab, best.piece, best.overlap, best.seam.path), best.place


@dataclass(frozen=True, slots=True)
class _Seamed:
    """A piece that may continue a panorama, by how many px it overlaps, and along which seam."""

    place: Place
    piece: Lab
    overlap: int
    seam: Seam


def _seamed(lab: Lab, place: Place, frame: Frame, random: np.random.Generator) -> _Seamed:
    overlap = max(8, round(frame.width * OVERLAP))
    piece = matched(cut(place, frame, random), lab, frame.horizon, MATCHED)
    room = frame.width - lab.shape[1] + overlap
    both = min(overlap, lab.shape[1] - 4, piece.shape[1] - 4)
    piece = _window(piece, max(both + 4, min(room, piece.shape[1])), random)
    return _Seamed(place, piece, both, seam(lab, piece, both))


def _window(lab: Lab, width: int, random: np.random.Generator) -> Lab:
    """A part of so many columns of it, or all of it."""
    spare = lab.shape[1] - width
    if spare <= 0:
        return lab
    left = int(random.integers(spare + 1))
    return lab[:, left : left + width]


def _under_another_sky(
    lab: Lab,
    view: View,
    main: Place,
    frame: Frame,
    used: tuple[Place, ...],
    random: np.random.Generator,
) -> tuple[Lab, tuple[Place, ...]]:
    mask = sky_of(lab, frame.horizon)
    if mask is None:
        return lab, used
    skies = [place for place in load_atlas() if _has_sky(place, main, used)]
    if not skies:
        return lab, used
    for _ in range(TRIED):
        donor = skies[int(random.integers(len(skies)))]
        sky = _window(cut(donor, frame, random), frame.width, random)
        if sky.shape[1] < frame.width:
            sky = resized(sky, (frame.height, frame.width))
        own = sky_of(sky, frame.horizon)
        # What stands in a sky would be left in it as a ghost.
        if own is not None and own[: round(0.9 * frame.horizon)].mean() > OPEN:
            sky = _filled(sky, own)
            sky = sky + 0.5 * (_mean(lab, mask) - _mean(sky, mask))
            return blended(lab, sky, mask, 2), (*used, donor)
    return lab, used


def _has_sky(place: Place, main: Place, used: tuple[Place, ...]) -> bool:
    same = place.time == main.time and place.weather == main.weather
    return place.horizon is not None and place.horizon >= 0.25 and same and place not in used


def _filled(sky: Lab, mask: Grid) -> Lab:
    """The sky drawn on over what hides it."""
    filled = sky.copy()
    for radius in (3, 8, 20):
        weight = blurred(mask, radius)[..., None]
        around = blurred(sky * mask[..., None], radius) / np.maximum(weight, 1e-3)
        filled = np.where(mask[..., None] > 0.9, sky, np.where(weight > 0.05, around, filled))
    soft = mask[..., None]
    return np.asarray(sky * soft + filled * (1 - soft), np.float32)


def _mean(lab: Lab, mask: Grid) -> Lab:
    return np.asarray((lab * mask[..., None]).sum((0, 1)) / max(float(mask.sum()), 1e-3), np.float32)


def _graded(lab: Lab, wild: float, random: np.random.Generator) -> Lab:
    """A little lighter or darker, warmer or colder, from seed to seed."""
    light, turn, chroma = (random.uniform(-most, most) * (1 + 4 * wild) for most in GRADED)
    a, b = lab[..., 1], lab[..., 2]
    turned = np.stack(
        [lab[..., 0] + light, a * np.cos(turn) - b * np.sin(turn), a * np.sin(turn) + b * np.cos(turn)], -1
    )
    turned[..., 1:] *= 1 + chroma
    sway = smooth_noise(random, lab.shape[:2], 2) * 0.012
    turned[..., 0] += sway
    return turned.astype(np.float32)


def _choose(
    view: View, random: np.random.Generator, used: tuple[Place, ...], like: Place | None = None
) -> Place:
    """One of the compositions that fit the view best, none of an artwork that is used already."""
    originals = {place.original for place in used}
    open_ = [place for place in load_atlas() if place.original not in originals]
    fits = np.array([_fit(place, view, like) for place in open_])
    weights = np.exp(PICKY * (fits - fits.max()))
    return open_[int(random.choice(len(open_), p=weights / weights.sum()))]


def _fit(place: Place, view: View, like: Place | None) -> float:
    """How well a composition fits: the place counts most, then what there is to stand on, then the hour."""
    fit = 12.0 * (place.place in view.places)
    fit += 3.5 * (not view.ground or place.ground == view.ground)
    fit -= 3.0 * (place.ground == NO_GROUND and view.ground != NO_GROUND)
    fit += (2.5 if view.time else 1.0) * (place.time == (view.time or "day")) + 1.6 * (
        not view.weather or place.weather == view.weather
    )
    fit += 0.8 * place.score - 24.0 * (view.deserted and place.people)
    if like is not None:
        fit += 2.5 * (place.ground == like.ground) + 1.0 * (place.time == like.time)
        fit += 0.8 * (place.weather == like.weather) + 1.2 * (place.style == like.style)
        fit -= 3.0 * ((place.horizon is None) != (like.horizon is None))
        if place.horizon is not None and like.horizon is not None:
            fit -= 8.0 * abs(place.horizon - like.horizon)
    return fit

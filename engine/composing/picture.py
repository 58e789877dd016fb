"""From conditions to the composed picture: subjects, place, hour, colours and figures."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

import numpy as np

from engine.color.oklab import Lab
from engine.color.palette import Tone, tone
from engine.composing.atlas import GROUND, WATER
from engine.composing.backdrop import Backdrop, View, backdrop
from engine.composing.lighting import Light
from engine.composing.media.rich import Rich
from engine.composing.ornaments import ORNAMENTS, Ornament
from engine.composing.placing import WET, Casting, Room, arrange
from engine.composing.recolor import drawn_to
from engine.composing.source import backdrop_of
from engine.composing.staging import Figure, Ground, calmest, staged
from engine.composing.studio import STUDIO, TABLE
from engine.composing.subjects import load_subjects
from engine.composing.weather import at_hour, in_weather
from engine.conditions import PLACES, Conditions, Other
from engine.styles import Style, style_named

WATERS = frozenset({"sea", "lake", "river", "beach"})
ADRIFT = frozenset({"underwater", "space", "sky"})
TABLES, TABLETOP = frozenset({"table", "desk"}), 0.8
"""What is so small, in metres, stands on a table that is seen from near."""
INDOORS = frozenset({"room", TABLE, STUDIO})
PERSON = "person"
"""The kind of subjects that are somebody: a picture without it is set where nobody is."""
DEFAULT_PLACES = ("landscape", "hills", "field", "lake", "forest")
LIKELIEST = 0.6
"""How often a subject is in its likeliest place, where nobody said one."""
STUDIES = 0.4
"""How often a portrait nobody placed stands before a plain ground."""
NIGHT = 0.72
"""Share of their lightness that figures keep at night."""
FLOCK = (6, 10)
"""Figures of a flock whose number nobody said."""


@dataclass(frozen=True, slots=True)
class Composed:
    """rich: the composition; sources: names of the atlas's compositions in it"""

    rich: Rich = field(repr=False)
    sources: tuple[str, ...]


def pictured(wish: Conditions) -> Composed:
    """Compose a picture. Raises KeyError for an unknown word and ValueError for an unknown colour."""
    style = style_named(wish.main_style)
    form = randomness(wish, "form")
    wishes = _wishes(wish, form)
    colors = _ruling(wish)
    if wish.source:
        return _from_source(wish, wishes, colors, style, form)
    on_table = not wish.place and _lies_on_table(wishes)
    wishes = tuple(each for each in wishes if not on_table or each.subject.key not in TABLES)
    place = TABLE if on_table else _place(wish, wishes, form)
    behind = _behind(wish, wishes, place)
    lab = _colored(_at_its_hour(behind, wish), colors, style)
    if wish.scene in ORNAMENTS:
        return _ornament(wish, wishes, lab, colors, behind)
    lab, figures = _peopled(wish, wishes, lab, behind, place, form)
    return Composed(Rich(lab, figures, colors, (wish.height, wish.width)), behind.sources)


def _from_source(
    wish: Conditions,
    wishes: tuple[Casting, ...],
    colors: tuple[Tone, ...],
    style: Style,
    form: np.random.Generator,
) -> Composed:
    """Return somebody's own picture in the asked colors, with the asked figures before it."""
    lab = backdrop_of(wish.source, wish.aspect[0] / wish.aspect[1])
    behind = Backdrop(lab, None, "", "", GROUND, 0.0, ())
    lab, figures = _peopled(wish, wishes, _colored(lab, colors, style), behind, "landscape", form)
    return Composed(Rich(lab, figures, colors, (wish.height, wish.width)), ())


def randomness(wish: Conditions, purpose: str, *more: str) -> np.random.Generator:
    """Randomness that depends on what matters for `purpose` alone."""
    form = (wish.seed, wish.shape, wish.scene, wish.chaos, wish.aspect)
    digest = hashlib.sha256(repr((purpose, form, more)).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def _wishes(wish: Conditions, random: np.random.Generator) -> tuple[Casting, ...]:
    """The subjects' variants, realistic ones first."""
    asked = (Other(wish.shape, wish.number, color=wish.color), *wish.others) if wish.shape else ()
    found = []
    for other in asked:
        variants = load_subjects()[other.shape]
        best = [variant for variant in variants if variant.realistic] or list(variants)
        subject = best[int(random.integers(len(best)))]
        color = tone(other.color) if other.color else None
        found.append(Casting(subject, other.number, other.relation, color))
    if wish.scene == "flock" and found and found[0].number == 1:
        found[0] = replace(found[0], number=int(random.integers(*FLOCK)))
    if found:
        found[0] = replace(found[0], scale=wish.scale)
    return tuple(found)


def _lies_on_table(wishes: tuple[Casting, ...]) -> bool:
    """Whether the main subject is small and on a table, which then fills the picture's lower part."""
    tables = [each for each in wishes[1:] if each.subject.key in TABLES and each.relation == "on"]
    return bool(tables) and wishes[0].subject.metres <= TABLETOP


def _place(wish: Conditions, wishes: tuple[Casting, ...], random: np.random.Generator) -> str:
    if wish.place:
        return wish.place
    if wish.scene == "still-life":
        return TABLE
    if wish.scene == "portrait" and not (wish.weather or wish.time) and random.random() < STUDIES:
        return STUDIO
    habitat = wishes[0].subject.habitat if wishes else DEFAULT_PLACES
    shut = {*wish.without, *(INDOORS if wish.weather or wish.time else ())}
    likely = [name for name in habitat if name in PLACES and name not in shut] or ["landscape"]
    if not wishes:
        return str(random.choice(likely))
    if wishes[0].subject.kind == "fish" and "underwater" in likely:
        return "underwater"
    return likely[0] if random.random() < LIKELIEST else str(random.choice(likely))


def _behind(wish: Conditions, wishes: tuple[Casting, ...], place: str) -> Backdrop:
    random = randomness(wish, "backdrop", place, wish.time, wish.weather)
    ground = ""
    if wishes:
        wet = place in WATERS and wishes[0].subject.stance in WET
        ground = WATER if wet else GROUND if wishes[0].subject.stance in ("stands", "lies") else ""
    aspect = wish.aspect[0] / wish.aspect[1]
    deserted = PERSON in wish.without
    view = View((place,), wish.time, wish.weather, aspect, ground, wish.chaos / 100, deserted)
    return backdrop(view, random)


def _at_its_hour(behind: Backdrop, wish: Conditions) -> Lab:
    random = randomness(wish, "weather", wish.weather)
    lab = at_hour(behind.lab, behind.horizon, behind.time, wish.time)
    return in_weather(lab, behind.horizon, behind.weather, wish.weather, random)


def _ruling(wish: Conditions) -> tuple[Tone, ...]:
    """The colors of the whole picture: "a red fox" reddens the fox, and leaves the forest its own."""
    own = {wish.color, *(other.color for other in wish.others)}
    return tuple(tone(color) for color in wish.colors if color not in own)


def _colored(lab: Lab, colors: tuple[Tone, ...], style: Style) -> Lab:
    """The backdrop in the asked colours, else in its own as far as the style leaves them."""
    how = style.composing
    if colors:
        return drawn_to(lab, colors)
    if how.palette:
        lab = drawn_to(lab, [tone(each) for each in how.palette], how.palette_share)
    return toned(lab, how.chroma, how.contrast)


def toned(lab: Lab, chroma: float, contrast: float) -> Lab:
    """Stronger or weaker colour and contrast."""
    out = lab * np.array([contrast, chroma, chroma], np.float32)
    out[..., 0] = np.clip(out[..., 0] + 0.55 * (1 - contrast), 0.04, 0.98)
    return np.asarray(out, np.float32)


def _ornament(
    wish: Conditions, wishes: tuple[Casting, ...], lab: Lab, colors: tuple[Tone, ...], behind: Backdrop
) -> Composed:
    subjects = tuple(each.subject for each in wishes) or (load_subjects()["circle"][0],)
    own = tuple(each.color for each in wishes if each.color)
    ornament = Ornament(subjects, own + colors, lab, wish.number)
    ground, figures = ORNAMENTS[wish.scene](ornament, randomness(wish, "ornament"))
    return Composed(Rich(ground, figures, colors, (wish.height, wish.width)), behind.sources)


def _peopled(
    wish: Conditions,
    wishes: tuple[Casting, ...],
    lab: Lab,
    behind: Backdrop,
    place: str,
    random: np.random.Generator,
) -> tuple[Lab, list[Figure]]:
    if not wishes:
        return lab, []
    height, width = lab.shape[:2]
    horizon = 0.4 if behind.horizon is None else behind.horizon / height
    room = Room(width / height, horizon, place in ADRIFT)
    stands = arrange(wishes, wish.scene, room, random)
    shift = calmest(behind.lab, stands)
    stands = [replace(each, x=each.x + shift) for each in stands]
    side = behind.light or float(random.choice([-1, 1]))
    keep = NIGHT if (wish.time or behind.time) == "night" else 1.0
    water = behind.ground == WATER and (place in WATERS or place in ("city", "village"))
    ground = Ground(place, behind.horizon, water and any(each.subject.stance in WET for each in stands))
    tones = _ruling(wish)
    return staged(
        lab, stands, ground, Light(side), tones, keep, style_named(wish.main_style).composing, random
    )

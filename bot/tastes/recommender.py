"""Choose what a request leaves open by a person's taste. Pure: all chance comes from the request's seed.

What was asked in words always wins. One picture in four is chosen by chance and marked as a control, so that
the worth of taste can be measured. The candidates are the vocabulary's styles and palettes, and those of the
person's favourites with small changes; shapes and scenes of favourites, those that suit the style, and some
others.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from bot.tastes.features import TasteFeatures, family_row, palette_row
from bot.tastes.learner import TasteLearner
from bot.tastes.sampling import Candidates, TasteChooser, menu_for, whole_menu
from commands.checks import within_styles
from commands.policy.content import EVERYTHING, AllowedChooser, ContentPolicy
from commands.services.tastes import CHANCE, CONTROL, TASTE, Choice
from engine.color.palette import Tone, tone
from engine.conditions import SCENES, Asked, Chooser, Conditions, StyleMix, complete, is_kept_out
from engine.defaults import SCENE_SHARES
from engine.styles import style_named
from engine.vocabulary import Vocabulary

IGNORED = 0.25
"""Share of pictures that are controls."""
SHAPES, SCENES_TRIED = 60, 3
"""Random shapes and scenes that are tried, beside those that suit the style."""
NEIGHBOURS = 3
"""A favourite's color may change to one of so many near it."""
SHIFT = 0.1
"""Largest change of a share in a favourite's mix of styles."""


class TastePicker:
    """Choose the pictures of requests."""

    def __init__(
        self, vocabulary: Vocabulary, features: TasteFeatures, chance: Chooser, ignored: float = IGNORED
    ) -> None:
        """chance: chooses where no taste does; ignored: share of pictures that are controls"""
        self._features, self._chance, self._ignored = features, chance, ignored
        self._chooser, self._menu = TasteChooser(features), whole_menu(vocabulary, features)
        self._colors = {word.name: tone(word.name) for word in vocabulary.words("color")}
        self._shapes = frozenset(features.shapes)
        self._neighbours = {name: self._nearest(name) for name in self._colors}

    def by_chance(self, asked: Asked, seed: int, allowed: ContentPolicy = EVERYTHING) -> Choice:
        """Choose without a taste. allowed: what may be chosen"""
        asked = asked.in_natural_colors()
        chance = AllowedChooser(self._chance, allowed)
        pictures = complete(within_styles(asked, allowed, seed), chance, seed)
        return Choice(pictures, (CHANCE,) * len(pictures), kinds_left_open(asked))

    def pick(
        self,
        learner: TasteLearner,
        whose: tuple[str, str],
        asked: Asked,
        seed: int,
        now: float,
        allowed: ContentPolicy = EVERYTHING,
    ) -> Choice:
        """Choose the pictures of a request. whose: person and server; now: UTC epoch seconds

        For a named seed chance decides, so that the same seed and words give the same picture.
        """
        asked = asked.in_natural_colors()
        blind = self.by_chance(asked, seed, allowed)
        if asked.seed is not None or not blind.opened or not learner.knows(*whose):
            return blind
        random = np.random.default_rng([seed, zlib.crc32(b"taste")])
        ignored = random.random(asked.count) < self._ignored
        liked = self._liked(learner, whose, asked, random, now, allowed)
        pictures = [
            chance if skip else _instead(chance, each)
            for chance, each, skip in zip(blind.pictures, liked, ignored, strict=True)
        ]
        slices = tuple(CONTROL if skip else TASTE for skip in ignored)
        return Choice(tuple(pictures), slices, blind.opened)

    def _liked(
        self,
        learner: TasteLearner,
        whose: tuple[str, str],
        asked: Asked,
        random: np.random.Generator,
        now: float,
        allowed: ContentPolicy,
    ) -> list[Conditions]:
        history, belief = learner.history(whose[0]), learner.tastes.belief(*whose, now)
        menu = with_palettes(self._menu, self._moved_palettes(history.favourites, random))
        menu = menu_for(asked, only_allowed(without_colors(menu, asked.without), allowed), self._features)
        narrow = partial(self._suiting, asked, history.favourites, random, allowed)
        chosen = self._chooser.choose_set(belief, menu, random, asked.count, history.lately, narrow)
        if asked.style:
            return list(chosen)
        favourites = history.favourites
        return [replace(each, style=moved_mix(each.style, favourites, random, allowed)) for each in chosen]

    def _suiting(
        self,
        asked: Asked,
        favourites: Sequence[Conditions],
        random: np.random.Generator,
        allowed: ContentPolicy,
        menu: Candidates,
        style: StyleMix,
    ) -> Candidates:
        """Narrow shapes and scenes to those of favourites, those that suit the style, and some others."""
        suited = style_named(style[0][0]).subjects
        drawn = random.integers(len(self._features.shapes), size=SHAPES)
        shapes = [*suited.shapes, *(self._features.shapes[at] for at in drawn)]
        tried = random.choice(len(SCENES), SCENES_TRIED, p=SCENE_SHARES)
        scenes = [*suited.scenes, *(SCENES[at] for at in tried)]
        shapes = [*(each.shape for each in favourites if each.shape in self._shapes), *shapes]
        kept = [each for each in shapes if not is_kept_out(each, asked.without)] or shapes
        scenes = [
            each for each in (*(each.scene for each in favourites), *scenes) if each in asked.open_scenes
        ]
        return replace(
            menu,
            shapes=menu.shapes if asked.shape is not None else _once("shape", kept, allowed),
            scenes=menu.scenes if asked.scene else _once("scene", scenes or asked.open_scenes, allowed),
        )

    def _moved_palettes(
        self, favourites: Sequence[Conditions], random: np.random.Generator
    ) -> Iterator[tuple[str, ...]]:
        """Yield each favourite's palette, as it is and with one color changed to a similar one."""
        for picture in favourites:
            yield picture.colors
            if not picture.colors:
                continue
            place = int(random.integers(len(picture.colors)))
            color = picture.colors[place]
            near = self._neighbours.get(color) or self._nearest(color)
            moved = list(picture.colors)
            moved[place] = near[int(random.integers(len(near)))]
            yield tuple(dict.fromkeys(moved))

    def _nearest(self, color: str) -> Sequence[str]:
        here = tone(color)
        others = [name for name in self._colors if name != color]
        return sorted(others, key=lambda name: _apart(here, self._colors[name]))[:NEIGHBOURS]


def _instead(chance: Conditions, liked: Conditions) -> Conditions:
    """Return a random picture with the parts that taste chooses replaced."""
    return replace(chance, style=liked.style, colors=liked.colors, shape=liked.shape, scene=liked.scene)


def kinds_left_open(asked: Asked) -> tuple[str, ...]:
    """Return the kinds that a request leaves open, of style, color, shape and scene."""
    given = {"style": asked.style, "color": asked.colors, "shape": asked.shape, "scene": asked.scene}
    return tuple(kind for kind, value in given.items() if value is None)


def moved_mix(
    style: StyleMix, favourites: Sequence[Conditions], random: np.random.Generator, allowed: ContentPolicy
) -> StyleMix:
    """Replace a style by a favourite's mix of it with slightly changed shares, if that is allowed.

    A belief never rates a mix above its best style, so it alone would choose no mix.
    """
    main = style[0][0]
    mixes = [each.style for each in favourites if each.main_style == main]
    mixes = [mix for mix in mixes if all(allowed.lets("style", name) for name, _ in mix)]
    if not mixes:
        return style
    mix = mixes[int(random.integers(len(mixes)))]
    if len(mix) == 1:
        return mix
    shares = np.array([share for _, share in mix])
    shares = np.round(np.clip(shares + random.uniform(-SHIFT, SHIFT, len(shares)), 0.05, 1), 2)
    parts = zip((name for name, _ in mix), (shares / shares.sum()).tolist(), strict=True)
    return tuple(sorted(parts, key=lambda part: -part[1]))


def with_palettes(menu: Candidates, palettes: Iterator[tuple[str, ...]]) -> Candidates:
    """Add palettes to the menu, each once."""
    known = set(menu.palettes)
    more = [each for each in dict.fromkeys(palettes) if each not in known]
    if not more:
        return menu
    return replace(
        menu,
        palettes=(*menu.palettes, *more),
        palette_rows=np.concatenate([menu.palette_rows, [palette_row(each) for each in more]]),
        family_rows=np.concatenate([menu.family_rows, [family_row(each) for each in more]]),
    )


def only_allowed(menu: Candidates, allowed: ContentPolicy) -> Candidates:
    """Remove disallowed styles and palettes from the menu; keep all of a kind if none is allowed."""
    if allowed == EVERYTHING:
        return menu
    mixes = [at for at, mix in enumerate(menu.styles) if all(allowed.lets("style", name) for name, _ in mix)]
    palettes = [
        at for at, each in enumerate(menu.palettes) if all(allowed.lets("color", name) for name in each)
    ]
    mixes = mixes or [*range(len(menu.styles))]
    menu = replace(menu, styles=tuple(menu.styles[at] for at in mixes), shares=menu.shares[mixes])
    return _only_palettes(menu, palettes)


def without_colors(menu: Candidates, kept_out: Collection[str]) -> Candidates:
    """Remove palettes with a color that is kept out."""
    if not kept_out:
        return menu
    return _only_palettes(menu, [at for at, each in enumerate(menu.palettes) if not {*each} & {*kept_out}])


def _only_palettes(menu: Candidates, places: Sequence[int]) -> Candidates:
    """Keep these palettes, or all if there are none."""
    if not places:
        return menu
    return replace(
        menu,
        palettes=tuple(menu.palettes[at] for at in places),
        palette_rows=menu.palette_rows[places],
        family_rows=menu.family_rows[places],
    )


def _once(kind: str, names: Sequence[str], allowed: ContentPolicy) -> tuple[str, ...]:
    """Return each allowed name once; all names if none is allowed."""
    several = tuple(dict.fromkeys(names))
    return tuple(name for name in several if allowed.lets(kind, name)) or several


def _apart(one: Tone, other: Tone) -> float:
    """Return the squared distance in OKLab."""
    turn = math.radians(one.hue - other.hue)
    square = one.chroma**2 + other.chroma**2 - 2 * one.chroma * other.chroma * math.cos(turn)
    return (one.lightness - other.lightness) ** 2 + square

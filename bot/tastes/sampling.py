"""Choose pictures by a belief about a taste. Pure; randomness is passed in.

Thompson sampling draws a taste from the belief and chooses the picture that this taste likes best. Once the
style is fixed, palette and shape add up, so the best combination is found part by part.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.tastes.features import FAMILIES, PALETTE, Array, TasteFeatures, family_row, palette_row
from bot.tastes.model import Belief
from engine.color.palette import tone
from engine.conditions import MAX_SEED, SCENES, Asked, Conditions, StyleMix
from engine.defaults import SCENE_SHARES, SeededDefaults
from engine.vocabulary import Vocabulary

BOLDNESS = 0.25
"""Share of the belief's deviation in a drawn taste; with so many features, all of it would be noise."""
TIRED = 0.03
"""Logits that a style, or a palette of one hue, loses for each recent picture that had it."""
LATELY = 10
"""Recent pictures that count for `TIRED`."""
PALETTES = 600
"""Palettes drawn for the menu."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What may be chosen; of what was asked in words there is one choice."""

    styles: tuple[StyleMix, ...]
    palettes: tuple[tuple[str, ...], ...]
    shapes: tuple[str, ...]
    scenes: tuple[str, ...]
    shares: Array  # (M, S)
    palette_rows: Array  # (P, PALETTE)
    family_rows: Array  # (P, F)

    def at_random(self, random: np.random.Generator) -> Conditions:
        """Draw a picture from the menu, with scenes by their shares."""
        shares = np.array([SCENE_SHARES[SCENES.index(scene)] for scene in self.scenes])
        return Conditions(
            style=self.styles[random.integers(len(self.styles))],
            colors=self.palettes[random.integers(len(self.palettes))],
            shape=self.shapes[random.integers(len(self.shapes))],
            scene=self.scenes[random.choice(len(self.scenes), p=shares / shares.sum())],
            seed=int(random.integers(MAX_SEED + 1)),
        )


def whole_menu(vocabulary: Vocabulary, features: TasteFeatures) -> Candidates:
    """Return a menu with every style, shape and scene, and random palettes."""
    palettes = _palettes(vocabulary)
    styles = tuple(((name, 1.0),) for name in features.styles)
    return Candidates(styles, palettes, features.shapes, SCENES, *_rows(features, styles, palettes))


@functools.cache
def _palettes(vocabulary: Vocabulary) -> tuple[tuple[str, ...], ...]:
    chance = SeededDefaults(vocabulary)
    single = [(word.name,) for word in vocabulary.words("color") if not tone(word.name).is_gray]
    drawn = [chance.colors(Asked(), seed) for seed in range(PALETTES)]
    return tuple(dict.fromkeys([*single, *drawn]))


def menu_for(asked: Asked, menu: Candidates, features: TasteFeatures) -> Candidates:
    """Replace choices of the menu by what was asked in words."""
    styles = (asked.style,) if asked.style else menu.styles
    palettes = (asked.colors,) if asked.colors is not None else menu.palettes
    if asked.style or asked.colors is not None:
        rows = _rows(features, styles, palettes)
        menu = replace(menu, shares=rows[0], palette_rows=rows[1], family_rows=rows[2])
    shapes = (asked.shape,) if asked.shape is not None else menu.shapes
    scenes = (asked.scene,) if asked.scene else menu.scenes
    return replace(menu, styles=styles, palettes=palettes, shapes=shapes, scenes=scenes)


def _rows(
    features: TasteFeatures, styles: Sequence[StyleMix], palettes: Sequence[tuple[str, ...]]
) -> tuple[Array, Array, Array]:
    return (
        np.array([features.shares(style) for style in styles]),
        np.array([palette_row(colors) for colors in palettes]),
        np.array([family_row(colors) for colors in palettes]),
    )


Narrow = Callable[[Candidates, StyleMix], Candidates]
"""Narrow a menu's shapes and scenes to those that suit a style."""


class TasteChooser:
    """Choose from a menu."""

    def __init__(self, features: TasteFeatures) -> None:
        self._features = features
        self._shape_at = {name: place for place, name in enumerate(features.shapes)}

    def choose(
        self, belief: Belief, menu: Candidates, random: np.random.Generator, lately: Sequence[Conditions] = ()
    ) -> Conditions:
        """Choose the picture that a drawn taste likes best. lately: recent pictures, see `TIRED`"""
        return self.choose_set(belief, menu, random, 1, lately)[0]

    def choose_set(
        self,
        belief: Belief,
        menu: Candidates,
        random: np.random.Generator,
        count: int,
        lately: Sequence[Conditions] = (),
        narrow: Narrow = lambda menu, _: menu,
    ) -> tuple[Conditions, ...]:
        """Choose several, each by another drawn taste; no style repeats before all others were chosen."""
        chosen: list[Conditions] = []
        for _ in range(count):
            used = np.array([sum(style == each.style for each in chosen) for style in menu.styles])
            barred = np.where(used > used.min(), -np.inf, 0.0)
            part = self._best(_drawn(belief, random), menu, (*lately, *chosen), barred, narrow)
            chosen.append(replace(part, seed=int(random.integers(MAX_SEED + 1))))
        return tuple(chosen)

    def _best(
        self, weights: Array, menu: Candidates, lately: Sequence[Conditions], barred: Array, narrow: Narrow
    ) -> Conditions:
        palettes, shapes = self._palettes(weights, menu, lately), self._shapes(weights, menu)
        styles = menu.shares @ weights[self._features.groups["style"]] + barred
        styles = styles - TIRED * self._worn_styles(menu, lately)
        style = int(np.argmax(styles + palettes.max(1) + shapes.max(1)))
        few = narrow(menu, menu.styles[style])
        scenes = weights[self._features.groups["scene"]][[SCENES.index(scene) for scene in few.scenes]]
        return Conditions(
            style=menu.styles[style],
            colors=menu.palettes[int(palettes[style].argmax())],
            shape=few.shapes[int(self._shapes(weights, few)[style].argmax())],
            scene=few.scenes[int(scenes.argmax())],
            seed=0,
        )

    def _palettes(self, weights: Array, menu: Candidates, lately: Sequence[Conditions]) -> Array:
        """Return the logits of each palette in each style, (M, P)."""
        first = self._features.groups["hue"].start
        alone = menu.palette_rows @ weights[first : first + PALETTE]
        tired = (family_row(each.colors) for each in lately[-LATELY:])
        worn = sum(tired, np.zeros(FAMILIES))
        pairs = menu.shares @ self._features.pairs(weights, "hue")
        return np.asarray(pairs @ menu.family_rows.T + (alone - TIRED * (menu.family_rows @ worn)))

    def _shapes(self, weights: Array, menu: Candidates) -> Array:
        """Return the logits of each shape in each style, (M, N); 0 without a shape."""
        at = [self._shape_at.get(name, 0) for name in menu.shapes]
        is_shown = np.array([bool(name) for name in menu.shapes])
        category = self._features.category_of[at]
        alone = (
            weights[self._features.groups["shape"]][at] + weights[self._features.groups["category"]][category]
        )
        pairs = menu.shares @ self._features.pairs(weights, "category")
        return np.asarray((pairs[:, category] + alone) * is_shown)

    @staticmethod
    def _worn_styles(menu: Candidates, lately: Sequence[Conditions]) -> Array:
        shown = [each.style for each in lately[-LATELY:]]
        return np.array([shown.count(style) for style in menu.styles], float)


def _drawn(belief: Belief, random: np.random.Generator) -> Array:
    """Draw a taste from the belief."""
    return belief.mean + BOLDNESS * np.sqrt(belief.variance) * random.standard_normal(len(belief.mean))

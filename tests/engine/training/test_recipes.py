"""Facts about engine/training/recipes.py."""

from __future__ import annotations

import pytest

from engine.training.data import CROP
from engine.training.recipes import PAINTING, RECIPES, REDUCE_COLORS, REDUCE_FILL, REDUCE_GRID, Recipe, recipe
from engine.vocabulary import load_vocabulary

STYLES = [word.name for word in load_vocabulary().words("style")]

each_recipe = pytest.mark.parametrize("style", [*RECIPES, "oil", "crayon-of-mine"])


def test_a_style_that_is_not_listed_is_trained_as_a_painting() -> None:
    assert recipe("crayon-of-mine") is PAINTING


def test_every_recipe_is_for_a_style_that_can_be_asked_for() -> None:
    assert set(RECIPES) <= set(STYLES)


@each_recipe
def test_ranges_are_in_order_and_within_what_they_are_shares_of(style: str) -> None:
    how = recipe(style)
    assert 0 < how.short_side[0] <= how.short_side[1]
    assert 2 <= how.clusters[0] <= how.clusters[1]
    assert 0 <= how.shading[0] <= how.shading[1] <= 1
    assert how.hold > 0


@each_recipe
def test_a_crop_fits_into_the_scaled_picture(style: str) -> None:
    assert recipe(style).short_side[0] >= CROP


@each_recipe
def test_a_layout_is_taken_in_a_known_way_from_a_copy_that_is_no_larger(style: str) -> None:
    how = recipe(style)
    assert how.reduce in (REDUCE_COLORS, REDUCE_FILL, REDUCE_GRID)
    assert 0 < how.detail <= how.short_side[1]


@pytest.mark.parametrize("style", ["ukiyo-e", "watercolor"])
def test_what_is_scanned_small_is_enlarged_little(style: str) -> None:
    """Their pictures are 77 to 110 px on the shorter side; 320 would only be a blur."""
    assert recipe(style).short_side[1] <= 2 * 80


def test_a_recipe_cannot_be_changed_by_who_reads_it() -> None:
    with pytest.raises(AttributeError):
        recipe("ink").hold = 0.0  # type: ignore[misc]  # what must fail
    assert recipe("ink") == recipe("ink")
    assert isinstance(recipe("ink"), Recipe)

"""Facts about engine/composing/scenes/growth.py."""

from __future__ import annotations

import numpy as np
import pytest

from engine.composing.fields import as_mask
from engine.composing.regions import Region
from engine.composing.scenes.growth import far_off, grassy, ridge, wooded
from engine.composing.scenes.scenery import front, land
from engine.layout import Mask
from tests.support.scene_fixtures import FRAME, stage


def hill(shape: str = "cat", seed: int = 0) -> Region:
    return land(stage(shape, seed=seed), 0.6, 3)[0]


def grown(shape: str = "cat", seed: int = 0, clear: tuple[float, float] = (2.0, 2.0)) -> tuple[Mask, Mask]:
    """The hill's mask bare and wooded."""
    return as_mask(hill(shape, seed).mask), as_mask(
        wooded(stage(shape, seed=seed), hill(shape, seed), clear).mask
    )


@pytest.mark.parametrize("seed", range(4))
def test_trees_only_add_to_the_land_and_stand_on_its_crest(seed: int) -> None:
    bare, wood = grown(seed=seed)
    added = wood - bare
    assert added.min() >= 0
    assert added.max() == 1
    rows = np.nonzero(added.max(1))[0]
    crest = int(np.nonzero(bare.max(1))[0][0])
    assert rows.min() > crest - 0.16 * FRAME.height


@pytest.mark.parametrize("seed", range(4))
def test_no_tree_stands_where_the_figure_does(seed: int) -> None:
    bare, wood = grown(seed=seed, clear=(0.3, 0.7))
    kept = slice(int(0.32 * FRAME.width), int(0.68 * FRAME.width))
    assert np.array_equal(bare[:, kept], wood[:, kept])


@pytest.mark.parametrize("shape", ["fish", "boat", "oak"])
def test_no_trees_by_water_or_beside_plants(shape: str) -> None:
    bare, wood = grown(shape)
    assert np.array_equal(bare, wood)


def test_grass_grows_up_from_the_strip_before_the_figure() -> None:
    strip, grass = as_mask(front(stage("cat")).mask), as_mask(grassy(stage("cat"), front(stage("cat"))).mask)
    assert (grass >= strip).all()
    assert 0.001 < (grass - strip).mean() < 0.05


def test_no_grass_grows_on_water() -> None:
    strip = as_mask(front(stage("fish")).mask)
    assert np.array_equal(as_mask(grassy(stage("fish"), front(stage("fish"))).mask), strip)


@pytest.mark.parametrize(("shape", "counts"), [("cat", [1, 1, 1, 2, 2]), ("fish", [0, 0, 1, 2, 2])])
def test_on_land_there_are_mountains_and_more_colours_have_more_room(shape: str, counts: list[int]) -> None:
    assert [len(list(far_off(stage(shape, colors), 0.6))) for colors in range(1, 6)] == counts


@pytest.mark.parametrize("seed", range(4))
def test_mountains_stand_on_the_horizon_with_a_side_in_the_light(seed: int) -> None:
    mountains = ridge(stage("cat", seed=seed), 0.6)
    mask = as_mask(mountains.mask)
    assert mask[: int(0.1 * FRAME.height)].max() == 0
    assert (mask[int(0.6 * FRAME.height) :] == 1).all()
    assert mountains.relief is not None
    near = mountains.relief[mountains.inset > 0] if mountains.inset is not None else mountains.relief
    assert near.min() < -0.3 < 0.3 < near.max()

"""Facts about engine/composing/scenes/studies.py."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest

from engine.composing.fields import as_mask
from engine.composing.regions import Region
from engine.composing.scenes.scenery import Stage
from engine.composing.scenes.studies import APART, ARRANGEMENTS, Stand, abstract, still_life
from engine.composing.stamping import Placement
from tests.support.scene_fixtures import FRAME, stage

SHAPES = ["apple", "teapot", "bird", "fish", "circle"]


def of_role(regions: list[Region], *roles: str) -> list[Region]:
    return [region for region in regions if region.role in roles]


def lowest(region: Region) -> int:
    """The row of its lowest pixel."""
    box = region.mask.getbbox()
    assert box is not None
    return box[3]


@pytest.fixture
def stood(monkeypatch: pytest.MonkeyPatch) -> list[Placement]:
    """Where figures were placed."""
    places: list[Placement] = []
    as_before = Stage.figures

    def figures(self: Stage, some: Sequence[Placement], role: str = "figure") -> Region:
        places.extend(some)
        return as_before(self, some, role)

    monkeypatch.setattr(Stage, "figures", figures)
    return places


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("stands", ARRANGEMENTS)
def test_what_lies_on_a_table_stands_on_it_and_throws_a_shadow(
    shape: str, stands: tuple[Stand, ...], stood: list[Placement], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.composing.scenes.studies.ARRANGEMENTS", (stands,))
    regions = still_life(stage(shape, colors=2))
    table = as_mask(of_role(regions, "band")[-1].mask)
    for figure in of_role(regions, "figure", "echo"):
        assert table[lowest(figure) - 1].mean() > 0.9
    assert len(of_role(regions, "shade")) == len(stood) == len(stands)


@pytest.mark.parametrize("stands", ARRANGEMENTS)
@pytest.mark.parametrize("seed", range(3))
def test_the_largest_thing_on_a_table_has_the_figures_colour(
    seed: int, stands: tuple[Stand, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.composing.scenes.studies.ARRANGEMENTS", (stands,))
    regions = still_life(stage("circle", colors=2, seed=seed))
    (figure,) = of_role(regions, "figure")
    others = [as_mask(echo.mask).max(axis=1).sum() for echo in of_role(regions, "echo")]
    assert all(as_mask(figure.mask).max(axis=1).sum() > high for high in others)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("stands", APART)
@pytest.mark.parametrize("seed", range(3))
def test_in_one_colour_the_things_on_a_table_keep_apart(
    shape: str, seed: int, stands: tuple[Stand, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.composing.scenes.studies.APART", (stands,))
    (figure,) = of_role(still_life(stage(shape, seed=seed)), "figure", "echo")
    columns = as_mask(figure.mask).max(axis=0) > 0.5
    starts = np.flatnonzero(columns & ~np.roll(columns, 1))
    assert len(starts) >= len(stands)


def test_seeds_lay_a_table_in_every_way() -> None:
    laid = {len(of_role(still_life(stage(colors=2, seed=seed)), "shade")) for seed in range(20)}
    assert laid == {len(stands) for stands in ARRANGEMENTS} == {1, 2, 3, 4}


def test_with_many_colours_a_cloth_lies_in_front_of_the_table() -> None:
    bands = [len(of_role(still_life(stage(colors=colors)), "band")) for colors in (1, 3, 4)]
    assert bands == [1, 1, 2]


def test_with_many_colours_a_wall_has_more_parts() -> None:
    walls = [len(of_role(still_life(stage(colors=colors)), "wall")) for colors in (1, 3, 4)]
    assert walls[0] < walls[1] == walls[2]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(3))
def test_the_figure_of_an_abstract_is_whole_and_the_uppermost(shape: str, seed: int) -> None:
    regions = abstract(stage(shape, seed=seed))
    assert regions[-1].role == "figure"
    mask = as_mask(regions[-1].mask)
    rim = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    assert rim.mean() < 0.02


def test_two_seeds_of_an_abstract_share_no_form_but_the_ground() -> None:
    one, other = (abstract(stage(seed=seed)) for seed in (1, 2))
    pairs = zip(one[1:], other[1:], strict=True)
    assert all(left.mask.tobytes() != right.mask.tobytes() for left, right in pairs)


@pytest.mark.parametrize("scene", [still_life, abstract])
def test_many_seeds_fill_the_sheet_differently(scene: object) -> None:
    assert callable(scene)
    made: list[Stage] = [stage("cat", colors=2, seed=seed) for seed in range(4)]
    middles = [np.argwhere(as_mask(scene(each)[-1].mask) > 0.5).mean(axis=0) for each in made]
    assert all(np.abs(one - other).max() > 1 for one, other in combinations(middles, 2))
    assert all(FRAME.height > middle[0] > 0 for middle in middles)

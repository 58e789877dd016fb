"""Facts about engine/composing/placement.py."""

from __future__ import annotations

import pytest

from engine.composing.groups import Box, PlacedGroup, groups_of
from engine.composing.placement import Setting, arranged, guests
from engine.conditions import Other
from tests.support.scene_fixtures import FRAME, stage

LAND, AIR = Setting(0.6, 0.4), Setting(1.0, floor=False)
SEEDS = range(3)


def placed(
    shape: str, *others: Other, seed: int = 0, number: int = 1, setting: Setting = LAND
) -> list[PlacedGroup]:
    return arranged(groups_of(stage(shape, seed=seed, number=number, others=others)), setting)


def hidden(one: Box, other: Box) -> float:
    """Share of the first box that lies in the other one."""
    across, down = (max(0.0, min(one[k + 2], other[k + 2]) - max(one[k], other[k])) for k in (0, 1))
    return across * down / ((one[2] - one[0]) * (one[3] - one[1]))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("setting", [LAND, AIR])
@pytest.mark.parametrize("shape", ["bird", "cat", "boat"])
def test_without_a_relation_nothing_lies_over_the_main_figure(
    shape: str, setting: Setting, seed: int
) -> None:
    main, *others = placed(shape, Other("fox"), Other("moon", 2), seed=seed, setting=setting)
    assert [hidden(main.box, other.box) < 0.04 for other in others] == [True, True]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("setting", [LAND, AIR])
@pytest.mark.parametrize(
    ("shape", "other"),
    [("bird", "mountain"), ("cat", "chair"), ("castle", "hill"), ("moon", "fox"), ("dragon", "castle")],
)
def test_what_is_over_is_higher_and_above_it(shape: str, other: str, setting: Setting, seed: int) -> None:
    main, below = (each.box for each in placed(shape, Other(other, 1, "over"), seed=seed, setting=setting))
    assert main[1] < below[1]
    assert main[3] < below[3]
    assert hidden(main, below) < 0.5
    assert abs(main[0] + main[2] - below[0] - below[2]) / 2 < 0.2


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("shape", "other"), [("fox", "moon"), ("boat", "bird"), ("cat", "kite")])
def test_what_is_under_is_lower(shape: str, other: str, seed: int) -> None:
    main, above = (each.box for each in placed(shape, Other(other, 1, "under"), seed=seed))
    assert above[3] < main[3]
    assert above[1] < main[1] + 0.05


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_before_stands_lower_than_what_it_partly_hides(seed: int) -> None:
    main, castle = (each.box for each in placed("horse", Other("castle", 1, "before"), seed=seed))
    assert main[3] > castle[3]
    assert 0.1 < hidden(main, castle) < 0.7


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_behind_stands_higher_and_is_hardly_hidden(seed: int) -> None:
    standing = placed("cat", Other("box", 1, "behind"), Other("tree"), seed=seed)
    main, box = standing[0].box, standing[1].box
    assert main[3] < box[3]
    assert hidden(main, box) < 0.1
    behind, before = guests(standing)
    assert (len(behind), len(before)) == (1, 1)


def test_a_mountain_stands_behind_all_others() -> None:
    standing = placed("fox", Other("tree"), Other("mountain"))
    far, near = guests(standing)[0]
    assert (far.role, near.role) == ("band", "echo")
    assert all(region.guest for region in (far, near))


@pytest.mark.parametrize("seed", SEEDS)
def test_those_beside_each_other_stand_on_one_level(seed: int) -> None:
    main, mushroom = (each.box for each in placed("rabbit", Other("mushroom", 1, "beside"), seed=seed))
    assert main[3] == pytest.approx(mushroom[3], abs=0.1)
    assert hidden(mushroom, main) < 0.02


@pytest.mark.parametrize("setting", [LAND, AIR])
@pytest.mark.parametrize("shape", ["bird", "cat", "mountain"])
def test_twelve_figures_of_three_shapes_stay_on_the_sheet(shape: str, setting: Setting) -> None:
    standing = placed(shape, Other("fish", 4), Other("sun", 4), number=4, setting=setting)
    assert [len(each.places) for each in standing] == [4, 4, 4]
    for each in standing:
        assert min(each.box[:2]) >= 0
        assert max(each.box[2], each.box[3]) <= max(FRAME.across, FRAME.down)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("shape", ["skull", "cat", "pear"])
def test_of_three_things_side_by_side_none_hides_another(shape: str, seed: int) -> None:
    table = Setting(0.6, air=False)
    _, *others = placed(shape, Other("candle"), Other("book"), seed=seed, setting=table)
    candle, book = (each.box for each in others)
    assert hidden(book, candle) < 0.15


def test_what_stands_already_stays_there() -> None:
    groups = groups_of(stage("bird", others=(Other("tree"),)))
    given = [PlacedGroup.of(groups[0], groups[0].box(x, 0.3)) for x in (0.3, 0.7)]
    assert arranged(groups, LAND, given)[:2] == given

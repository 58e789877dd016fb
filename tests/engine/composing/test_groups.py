"""Facts about engine/composing/groups.py."""

from __future__ import annotations

from itertools import combinations

import pytest

from engine.composing.fields import Frame
from engine.composing.groups import EDGE, LEAST, groups_of
from engine.composing.silhouettes import proportions
from engine.conditions import MAX_NUMBER, Other
from engine.vocabulary import load_vocabulary
from tests.support.scene_fixtures import FRAME, stage

ONE_OF_A_CATEGORY = list({word.category: word.name for word in load_vocabulary().words("shape")}.values())
FRAMES = [FRAME, Frame(256, 64, 1, 0.25), Frame(64, 256, 0.25, 1)]


@pytest.mark.parametrize(
    ("small", "large"),
    [("bird", "mountain"), ("fox", "tree"), ("cat", "castle"), ("bee", "flower"), ("mouse", "cat")],
)
def test_things_are_as_large_as_they_are_beside_each_other(small: str, large: str) -> None:
    for shapes in ((small, large), (large, small)):
        sizes = {
            each.stage.shape: each.size for each in groups_of(stage(shapes[0], others=(Other(shapes[1]),)))
        }
        assert sizes[small] < sizes[large]


@pytest.mark.parametrize("shape", ONE_OF_A_CATEGORY)
def test_the_main_figure_is_never_too_small_to_be_seen(shape: str) -> None:
    main, mountain = groups_of(stage(shape, others=(Other("mountain"),)))
    assert main.size >= LEAST
    assert mountain.stage.category == "nature"


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("shape", ["bird", "cat", "fish", "giraffe", "ring"])
@pytest.mark.parametrize("number", [1, 2, 5, MAX_NUMBER])
def test_a_group_fits_the_sheet_and_none_hides_another(frame: Frame, shape: str, number: int) -> None:
    (group,) = groups_of(stage(shape, number=number, frame=frame))
    across, down = group.sides
    assert across <= frame.across - 2 * EDGE + 1e-6
    assert down <= frame.down - 2 * EDGE + 1e-6
    places = list(group.places(group.box(frame.across / 2, frame.down / 2)))
    assert len(places) == number
    wide, high = proportions(shape)
    for one, other in combinations(places, 2):
        size = min(one.size, other.size)
        assert abs(one.x - other.x) > 0.8 * wide * size or abs(one.y - other.y) > 0.8 * high * size


def test_those_who_stand_are_in_one_row_until_it_is_crowded() -> None:
    assert [groups_of(stage("cat", number=number))[0].columns for number in (1, 3, 5, 9)] == [1, 3, 5, 5]
    assert groups_of(stage("bird", number=5))[0].columns == 3

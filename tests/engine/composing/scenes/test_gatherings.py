"""Facts about engine/composing/scenes/gatherings.py, and about all scenes where several figures are
asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from engine.composer import compose
from engine.composing.fields import Frame, as_mask, shrunk
from engine.composing.regions import Region, seen
from engine.composing.scenes.gatherings import GATHERINGS, LIGHTS
from engine.composing.scenes.registry import arrange
from engine.composing.scenes.scenery import Stage
from engine.composing.stamping import Placement
from engine.conditions import RELATIONS, SCENES, Conditions, Other
from engine.vocabulary import load_vocabulary
from tests.support.scene_fixtures import FRAME, stage

BIRDS = (Other("mountain", 1, "over"), Other("tree"))
ONE_OF_A_GROUND = list({word.value: word.name for word in load_vocabulary().words("style")}.values())
ALONE = Conditions((("poster", 1.0),), ("blue", "orange"), "cat", "landscape", 7, 256)


def visible(regions: list[Region]) -> float:
    """Share of the main figures that nothing lies over."""
    parts = seen(regions, FRAME)
    mine = [at for at, region in enumerate(regions) if region.role in ("figure", "echo") and not region.guest]
    return sum(float(parts[at].sum()) for at in mine) / sum(
        float(shrunk(regions[at].mask, FRAME).sum()) for at in mine
    )


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("frame", [FRAME, Frame(256, 64, 1, 0.25), Frame(64, 256, 0.25, 1)])
def test_every_scene_has_all_the_shapes_in_frames_of_any_form(scene: str, frame: Frame) -> None:
    regions = arrange(scene, stage("bird", colors=3, frame=frame, number=2, others=BIRDS))
    guests = [region for region in regions if region.guest]
    assert len(guests) == 2
    assert all(as_mask(region.mask).max() > 0.5 for region in guests)
    for region in regions:
        assert (region.mask.mode, region.mask.size) == ("L", (frame.width, frame.height))
    assert sum(region.role == "figure" for region in regions) == 1


@pytest.mark.parametrize("relation", ["", *RELATIONS])
def test_the_main_figure_is_seen_whole_or_nearly(relation: str) -> None:
    pairs = ("cat", "box"), ("bird", "mountain"), ("fox", "tree"), ("boat", "moon")
    hidden = []
    for scene, (shape, other), seed in product(SCENES, pairs, range(2)):
        regions = arrange(scene, stage(shape, colors=2, seed=seed, others=(Other(other, 1, relation),)))
        if visible(regions) <= 0.85:
            hidden.append((scene, shape, seed))
    assert not hidden


@pytest.mark.parametrize("scene", SCENES)
def test_there_is_room_for_every_colour_beside_the_figures(scene: str) -> None:
    for colors in range(1, 6):
        regions = arrange(scene, stage("bird", colors=colors, number=2, others=BIRDS))
        large = [part for part in seen(regions, FRAME) if part.mean() > 0.01]
        assert len(large) > colors


@pytest.mark.parametrize("scene", ["portrait", "landscape", "still-life", "flock", "abstract"])
def test_there_are_as_many_as_were_asked_for(scene: str) -> None:
    regions = arrange(scene, stage("circle", colors=1, number=3))
    (figure,) = [region for region in regions if region.role == "figure"]
    assert pieces(as_mask(figure.mask) > 0.5) == 3


@pytest.mark.parametrize("shape", ["cat", "bird", "fish", "square"])
@pytest.mark.parametrize("frame", [FRAME, Frame(256, 64, 1, 0.25), Frame(64, 256, 0.25, 1)])
@pytest.mark.parametrize("number", [2, 6, 9])
def test_a_flock_has_as_many_as_were_asked_for_even_where_there_is_little_room(
    shape: str, frame: Frame, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []

    def figures(self: Stage, places: Sequence[Placement], role: str = "figure") -> Region:
        drawn.append(len(places))
        return as_before(self, places, role)

    as_before = Stage.figures
    monkeypatch.setattr(Stage, "figures", figures)
    arrange("flock", stage(shape, colors=2, number=number, frame=frame))
    assert sum(drawn) == number


def pieces(mask: np.ndarray) -> int:
    """How many parts do not touch."""
    left, count = mask.copy(), 0
    while left.any():
        count += 1
        waiting = [tuple(np.argwhere(left)[0])]
        while waiting:
            row, column = waiting.pop()
            if 0 <= row < left.shape[0] and 0 <= column < left.shape[1] and left[row, column]:
                left[row, column] = False
                waiting += [(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)]
    return count


@pytest.mark.parametrize(("shape", "suns"), [("moon", 0), ("tree", 1)])
def test_there_is_no_sun_beside_a_moon(shape: str, suns: int) -> None:
    assert "moon" in LIGHTS
    regions = GATHERINGS["landscape"](stage("cat", others=(Other(shape),)))
    assert sum(region.role == "accent" for region in regions) == suns


@pytest.mark.parametrize("style", ONE_OF_A_GROUND)
@pytest.mark.parametrize("scene", SCENES)
def test_every_ground_and_scene_shows_another_shape(style: str, scene: str) -> None:
    alone = replace(ALONE, style=((style, 1.0),), scene=scene)
    both = replace(alone, others=(Other("tree", 1, "before"),), number=2)
    one, two = compose(alone), compose(both)
    assert two.figure.max() > 0.9
    assert not np.array_equal(one.image, two.image)


def test_the_figure_of_a_layout_is_the_main_shape_alone() -> None:
    cat = compose(replace(ALONE, others=(Other("moon", 1, "under"),))).figure
    moon = compose(replace(ALONE, shape="moon", others=(Other("cat", 1, "over"),))).figure
    assert 0 < cat.mean() < 0.3
    assert (np.minimum(cat, moon)).mean() < 0.5 * cat.mean()


@pytest.mark.parametrize("scene", SCENES)
def test_several_figures_are_the_same_picture_at_any_size_and_again(scene: str) -> None:
    asked = replace(ALONE, scene=scene, number=2, others=BIRDS)
    small, again, large = compose(asked), compose(asked), compose(replace(asked, size=512))
    assert np.array_equal(small.image, again.image)
    assert abs(float(small.figure.mean()) - float(large.figure.mean())) < 0.01

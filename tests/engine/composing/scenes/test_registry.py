"""Facts about engine/composing/scenes/registry.py that any arrangement keeps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from engine import conditions
from engine.composing.fields import Frame, as_mask, shrunk
from engine.composing.regions import Region, seen
from engine.composing.scenes.registry import SCENES
from engine.composing.scenes.scenery import Stage
from engine.composing.stamping import Placement
from engine.vocabulary import load_vocabulary
from tests.support.scene_fixtures import FRAME, stage

ROLES = {"sky", "wall", "band", "front", "figure", "echo", "accent", "cloud", "shade"}
CATEGORIES = {word.category: word.name for word in load_vocabulary().words("shape")}
NAMES = list(conditions.SCENES)
SOLID = ("figure", "echo")


def figures(regions: list[Region]) -> list[Region]:
    return [region for region in regions if region.role in SOLID]


def test_every_scene_that_can_be_asked_for_is_arranged() -> None:
    assert set(SCENES) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("frame", [FRAME, Frame(256, 64, 1, 0.25), Frame(64, 256, 0.25, 1)])
def test_regions_fit_the_frame_and_have_known_roles(name: str, frame: Frame) -> None:
    regions = SCENES[name](stage(colors=3, frame=frame))
    assert {region.role for region in regions} <= ROLES
    for region in regions:
        assert (region.mask.mode, region.mask.size) == ("L", (frame.width, frame.height))
        assert 0 <= region.depth <= 1
        assert all(field is None or field.shape == frame.shape for field in (region.relief, region.inset))


@pytest.mark.parametrize("name", NAMES)
def test_the_sky_lies_under_everything_and_covers_the_sheet(name: str) -> None:
    first = SCENES[name](stage())[0]
    assert first.role == "sky"
    assert first.mask.getextrema() == (255, 255)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("colors", [1, 2, 3, 4, 5])
def test_there_is_a_figure_and_room_for_every_colour(name: str, colors: int) -> None:
    regions = SCENES[name](stage(colors=colors))
    assert [region.role for region in regions].count("figure") == 1
    large = [part for part in seen(regions, FRAME) if part.mean() > 0.01]
    assert len(large) > colors


@pytest.mark.parametrize("name", NAMES)
def test_figures_of_every_kind_are_seen_and_leave_room_around_them(name: str) -> None:
    for category, shape in CATEGORIES.items():
        regions = SCENES[name](stage(shape, colors=2))
        parts = seen(regions, FRAME)
        shown = sum(
            float(part.mean()) for part, region in zip(parts, regions, strict=True) if region.role in SOLID
        )
        assert 0.02 < shown < 0.7, category


@pytest.mark.parametrize("name", ["portrait", "landscape"])
@pytest.mark.parametrize("seed", range(4))
def test_a_single_figure_stands_whole_on_the_sheet(name: str, seed: int) -> None:
    (figure,) = figures(SCENES[name](stage("cat", seed=seed)))
    mask = as_mask(figure.mask)
    rim = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    assert rim.mean() < 0.02


@pytest.mark.parametrize("name", NAMES)
def test_what_is_in_front_hides_little_of_the_figures(name: str) -> None:
    regions = SCENES[name](stage("cat", colors=2))
    parts = dict(zip(map(id, regions), seen(regions, FRAME), strict=True))
    whole = sum(float(shrunk(region.mask, FRAME).sum()) for region in figures(regions))
    assert sum(float(parts[id(region)].sum()) for region in figures(regions)) > 0.6 * whole


@pytest.mark.parametrize("name", NAMES)
def test_a_scene_is_fixed_by_its_generator(name: str) -> None:
    first, again = SCENES[name](stage(seed=5)), SCENES[name](stage(seed=5))
    assert [region.mask.tobytes() for region in first] == [region.mask.tobytes() for region in again]


@pytest.mark.parametrize("name", ["flock", "pattern", "mandala"])
def test_many_figures_are_smaller_than_one(name: str) -> None:
    one = figures(SCENES["portrait"](stage("circle")))[0].mask.getbbox()
    many = figures(SCENES[name](stage("circle")))[0].mask.getbbox()
    assert one is not None
    assert many is not None
    assert many[2] - many[0] > one[2] - one[0]


def test_the_larger_the_birds_of_a_flock_the_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    flocks: list[list[Placement]] = []
    as_before = Stage.figures

    def figures(self: Stage, places: Sequence[Placement], role: str = "figure") -> Region:
        flocks.append(list(places))
        return as_before(self, places, role)

    monkeypatch.setattr(Stage, "figures", figures)
    for seed in range(20):
        SCENES["flock"](stage("bird", seed=seed))
    few, many = min(flocks, key=len), max(flocks, key=len)
    assert len(few) < 6 < 10 < len(many)
    assert np.mean([place.size for place in few]) > 1.3 * np.mean([place.size for place in many])


@pytest.mark.parametrize("name", NAMES)
def test_the_wildest_scene_still_has_its_figure(name: str) -> None:
    for seed in range(3):
        regions = SCENES[name](stage("cat", colors=3, wild=1.0, seed=seed))
        assert sum(as_mask(region.mask).mean() for region in figures(regions)) > 0.02

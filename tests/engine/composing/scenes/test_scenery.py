"""Facts about engine/composing/scenes/scenery.py."""

from __future__ import annotations

import numpy as np
import pytest

from engine.composing.fields import as_mask
from engine.composing.scenes.scenery import clouds, front, land, shadow, sky
from engine.composing.stamping import Placement
from tests.support.scene_fixtures import FRAME, stage

PLACE = Placement(0.5, 0.5, 0.4)


@pytest.mark.parametrize(
    ("shape", "floats", "swims"),
    [("star", True, False), ("dove", True, False), ("fish", False, True), ("cat", False, False)],
)
def test_a_shape_floats_swims_or_stands(shape: str, floats: bool, swims: bool) -> None:
    assert (stage(shape).floats, stage(shape).swims) == (floats, swims)


def test_the_sky_is_lighter_towards_the_horizon_and_about_the_sun() -> None:
    plain, sunny = sky(stage(), 0.6), sky(stage(), 0.6, (0.2, 0.2))
    assert plain.relief is not None
    assert sunny.relief is not None
    assert plain.relief[50:60].mean() > plain.relief[:10].mean()
    assert (sunny.relief - plain.relief)[15:25, 15:25].mean() > 0.5


@pytest.mark.parametrize("shape", ["cat", "fish"])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_land_reaches_from_its_top_to_the_lower_edge_nearer_and_nearer(shape: str, count: int) -> None:
    regions = land(stage(shape), 0.5, count)
    covers = [as_mask(region.mask) for region in regions]
    assert len(regions) == count
    assert all(mask[-1].min() == 1 and mask[: FRAME.height // 4].max() == 0 for mask in covers)
    assert [region.depth for region in regions] == sorted(region.depth for region in regions)
    assert covers[0].mean() == pytest.approx(0.5, abs=0.1)
    assert sorted(covers, key=lambda mask: -mask.mean())[0] is covers[0]


def test_the_front_lies_along_the_lower_edge() -> None:
    mask = as_mask(front(stage("cat")).mask)
    assert mask[-1].mean() > 0.5
    assert mask[: FRAME.height // 2].max() == 0


def test_clouds_stand_above_the_horizon() -> None:
    mask = as_mask(clouds(stage(), 0.6).mask)
    assert mask.max() > 0.5
    assert mask[int(0.75 * FRAME.height) :].max() == 0


def test_a_disc_is_about_its_radius() -> None:
    mask = as_mask(stage().disc(0.5, 0.5, 0.2, "accent").mask)
    assert mask.mean() == pytest.approx(np.pi * 0.04, rel=0.1)


@pytest.mark.parametrize("shape", ["cat", "fish"])
def test_a_shadow_lies_at_the_feet(shape: str) -> None:
    (region,) = shadow(stage(shape), PLACE, 0.7)
    mask = as_mask(region.mask)
    assert region.role == "shade"
    assert 0.1 < mask.max() < 0.9
    assert mask[: int(0.6 * FRAME.height)].max() < 0.05


def test_what_floats_throws_no_shadow() -> None:
    assert shadow(stage("star"), PLACE, 0.7) == []


def test_figures_are_lit_from_the_side_of_the_light() -> None:
    lit = stage("circle").figures([Placement(0.5, 0.5, 0.7)])
    assert lit.relief is not None
    upper_right, lower_left = lit.relief[18:40, 56:78], lit.relief[56:78, 18:40]
    assert upper_right.mean() > lower_left.mean() + 0.2


@pytest.mark.parametrize("wild", [0.0, 1.0])
def test_a_pick_strays_twice_as_far_when_wild(wild: float) -> None:
    at = stage(wild=wild)
    picked = [at.pick(2.0, 3.0) for _ in range(200)]
    reach = 0.5 * (1 + wild)
    assert 2.5 - reach <= min(picked) < max(picked) <= 2.5 + reach
    assert np.ptp(picked) > 1.5 * reach

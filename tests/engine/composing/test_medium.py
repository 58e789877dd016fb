"""Facts about engine/composing/medium.py."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.composing.fields import as_mask
from engine.composing.medium import printed, suited
from engine.composing.regions import Region, seen
from engine.composing.shading import Key
from tests.support.scene_fixtures import FRAME, box, simple_scene, style_on

LIGHT, DARK = Key(False, 0.5, True), Key(True, 0.9, True)


def suit(regions: list[Region], ground: str, key: Key = LIGHT) -> list[Region]:
    key = replace(key, paper=style_on(ground).bare)
    return suited(regions, ground, key, 1, FRAME, np.random.default_rng(0))


def bare(regions: list[Region]) -> float:
    """Share of the sheet on which nothing is painted."""
    return 1 - float(sum(part.mean() for part in seen(regions, FRAME)))


@pytest.mark.parametrize("ground", ["full", "flat", "woodblock"])
def test_grounds_that_are_painted_all_over_leave_the_regions_alone(ground: str) -> None:
    masks = [region.mask.tobytes() for region in simple_scene()]
    assert [region.mask.tobytes() for region in suit(simple_scene(), ground)] == masks
    assert bare(suit(simple_scene(), ground)) == pytest.approx(0, abs=0.001)


def test_squares_take_no_glaze() -> None:
    regions = suit([*simple_scene(), box("shade", 0, 200, 256, 220)], "pixel")
    assert [region.role for region in regions] == [region.role for region in simple_scene()]


@pytest.mark.parametrize("ground", ["paper", "drawing", "print"])
def test_paper_stays_bare_where_the_sky_and_the_washes_end(ground: str) -> None:
    regions = suit([*simple_scene(), box("cloud", 0, 20, 100, 40)], ground)
    assert not {"sky", "cloud"} & {region.role for region in regions}
    assert 0.3 < bare(regions) < 0.8


@pytest.mark.parametrize("ground", ["paper", "drawing", "print"])
def test_a_picture_that_is_dark_all_over_keeps_its_sky_within_a_margin(ground: str) -> None:
    sky = suit(simple_scene(), ground, DARK)[0]
    mask = as_mask(sky.mask)
    assert sky.role == "sky"
    assert mask[128, 128] == 1
    assert max(mask[0].max(), mask[-1].max(), mask[:, 0].max(), mask[:, -1].max()) == 0


@pytest.mark.parametrize("ground", ["full", "flat", "woodblock", "print", "drawing", "pixel", "paper"])
@pytest.mark.parametrize("key", [LIGHT, DARK])
def test_no_ground_takes_anything_from_the_figure(ground: str, key: Key) -> None:
    (figure,) = (region for region in suit(simple_scene(), ground, key) if region.role == "figure")
    assert figure.mask.tobytes() == simple_scene()[-1].mask.tobytes()


def test_a_wash_is_strongest_at_its_edge_and_runs_out() -> None:
    wash = suit([box("band", 0, 64, 256, 256)], "paper")[0]
    strength = as_mask(wash.mask).mean(1)
    assert strength[68] > strength[90] > strength[200]
    assert strength[200] < 0.05


def test_cuts_into_a_block_widen_until_nothing_prints() -> None:
    inset = np.repeat(np.linspace(0, 0.3, 96, dtype=np.float32)[:, None], 96, 1)
    prints = printed(inset, np.zeros_like(inset)) > 0
    assert prints[:6].all()
    assert not prints[-20:].any()
    assert 0.2 < prints[6:60].mean() < 0.9

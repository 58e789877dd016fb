"""Facts about engine/composing/scenes/ornaments.py."""

from __future__ import annotations

import numpy as np
import pytest

from engine.composing.fields import as_mask
from engine.composing.regions import Region
from engine.composing.scenes.ornaments import mandala, pattern
from engine.conditions import Other
from tests.support.scene_fixtures import stage

SEEDS = range(12)


def of_role(regions: list[Region], *roles: str) -> list[Region]:
    return [region for region in regions if region.role in roles]


def middle(region: Region) -> float:
    """How much of the sheet's middle it covers."""
    return float(as_mask(region.mask)[112:144, 112:144].mean())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mandala_has_a_heart_of_the_figure(seed: int) -> None:
    assert middle(of_role(mandala(stage("circle", colors=1, seed=seed)), "figure")[0]) > 0.9


def test_some_mandalas_have_an_inner_ring_and_others_a_large_heart() -> None:
    hearts = [of_role(mandala(stage("circle", colors=2, seed=seed)), "figure")[0] for seed in SEEDS]
    widths = [int((as_mask(heart.mask)[128, 64:192] > 0.5).sum()) for heart in hearts]
    assert min(widths) < 64 < max(widths)


def test_in_two_colours_one_of_the_rings_has_the_other() -> None:
    for seed in SEEDS:
        regions = mandala(stage("circle", colors=2, seed=seed))
        (figure,), (echo,) = of_role(regions, "figure"), of_role(regions, "echo")
        assert middle(figure) > 0.9
        assert middle(echo) < 0.1


@pytest.mark.parametrize("number", [3, 5, 9])
def test_a_mandala_has_as_many_as_were_asked_for(number: int) -> None:
    (figure,) = of_role(mandala(stage("circle", number=number)), "figure", "echo")
    assert middle(figure) == 0
    turns = np.linspace(0, 2 * np.pi, 1440)
    reach = 0.36 * 256
    rows, columns = 128 - reach * np.cos(turns), 128 + reach * np.sin(turns)
    around = as_mask(figure.mask)[rows.astype(int), columns.astype(int)] > 0.5
    assert np.count_nonzero(around & ~np.roll(around, 1)) == number


def test_other_shapes_of_a_mandala_are_in_its_inner_ring_and_its_heart() -> None:
    regions = mandala(stage("circle", colors=2, others=(Other("star"), Other("square"))))
    ring, heart = (region for region in regions if region.guest)
    assert middle(ring) < 0.1
    assert middle(heart) > 0.5


def test_the_rows_of_a_pattern_are_by_turns_in_other_colours() -> None:
    for colors, kinds in ((1, 1), (2, 2), (3, 3), (5, 3)):
        regions = pattern(stage(colors=colors))
        assert len(of_role(regions, "figure", "echo")) == kinds


def test_a_pattern_has_room_for_the_shapes_by_turns() -> None:
    regions = pattern(stage("bird", colors=2, others=(Other("tree"),)))
    assert [region.guest for region in of_role(regions, "figure", "echo")] == [True, False]

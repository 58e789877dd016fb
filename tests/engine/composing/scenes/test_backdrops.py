"""Facts about engine/composing/scenes/backdrops.py."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.composing.fields import Frame, as_mask
from engine.composing.regions import Region
from engine.composing.scenes.backdrops import KINDS, arch, backdrop, lozenges, planes, rays, rings, stripes
from engine.composing.scenes.scenery import Stage
from tests.support.scene_fixtures import FRAME, stage

Kind = Callable[[Stage, float, float], list[Region]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("frame", [FRAME, Frame(256, 64, 1, 0.25), Frame(64, 256, 0.25, 1)])
def test_every_backdrop_is_a_part_of_the_wall_that_is_seen_on_any_sheet(kind: Kind, frame: Frame) -> None:
    for region in kind(stage(frame=frame), frame.across / 2, frame.down / 2):
        assert region.role == "wall"
        assert region.mask.size == (frame.width, frame.height)
        assert 0.01 < as_mask(region.mask).mean() < 0.95


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_seeds_have_the_same_backdrop(kind: Kind) -> None:
    one, other = (kind(stage(seed=seed), 0.5, 0.5) for seed in (1, 2))
    assert all(left.mask.tobytes() != right.mask.tobytes() for left, right in zip(one, other, strict=True))


def test_seeds_choose_every_kind_of_backdrop(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: set[Kind] = set()

    def watched(kind: Kind) -> Kind:
        def made(stage: Stage, x: float, y: float) -> list[Region]:
            chosen.add(kind)
            return kind(stage, x, y)

        return made

    monkeypatch.setattr("engine.composing.scenes.backdrops.KINDS", tuple(watched(kind) for kind in KINDS))
    for seed in range(40):
        backdrop(stage(seed=seed), 0.5, 0.5)
    assert chosen == set(KINDS)


@pytest.mark.parametrize("seed", range(6))
def test_the_more_colours_the_more_parts_has_a_wall(seed: int) -> None:
    few, many = (backdrop(stage(colors=colors, seed=seed), 0.5, 0.5) for colors in (1, 3))
    assert len(many) == len(few) + 1


def test_the_planes_of_a_wall_come_from_the_left_and_from_the_right() -> None:
    left, right = planes(stage(), 2)
    assert as_mask(left.mask)[:, :4].mean() > 0.9 > 0.1 > as_mask(left.mask)[:, -4:].mean()
    assert as_mask(right.mask)[:, -4:].mean() > 0.9 > 0.1 > as_mask(right.mask)[:, :4].mean()


def test_each_ring_lies_within_the_one_before() -> None:
    outer, middle, inner = (as_mask(region.mask) > 0.5 for region in rings(stage(), 0.5, 0.5))
    assert (middle <= outer).all()
    assert (inner <= middle).all()


def test_an_arch_is_round_above_and_stands_on_the_lower_edge_within_its_frame() -> None:
    frame, inner = (as_mask(region.mask) > 0.5 for region in arch(stage(), 0.5, 0.5))
    assert (inner <= frame).all()
    assert frame.sum() > inner.sum()
    assert inner[-1].sum() > inner[np.flatnonzero(inner.any(axis=1))[0]].sum()


@pytest.mark.parametrize(("kind", "least"), [(rays, 7), (stripes, 2), (lozenges, 2)])
def test_what_repeats_is_crossed_several_times_on_a_way_around_the_middle(kind: Kind, least: int) -> None:
    mask = as_mask(kind(stage(), 0.5, 0.5)[0].mask) > 0.5
    turns = np.linspace(0, 2 * np.pi, 720)
    around = mask[(128 + 110 * np.sin(turns)).astype(int), (128 + 110 * np.cos(turns)).astype(int)]
    assert np.count_nonzero(around & ~np.roll(around, 1)) >= least

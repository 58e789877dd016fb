"""Facts about engine/composing/backdrop.py."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from engine.composing.atlas import WATER, load_atlas
from engine.composing.backdrop import SIDE, View, backdrop
from engine.composing.grids import BOX, resized
from engine.conditions import PLACES


def made(view: View, seed: int = 0):
    return backdrop(view, np.random.default_rng(seed))


@pytest.mark.parametrize("place", PLACES)
def test_every_place_has_a_backdrop_of_two_compositions_at_least(place: str) -> None:
    found = made(View((place,)))
    assert found.lab.shape == (SIDE, SIDE, 3)
    assert len(set(found.sources)) >= 2
    assert found.lab[..., 0].std() > 0.01


@pytest.mark.parametrize(("aspect", "size"), [(1.0, (128, 128)), (4.0, (128, 512)), (0.25, (512, 128))])
def test_every_aspect_is_filled(aspect: float, size: tuple[int, int]) -> None:
    found = made(View(("field",), aspect=aspect))
    assert found.lab.shape == (*size, 3)
    assert np.isfinite(found.lab).all()


def test_nobody_is_in_a_deserted_place() -> None:
    peopled = {place.name for place in load_atlas() if place.people}
    found = {
        deserted: {
            name for seed in range(12) for name in made(View(("street",), deserted=deserted), seed).sources
        }
        for deserted in (True, False)
    }
    assert not found[True] & peopled
    assert found[False] & peopled


def test_the_same_seed_gives_the_same_backdrop() -> None:
    one, two = (made(View(("forest",), "day", "clear"), 5) for _ in range(2))
    assert np.array_equal(one.lab, two.lab)
    assert one.sources == two.sources


@pytest.mark.parametrize("place", ["forest", "sea", "desert", "table"])
def test_no_two_seeds_give_the_same_backdrop(place: str) -> None:
    small = [resized(made(View((place,)), seed).lab, (16, 16), BOX) for seed in range(24)]
    assert min(np.abs(one - two).mean() for one, two in combinations(small, 2)) > 0.008


def test_what_swims_finds_water() -> None:
    found = [made(View(("lake",), ground=WATER), seed) for seed in range(8)]
    assert sum(each.ground == WATER for each in found) >= 7


def test_a_horizon_leaves_sky_and_ground() -> None:
    for seed in range(8):
        found = made(View(("hills",)), seed)
        assert found.horizon is not None
        assert 0.2 * SIDE < found.horizon < 0.65 * SIDE

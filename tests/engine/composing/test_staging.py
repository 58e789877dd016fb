"""Facts about engine/composing/staging.py."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.composing.lighting import Light
from engine.composing.placing import Casting, Room, arrange
from engine.composing.staging import Ground, calmest, roughened, staged
from engine.composing.subjects import load_subjects
from engine.styles import Composing

GRAY = np.full((128, 128, 3), [0.55, 0.0, 0.0], np.float32)
SUBJECTS = load_subjects()


def stood(key: str, **changes: object):
    stands = arrange((Casting(SUBJECTS[key][0]),), "landscape", Room(1.0, 0.4), np.random.default_rng(0))
    return [replace(each, **changes) for each in stands]  # type: ignore[arg-type]


def on(ground: Ground, key: str = "fox", side: float = 1.0):
    return staged(GRAY, stood(key), ground, Light(side), (), 1.0, Composing(), np.random.default_rng(0))


def test_a_figure_on_the_ground_throws_a_shadow_and_one_in_the_air_does_not() -> None:
    land = Ground("field", 50, water=False)
    lab, (figure,) = on(land)
    assert lab[figure.top // 4 + len(figure.alpha) // 4 - 4 :, :, 0].min() < 0.45
    lifted = stood("fox", grounded=False, main=False)
    above, _ = staged(GRAY, lifted, land, Light(1), (), 1.0, Composing(), np.random.default_rng(0))
    assert np.array_equal(above, GRAY)


def test_figures_are_darker_at_night() -> None:
    by_day, by_night = (
        staged(
            GRAY,
            stood("fox"),
            Ground("field", 50, False),
            Light(1),
            (),
            keep,
            Composing(),
            np.random.default_rng(0),
        )
        for keep in (1.0, 0.6)
    )
    assert by_night[1][0].lab[..., 0].mean() < by_day[1][0].lab[..., 0].mean() - 0.1


def test_a_figure_is_lit_from_the_pictures_side() -> None:
    lights = {}
    for side in (-1.0, 1.0):
        _, (figure,) = on(Ground("room", 50, False), "apple", side)
        inside = figure.alpha > 0.5
        across = np.broadcast_to(np.arange(inside.shape[1]), inside.shape)[inside]
        lights[side] = np.corrcoef(across, figure.lab[..., 0][inside])[0, 1]
    assert lights[-1.0] < lights[1.0]


def test_what_floats_is_cut_off_at_the_water() -> None:
    _, (dry,) = on(Ground("room", 50, False), "boat")
    _, (wet,) = on(Ground("sea", 50, True), "boat")
    assert wet.alpha[-8:].sum() < dry.alpha[-8:].sum() + 1e-6
    assert wet.alpha[-3:].max() < 0.1


def test_figures_move_to_where_it_is_calm() -> None:
    busy = GRAY.copy()
    busy[:, :64, 0] += np.random.default_rng(0).normal(0, 0.2, (128, 64))
    stands = [each.sized(0.5) for each in stood("fox")]
    assert calmest(busy.astype(np.float32), stands) > 0.05


@pytest.mark.parametrize("seed", range(3))
def test_an_emoji_loses_its_gloss(seed: int) -> None:
    glossy = np.full((32, 32, 3), [0.6, 0.2, 0.1], np.float32)
    rough = roughened(glossy, np.random.default_rng(seed))
    assert np.hypot(rough[..., 1], rough[..., 2]).mean() < 0.95 * np.hypot(0.2, 0.1)
    assert rough[..., 0].std() > 0.005

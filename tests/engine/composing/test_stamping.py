"""Facts about engine/composing/stamping.py."""

from __future__ import annotations

import numpy as np
import pytest

from engine.composing.fields import Field, Frame, as_mask
from engine.composing.silhouettes import silhouette
from engine.composing.stamping import Placement, Stamped, stamp, wobbles

FRAME = Frame(256, 256, 1.0, 1.0)
STILL: Field = np.zeros((2, 9, 9), np.float32)


def stamped(*places: Placement, shape: str = "fish", frame: Frame = FRAME, wobble: Field = STILL) -> Stamped:
    return stamp(shape, frame, places, [wobble])


def cover(*places: Placement, shape: str = "fish", frame: Frame = FRAME) -> float:
    return float(as_mask(stamped(*places, shape=shape, frame=frame).mask).mean())


def test_a_silhouette_stands_where_it_is_put_in_its_size() -> None:
    mask = as_mask(stamped(Placement(0.5, 0.5, 0.5)).mask)
    assert np.abs(mask[64:192, 64:192] - silhouette("fish", 128, 128)).mean() < 0.03
    assert mask.sum() == pytest.approx(mask[62:194, 62:194].sum())


@pytest.mark.parametrize("side", [256, 1024])
def test_the_size_in_pixels_changes_nothing_of_the_composition(side: int) -> None:
    frame = Frame(side, side, 1.0, 1.0)
    assert cover(Placement(0.4, 0.6, 0.5, 20), frame=frame) == pytest.approx(
        cover(Placement(0.4, 0.6, 0.5, 20)), rel=0.02
    )


def test_a_flipped_silhouette_is_the_mirror_image() -> None:
    plain, flipped = (as_mask(stamped(Placement(0.5, 0.5, 0.5, 0, flip)).mask) for flip in (False, True))
    assert np.abs(plain - flipped[:, ::-1]).mean() < 0.01
    assert np.abs(plain - flipped).mean() > 0.01


def test_turning_is_clockwise_by_degrees() -> None:
    upright, turned = (as_mask(stamped(Placement(0.5, 0.5, 0.5, turn)).mask) for turn in (0, 90))
    assert np.abs(np.rot90(upright, -1) - turned).mean() < 0.01


def test_a_hand_cut_silhouette_differs_a_little() -> None:
    wobble = wobbles(np.random.default_rng(0), 0.01, 8)
    straight, cut_by_hand = (
        as_mask(stamped(Placement(0.5, 0.5, 0.6), wobble=each).mask) for each in (STILL, wobble)
    )
    assert 0 < np.abs(straight - cut_by_hand).mean() < 0.05


def test_many_places_are_all_stamped_and_none_takes_from_another() -> None:
    apart = [Placement(0.25, 0.25, 0.3), Placement(0.75, 0.25, 0.3), Placement(0.5, 0.75, 0.3)]
    assert cover(*apart) == pytest.approx(3 * cover(apart[0]), rel=0.05)
    assert cover(apart[0], apart[0]) == pytest.approx(cover(apart[0]))


def test_what_reaches_over_the_edge_is_cut_off() -> None:
    place = Placement(0.0, 0.5, 0.4)
    assert cover(place, shape="circle") == pytest.approx(
        cover(Placement(0.5, 0.5, 0.4), shape="circle") / 2, rel=0.05
    )
    assert cover(Placement(3.0, 3.0, 0.4)) == 0


@pytest.mark.parametrize("shape", ["fish", "dragon", "wave", "dice"])
def test_the_body_holds_the_silhouette_and_the_cushion_stands_on_the_body(shape: str) -> None:
    both = stamped(Placement(0.5, 0.5, 0.6), shape=shape)
    assert (as_mask(both.body) >= as_mask(both.mask) - 0.02).all()
    assert both.height.shape == FRAME.shape
    assert 0 <= both.height.min() < both.height.max() <= 1


def filled(shape: str) -> float:
    """What the body has more than the silhouette, over the silhouette."""
    both = stamped(Placement(0.5, 0.5, 0.9), shape=shape)
    return float((as_mask(both.body) - as_mask(both.mask)).sum() / as_mask(both.mask).sum())


@pytest.mark.parametrize("shape", ["bicycle", "wheat", "snowflake", "spider", "atom", "sun"])
def test_a_fine_shape_keeps_the_gaps_that_it_is_known_by(shape: str) -> None:
    assert filled(shape) < 0.12


@pytest.mark.parametrize(
    ("shape", "x", "y"), [("fish", 0.72, 0.5), ("cat", 0.87, 0.25), ("lantern", 0.5, 0.5)]
)
def test_eyes_and_hairlines_belong_to_the_body(shape: str, x: float, y: float) -> None:
    both = stamped(Placement(0.5, 0.5, 1.0), shape=shape)
    middle = round(y * 256), round(x * 256)
    assert as_mask(both.mask)[middle] < 0.1
    assert as_mask(both.body)[middle] > 0.9


def test_wobbles_are_as_strong_as_asked() -> None:
    net = wobbles(np.random.default_rng(0), 0.02, 8)
    assert net.shape == (2, 9, 9)
    assert 0.005 < net.std() < 0.04
    assert not wobbles(np.random.default_rng(0), 0.0, 3).any()

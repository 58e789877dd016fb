"""Facts about engine/composing/fields.py."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.composing.fields import (
    REACH,
    Frame,
    as_mask,
    blurred,
    cut,
    distance,
    enlarged,
    line_noise,
    noise,
    resized,
    shrunk,
    veil,
)
from engine.conditions import Conditions

WIDE = Frame(384, 256, 1.0, 2 / 3)
SQUARE = Frame(256, 256, 1.0, 1.0)


def disc(frame: Frame, radius: float = 0.2) -> np.ndarray:
    """Distance inwards from a circle about the middle."""
    reach = radius - np.hypot(frame.x - frame.across / 2, frame.y - frame.down / 2)
    return np.asarray(reach, np.float32)


@given(
    st.integers(16, 128).map(lambda steps: steps * 16),
    st.tuples(st.integers(1, 8), st.integers(1, 8)).filter(lambda sides: max(sides) <= 4 * min(sides)),
)
def test_a_frames_units_depend_on_the_aspect_alone(size: int, aspect: tuple[int, int]) -> None:
    wish = Conditions((("ink", 1.0),), ("blue",), "fish", "portrait", 7, size, aspect)
    frame = Frame.of(wish)
    assert (frame.width, frame.height) == (wish.width, wish.height)
    assert max(frame.across, frame.down) == 1
    assert frame.across / frame.down == pytest.approx(aspect[0] / aspect[1])
    assert frame.shape == Frame.of(Conditions(**{**wish.to_dict(), "size": 256})).shape
    assert (frame.y.shape[0], frame.x.shape[1]) == frame.shape


def test_cells_are_spread_evenly_over_the_frame() -> None:
    assert 0 < WIDE.x.min() < WIDE.x.max() < 1
    assert 0 < WIDE.y.min() < WIDE.y.max() < 2 / 3
    assert WIDE.x.mean() == pytest.approx(0.5)
    assert WIDE.y.mean() == pytest.approx(1 / 3)


@pytest.mark.parametrize("cells", [2, 6, 20])
def test_noise_is_fixed_by_its_generator_and_about_even(cells: float) -> None:
    first, again, other = (noise(np.random.default_rng(seed), WIDE, cells) for seed in (1, 1, 2))
    assert first.shape == WIDE.shape
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert 0.2 < first.std() < 3


def test_noise_takes_as_many_numbers_at_any_size() -> None:
    """What is drawn from the same generator afterwards must not depend on the size."""
    small, large = np.random.default_rng(3), np.random.default_rng(3)
    noise(small, Frame(256, 256, 1, 1), 5)
    noise(large, Frame(2048, 2048, 1, 1), 5)
    assert small.random() == large.random()


def test_line_noise_runs_along_x() -> None:
    line = line_noise(np.random.default_rng(0), WIDE, 3)
    assert line.shape == (1, WIDE.shape[1])
    assert np.ptp(line) > 0.5


def test_more_cells_make_finer_noise() -> None:
    coarse, fine = (noise(np.random.default_rng(0), SQUARE, cells, 1) for cells in (2, 20))
    assert np.abs(np.diff(fine)).mean() > 3 * np.abs(np.diff(coarse)).mean()


def test_resizing_keeps_what_is_even() -> None:
    assert resized(np.full((10, 20), 3.0, np.float32), 50, 40) == pytest.approx(np.full((40, 50), 3.0))


def test_blurring_takes_small_details_away_and_keeps_the_mean() -> None:
    speckled = np.random.default_rng(0).standard_normal((96, 96)).astype(np.float32)
    soft = blurred(speckled, 8)
    assert soft.std() < speckled.std() / 3
    assert soft.mean() == pytest.approx(speckled.mean(), abs=0.05)


def test_a_signed_distance_is_that_to_the_crossing() -> None:
    steep = disc(SQUARE) * 7
    near = np.abs(disc(SQUARE)) < REACH
    assert np.abs(distance(steep) - disc(SQUARE))[near].max() < 0.003


@pytest.mark.parametrize("side", [256, 512, 2048])
def test_a_cut_disc_covers_its_area_with_a_sharp_edge_at_any_size(side: int) -> None:
    mask = as_mask(cut(disc(SQUARE), Frame(side, side, 1, 1)))
    assert mask.shape == (side, side)
    assert mask.mean() == pytest.approx(np.pi * 0.2**2, rel=0.02)
    assert ((mask > 0.05) & (mask < 0.95)).mean() < 4 / side


@pytest.mark.parametrize(("reach", "cover"), [(-1.0, 0.0), (1.0, 1.0)])
def test_a_cut_of_nothing_or_everything_is_even(reach: float, cover: float) -> None:
    mask = as_mask(cut(np.full(WIDE.shape, reach, np.float32), WIDE))
    assert mask.shape == (256, 384)
    assert (mask == cover).all()


def test_a_jump_from_outside_to_inside_is_cut_where_it_is() -> None:
    half = np.where(SQUARE.x > 0.5, 1.0, -1.0).astype(np.float32).repeat(96, 0)
    mask = as_mask(cut(half, SQUARE))
    assert (mask[:, :125] == 0).all()
    assert (mask[:, 131:] == 1).all()
    assert mask.mean() == pytest.approx(0.5, abs=0.003)


def test_a_part_is_enlarged_as_it_is_in_the_whole() -> None:
    small = Image.fromarray((noise(np.random.default_rng(0), SQUARE, 4) * 40 + 128).clip(0, 255).astype("u1"))
    whole = np.asarray(enlarged(small, SQUARE, (0, 0, 256, 256)), int)
    part = np.asarray(enlarged(small, SQUARE, (64, 32, 192, 160)), int)
    assert np.abs(whole[32:160, 64:192] - part)[8:-8, 8:-8].max() <= 2


def test_a_veil_is_as_strong_as_its_field_and_never_more() -> None:
    field = np.linspace(-1, 2, 96, dtype=np.float32)[None, :].repeat(96, 0)
    mask = as_mask(veil(field, SQUARE))
    assert (mask.min(), mask.max()) == (0, 1)
    assert mask[:, 128].mean() == pytest.approx(0.5, abs=0.03)


def test_shrinking_keeps_the_cover() -> None:
    mask = cut(disc(SQUARE), SQUARE)
    small = shrunk(mask, SQUARE)
    assert small.shape == SQUARE.shape
    assert small.mean() == pytest.approx(as_mask(mask).mean(), abs=0.005)

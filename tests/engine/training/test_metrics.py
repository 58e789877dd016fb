"""Facts about engine/training/metrics.py."""

import numpy as np
import pytest
import torch

from engine.training.metrics import (
    classify,
    fit_classifier,
    interval,
    kernel_distance,
    palette_difference,
    shape_overlap,
    standardise,
)


def cloud(count: int, shift: float, seed: int) -> torch.Tensor:
    return torch.randn((count, 6), generator=torch.Generator().manual_seed(seed)) + shift


def test_two_samples_of_one_cloud_are_at_about_no_distance() -> None:
    assert abs(kernel_distance(cloud(400, 0, 1), cloud(400, 0, 2))) < 0.1


def test_the_distance_grows_with_the_shift() -> None:
    near, far = (kernel_distance(cloud(200, 0, 1), cloud(200, shift, 2)) for shift in (0.5, 1.0))
    assert 0 < near < far


def test_standardised_rows_have_mean_nought_and_deviation_one() -> None:
    rows = standardise(cloud(500, 3, 1) * 4, cloud(500, 3, 1) * 4)
    assert torch.allclose(rows.mean(0), torch.zeros(6), atol=1e-5)
    assert torch.allclose(rows.std(0), torch.ones(6), atol=1e-5)


def test_the_classifier_tells_two_clouds_apart() -> None:
    rows, labels = torch.cat([cloud(80, -1, 1), cloud(80, 1, 2)]), torch.arange(2).repeat_interleave(80)
    weights = fit_classifier(rows, labels, 2)
    assert (classify(rows, weights) == labels).float().mean() > 0.95


def test_a_picture_differs_from_itself_by_nothing_and_from_texture_of_its_colours_hardly() -> None:
    flat = np.full((64, 64, 3), 128, np.uint8)
    grain = flat.copy()
    grain[::2] += 20
    grain[1::2] -= 20
    assert palette_difference(flat, flat) == 0
    assert palette_difference(grain, flat) < 1
    assert palette_difference(np.full((64, 64, 3), 255, np.uint8), flat) > 20


def test_an_interval_narrows_with_more_values() -> None:
    mean, wide = interval([0.0, 1.0] * 5)
    assert mean == 0.5
    assert interval([0.0, 1.0] * 500)[1] == pytest.approx(wide / 10, rel=0.06)


def figure_of(top: int, left: int, bottom: int, right: int) -> np.ndarray:
    figure = np.zeros((64, 64), np.float32)
    figure[top:bottom, left:right] = 1
    return figure


def two_tones(figure: np.ndarray, inside: int, outside: int) -> np.ndarray:
    noise = np.random.default_rng(0).integers(-20, 20, (64, 64, 3))
    flat = np.where(figure[..., None] > 0.5, inside, outside)
    return (flat + noise).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize(("inside", "outside"), [(40, 200), (220, 90)])
def test_a_silhouette_that_is_painted_as_asked_overlaps_wholly(inside: int, outside: int) -> None:
    figure = figure_of(10, 20, 50, 45)
    assert shape_overlap(two_tones(figure, inside, outside), figure) > 0.99


def test_half_a_silhouette_overlaps_by_half() -> None:
    assert shape_overlap(
        two_tones(figure_of(10, 20, 30, 45), 40, 200), figure_of(10, 20, 50, 45)
    ) == pytest.approx(0.5, abs=0.02)


def test_a_figure_that_is_not_to_be_seen_overlaps_little() -> None:
    figure = figure_of(10, 20, 50, 45)
    assert shape_overlap(two_tones(figure, 120, 120), figure) < 0.6
    assert shape_overlap(two_tones(figure, 120, 120), np.zeros((64, 64), np.float32)) == 0

"""Facts about engine/training/weave.py, on noise with and without a regular texture."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.layout import Pixels
from engine.training.weave import TILE, largest_peak, spectrum_distance, spectrum_of, weave

RANDOM = np.random.default_rng(0)


def smooth_noise(woven: float = 0.0, side: int = 256) -> Pixels:
    """Noise whose power falls with frequency, as in art; woven: strength of a diagonal texture"""
    steps = np.fft.fftfreq(side)
    falling = 1 / np.maximum(np.hypot(steps[:, None], steps[None]), 1 / side)
    field = np.fft.ifft2(np.fft.fft2(RANDOM.standard_normal((side, side))) * falling).real
    y, x = np.mgrid[:side, :side]
    light = 128 + 30 * field / field.std() + woven * np.sin(x * 1.2) * np.sin(y * 1.2)
    return np.repeat(np.clip(light, 0, 255).astype(np.uint8)[..., None], 3, 2)


ART = [spectrum_of(smooth_noise()) for _ in range(16)]
NAMES = [str(number) for number in range(16)]


def test_pictures_like_the_art_have_no_weave() -> None:
    found = weave([spectrum_of(smooth_noise()) for _ in range(8)], ART, NAMES)
    assert found.spectrum == pytest.approx(1, abs=0.6)
    assert found.peak == pytest.approx(1, abs=0.3)


def test_a_regular_texture_shows_as_a_peak_off_the_axes() -> None:
    woven = [spectrum_of(smooth_noise(8)) for _ in range(8)]
    assert largest_peak(woven) > 2 * largest_peak(ART)
    assert weave(woven, ART, NAMES).peak > 2


def test_blur_shows_in_the_radial_spectrum() -> None:
    blurred = [spectrum_of(np.asarray(smooth_noise(side=128)).repeat(2, 0).repeat(2, 1)) for _ in range(8)]
    assert spectrum_distance(blurred, ART[8:]) > 3 * spectrum_distance(ART[:8], ART[8:])


def test_a_spectrum_does_not_depend_on_contrast_and_size_of_large_pictures() -> None:
    picture = smooth_noise(side=512)
    calm = (picture // 2 + 64).astype(np.uint8)
    assert spectrum_distance([spectrum_of(picture)], [spectrum_of(calm)]) < 0.3
    assert spectrum_of(picture).shape == (TILE, TILE)


def test_too_little_art_has_no_weave_and_a_small_picture_is_refused() -> None:
    assert math.isnan(weave(ART[:2], ART[:2], NAMES[:2]).peak)
    with pytest.raises(ValueError, match="128 px"):
        spectrum_of(smooth_noise(side=120))

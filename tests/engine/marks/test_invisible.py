"""Facts about engine/marks/invisible.py. docs/trust.md has the figures of many pictures."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from engine.composer import compose
from engine.conditions import Conditions
from engine.layout import Pixels
from engine.marks.code import nearest_number, word_of
from engine.marks.invisible import FOUND, embed, readings

NUMBER = 0x2_4681_ACE1
STORED = np.array([1, NUMBER, 77])
STYLES = ("oil", "linocut", "sketch")


@pytest.fixture(scope="module", params=STYLES)
def painting(request: pytest.FixtureRequest) -> Pixels:
    return compose(Conditions(((request.param, 1.0),), ("blue",), "fox", "landscape", 7)).image


def saved(image: Image.Image, kind: str, quality: int) -> Image.Image:
    out = io.BytesIO()
    image.save(out, kind, quality=quality)
    return Image.open(out).convert("RGB")


def scaled(image: Image.Image, scale: float) -> Image.Image:
    return image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)


def cropped(image: Image.Image) -> Image.Image:
    left, top = image.width // 10, image.height // 10
    return image.crop((left, top, image.width - left, image.height - top))


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "none": lambda image: image,
    "WebP 75": lambda image: saved(image, "WEBP", 75),
    "JPEG 50": lambda image: saved(image, "JPEG", 50),
    "half size": lambda image: scaled(image, 0.5),
    "a crop of a tenth of each side": cropped,
    "JPEG 50 and half size": lambda image: scaled(saved(image, "JPEG", 50), 0.5),
    "three quarters": lambda image: scaled(image, 0.75),
    "an odd size": lambda image: scaled(image, 0.833),
}


def found(picture: Pixels) -> int | None:
    matches = (nearest_number(each.bits, STORED) for each in readings(picture))
    return next((match.number for match in matches if match), None)


@pytest.mark.parametrize("change", CHANGES)
def test_the_mark_is_read_after_a_change(painting, change):
    marked = Image.fromarray(embed(painting, word_of(NUMBER)))
    assert found(np.asarray(CHANGES[change](marked))) == NUMBER


def test_the_mark_is_hardly_seen(painting):
    change = embed(painting, word_of(NUMBER)).astype(float) - painting
    assert 10 * np.log10(255**2 / np.mean(np.square(change))) >= 40


def test_nothing_is_found_in_a_picture_without_a_mark(painting):
    assert found(painting) is None


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_flat_picture_of_any_lightness_carries_it(value):
    flat = np.full((256, 384, 3), value, np.uint8)
    assert found(embed(flat, word_of(NUMBER))) == NUMBER


def test_the_place_of_the_tiles_is_found_after_any_crop():
    flat = np.full((400, 400, 3), 128, np.uint8)
    assert found(embed(flat, word_of(NUMBER))[37:, 91:]) == NUMBER


def test_a_picture_that_is_too_small_has_no_reading():
    assert not list(readings(np.zeros((64, 64, 3), np.uint8)))


def test_readings_stand_out_and_come_with_their_scale():
    flat = np.full((256, 256, 3), 128, np.uint8)
    first = next(readings(embed(flat, word_of(NUMBER))))
    assert first.scale == 1
    assert first.peak > FOUND

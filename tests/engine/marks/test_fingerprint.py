"""Facts about engine/marks/fingerprint.py."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from engine.composer import compose
from engine.conditions import Conditions
from engine.layout import Pixels
from engine.marks.fingerprint import BYTES, fingerprint, nearest_hash

SHAPES = ("fox", "boat", "apple", "tree")


def picture(shape: str, seed: int = 7) -> Pixels:
    return compose(Conditions((("oil", 1.0),), (), shape, "landscape", seed, 256)).image


STORED = np.frombuffer(b"".join(fingerprint(picture(each)) for each in SHAPES), np.uint8).reshape(-1, BYTES)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_picture_is_found_after_a_small_jpeg(shape):
    out = io.BytesIO()
    Image.fromarray(picture(shape)).resize((128, 128)).save(out, "JPEG", quality=50)
    small = np.asarray(Image.open(out).convert("RGB"))
    assert nearest_hash(fingerprint(small), STORED) == SHAPES.index(shape)


@pytest.mark.parametrize("shape", SHAPES)
def test_another_picture_of_the_same_subject_is_not_found(shape):
    assert nearest_hash(fingerprint(picture(shape, seed=8)), STORED) is None


def test_nothing_is_near_where_nothing_is_stored():
    assert nearest_hash(fingerprint(picture("fox")), np.empty((0, BYTES), np.uint8)) is None

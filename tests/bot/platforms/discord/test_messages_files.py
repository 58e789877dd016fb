"""Facts about bot/platforms/discord/messages.py: pictures as Discord takes them."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.platforms.discord.messages import MOST_BYTES, files_of
from bot.platforms.discord.text import MOST_ALT
from engine.painting.encoding import SCALES, finish
from tests.support.fakes import FISH, PICTURE

NOISE = finish(np.random.default_rng(7).integers(0, 256, (512, 512, 3), dtype=np.uint8), FISH)
"""A picture that no encoding makes small: 0.8 MB as PNG."""


async def sent(picture, most):
    """(data, format, size) of a picture as it is sent."""
    [file] = await files_of([picture], most)
    data = file.fp.read()
    image = Image.open(io.BytesIO(data))
    return data, image.format, image.size


@pytest.mark.parametrize(
    ("most", "kind", "side"),
    [
        (len(NOISE), "PNG", 512),
        (len(NOISE) - 1, "WEBP", 512),
        (150_000, "WEBP", 358),
        (40_000, "WEBP", 179),
    ],
)
async def test_what_is_too_large_becomes_webp_and_then_smaller(most, kind, side):
    data, found, size = await sent(replace(PICTURE, data=NOISE), most)
    assert (found, size) == (kind, (side, side))
    assert len(data) <= most
    assert b"trainedAlgorithmicMedia" in data


async def test_what_never_fits_is_sent_as_small_as_it_gets():
    _, _, size = await sent(replace(PICTURE, data=NOISE), 1)
    assert size == (round(512 * SCALES[-1]),) * 2


async def test_of_several_only_the_large_ones_change():
    large = replace(PICTURE, data=PICTURE.data + bytes(MOST_BYTES))
    kept, changed = await files_of([PICTURE, large])
    assert (kept.filename, changed.filename) == ("easel-p1.png", "easel-p1.webp")
    assert kept.fp.read() == PICTURE.data
    assert changed.description == PICTURE.alt


@given(st.text(max_size=3000))
def test_an_alternative_text_fits(alt):
    [file] = asyncio.run(files_of([replace(PICTURE, alt=alt)]))
    assert len(file.description or "") <= MOST_ALT


async def test_files_have_names_of_their_own_and_hidden_ones_say_so():
    hidden = replace(PICTURE, id="p2", hidden=True)
    files = await files_of([PICTURE, replace(PICTURE, id="", media_type="image/webp"), hidden])
    assert [each.filename for each in files] == ["easel-p1.png", "easel-2.webp", "SPOILER_easel-p2.png"]

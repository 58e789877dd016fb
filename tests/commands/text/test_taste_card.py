"""Test commands/text/taste_card.py."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFont

from bot.tastes.features import HUES
from bot.tastes.report import HUE_NAMES
from commands.services.tastes import Liking, Portrait
from commands.text import taste_card
from commands.text.taste_card import HEIGHT, LESS, LIKED, NAME, STRIP, WHEEL, WIDTH, draw, readable_in
from engine.color.palette import Tone
from tests.support.fakes import PICTURE
from tests.support.taste_fixtures import VOCABULARY

LIKINGS = (
    Liking("style", "ink", 3.1, 1.6, 6.0),
    Liking("color", "blue", 2.5, 1.5, 4.1),
    Liking("scene", "mandala", 0.3, 0.1, 0.9),
)


def wheel_of(loved):
    """Return a wheel on which hues near one hue are liked most."""
    return tuple(
        (hue, Liking("color", name, math.exp(2 * math.cos(math.radians(hue - loved))), 0.5, 9))
        for hue, name in zip(HUES, HUE_NAMES, strict=True)
    )


def card(portrait, **more):
    made = draw(portrait, "What you like", lambda liking: liking.name, "A chart: ink", **more)
    return made, np.asarray(Image.open(io.BytesIO(made.data)).convert("RGB"))


def count(pixels, color):
    """Count the pixels of about this color."""
    return int(
        (np.abs(pixels.astype(int) - np.array(Image.new("RGB", (1, 1), color))[0, 0]).max(2) < 8).sum()
    )


def test_a_card_is_a_png_with_its_alternative_text():
    made, pixels = card(Portrait(LIKINGS, wheel_of(22), 5))
    assert (made.name, made.media_type, made.alt) == (NAME, "image/png", "A chart: ink")
    assert pixels.shape == (HEIGHT, WIDTH, 3) == (made.height, made.width, 3)
    assert made.is_picture


def test_what_is_liked_and_what_is_not_have_colors_of_their_own():
    _, pixels = card(Portrait(LIKINGS, (), 5))
    assert count(pixels, LIKED) > count(pixels, LESS) > 0
    _, pixels = card(Portrait(LIKINGS[:2], (), 5))
    assert count(pixels, LESS) == 0


def test_a_wider_interval_is_a_longer_line():
    unsure = Liking("style", "ink", 3.1, 0.4, 7.9)
    _, narrow = card(Portrait((LIKINGS[0],), (), 5))
    _, wide = card(Portrait((unsure,), (), 5))
    assert count(wide, LIKED) > count(narrow, LIKED)


@pytest.mark.parametrize("loved", [HUES[0], HUES[4]])
def test_a_loved_hue_reaches_furthest_from_the_middle_of_the_wheel(loved):
    _, pixels = card(Portrait((), wheel_of(loved), 5))
    area = {hue: count(pixels, Tone(0.7, 0.15, hue).shown().hex) for hue in HUES}
    assert max(area, key=area.__getitem__) == loved


def test_the_hole_of_the_wheel_is_empty():
    _, pixels = card(Portrait((), wheel_of(22), 5))
    assert (pixels[WHEEL[1], WHEEL[0]] == np.array(Image.new("RGB", (1, 1), taste_card.PAPER))[0, 0]).all()


def test_paintings_hang_below():
    made, pixels = card(Portrait(LIKINGS, (), 5), paintings=[PICTURE] * 3)
    assert (made.height, pixels.shape[0]) == (HEIGHT + STRIP,) * 2
    painted = np.asarray(Image.open(io.BytesIO(PICTURE.data)).convert("RGB"))[128, 128]
    assert int((pixels[HEIGHT:] == painted).all(2).sum()) > 3 * 200 * 200


names = st.sampled_from([VOCABULARY.label("shape", word.name, "zh") for word in VOCABULARY.words("shape")])


@given(st.lists(st.builds(Liking, st.just("shape"), names, *[st.floats(1e-9, 1e9)] * 3), max_size=40))
@settings(max_examples=15)
def test_any_taste_can_be_drawn(likings):
    made, _ = card(Portrait(tuple(likings), (), 1))
    assert made.data.startswith(b"\x89PNG")


@pytest.fixture
def fresh_fonts():
    """Forget the machine's fonts, before and after."""
    taste_card._han.cache_clear()
    yield
    taste_card._han.cache_clear()


@pytest.mark.usefixtures("fresh_fonts")
def test_a_card_is_english_where_no_font_has_the_readers_signs(monkeypatch):
    def missing(name, size):
        raise OSError("cannot open resource")

    assert readable_in("en-GB") == "en"
    monkeypatch.setattr(ImageFont, "truetype", missing)
    assert readable_in("zh-CN") == "en"


@pytest.mark.usefixtures("fresh_fonts")
def test_chinese_is_written_where_a_font_for_it_is_there(monkeypatch):
    latin = ImageFont.load_default(16)
    monkeypatch.setattr(ImageFont, "truetype", lambda name, size: latin)
    assert readable_in("zh-CN") == "zh"

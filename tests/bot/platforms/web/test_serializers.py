"""Facts about bot/platforms/web/serializers.py."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import pytest
from PIL import Image

from bot.platforms.web import serializers as views
from commands.i18n import translator
from commands.registry import COMMANDS
from engine.composing.subjects import load_subjects
from engine.vocabulary import load_vocabulary
from tests.support.fakes import CARD, FILE

STATIC = Path(views.__file__).parent / "static"
SCRIPTS = "\n".join(path.read_text() for path in sorted(STATIC.glob("*.js")))


def test_the_page_knows_every_command_with_its_options():
    known = views.words_view(translator("en"))["commands"]
    assert [command["name"] for command in known] == list(COMMANDS)
    paint = next(command for command in known if command["name"] == "paint")
    assert {"style", "color", "shape", "seed"} < {option["name"] for option in paint["options"]}


def test_the_scripts_use_exactly_the_words_they_are_given():
    used = set(re.findall(r"\bsaid\.(\w+)", SCRIPTS))
    assert used == set(views.PAGE_WORDS)


def test_a_page_beside_the_chat_is_given_the_words_that_its_scripts_use():
    imported = [(STATIC / name).read_text() for name in ("page.js", "server.js", "theme.js")]
    used = set(re.findall(r"\bsaid\.(\w+)", "\n".join(imported)))
    assert used == set(views.labels_view(translator("en")))


def test_a_place_for_a_value_is_left_open():
    assert "{alt}" in views.words_view(translator("zh"))["said"]["ready"]


def test_every_style_has_a_thumbnail_of_its_own():
    pictures = {path.stem: path.read_bytes() for path in (STATIC / "styles").glob("*.webp")}
    assert set(pictures) == {word.name for word in load_vocabulary().words("style")}
    assert len(set(pictures.values())) == len(pictures)


def test_colors_come_with_their_value():
    for word in views.vocabulary_view(load_vocabulary(), "en")["color"]:
        assert re.fullmatch(r"#[0-9a-f]{6}", word["value"])


@pytest.mark.parametrize(("language", "label"), [("en", "fish"), ("zh", "鱼")])
def test_words_are_labelled_in_the_readers_language(language, label):
    shapes = views.vocabulary_view(load_vocabulary(), language)["shape"]
    assert next(word["label"] for word in shapes if word["name"] == "fish") == label


@pytest.mark.parametrize("shape", sorted(load_subjects())[::90])
def test_an_icon_is_a_small_cutout_with_alpha(shape):
    image = Image.open(io.BytesIO(views.icon(shape)))
    assert image.size == (views.ICON_SIDE, views.ICON_SIDE)
    low, high = image.getchannel("A").getextrema()
    assert low == 0
    assert high > 200


def test_an_unknown_shape_has_no_icon():
    with pytest.raises(KeyError):
        views.icon("no such thing")


def test_a_file_that_goes_with_an_answer_travels_inside_it():
    card, file = (views.attachment_view(each) for each in (CARD, FILE))
    assert (card["name"], card["is_picture"], card["alt"]) == (CARD.name, True, CARD.alt)
    assert base64.b64decode(card["src"].removeprefix("data:image/png;base64,")) == CARD.data
    assert (file["is_picture"], file["src"][:28]) == (False, "data:application/json;base64")

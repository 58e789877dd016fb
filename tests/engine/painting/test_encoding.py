"""Facts about engine/painting/encoding.py."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from engine.captions import describe
from engine.conditions import Conditions, Other
from engine.layout import Layout, Pixels
from engine.marks.metadata import (
    CONDITIONS_KEY,
    SEED_KEY,
    SOURCE_TYPE,
    VERSION_KEY,
    Origin,
    origin_of,
)
from engine.painting.encoding import (
    AVIF,
    JPEG,
    PNG,
    SUFFIXES,
    WEBP,
    compress_png,
    encode_drawing,
    encode_preview,
    finish,
    fit,
    suffix_of,
    write_whole,
)
from engine.vocabulary import load_vocabulary

ROOT = Path(__file__).parents[3]
FISH = Conditions(
    (("ink", 0.75), ("oil", 0.25)), ("blue", "#12ab9f"), "palm-tree", "landscape", 7, 256, (3, 2), 40
)
BIRDS = Conditions(
    (("ink", 1.0),), ("blue",), "bird", "landscape", 7, number=2, others=(Other("mountain", 1, "over"),)
)
TYPES = (PNG, WEBP, JPEG, AVIF)
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"


def painting(height: int = 176, width: int = 256) -> Pixels:
    ramp = np.linspace(0, 255, width)[None, :, None] * np.linspace(0.3, 1, height)[:, None, None]
    return np.repeat(ramp, 3, 2).astype(np.uint8)


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def xmp_of(data: bytes) -> dict[str, str]:
    """What the XMP says of the picture, by qualified name."""
    tree = ElementTree.fromstring(opened(data).info["xmp"])  # noqa: S314 - the XML is our own
    (description,) = tree.iter(RDF + "Description")
    return description.attrib


def text_of(data: bytes) -> str:
    return str(opened(data).info[CONDITIONS_KEY])


@pytest.mark.parametrize("media_type", TYPES)
def test_a_file_is_a_picture_of_the_paintings_size_and_type(media_type: str) -> None:
    image = opened(finish(painting(), FISH, media_type=media_type))
    assert image.size == (256, 176)
    assert Image.MIME[str(image.format)] == media_type
    assert not getattr(image, "is_animated", False)


def test_a_png_keeps_every_pixel() -> None:
    assert np.array_equal(np.asarray(opened(finish(painting(), FISH))), painting())


def test_a_png_that_was_compressed_meanwhile_is_the_same_file() -> None:
    made = finish(painting(), FISH, originality=1.0)
    assert finish(painting(), FISH, originality=1.0, compressed=compress_png(painting())) == made


def test_the_text_stands_before_the_pixels_of_a_png() -> None:
    data = finish(painting(), FISH)
    assert data.index(b"IHDR") < data.index(CONDITIONS_KEY.encode()) < data.index(b"IDAT")


def test_a_webp_keeps_nearly_every_pixel_and_is_smaller() -> None:
    noisy = np.random.default_rng(0).integers(90, 160, (128, 128, 3)).astype(np.uint8)
    data = finish(painting(), FISH, media_type=WEBP)
    assert np.abs(np.asarray(opened(data), int) - painting()).mean() < 4
    assert len(finish(noisy, FISH, media_type=WEBP)) < len(finish(noisy, FISH))


@pytest.mark.parametrize("media_type", TYPES)
def test_the_same_painting_and_conditions_give_the_same_bytes(media_type: str) -> None:
    first, again = (finish(painting(), FISH, media_type=media_type) for _ in range(2))
    assert first == again
    assert first != finish(painting(), FISH.with_seed(8), media_type=media_type)


def test_the_conditions_stand_in_the_png_and_can_be_read_back() -> None:
    assert Conditions.from_dict(json.loads(text_of(finish(painting(), FISH)))) == FISH


@pytest.mark.parametrize("media_type", TYPES)
def test_the_xmp_says_that_a_trained_model_made_it_and_from_what(media_type: str) -> None:
    said = xmp_of(finish(painting(), FISH, media_type=media_type))
    assert said[IPTC + "DigitalSourceType"] == SOURCE_TYPE
    assert Conditions.from_dict(json.loads(said["{easel:}conditions"])) == FISH


@pytest.mark.parametrize("media_type", TYPES)
@pytest.mark.parametrize("shape", ["鱼", "<b>&\"'", "fish\n"])
def test_any_text_survives_in_the_file(shape: str, media_type: str) -> None:
    said = xmp_of(finish(painting(), replace(FISH, shape=shape), media_type=media_type))
    assert json.loads(said["{easel:}conditions"])["shape"] == shape


def test_no_clock_and_no_name_stands_in_the_file() -> None:
    assert set(opened(finish(painting(), FISH)).info) - {"xmp", "XML:com.adobe.xmp"} == {
        "Software",
        CONDITIONS_KEY,
        SEED_KEY,
        VERSION_KEY,
    }


@pytest.mark.parametrize("media_type", TYPES)
def test_a_figure_of_originality_stands_in_the_file_when_there_is_one(media_type: str) -> None:
    said = xmp_of(finish(painting(), FISH, media_type=media_type, originality=1.234))
    assert said["{easel:}originality"] == "1.23"
    assert "{easel:}originality" not in xmp_of(finish(painting(), FISH, media_type=media_type))


@pytest.mark.parametrize("media_type", ["image/gif", "", "text/html"])
def test_another_media_type_is_refused(media_type: str) -> None:
    with pytest.raises(ValueError, match="is none of"):
        finish(painting(), FISH, media_type=media_type)


def test_suffixes_name_the_types_that_can_be_written() -> None:
    assert sorted(SUFFIXES.values()) == sorted(TYPES)
    assert {suffix_of(media_type): media_type for media_type in TYPES} == SUFFIXES


def test_a_fitted_file_keeps_the_number_of_its_picture() -> None:
    origin = Origin(0x12345678A, "0123456789abcdef")
    fitted = fit(finish(painting(), FISH, origin=origin), FISH, 9_000)
    assert origin_of(opened(fitted.data).info["xmp"]) == origin


def test_a_file_that_is_too_large_is_fitted_and_keeps_its_parameters() -> None:
    noise = np.random.default_rng(7).integers(0, 256, (128, 256, 3), dtype=np.uint8)
    fitted = fit(finish(noise, FISH), FISH, 9_000)
    assert fitted.media_type == WEBP
    assert len(fitted.data) <= 9_000
    assert opened(fitted.data).size == (fitted.width, fitted.height) == (128, 64)
    assert Conditions.from_dict(json.loads(xmp_of(fitted.data)["{easel:}conditions"])) == FISH


def test_a_drawing_keeps_every_pixel_and_its_transparency() -> None:
    icon = Image.fromarray(np.arange(256, dtype=np.uint8).reshape(16, 16)).convert("LA")
    kept = opened(encode_drawing(icon))
    assert (kept.format, kept.mode, kept.tobytes()) == ("PNG", "LA", icon.tobytes())


def test_pictures_are_encoded_nowhere_else() -> None:
    sources = [source for floor in ("bot", "commands", "engine") for source in (ROOT / floor).rglob("*.py")]
    # Nothing of training and bench is sent, and a reduced source stays inside the conditions.
    sources = [source for source in sources if not {"training", "bench", "source.py"} & set(source.parts)]
    saving = [source.name for source in sources if re.search(r"\.save\(", source.read_text())]
    assert saving == ["encoding.py"]


@pytest.mark.parametrize(
    ("conditions", "locale", "said"),
    [
        (
            Conditions((("ink", 1.0),), ("blue",), "fish", "portrait", 7),
            "en-US",
            "Generated picture: blue fish in the style ink, arranged as portrait.",
        ),
        (
            FISH,
            "en",
            "Generated picture: blue and #12ab9f palm tree in the style ink and oil, arranged as landscape.",
        ),
        (
            BIRDS,
            "en",
            "Generated picture: two birds over mountain in blue, in the style ink, arranged as landscape.",
        ),
        (
            replace(FISH, colors=(), place="forest", time="night", weather="snow"),
            "en",
            "Generated picture: palm tree in the style ink and oil, arranged as landscape, place: forest,"
            " time: night, weather: snow.",
        ),
        (
            replace(FISH, colors=(), shape="", place="sea"),
            "zh",
            "生成的图画：海，水墨和油画风格，风景构图，地点：海。",
        ),
        (BIRDS, "zh", "生成的图画：两只鸟在山上方，蓝色，水墨风格，风景构图。"),
        (FISH, "zh-CN", "生成的图画：蓝色和#12ab9f的棕榈树，水墨和油画风格，风景构图。"),
        (
            replace(FISH, colors=("red", "blue", "green")),
            "fr",
            "Generated picture: red, blue and green palm tree in the style ink and oil,"
            " arranged as landscape.",
        ),
    ],
)
def test_the_alt_text_says_what_is_on_the_picture_in_the_readers_language(
    conditions: Conditions, locale: str, said: str
) -> None:
    assert describe(conditions, locale) == said


def test_every_word_of_the_vocabulary_is_described_in_both_languages() -> None:
    for word in load_vocabulary().words("shape"):
        wish = replace(FISH, shape=word.name)
        assert describe(wish).startswith("Generated picture: ")
        assert (word.zh or (word.name.replace("-", " "),))[0] in describe(wish, "zh-TW")


def test_an_alt_text_is_never_too_long_for_a_platform() -> None:
    assert len(describe(replace(FISH, shape="x" * 5000))) == 1000


@pytest.mark.parametrize(
    ("height", "width", "size"),
    [(256, 256, (256, 256)), (2048, 2048, (320, 320)), (512, 2048, (320, 80)), (1024, 512, (160, 320))],
)
def test_a_preview_is_a_small_webp_of_the_layout(height: int, width: int, size: tuple[int, int]) -> None:
    layout = Layout(painting(height, width), np.zeros((height, width), np.float32), ("#000000",))
    data = encode_preview(layout)
    image = opened(data)
    assert (image.format, image.size) == ("WEBP", size)
    assert len(data) < 60_000
    assert data == encode_preview(layout)


def test_a_written_file_takes_the_place_of_an_old_one(tmp_path: Path) -> None:
    for data in (b"old and long", b"new"):
        write_whole(tmp_path / "fish.png", data)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("fish.png", b"new")]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    write_whole(tmp_path / "fish.png", b"old")
    (tmp_path / "fish.png.partial").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left on device"):
        write_whole(tmp_path / "fish.png", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("fish.png", b"old")]

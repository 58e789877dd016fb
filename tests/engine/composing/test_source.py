"""Facts about engine/composing/source.py: anything may be sent, and is painted or refused in a sentence."""

from __future__ import annotations

import base64
import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.captions import describe
from engine.composer import compose
from engine.composing import source
from engine.composing.source import MOST_COPY, SIDE, aspect_of, backdrop_of, copy_of, opened
from engine.conditions import Conditions
from engine.errors import SourceUnusable

RED, BLUE = (200, 30, 30), (30, 40, 200)


def halves(width=300, height=200, mode="RGB"):
    """Red on the left and blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image.convert(mode)


def saved(image, kind, **how):
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(halves(), "JPEG", exif=exif)


def animation(kind):
    frames = [Image.new("RGB", (64, 64), color) for color in (RED, BLUE)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def transparent(kind):
    image = Image.new("RGBA", (120, 120), (0, 0, 0, 0))
    image.paste((*RED, 255), (0, 0, 60, 120))
    return saved(image, kind, **({"lossless": True} if kind == "WEBP" else {}))


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, rows=b"", mode=2):
    head = struct.pack(">IIBBBBB", width, height, 8, mode, 0, 0, 0)
    body = png_chunk(b"IHDR", head) + png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


WHOLE = saved(halves(), "PNG")
PAINTED = {
    **{f"a {mode} PNG": saved(halves(mode=mode), "PNG") for mode in ("1", "L", "LA", "P", "RGB", "RGBA")},
    "a 16-bit PNG": saved(Image.fromarray(np.arange(65536, dtype=np.uint16).reshape(256, 256)), "PNG"),
    "a CMYK JPEG": saved(halves(mode="CMYK"), "JPEG"),
    "a gray JPEG": saved(halves(mode="L"), "JPEG"),
    "a progressive JPEG": saved(halves(), "JPEG", progressive=True),
    "a WebP": saved(halves(), "WEBP"),
    "a lossless WebP": saved(halves(), "WEBP", lossless=True),
    "a GIF": saved(halves(mode="P"), "GIF"),
    "a bitmap": saved(halves(), "BMP"),
    "an animated GIF": animation("GIF"),
    "an animated WebP": animation("WEBP"),
    "an animated PNG": animation("PNG"),
    "a transparent PNG": transparent("PNG"),
    "a transparent WebP": transparent("WEBP"),
    "a transparent GIF": saved(halves(mode="P"), "GIF", transparency=0),
    **{f"a JPEG turned by {each}": turned(each) for each in range(1, 9)},
    "one pixel": saved(Image.new("RGB", (1, 1), RED), "PNG"),
    "a line": saved(Image.new("RGB", (900, 1), RED), "PNG"),
    "a column": saved(Image.new("RGB", (1, 900), RED), "PNG"),
    "a panorama": saved(halves(4000, 200), "JPEG"),
    "a large JPEG": saved(halves(6000, 4000), "JPEG"),
    "noise": saved(Image.effect_noise((512, 512), 90), "PNG"),
    "an orientation that there is not": turned(99),
    "a PNG with something behind it": WHOLE + b"<script>alert(1)</script>",
}
REFUSED = {
    "nothing": b"",
    "text": b"a red fox",
    "a page": b"<html><body>fox</body></html>",
    "a drawing in SVG": b"<svg xmlns='http://www.w3.org/2000/svg'><rect width='9' height='9'/></svg>",
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
    "a PDF": b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n",
    "a TIFF": saved(halves(), "TIFF"),
    "an archive": b"PK\x03\x04" + bytes(30),
    "half a PNG": WHOLE[: len(WHOLE) // 2],
    "half a JPEG": turned(1)[:400],
    "half a WebP": saved(halves(), "WEBP")[:60],
    "a PNG without a picture": WHOLE[:33],
    "a PNG with wrong sums": WHOLE[:29] + b"\x00\x00\x00\x00" + WHOLE[33:],
    "a PNG of no size": png(0, 0),
    "a PNG without its rows": png(200, 200),
    "a bomb of 100 megapixels": png(10_000, 10_000),
    "a bomb of 400 gigapixels": png(2_000_000, 200_000),
    "a bomb of text": WHOLE[:33]
    + png_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000)))
    + WHOLE[33:],
    "41 megapixels": png(8_000, 5_126),
    "too many bytes": WHOLE + bytes(source.MOST_BYTES),
    "a wrong signature": b"\x00" + WHOLE[1:],
    "a JPEG of markers alone": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(20),
    "a GIF of no frame": b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
}


@pytest.mark.parametrize("data", PAINTED.values(), ids=PAINTED)
def test_a_picture_becomes_a_small_copy_within_what_can_be_painted(data):
    copy = copy_of(data)
    image = opened(copy)
    assert len(copy) <= MOST_COPY
    assert min(image.size) == SIDE
    assert max(aspect_of(copy)) <= 4 * min(aspect_of(copy))


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_what_is_no_picture_or_too_large_is_refused_in_a_sentence(data):
    with pytest.raises(SourceUnusable, match=r"no picture that can be read|too large"):
        copy_of(data)


def test_there_are_fifty_kinds_and_more():
    assert len(PAINTED) + len(REFUSED) >= 50


@given(st.binary(max_size=200), st.integers(0, len(WHOLE)))
def test_a_picture_with_anything_written_into_it_is_read_or_refused(noise, at):
    try:
        copy_of(WHOLE[:at] + noise + WHOLE[at + len(noise) :])
    except SourceUnusable:
        return


def mean(copy, box):
    left, top, right, bottom = (
        round(side * size) for side, size in zip(box, opened(copy).size * 2, strict=True)
    )
    return np.asarray(opened(copy).crop((left, top, right, bottom)), float).mean((0, 1))


@pytest.mark.parametrize(("orientation", "aspect"), [(1, (3, 2)), (3, (3, 2)), (6, (2, 3)), (8, (2, 3))])
def test_the_rotation_of_a_camera_is_undone(orientation, aspect):
    assert aspect_of(copy_of(turned(orientation))) == aspect


def test_a_picture_that_stood_on_its_head_has_its_left_on_the_right():
    red = mean(copy_of(turned(3)), (0.6, 0.2, 0.9, 0.8))
    assert red[0] > red[2] + 50


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_transparent_parts_become_paper(kind):
    assert mean(copy_of(transparent(kind)), (0.7, 0.1, 0.95, 0.9)).min() > 235


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_the_first_frame_of_an_animation_counts(kind):
    red = mean(copy_of(animation(kind)), (0.1, 0.1, 0.9, 0.9))
    assert red[0] > red[2] + 50


@pytest.mark.parametrize(
    "text", ["", "not base 85 \x00", base64.b85encode(b"no picture").decode(), "A" * (MOST_COPY + 1)]
)
def test_what_is_no_copy_is_an_error(text):
    with pytest.raises(ValueError, match=r"."):
        opened(text)


@pytest.mark.parametrize(("aspect", "size"), [(1.5, (SIDE, 336)), (2 / 3, (336, SIDE)), (1.0, (SIDE, SIDE))])
def test_a_backdrop_has_the_asked_aspect(aspect, size):
    assert backdrop_of(copy_of(WHOLE), aspect).shape[:2] == size


def painted(**changes):
    usual = {
        "style": (("oil", 1.0),),
        "colors": (),
        "shape": "",
        "scene": "landscape",
        "seed": 1,
        "size": 256,
    }
    return compose(Conditions(**usual | {"source": copy_of(WHOLE), "aspect": (3, 2)} | changes))


def test_a_source_is_painted_in_its_own_colors_and_the_same_twice():
    layout = painted()
    left, right = layout.image[:, :100].mean((0, 1)), layout.image[:, -100:].mean((0, 1))
    assert left[0] > left[2] + 40
    assert right[2] > right[0] + 40
    assert (layout.image == painted().image).all()


def test_the_asked_colors_rule_a_source_and_figures_stand_before_it():
    green = painted(colors=("green",)).image.reshape(-1, 3).mean(0)
    assert green[1] > max(green[0], green[2])
    assert painted().figure.max() == 0
    assert painted(shape="fox").figure.max() > 0.9


def test_more_of_a_source_stays_with_a_higher_keep():
    noise = copy_of(PAINTED["noise"])
    detail = [
        np.abs(np.diff(painted(source=noise, keep=keep).image.astype(float), axis=1)).mean()
        for keep in (0, 50, 100)
    ]
    assert detail == sorted(detail)
    assert detail[0] < detail[2]


def test_conditions_with_a_source_are_read_back_and_those_without_are_as_ever():
    wish = Conditions((("oil", 1.0),), (), "", "landscape", 1, source=copy_of(WHOLE), keep=70)
    assert Conditions.from_dict(wish.to_dict()) == wish
    assert not {"source", "keep"} & Conditions((("oil", 1.0),), (), "", "landscape", 1).to_dict().keys()
    with pytest.raises(ValueError, match="keep"):
        Conditions((("oil", 1.0),), (), "", "landscape", 1, keep=101)


def test_the_alt_text_says_nothing_of_what_easel_did_not_compose():
    wish = Conditions((("oil", 1.0),), ("red",), "fox", "landscape", 1, source="x")
    assert describe(wish) == "Generated picture: somebody's own picture with fox in red, in the style oil."
    assert describe(wish, "zh").startswith("生成的图画：自己的图片，加上")

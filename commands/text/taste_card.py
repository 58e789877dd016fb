"""Draw a taste as a card: likes and dislikes with their intervals, a palette wheel, and paintings.

Everything is drawn at twice its size and then reduced, because Pillow draws jagged edges.
"""

from __future__ import annotations

import functools
import io
import math
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw, ImageFont

from commands.chat import Attachment, Picture
from commands.i18n import SOURCE, language_of
from commands.services.tastes import Liking, Portrait
from engine.color.palette import Tone
from engine.painting.encoding import PNG, encode_drawing

NAME = "easel-taste.png"
WIDTH, HEIGHT, STRIP = 960, 540, 250
"""Pixels of the card, and of the strip of paintings below it."""
FINE = 2
"""Factor by which the drawing is larger than the card."""
PAPER, INK, FAINT, LIKED, LESS = "#fbf8f1", "#2b2a28", "#d9d3c6", "#2f7d5b", "#a6423a"
MOST, LEAST = 8, 4
"""Most rows of liked and of disliked things."""
REACH = math.log(8)
"""The axis reaches from an eighth of the odds to eight times."""
LABELS, AXIS = (24, 190), (205, 560)
"""Positions of names and intervals, in pixels from the left."""
TOP, ROW = 84, 34
WHEEL, INNER, OUTER = (760, 292), 46, 178
"""The wheel's center in pixels, and the radii of its hole and of eight times the odds."""
HAN = (
    "NotoSansCJK-Regular.ttc",
    "wqy-zenhei.ttc",
    "wqy-microhei.ttc",
    "PingFang.ttc",
    "msyh.ttc",
    "simsun.ttc",
)
"""Fonts with Chinese characters; Pillow's own has none."""

Name = Callable[[Liking], str]
"""Return a thing's name in the reader's language."""
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def readable_in(locale: str) -> str:
    """Return the language of a card: the reader's, or English without a font for it."""
    language = language_of(locale)
    return language if language == SOURCE or _han(16) else SOURCE


def draw(
    portrait: Portrait, title: str, name: Name, alt: str, paintings: Sequence[Picture] = ()
) -> Attachment:
    """Draw the card as a PNG. title, name: in a language of `readable_in`; alt: in the reader's"""
    height = HEIGHT + (STRIP if paintings else 0)
    large = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), PAPER)
    pen = ImageDraw.Draw(large)
    _write(pen, (LABELS[0], 26), title, 26)
    _axis(pen)
    for row, liking in enumerate(_rows(portrait)):
        _row(pen, TOP + ROW * row, liking, name)
    _wheel(pen, portrait)
    card = Image.new("RGB", (WIDTH, height), PAPER)
    card.paste(large.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))
    for place, painting in enumerate(paintings):
        _hang(card, place, painting)
    return Attachment(NAME, encode_drawing(card), PNG, alt, WIDTH, height)


def _rows(portrait: Portrait) -> list[Liking]:
    """Return the most liked things, then the least liked."""
    liked = [each for each in portrait.likings if each.times >= 1][:MOST]
    less = [each for each in portrait.likings if each.times < 1]
    return [*liked, *less[-LEAST:]]


def _axis(pen: ImageDraw.ImageDraw) -> None:
    bottom = TOP + ROW * (MOST + LEAST)
    for times in (0.25, 0.5, 1, 2, 4):
        across = _across(times)
        _line(pen, (across, TOP - 12), (across, bottom), INK if times == 1 else FAINT, 1)
        _write(pen, (across, bottom + 4), f"x{times:g}", 14, anchor="mt")


def _row(pen: ImageDraw.ImageDraw, down: int, liking: Liking, name: Name) -> None:
    color = LIKED if liking.times >= 1 else LESS
    middle = down + ROW // 2
    _write(pen, (LABELS[1], middle), _cut(name(liking), 18), 17, anchor="rm")
    _line(pen, (_across(liking.low), middle), (_across(liking.high), middle), color, 3)
    at = _across(liking.times)
    pen.ellipse(_box(at - 6, middle - 6, at + 6, middle + 6), fill=color)


def _across(times: float) -> float:
    share = (math.log(times) / REACH + 1) / 2
    return AXIS[0] + min(max(share, 0.0), 1.0) * (AXIS[1] - AXIS[0])


def _wheel(pen: ImageDraw.ImageDraw, portrait: Portrait) -> None:
    """Draw a sector for each hue, longer for a better liked one; the ring marks the average."""
    across, down = WHEEL
    step = 360 / max(1, len(portrait.wheel))
    for hue, liking in portrait.wheel:
        out = _radius(liking.times)
        start = hue - step / 2
        pen.pieslice(
            _box(across - out, down - out, across + out, down + out),
            start,
            start + step,
            Tone(0.7, 0.15, hue).shown().hex,
        )
    even = _radius(1)
    pen.ellipse(_box(across - even, down - even, across + even, down + even), outline=INK, width=FINE)
    pen.ellipse(_box(across - INNER, down - INNER, across + INNER, down + INNER), fill=PAPER)


def _radius(times: float) -> float:
    share = (math.log(times) / REACH + 1) / 2
    return INNER + min(max(share, 0.08), 1.0) * (OUTER - INNER)


def _hang(card: Image.Image, place: int, painting: Picture) -> None:
    side = STRIP - 24
    small = Image.open(io.BytesIO(painting.data)).convert("RGB")
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    card.paste(small, (LABELS[0] + place * (WIDTH - 2 * LABELS[0]) // 3, HEIGHT))


def _write(
    pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, anchor: str = "la"
) -> None:
    pen.text((at[0] * FINE, at[1] * FINE), text, INK, _font(text, size * FINE), anchor=anchor)


def _line(
    pen: ImageDraw.ImageDraw, start: tuple[float, float], end: tuple[float, float], color: str, width: int
) -> None:
    pen.line([(across * FINE, down * FINE) for across, down in (start, end)], color, width * FINE)


def _box(*corners: float) -> tuple[float, float, float, float]:
    left, top, right, bottom = (each * FINE for each in corners)
    return left, top, right, bottom


def _font(text: str, size: int) -> Font:
    foreign = any(ord(letter) > 0x2FFF for letter in text)
    return (_han(size) if foreign else None) or _latin(size)


@functools.cache
def _latin(size: int) -> Font:
    return ImageFont.load_default(size)


@functools.cache
def _han(size: int) -> Font | None:
    for name in HAN:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return None


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"

"""Measure how many of Easel's paintings are known again after what happens to pictures in chat.

Each painting is marked, signed and changed; then it is looked for among a million stored numbers. Pictures by
others, changed in the same ways, must not be found.
"""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from PIL import Image

from bot.config import ConfigError
from bot.pictures.verification import Stored, by_pixels
from commands.services.verification import MARK
from engine.composer import compose
from engine.conditions import Conditions
from engine.layout import Pixels
from engine.marks.code import BITS, word_of
from engine.marks.fingerprint import BYTES, fingerprint
from engine.marks.invisible import embed
from engine.marks.keys import make_key
from engine.marks.metadata import Origin
from engine.marks.signature import Signer, read_signature
from engine.painting.encoding import SUFFIXES, finish
from engine.painting.painter import Painter
from engine.styles import load_styles
from engine.training.measured_requests import measured_requests

STORED = 1_000_000
FLIPPED, FILES = 200, 10
"""Bytes that are flipped in so many files of each type, one at a time."""
Change = Callable[[Image.Image], Image.Image]
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Marked:
    """A painting with its mark. seconds: that the mark took; psnr: in dB"""

    style: str
    conditions: Conditions
    pixels: Pixels
    number: int
    seconds: float
    psnr: float


@dataclass(slots=True)
class Tally:
    """What was found. found, by_mark: paintings by change and style; alarms: others by change"""

    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_mark: Counter[tuple[str, str]] = field(default_factory=Counter)
    alarms: Counter[str] = field(default_factory=Counter)


def _saved(kind: str, quality: int) -> Change:
    def save(image: Image.Image) -> Image.Image:
        out = io.BytesIO()
        image.save(out, kind, quality=quality)
        return Image.open(out).convert("RGB")

    return save


def _half(image: Image.Image) -> Image.Image:
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)


def _cropped(image: Image.Image) -> Image.Image:
    left, top = round(image.width / 10), round(image.height / 10)
    return image.crop((left, top, image.width - left, image.height - top))


CHANGES: Mapping[str, Change] = {
    "metadata stripped": lambda image: image,
    "WebP 75": _saved("WEBP", 75),
    "JPEG 75": _saved("JPEG", 75),
    "JPEG 50": _saved("JPEG", 50),
    "half size": _half,
    "10 % of each side cropped": _cropped,
    "JPEG 50, half size": lambda image: _half(_saved("JPEG", 50)(image)),
}


def measure_verification(
    painter: Painter, folder: Path, per_style: int, others: int, say: Progress, screenshots: bool = True
) -> dict[str, Any]:
    """Return shares by change.

    folder: pictures by others, of which so many are taken; screenshots: whether a browser makes some
    Raises ConfigError without pictures, or ModuleNotFoundError without the extra "provenance" or Playwright.
    """
    files = _files(folder, others)
    marked = list(_paintings(painter, per_style, say))
    stored = _stored(marked)
    tally = Tally()
    with _with_browser() if screenshots else nullcontext(CHANGES) as changes:
        for place, each in enumerate(marked):
            _look(each, stored, changes, tally)
            if place % 28 == 27:
                say(f"{place + 1} of {len(marked)} paintings")
        for place, file in enumerate(files):
            _look_at_other(file, stored, changes, tally)
            if place % 28 == 27:
                say(f"{place + 1} of {len(files)} others")
    return {
        **_figures(marked, tally, list(changes)),
        "others": len(files),
        "stored": STORED,
        "false_alarms": {name: tally.alarms[name] for name in changes},
        "flipped": _flipped(marked, say),
    }


def _files(folder: Path, count: int) -> Sequence[Path]:
    """Return pictures spread over a folder."""
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (*SUFFIXES, ".jpeg"))
    if len(found) < count:
        raise ConfigError(f"{folder} has {len(found)} pictures; name a folder of {count}, or ask for fewer.")
    return [found[place * len(found) // count] for place in range(count)]


def _paintings(painter: Painter, per_style: int, say: Progress) -> Iterator[Marked]:
    numbers = np.random.default_rng(1).integers(1, 1 << BITS, per_style * len(load_styles()))
    for style, name in enumerate(load_styles()):
        say(f"painting in {name}")
        for place, request in enumerate(measured_requests()[:per_style]):
            conditions = request.conditions(name)
            [painting] = painter.paint([compose(conditions)], [conditions])
            yield _marked(name, conditions, painting, int(numbers[style * per_style + place]))


def _marked(style: str, conditions: Conditions, painting: Pixels, number: int) -> Marked:
    began = time.process_time()
    pixels = embed(painting, word_of(number))
    seconds = time.process_time() - began
    error = np.mean(np.square(pixels.astype(np.float32) - painting))
    return Marked(style, conditions, pixels, number, seconds, float(10 * np.log10(255**2 / error)))


def _stored(marked: Sequence[Marked]) -> Stored:
    made_up = np.random.default_rng(2).integers(1, 1 << BITS, STORED - len(marked))
    numbers = np.concatenate([[each.number for each in marked], made_up])
    hashes = np.frombuffer(b"".join(fingerprint(each.pixels) for each in marked), np.uint8)
    return Stored(numbers, hashes.reshape(-1, BYTES), tuple(each.number for each in marked))


@contextmanager
def _with_browser() -> Iterator[Mapping[str, Change]]:
    """Yield the changes with those that a browser makes: it shows a picture at 100 % and at 75 %."""
    import shutil

    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport={"width": 1100, "height": 1100})

        def shown(zoom: float) -> Change:
            def take(image: Image.Image) -> Image.Image:
                out = io.BytesIO()
                image.save(out, "PNG")
                page.route("**/picture.png", lambda route: route.fulfill(body=out.getvalue()))
                page.set_content(f'<img src="http://easel.localhost/picture.png" style="zoom: {zoom}">')
                page.wait_for_function("document.images[0].complete")
                shot = page.locator("img").screenshot()
                page.unroute("**/picture.png")
                return Image.open(io.BytesIO(shot)).convert("RGB")

            return take

        yield {**CHANGES, "screenshot at 100 %": shown(1), "screenshot at 75 %": shown(0.75)}
        browser.close()


def _look(each: Marked, stored: Stored, changes: Mapping[str, Change], tally: Tally) -> None:
    for name, change in changes.items():
        verdict, number = by_pixels(np.asarray(change(Image.fromarray(each.pixels))), stored)
        known = verdict.made_by_easel and number == each.number
        tally.found[name, each.style] += known
        tally.by_mark[name, each.style] += known and verdict.by == MARK


def _look_at_other(file: Path, stored: Stored, changes: Mapping[str, Change], tally: Tally) -> None:
    with Image.open(file) as opened:
        image = opened.convert("RGB")
    for name, change in changes.items():
        verdict, _ = by_pixels(np.asarray(change(image)), stored)
        tally.alarms[name] += verdict.made_by_easel


def _figures(marked: Sequence[Marked], tally: Tally, names: Sequence[str]) -> dict[str, Any]:
    of_style = Counter(each.style for each in marked)
    shares = {
        style: sum(tally.by_mark[name, style] for name in names) / (count * len(names))
        for style, count in of_style.items()
    }
    worst = min(shares, key=lambda style: shares[style])
    return {
        "paintings": len(marked),
        "found": {name: _share(tally.found, name, of_style) for name in names},
        "by_the_mark": {name: _share(tally.by_mark, name, of_style) for name in names},
        "worst_style": {"style": worst, "by_the_mark": shares[worst]},
        "psnr": {
            "least": min(each.psnr for each in marked),
            "mean": float(np.mean([m.psnr for m in marked])),
        },
        "milliseconds": 1000 * median(each.seconds for each in marked),
    }


def _share(counted: Counter[tuple[str, str]], name: str, of_style: Counter[str]) -> float:
    return sum(counted[name, style] for style in of_style) / of_style.total()


def _flipped(marked: Sequence[Marked], say: Progress) -> dict[str, int]:
    """Return how many of `FLIPPED` changed bytes are caught, by media type."""
    key = make_key(datetime.now(UTC) - timedelta(hours=1))
    signer, random = Signer(key), np.random.default_rng(3)
    caught: Counter[str] = Counter()
    for media_type in SUFFIXES.values():
        say(f"flipping bytes of {media_type}")
        for each in (marked[place * len(marked) // FILES] for place in range(FILES)):
            origin = Origin(each.number)
            signed = finish(each.pixels, each.conditions, media_type=media_type, origin=origin, signer=signer)
            for _ in range(FLIPPED // FILES):
                data = bytearray(signed)
                data[random.integers(len(data))] ^= 1 << int(random.integers(8))
                found = read_signature(bytes(data), key)
                caught[media_type] += found is None or not found.is_intact
    return dict(caught)

"""What `scripts/screenshots` runs: the web chat's pages as they look, from a real Easel in a real Chromium.

Each page becomes one picture: light above dark, a desktop beside a phone. The use of earlier days is made up.
"""

from __future__ import annotations

import asyncio
import io
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from bot.clock import DAY
from bot.quotas.check import Request
from bot.quotas.rules import Defaults
from bot.quotas.usage import charge
from bot.storage.database import Storage
from commands.services.quotas import Limit
from tests.support.browser import ROOT, chromium, load, paint, serving, visiting
from tests.support.fakes import ask

OUT = ROOT / "docs/images"
SIZES = ((1280, 800), (390, 800))
GAP = 24
LINES = (
    "/paint style=watercolor color=orange,teal shape=fox seed=4",
    "/paint style=ukiyo-e color=indigo,coral shape=mountain scene=landscape seed=2",
    "/paint style=art-nouveau color=gold,black shape=butterfly scene=mandala seed=1",
    "/paint style=linocut color=navy shape=owl scene=portrait seed=3",
    "/paint style=post-impressionism color=blue,yellow shape=house scene=landscape seed=8",
    "/paint style=ink color=blue shape=fish seed=7",
)
USED = (12, 31, 25, 18, 40, 57, 44, 21, 36, 49, 62, 38, 29)
"""Pictures on the days before today."""
FREE = Defaults(Limit(None, None), Limit(None, None))


def main() -> None:
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asyncio.run(_use(folder))
        with (
            serving(folder) as address,
            chromium() as browser,
            visiting(browser, address) as visit,
        ):
            state, picture = _live(visit)
            pages = {"chat": "/", "gallery": "/gallery", "picture": picture, "admin": "/admin"}
            for page, path in pages.items():
                shots = list(_shots(visit, state, path))
                _hung(shots).save(OUT / f"web-{page}.webp", quality=80, method=6)


async def _use(folder: Path) -> None:
    """Make up usage of the days before."""
    storage, now = Storage(folder / "easel.db"), time.time()
    for day, pictures in enumerate(USED):
        asked = ask(person=f"web:visitor-{day % 3}", server="web:local")
        at = now - (len(USED) - day) * DAY
        request = (FREE, asked, f"before-{day}", Request(pictures), at)
        await storage.write(lambda database: charge(database, *request))  # noqa: B023  # awaited at once
    await storage.close()


def _live(visit):
    """Paint, favourite, sign in and change something; return the browser's state and a picture's address."""
    page = visit()
    sheets = [paint(page, line) for line in LINES]
    sheets[0].get_by_role("button", name="Favourite").click()
    picture = sheets[0].get_by_role("link", name="Picture").get_attribute("href")
    load(page, page.goto, "/admin")
    page.get_by_label("Admin token").fill("opening-day-2027")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Limit a day: All of this server together").fill("500")
    page.keyboard.press("Enter")
    page.get_by_role("status").filter(has_text="500").wait_for()
    return page.context.storage_state(), picture


def _shots(visit, state, path) -> Iterator[Image.Image]:
    """Take a page in light and dark, on a desktop and on a phone."""
    for theme in ("light", "dark"):
        for width, height in SIZES:
            settings = {"color_scheme": theme, "reduced_motion": "reduce", "storage_state": state}
            page = visit(viewport={"width": width, "height": height}, **settings)
            load(page, page.goto, path)
            page.wait_for_load_state("networkidle")
            yield Image.open(io.BytesIO(page.screenshot(animations="disabled")))
            page.close()


def _hung(shots: list[Image.Image]) -> Image.Image:
    """Arrange four pictures in two rows."""
    (desktop, height), (phone, _) = SIZES
    wall = Image.new("RGB", (desktop + phone + 3 * GAP, 2 * height + 3 * GAP), "#8a8478")
    for place, shot in enumerate(shots):
        row, column = divmod(place, 2)
        wall.paste(shot, (GAP + column * (desktop + GAP), GAP + row * (height + GAP)))
    return wall


if __name__ == "__main__":
    main()

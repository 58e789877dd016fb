"""The web chat forgives: lines stay, come back, complete themselves and wait, in a real Chromium."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import async_playwright, expect

from commands.i18n import translator
from tests.support.browser import FLAGS, PATIENCE
from tests.support.web_client import web_app

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

READY = "html[data-ready=true]"
BURST = "That was a lot at once; the rest goes out in a moment."


@pytest.fixture
async def visit(tmp_path, painting_client, clock):
    """Opens the page, as somebody new."""
    async with web_app(tmp_path, painting_client, clock) as app, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)

        async def opened(**settings):
            context = await browser.new_context(base_url=app.platforms["web"].address, **settings)
            page = await context.new_page()
            page.set_default_timeout(PATIENCE)
            await page.goto("/")
            await page.wait_for_selector(READY)
            return page

        yield opened
        await browser.close()


async def say(page, line):
    await page.locator("#line").fill(line)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")


async def paint(page, line):
    before = await page.locator("#log figure:not(.waiting)").count()
    await say(page, line)
    await expect(page.locator("#log figure:not(.waiting)")).to_have_count(before + 1, timeout=PATIENCE)


async def test_a_picture_says_what_it_shows_and_its_line_is_one_press_away(visit):
    page = await visit()
    await paint(page, "a cozy red fox in the snow, in ink seed=7 size=256")
    await expect(page.locator("#log .says")).to_have_text("A red fox in the snow, in ink. I left out: cozy.")
    line = page.locator("#log .details .line")
    await expect(line).to_be_hidden()
    await page.locator("#log .details summary").click()
    await expect(line).to_contain_text("/paint style=ink color=red shape=fox")
    await expect(line).to_contain_text("seed=7")


async def test_a_refused_line_stays_in_the_field_to_be_mended(visit):
    page = await visit()
    await say(page, "/paint style=inc a fish")
    await expect(page.locator("#log .refused")).to_contain_text("did you mean")
    await expect(page.locator("#line")).to_have_value("/paint style=inc a fish")
    await expect(page.locator("#line")).to_be_focused()


async def test_what_a_refusal_proposes_is_a_button_that_asks_for_it(visit, painting_client):
    page = await visit()
    await say(page, "/paint style=inc a fish size=256")
    await page.locator("#log").get_by_role("button", name="ink", exact=True).click()
    await expect(page.locator("#log figure:not(.waiting)")).to_have_count(1, timeout=PATIENCE)
    await expect(page.locator("#line")).to_have_value("")
    [(_, painted)] = painting_client.painted
    assert painted.style == (("ink", 1.0),)


async def test_a_greeting_has_three_pictures_to_choose_from(visit):
    page = await visit()
    await say(page, "hello")
    await page.get_by_role("button", name="a red fox in the snow", exact=True).click()
    await expect(page.locator("#log .says")).to_contain_text("A red fox in the snow", timeout=PATIENCE)


async def test_the_arrow_up_brings_earlier_lines_back_also_after_a_reload(visit):
    page = await visit()
    for line in ("a fish size=256", "an owl size=256"):
        await paint(page, line)
    for _ in range(2):
        await page.keyboard.press("ArrowUp")
        await expect(page.locator("#line")).to_have_value("an owl size=256")
        await page.keyboard.press("ArrowUp")
        await expect(page.locator("#line")).to_have_value("a fish size=256")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowDown")
        await expect(page.locator("#line")).to_have_value("")
        await page.reload()
        await page.wait_for_selector(READY)


async def test_a_line_that_is_being_written_is_not_taken_away_by_an_arrow(visit):
    page = await visit()
    await paint(page, "a fish size=256")
    await page.keyboard.type("seven ")
    await page.keyboard.press("ArrowUp")
    await expect(page.locator("#line")).to_have_value("seven ")


@pytest.mark.parametrize(
    ("locale", "typed", "found", "line"),
    [
        ("en", "two drag", "dragon", "two dragon "),
        ("en", "a fox in wat", "water", "a fox in water"),
        ("zh-CN", "红色的狐", "狐狸", "红色的狐狸"),
    ],
)
async def test_a_plain_sentence_is_completed(visit, locale, typed, found, line):
    page = await visit(locale=locale)
    await page.keyboard.insert_text(typed)
    await expect(page.locator("#suggestions li").first).to_contain_text(found)
    await page.keyboard.press("Tab")
    value = await page.locator("#line").input_value()
    assert value.startswith(line)


async def test_enter_sends_a_plain_sentence_although_words_are_proposed(visit):
    page = await visit()
    await page.keyboard.type("a fish in ink size=256 fo")
    await expect(page.locator("#suggestions li").first).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.locator("#log .said")).to_contain_text("a fish in ink size=256 fo")


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
async def test_the_empty_field_proposes_a_sentence_in_the_readers_language(visit, locale):
    page = await visit(locale=locale)
    proposed = translator(locale)("two birds over a mountain")
    await expect(page.locator("#line")).to_have_attribute("placeholder", proposed)


async def test_ones_own_words_stand_there_after_a_reload(visit):
    page = await visit()
    await paint(page, "a cozy fish in INK size=256")
    await page.reload()
    await page.wait_for_selector(READY)
    await expect(page.locator("#log .said")).to_have_text("You: a cozy fish in INK size=256")
    await expect(page.locator("#log .says")).to_contain_text("I left out: cozy.")


async def test_whose_pictures_to_see_is_chosen_at_once(visit):
    page = await visit()
    await paint(page, "a fish size=256")
    await page.goto("/gallery")
    await page.wait_for_selector(READY)
    await expect(page.locator(".hung a")).to_have_count(1)
    await page.get_by_label("Whose pictures").select_option("favourites")
    await page.wait_for_url("**/gallery?show=favourites*")
    await expect(page.locator(".hung a")).to_have_count(0)


@pytest.mark.parametrize("size", ["size=512", "size=512 ar=2:3", "size=1024 ar=3:2"])
async def test_a_picture_with_its_sentence_and_its_buttons_fits_on_a_screen(visit, size):
    page = await visit(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    await paint(page, f"a fish in ink {size}")
    await page.locator("#log img.painting").evaluate("image => image.decode()")
    await page.locator("#log li").last.evaluate("item => item.scrollIntoView({ block: 'end' })")
    wall = await page.locator("#log").bounding_box()
    told, buttons = [await page.locator(f"#log {each}").bounding_box() for each in (".says", "figcaption")]
    assert told["y"] >= wall["y"]
    assert buttons["y"] + buttons["height"] <= wall["y"] + wall["height"]


async def test_a_burst_waits_says_so_once_and_goes_out_in_its_order(visit, painting_client):
    page = await visit()
    asked = []

    async def too_many(route):
        asked.append(route.request.post_data_json["line"])
        if len(asked) in (3, 4):
            return await route.fulfill(
                status=429, headers={"Retry-After": "1"}, content_type="text/plain", body="Too many requests"
            )
        await route.continue_()

    await page.route("**/ask", too_many)
    for seed in range(6):
        await say(page, f"a fish size=256 seed={seed}")
    await expect(page.locator("#log .unsent")).to_have_count(1)
    await expect(page.locator("#log .unsent")).to_have_text(BURST)
    await expect(page.locator("#log figure:not(.waiting)")).to_have_count(6, timeout=PATIENCE)
    await expect(page.locator("#log .unsent, #log .refused")).to_have_count(0)
    assert sorted(conditions.seed for _, conditions in painting_client.painted) == [*range(6)]


@pytest.mark.parametrize(
    ("locale", "lang", "line", "says"),
    [
        ("es-MX", "es", "un gato negro en la nieve, tinta", "Un gato negro en la nieve, en tinta."),
        ("fr-FR", "fr", "deux oiseaux, aquarelle", "Deux oiseaux, à l'aquarelle."),
        ("de-DE", "de", "ein roter Fuchs im Wald, Tusche", "Ein roter Fuchs in einem Wald, in Tusche."),
        ("pt-BR", "pt", "duas árvores à noite, nanquim", "Duas árvores à noite, em nanquim."),
        ("ja-JP", "ja", "赤い狐、水墨画", "赤いキツネ、水墨画。"),
        ("ko-KR", "ko", "빨간 여우, 수묵화", "빨간 여우, 수묵화."),
        ("zh-TW", "zh-Hant", "兩隻鳥，水墨", "兩隻鳥，水墨畫。"),
    ],
)
async def test_the_page_and_what_is_said_back_are_in_the_readers_language(visit, locale, lang, line, says):
    page = await visit(locale=locale, viewport={"width": 1280, "height": 800})
    await expect(page.locator("html")).to_have_attribute("lang", lang)
    await paint(page, f"{line} size=256")
    # Chance may have chosen colors, which stand before the style.
    what, style = re.split("[,，、] ?(?=[^,，、]+$)", says)
    said = await page.locator("#log .says").inner_text()
    assert said.startswith(what)
    assert said.endswith(style)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 1280

"""Test the web chat as a person sees it: `easel serve` with the shipped weights, in a real Chromium.

Pictures of what was seen are kept in artefacts/.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.browser import LINE, PATIENCE, keep, load, paint

BUTTON = """() => {
    const [button, select] = [document.getElementById("theme"), document.getElementById("language")];
    const background = (element) => getComputedStyle(element).backgroundColor;
    const sign = getComputedStyle(button, "::before").content.match(/[○●]/)[0];
    return [sign, background(button) !== background(select)];
}"""
"""Return the sign on the theme's button, and whether its background differs from that beside it."""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_typed_command_becomes_a_preview_then_a_painting_and_its_heart_outlives_a_reload(visit):
    page = visit()
    page.evaluate("""() => {
        window.seen = [];
        const watch = () => document.querySelectorAll('#log img').forEach((image) => {
            const kind = image.src.startsWith('data:') ? 'preview' : 'painting';
            if (!window.seen.includes(kind)) window.seen.push(kind);
        });
        const all = { childList: true, subtree: true };
        new MutationObserver(watch).observe(document.getElementById('log'), all);
    }""")
    # A small picture may be there before its preview, and is then shown at once.
    sheet = paint(page, "/paint style=ink color=blue shape=fish size=2048")
    assert page.evaluate("window.seen") == ["preview", "painting"]
    expect(sheet.locator("img.painting")).to_have_attribute("alt", re.compile("^Generated picture: A .*fish"))
    heart = sheet.get_by_role("button", name="Favourite")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")
    keep(page, "painted")
    load(page, page.reload)
    again = page.locator("#log figure button[aria-pressed=true]")
    expect(again).to_be_visible()
    picture = page.locator("#log figure img.painting")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 2048


def test_a_mistake_is_answered_and_the_line_can_be_mended(visit):
    page = visit()
    page.locator("#line").fill("/paint style=inc")
    page.keyboard.press("Enter")
    expect(page.locator("#log .refused")).to_contain_text("ink")


def test_a_long_answer_is_seen_whole_and_once(visit):
    page = visit(viewport={"width": 390, "height": 844})
    page.locator("#line").fill("/quota")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("All of this server together")
    answer, status = (page.locator(each).bounding_box() for each in ("#log li:last-child", "#status"))
    assert answer["y"] + answer["height"] <= status["y"] + 1
    assert status["height"] < 2 * page.locator("#status").evaluate(
        "it => parseFloat(getComputedStyle(it).fontSize)"
    )


def test_a_person_can_paint_by_keyboard_alone(visit):
    page = visit()
    expect(page.locator("#line")).to_be_focused()
    page.keyboard.type("/pa")
    expect(page.locator("#suggestions li").first).to_contain_text("/paint")
    page.keyboard.press("Tab")
    page.keyboard.type("sty")
    page.keyboard.press("Tab")
    page.keyboard.type("sumi-e")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#line")).to_have_value("/paint style=ink ")
    page.keyboard.type("color=blue shape=boat size=256")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.locator("#log figure:not(.waiting)")).to_be_visible(timeout=PATIENCE)


def test_the_palette_writes_the_line(visit):
    page = visit()
    page.get_by_role("button", name="pointillism").click()
    page.get_by_role("button", name="teal", exact=True).click()
    page.get_by_role("button", name="flock", exact=True).click()
    expect(page.locator("#line")).to_have_value("/paint style=pointillism color=teal scene=flock")
    page.get_by_role("button", name="teal", exact=True).click()
    expect(page.locator("#line")).to_have_value("/paint style=pointillism scene=flock")


def test_shapes_can_be_searched(visit):
    page = visit()
    page.locator("#shapes summary").click()
    page.locator("#find").fill("dragon")
    expect(page.locator("[data-kind=shape] button[data-name=dragon]")).to_be_visible()
    expect(page.locator("[data-kind=shape] button[data-name=fish]")).to_be_hidden()


def test_a_painting_can_be_downloaded(visit):
    page = visit()
    sheet = paint(page, LINE + " size=256")
    with page.expect_download() as waiting:
        sheet.get_by_role("link", name="Download").click()
    assert re.fullmatch(r"easel-[\w-]+\.png", waiting.value.suggested_filename)
    assert Path(waiting.value.path()).read_bytes().startswith(b"\x89PNG")


def test_paint_again_writes_the_same_line_with_its_seed(visit):
    page = visit()
    sheet = paint(page, LINE + " size=256")
    sheet.get_by_role("button", name="Paint again").click()
    expect(page.locator("#line")).to_have_value(re.compile("style=ink color=blue shape=fish.*seed=7"))


def test_several_pictures_hang_side_by_side(visit):
    page = visit()
    paint(page, LINE + " size=256 count=4")
    expect(page.locator("#log figure:not(.waiting)")).to_have_count(4, timeout=PATIENCE)
    keep(page, "four")


def test_a_picture_is_painted_anew_enlarged_and_deleted_by_its_buttons(visit):
    page = visit()
    sheet = paint(page, LINE + " size=256")
    sheets = page.locator("#log figure:not(.waiting)")
    sheet.get_by_role("button", name="Reroll").click()
    expect(sheets).to_have_count(2, timeout=PATIENCE)
    sheets.nth(0).get_by_role("button", name="Upscale").click()
    expect(sheets).to_have_count(3, timeout=PATIENCE)
    expect(sheets.nth(2).locator("img.painting")).to_have_attribute("width", "512")
    keep(page, "buttons")
    page.on("dialog", lambda dialog: dialog.accept())
    sheets.nth(0).get_by_role("button", name="Delete").click()
    expect(sheets).to_have_count(2)
    load(page, page.reload)
    expect(sheets).to_have_count(2)


def test_what_is_being_painted_can_be_cancelled(visit):
    page = visit()
    page.locator("#line").fill(LINE + " size=2048 count=4")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#log .refused")).to_contain_text("Cancelled; nothing was charged.", timeout=PATIENCE)
    load(page, page.reload)
    expect(page.locator("#log .refused")).to_contain_text("Cancelled; nothing was charged.", timeout=PATIENCE)


def test_what_is_painted_in_one_page_appears_in_another_of_the_same_person(visit):
    page = visit()
    other = page.context.new_page()
    load(other, other.goto, "/")
    paint(page, LINE + " size=256")
    load(other, other.reload)
    expect(other.locator("#log figure:not(.waiting)")).to_be_visible(timeout=PATIENCE)


def test_dark_and_light_follow_the_system_until_a_person_chooses(visit):
    page = visit(color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(background)
    keep(page, "dark")
    page.get_by_role("button", name="Dark").click()
    light = page.evaluate(background)
    assert dark != light
    load(page, page.reload)
    assert page.evaluate(background) == light


def test_the_button_of_the_dark_theme_shows_whether_it_is_on(visit):
    page = visit(color_scheme="light")
    button = page.get_by_role("button", name="Dark", exact=True)
    expect(button).to_have_attribute("aria-pressed", "false")
    off = page.evaluate(BUTTON)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert off == ["○", False]
    assert page.evaluate(BUTTON) == ["●", True]


def test_the_page_fits_a_phone(visit):
    page = visit(viewport={"width": 360, "height": 740})
    paint(page, LINE + " size=256")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    keep(page, "phone")


def test_the_page_speaks_chinese(visit):
    page = visit(locale="zh-CN")
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    sheet = paint(page, "/画 水墨 蓝色 鱼 size=256")
    assert re.search("[一-鿿]", sheet.locator("img.painting").get_attribute("alt"))
    keep(page, "chinese")


def test_the_language_can_be_chosen(visit):
    page = visit()
    page.locator("#language").select_option("zh")
    expect(page.locator("html")).to_have_attribute("lang", "zh")


def test_an_admin_signs_in_with_the_token_and_sets_a_quota(visit):
    page = visit()
    expect(page.get_by_text("Admin", exact=True)).to_have_count(0)
    load(page, page.goto, "/admin")
    page.get_by_label("Admin token").fill("opening-day-2027")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Paint").click()
    expect(page.get_by_role("link", name="Admin")).to_be_visible()
    page.locator("#line").fill("/quota server daily=900")
    page.keyboard.press("Enter")
    expect(page.locator("#log .answer").last).to_contain_text("900")

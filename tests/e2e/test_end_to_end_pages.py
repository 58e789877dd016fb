"""Test the gallery and the page of a picture, in a real Chromium."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.support.browser import LINE, keep, load, paint
from tests.support.hostile_input import WHOLE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "name"), [(1280, "desktop"), (360, "phone")])
def test_the_gallery_and_the_page_of_a_picture_fit_and_lead_back_to_the_chat(visit, theme, width, name):
    page = visit(color_scheme=theme, viewport={"width": width, "height": 800})
    paint(page, LINE + " size=256")
    load(page, page.goto, "/gallery?show=mine")
    keep(page, f"gallery-{name}-{theme}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".hung a").click()
    page.wait_for_selector("html[data-ready=true]")
    heart = page.get_by_role("button", name="Favourite")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#favourites")).to_have_text("1")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    keep(page, f"picture-{name}-{theme}")
    page.get_by_role("link", name="Paint this again").click()
    page.wait_for_selector("html[data-ready=true]")
    expect(page.locator("#line")).to_have_value(re.compile("/paint style=ink color=blue shape=fish.*seed=7"))
    load(page, page.goto, "/gallery?show=favourites")
    expect(page.locator(".hung a")).to_have_count(1)


def test_a_hidden_picture_is_seen_by_who_chooses_to_look(visit):
    page = visit()
    sheet = paint(page, LINE + " size=256")
    number = sheet.get_by_role("link", name="Picture").get_attribute("href")
    sheet.get_by_role("button", name="Hide", exact=True).click()
    look = sheet.get_by_role("button", name="Hidden: look at it")
    expect(look).to_be_visible()
    expect(sheet.locator("img.painting")).to_be_hidden()
    keep(page, "hidden")
    assert problems(page) == []
    look.click()
    expect(sheet.locator("img.painting")).to_be_visible()
    load(page, page.goto, "/gallery?show=mine")
    expect(page.locator(".hung .veil")).to_have_count(1)
    load(page, page.goto, number)
    expect(page.locator("figure img")).to_be_hidden()
    assert problems(page) == []
    page.locator("summary.veil").click()
    expect(page.locator("figure img")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_works_for_those_who_do_not_see_it_or_use_no_mouse(visit, theme):
    """WCAG 2.2 A and AA, as far as axe-core can tell: names, roles, labels, contrast."""
    page = visit(color_scheme=theme, reduced_motion="reduce")
    sheet = paint(page, LINE + " size=256")
    picture = sheet.get_by_role("link", name="Picture").get_attribute("href")
    assert problems(page) == []
    # A browser complains about the status, which is tested elsewhere.
    page.route("**/nope", lambda route: route.fulfill(response=route.fetch(), status=200))
    for path in ("/gallery", picture, "/verify", "/nope"):
        load(page, page.goto, path)
        assert problems(page) == []


def problems(page):
    """Return what axe-core finds, and where."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    report = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    assert "color-contrast" in {each["id"] for each in report.response["passes"]}
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in report.response["violations"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "name"), [(1280, "desktop"), (360, "phone")])
def test_the_admins_page_fits_and_works_by_keyboard_and_for_those_who_do_not_see_it(
    visit, theme, width, name
):
    page = visit(color_scheme=theme, viewport={"width": width, "height": 800}, reduced_motion="reduce")
    load(page, page.goto, "/admin")
    assert problems(page) == []
    page.get_by_label("Admin token").fill("opening-day-2027")
    page.keyboard.press("Enter")
    limit = page.get_by_label("Limit a day: All of this server together")
    most = width + len(theme)
    limit.fill(f"{most}")
    page.keyboard.press("Enter")
    told = page.get_by_role("status").filter(has_text=f"All of this server together: now per day: {most}")
    expect(told).to_be_focused()
    page.get_by_label("Pixels: Each person in this server").fill("1024")
    page.keyboard.press("Enter")
    reset = page.get_by_role("button", name="Take away: Each person in this server")
    reset.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="rule removed")).to_be_focused()
    expect(reset).to_have_count(0)
    page.get_by_label("Fit for children").select_option("on")
    page.get_by_label("Words or /patterns/ that are not wanted").fill(f"skull,{name}-{theme}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Now: ")).to_be_visible()
    expect(page.get_by_role("row", name="settings").first).to_contain_text(f"{name}-{theme}")
    # What is written can be read before its style sheet is there.
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert problems(page) == []
    keep(page, f"admin-{name}-{theme}")


def test_who_chooses_another_language_after_a_change_sees_the_page_in_it(visit):
    page = visit()
    load(page, page.goto, "/admin")
    page.get_by_label("Admin token").fill("opening-day-2027")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("At a time: Each person in this server").fill("none")
    page.get_by_role("button", name="Save: Each person in this server").click()
    expect(page.get_by_role("status").filter(has_text="Each person in this server: now")).to_be_visible()
    # Before its script runs, the page hears of no choice.
    page.wait_for_load_state()
    page.locator("#language").select_option("zh")
    expect(page.get_by_role("heading", name="配额")).to_be_visible()
    expect(page.get_by_role("cell", name="额度", exact=True)).not_to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_taste_is_seen_as_a_picture_and_taken_away_as_a_file(visit, theme):
    page = visit(color_scheme=theme, viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    sheet = paint(page, LINE + " size=256")
    sheet.get_by_role("button", name="Favourite").click()
    page.locator("#line").fill("/taste show")
    page.keyboard.press("Enter")
    card = page.locator("#log .attached img")
    expect(card).to_have_attribute("alt", re.compile("^A chart: Styles: ink"))
    assert card.evaluate("image => image.decode().then(() => image.naturalWidth)") == 960
    assert card.evaluate("image => image.getBoundingClientRect().height") > 200
    assert card.evaluate("image => image.getBoundingClientRect().width") < 700
    card.scroll_into_view_if_needed()
    keep(page, f"taste-{theme}")
    assert problems(page) == []
    page.locator("#line").fill("/taste export")
    page.keyboard.press("Enter")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="easel-taste.json").click()
    kept = json.loads(Path(waiting.value.path()).read_text())
    assert {each["verb"] for each in kept["events"]} == {"asked", "shown", "favourite"}


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [
        ("en-GB", "This page needs JavaScript, which is off in this browser. The gallery works without it."),
        ("zh-CN", "本页需要 JavaScript，而这个浏览器关闭了它。画廊不需要它。"),
    ],
)
def test_a_browser_without_scripts_is_told_what_is_missing(chromium, address, locale, sentence):
    context = chromium.new_context(base_url=address, locale=locale, java_script_enabled=False)
    page = context.new_page()
    told = page.locator("noscript p")
    for path in ("/admin", "/"):
        page.goto(path)
        expect(told).to_be_visible()
        assert told.text_content() == sentence
    keep(page, f"no-scripts-{locale}")
    page.goto("/gallery")
    expect(told).to_have_count(0)
    context.close()


HANG = """async (texts) => {
    const wall = await import("/static/wall.js");
    const counted = (text) => {
        const log = document.getElementById("log");
        log.replaceChildren();
        const words = { id: text, alt: text, line: text };
        const picture = { ...words, src: "/static/seal.svg", width: 9, height: 9, number: 7 };
        wall.showLine(text);
        wall.showAnswer(text, true, [picture], [{ label: text, line: text }]);
        wall.showWaiting(text + "-job", text);
        wall.showFailed(text + "-job", text);
        const shown = log.querySelector("p.answer.refused").textContent === text;
        return [log.querySelectorAll("*").length, shown];
    };
    const wanted = counted("a blue fish")[0];
    return texts.filter((text) => {
        const [count, shown] = counted(text);
        return count !== wanted || !shown;
    });
}"""


def test_a_browser_shows_each_as_words_runs_nothing_and_fetches_nothing(visit, address):
    page = visit()
    opened, asked = [], []
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    # An empty answer is none, and a browser shows no null.
    assert page.evaluate(HANG, [text for text in WHOLE if text]) == []
    assert not opened
    assert not [url for url in asked if not url.startswith(address)]

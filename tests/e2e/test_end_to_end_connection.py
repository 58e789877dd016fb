"""Test the web chat while its server is away, broken or too busy, in a real Chromium."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import pytest
from playwright.async_api import async_playwright, expect

from bot.service import EaselService
from commands.chat import UserError
from commands.i18n import N_
from tests.support.browser import FLAGS, PATIENCE
from tests.support.web_client import web_app

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

LINE = "/paint style=ink color=blue shape=fish size=256 seed=7"
UNSENT = "Not sent yet; it goes out when the connection is back."


class Site:
    """An Easel that stops, and starts again at the same address."""

    def __init__(self, folder, painting_client, clock):
        self._made, self._stack, self._port = (folder, painting_client, clock), AsyncExitStack(), 0

    async def come(self, **at):
        app = await self._stack.enter_async_context(web_app(*self._made, port=self._port, **at))
        self.address = app.platforms["web"].address
        self._port = urlsplit(self.address).port

    async def go(self):
        await self._stack.aclose()


@pytest.fixture
async def easel(tmp_path, painting_client, clock):
    """Run until it is told to stop."""
    easel = Site(tmp_path, painting_client, clock)
    await easel.come()
    yield easel
    await easel.go()


@pytest.fixture
async def page(easel):
    """Open the page."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = await browser.new_page()
        page.set_default_timeout(PATIENCE)
        await open_page(page, easel)
        yield page
        await browser.close()


async def open_page(page, easel):
    await page.goto(easel.address)
    await page.wait_for_selector("html[data-ready=true]")


async def say(page, line):
    await page.locator("#line").fill(line)
    await page.keyboard.press("Enter")


async def hangs_there_once(page, painting_client):
    """Check that there is one line and one painting, now and after a reload."""
    for _ in range(2):
        await expect(page.locator("#log figure:not(.waiting)")).to_have_count(1, timeout=PATIENCE)
        await expect(page.locator("#log .said")).to_have_count(1)
        await expect(page.locator("#log .unsent, #log .refused")).to_have_count(0)
        await page.reload()
        await page.wait_for_selector("html[data-ready=true]")
    assert len(painting_client.painted) == 1


async def test_a_line_that_is_said_while_the_server_is_away_is_painted_once_it_is_back(
    page, easel, painting_client
):
    await easel.go()
    await say(page, LINE)
    await expect(page.locator("#log .unsent")).to_have_text(UNSENT)
    await expect(page.locator("#log .said")).to_contain_text(LINE)
    await easel.come()
    await hangs_there_once(page, painting_client)


async def test_lines_go_out_in_the_order_in_which_they_were_said(page, easel, painting_client):
    await easel.go()
    for seed in (1, 2, 3):
        await say(page, f"{LINE[:-1]}{seed}")
        await expect(page.locator("#log .unsent")).to_have_count(seed)
    await easel.come()
    await expect(page.locator("#log figure:not(.waiting)")).to_have_count(3, timeout=PATIENCE)
    assert sorted(conditions.seed for _, conditions in painting_client.painted) == [1, 2, 3]
    hung = await page.locator("#log .said, #log .details .line").all_text_contents()
    assert re.findall(r"seed=(\d)", " ".join(hung)) == [*"112233"]


async def test_a_line_whose_answer_was_lost_is_not_painted_twice(page, painting_client):
    asked = []

    async def lose_the_first(route):
        asked.append(route.request.post_data_json["key"])
        if len(asked) > 1:
            return await route.continue_()
        await route.fetch()
        await route.abort()

    await page.route("**/ask", lose_the_first)
    await say(page, LINE)
    await hangs_there_once(page, painting_client)
    assert len(asked) == 2
    assert len({*asked}) == 1


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_proxy_with_no_server_behind_it_is_no_connection(page, painting_client, status):
    """Answer 503 with a page that is not for people, which also ends the event stream for good."""
    away = {"status": status, "content_type": "text/html", "body": "<h1>Bad gateway</h1>"}
    await page.route("**/ask", lambda route: route.fulfill(**away), times=1)
    await page.route("**/events", lambda route: route.fulfill(**away), times=1)
    await say(page, LINE)
    await expect(page.locator("#log .unsent")).to_have_text(UNSENT)
    await hangs_there_once(page, painting_client)


async def test_the_stream_of_events_is_opened_anew_after_a_proxy_had_no_server_behind_it(
    page, easel, painting_client
):
    await page.route("**/events", lambda route: route.fulfill(status=502, body="Bad gateway"), times=1)
    await easel.go()
    await easel.come()
    await expect(page.locator("#status")).to_have_text("Connected again.", timeout=PATIENCE)
    await say(page, LINE)
    await hangs_there_once(page, painting_client)


async def test_what_the_server_says_of_its_trouble_is_what_is_shown(page, monkeypatch):
    async def failing(*_):
        raise UserError(N_("I cannot save that just now. Please try again later."))

    monkeypatch.setattr(EaselService, "handle", failing)
    await say(page, LINE)
    await expect(page.locator("#log .refused")).to_have_text(
        "I cannot save that just now. Please try again later."
    )
    await expect(page.locator("#log .said")).to_contain_text(LINE)


async def test_who_asks_for_too_much_waits_and_is_told_so_once(page, easel):
    await easel.go()
    await easel.come(per_minute=100)
    for _ in range(20):
        await say(page, "/help")
    await expect(page.locator("#log .unsent")).to_have_text(
        "That was a lot at once; the rest goes out in a moment.", timeout=PATIENCE
    )
    await expect(page.locator("#log .refused")).to_have_count(0)


async def test_only_a_page_whose_cookie_is_gone_has_expired(page):
    await page.context.clear_cookies()
    await say(page, LINE)
    await expect(page.locator("#log .refused")).to_have_text(
        "This page has expired. Reload it and try again."
    )


async def test_what_is_pressed_without_a_connection_is_said_to_have_come_to_nothing(page, easel):
    await say(page, LINE)
    heart = page.locator("#log .heart")
    await expect(heart).to_have_attribute("aria-pressed", "false")
    await easel.go()
    # The stream tells of its own trouble on the same line, again and again.
    await page.evaluate("""() => {
        window.told = [];
        const status = document.getElementById("status");
        new MutationObserver(() => window.told.push(status.textContent)).observe(status, { childList: true });
    }""")
    await heart.click()
    await expect(heart).to_have_attribute("aria-pressed", "false")
    await page.locator("#log .hide").click()
    await expect(page.locator("#log .refused")).to_have_text(
        "There is no connection just now. Please try again."
    )
    assert "There is no connection just now. Please try again." in await page.evaluate("window.told")


async def test_a_token_is_called_wrong_only_when_it_is(page, easel):
    await page.goto(f"{easel.address}/admin")
    await page.wait_for_selector("html[data-ready=true]")
    await page.get_by_label("Admin token").fill("no such token")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator("#status")).to_have_text("That is not the admin token.")
    await easel.go()
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator("#status")).to_have_text("There is no connection just now. Please try again.")

"""The gallery and the page of a picture as a person sees them, in a real Chromium."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import LINE, keep, load, paint

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
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    keep(page, f"picture-{name}-{theme}")
    page.get_by_role("link", name="Paint this again").click()
    page.wait_for_selector("html[data-ready=true]")
    expect(page.locator("#line")).to_have_value(re.compile("/paint style=ink color=blue shape=fish.*seed=7"))
    load(page, page.goto, "/gallery?show=favourites")
    expect(page.locator(".hung a")).to_have_count(1)

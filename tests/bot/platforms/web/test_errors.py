"""What is told in place of an answer, over real sockets with the whole of Easel."""

from __future__ import annotations

import json
from html import unescape

import pytest

from bot.pictures.search import PictureSearch
from bot.pictures.store import PictureStore
from bot.platforms.web.adapter import FOLDER
from bot.platforms.web.errors import FOR_SCRIPTS
from bot.platforms.web.requests import MOST_BODY
from bot.platforms.web.session import CSRF_HEADER
from bot.storage.database import StorageError

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
"""How a browser asks for a page."""
DESCRIPTION = json.loads((FOLDER / "static/openapi.json").read_text(encoding="utf-8"))


@pytest.fixture
def forgetful(monkeypatch):
    """A memory that is there and cannot be read."""

    async def failing(*_):
        raise StorageError("disk I/O error")

    for room, name in [
        (PictureStore, "history"),
        (PictureStore, "picture"),
        (PictureSearch, "search"),
        (PictureSearch, "find"),
    ]:
        monkeypatch.setattr(room, name, failing)


@pytest.mark.parametrize("path", ["/history", "/pictures/p1.png", "/gallery", "/picture/p1"])
async def test_what_cannot_be_looked_up_is_said_in_one_sentence(ann, forgetful, path):
    said = await ann.read(path)
    assert said == (503, "I cannot look anything up just now. Please try again later.")


async def test_it_is_said_in_the_readers_language(ann, forgetful):
    await ann.write("/language", {"language": "zh"})
    assert await ann.read("/gallery") == (503, "我现在查不到任何记录。请过一会儿再试。")


async def told(client, path, method="GET", **sent):
    """(status, page or sentence, headers)."""
    sent["headers"] = BROWSER | sent.get("headers", {})
    async with client.http.request(method, path, allow_redirects=False, **sent) as response:
        return response.status, unescape(await response.text()), response.headers


@pytest.mark.parametrize(
    ("method", "path", "status", "sentence"),
    [
        ("GET", "/nope", 404, "There is no such page."),
        ("GET", "/picture/nope", 404, "There is no such page."),
        ("GET", "/picture/nope/nope", 404, "There is no such page."),
        ("GET", "/admin/nope", 404, "There is no such page."),
        ("POST", "/gallery", 405, "There is no such page."),
        ("POST", "/admin/quota", 403, "Reload the page and try again."),
        ("POST", "/sign-out", 403, "Reload the page and try again."),
    ],
)
async def test_a_browser_is_told_on_a_page_that_leads_on(ann, method, path, status, sentence):
    found, page, headers = await told(ann, path, method)
    assert (found, headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert f"<h1>{sentence}</h1>" in page
    assert '<a class="act" href="/">Paint</a>' in page
    assert '<a class="act" href="/gallery">Gallery</a>' in page


async def test_a_form_that_is_too_long_is_told_so_on_a_page(ann):
    sent = {"data": {"csrf": ann.csrf, "whose": "x" * MOST_BODY}}
    status, page, _ = await told(ann, "/admin/quota", "POST", **sent)
    assert status == 413
    assert "<h1>That is too long to be read.</h1>" in page


async def test_trouble_of_easels_own_is_told_on_a_page(ann, forgetful):
    status, page, _ = await told(ann, "/gallery")
    assert status == 503
    assert "<h1>I cannot look anything up just now. Please try again later.</h1>" in page


async def test_the_page_is_in_the_readers_language(ann):
    _, page, _ = await told(ann, "/nope", headers={"Accept-Language": "zh-CN"})
    assert '<html lang="zh">' in page
    assert "<h1>没有这个页面。</h1>" in page


async def test_whoever_is_told_that_a_way_is_closed_hears_which_are_open(ann):
    _, _, headers = await told(ann, "/gallery", "POST")
    assert headers["Allow"] == "GET,HEAD"


async def test_scripts_and_programs_are_told_in_plain_text(ann):
    refused = [("GET", "/nope", {}), ("GET", "/picture/nope", {}), ("POST", "/ask", {CSRF_HEADER: "wrong"})]
    for method, path, headers in refused:
        status, text, found = await told(ann, path, method, headers={"Accept": "*/*", **headers})
        assert status in (403, 404)
        assert found["Content-Type"].startswith("text/plain")
        assert "<" not in text


async def test_what_no_person_looks_at_is_never_told_on_a_page(ann):
    answers = [await told(ann, path, "DELETE") for path in (f"/{each}" for each in FOR_SCRIPTS)]
    answers += [await told(ann, path) for path in ("/static/nothing.js", "/pictures/nope.png")]
    assert {status for status, _, _ in answers} == {404, 405}
    assert not [headers for _, _, headers in answers if "html" in headers["Content-Type"]]


def test_the_description_says_which_addresses_are_no_pages():
    plain = {
        path.split("/")[1]
        for path, methods in DESCRIPTION["paths"].items()
        for answer in (each["responses"]["200"] for each in methods.values())
        if "text/html" not in answer["content"] and path != "/admin"
    }
    assert plain | {"static"} == FOR_SCRIPTS


@pytest.mark.parametrize("path", ["/gallery", "/admin", "/admin/quota", "/picture/nope"])
async def test_a_slash_too_many_leads_to_the_page(ann, path):
    status, _, headers = await told(ann, f"{path}/?page=2")
    assert (status, headers["Location"]) == (308, f"{path}?page=2")


@pytest.mark.parametrize("path", ["//elsewhere.example/", "//elsewhere.example/gallery/", "/nope/"])
async def test_a_slash_leads_to_no_other_site(ann, path):
    status, _, headers = await told(ann, f"http://{ann.http._base_url.authority}{path}")
    assert (status, headers.get("Location")) == (404, None)

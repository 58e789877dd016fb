"""Facts about bot/platforms/web/pages.py, over real sockets: the gallery and the page of one picture."""

from __future__ import annotations

import re

import pytest

from bot.platforms.web.pages import PAGE_SIZE
from tests.support.web_client import LINE, visitor

FOX = "/paint style=oil color=red shape=fox scene=flock size=256"


async def paint(client, *lines):
    """Have lines painted, one after the other; the ids of their pictures."""
    ids = []
    async with client.events() as events:
        for line in lines:
            await client.ask(line)
            async for event in events:
                if event["type"] == "posted":
                    ids += [picture["id"] for picture in event["pictures"]]
                    break
    return ids


async def hung(client, query=""):
    """The ids of the pictures on a page of the gallery."""
    status, page = await client.read(f"/gallery{query}")
    assert status == 200
    return re.findall(r'href="/picture/([\w-]+)"', page)


async def test_the_gallery_shows_the_newest_first_with_alt_text(ann):
    fish, fox = await paint(ann, LINE, FOX)
    assert await hung(ann) == [fox, fish]
    _, page = await ann.read("/gallery")
    assert page.count('alt="Generated picture: ') == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?style=oil", ["fox"]),
        ("?color=blue", ["fish"]),
        ("?shape=fox&scene=flock", ["fox"]),
        ("?shape=fox&style=ink", []),
        ("?show=favourites", []),
        ("?show=mine&style=&color=&shape=&scene=", ["fox", "fish"]),
        ("?show=nonsense&page=0&style=nonsense", ["fox", "fish"]),
        ("?page=7", []),
    ],
)
async def test_the_gallery_is_filtered(ann, query, found):
    fish, fox = await paint(ann, LINE, FOX)
    assert await hung(ann, query) == [{"fish": fish, "fox": fox}[each] for each in found]


async def test_mine_are_mine_and_favourites_are_those_that_i_keep(ann, bob):
    [fish] = await paint(ann, LINE)
    [fox] = await paint(bob, FOX)
    await ann.write("/like", {"picture": fox, "on": True})
    shown = [await hung(ann, f"?show={show}") for show in ("server", "mine", "favourites")]
    assert shown == [[fox, fish], [fish], [fox]]


async def test_a_full_page_leads_to_the_next_with_the_same_filter(ann, clock):
    for number in range(PAGE_SIZE // 4 + 1):
        await paint(ann, f"{LINE} count=4 seed={number}")
        clock.advance(60)
    _, page = await ann.read("/gallery?shape=fish")
    assert 'rel="next" href="/gallery?shape=fish&amp;page=2"' in page
    assert 'rel="prev"' not in page
    older = await hung(ann, "?shape=fish&page=2")
    assert (len(await hung(ann, "?shape=fish")), len(older)) == (PAGE_SIZE, 4)


async def test_the_page_of_a_picture_says_how_it_was_made_and_what_can_be_done(ann):
    [fish] = await paint(ann, LINE + " seed=7")
    status, page = await ann.read(f"/picture/{fish}")
    assert status == 200
    for said in ("Picture 1", "ink 100%", "blue", "fish", "256 × 256", "2027-01-15 12:00 UTC", "seed=7"):
        assert said in page, said
    assert 'href="/?line=/upscale%201"' in page
    assert f'href="/pictures/{fish}.png?download"' in page


async def test_a_picture_that_is_a_favourite_says_so(ann):
    [fish] = await paint(ann, LINE)
    await ann.write("/like", {"picture": fish, "on": True})
    _, page = await ann.read(f"/picture/{fish}")
    assert 'aria-pressed="true">♥ Favourited' in page


@pytest.mark.parametrize("name", ["unknown", "9", "fake:post:1", "..%2f", "x" * 99])
async def test_what_is_no_picture_has_no_page(ann, name):
    await paint(ann, LINE)
    assert (await ann.read(f"/picture/{name}"))[0] == 404


async def test_a_deleted_picture_has_no_page_and_no_file_and_open_pages_are_told(ann):
    [fish, _] = await paint(ann, LINE + " count=2")
    async with ann.events() as events:
        assert (await ann.ask("/delete 1"))["text"] == "Deleted: 1."
        event = await anext(events)
    assert (event["type"], len(event["kept"])) == ("revised", 1)
    assert fish not in event["kept"]
    assert [(await ann.read(path))[0] for path in (f"/picture/{fish}", f"/pictures/{fish}.png")] == [404, 404]


async def test_nobody_deletes_the_picture_of_another(ann, bob):
    await paint(ann, LINE)
    answer = await bob.ask("/delete 1")
    assert (answer["refused"], answer["text"]) == (
        *(True, "Only the person who asked for it, or a moderator, may delete that."),
    )


async def test_a_page_in_the_chat_has_its_pictures_and_leads_on(ann):
    await paint(ann, LINE + " count=4", FOX)
    answer = await ann.ask("/gallery mine")
    assert [picture["number"] for picture in answer["pictures"]] == [5, 4, 3, 2]
    assert answer["buttons"] == [{"label": "Older", "line": "/gallery mine page=2"}]
    assert [each["number"] for each in (await ann.ask("/gallery mine page=2"))["pictures"]] == [1]


async def test_a_page_in_the_chat_knows_ones_favourites(ann, bob):
    _, fish = await paint(ann, LINE + " count=2")
    await bob.write("/like", {"picture": fish, "on": True})
    for client, liked in ((ann, {1: False, 2: False}), (bob, {1: False, 2: True})):
        answer = await client.ask("/gallery server")
        assert {picture["number"]: picture["liked"] for picture in answer["pictures"]} == liked


async def test_a_hidden_picture_is_behind_a_word_and_open_pages_are_told(ann):
    [fish] = await paint(ann, LINE)
    async with ann.events() as events:
        assert (await ann.ask("/spoiler 1"))["text"] == "Hidden, until somebody looks: 1."
        event = await anext(events)
        assert (event["type"], event["kept"], event["hidden"]) == ("revised", [fish], [fish])
    _, page = await ann.read("/gallery")
    assert "Hidden: look at it" in page
    assert f"/pictures/{fish}" not in page
    _, page = await ann.read(f"/picture/{fish}")
    assert '<summary class="veil">Hidden: look at it</summary>' in page
    await ann.ask("/spoiler 1")
    assert "Hidden" not in (await ann.read("/gallery"))[1]


async def test_pages_are_in_the_readers_language_and_open_without_the_chat(site, ann):
    [fish] = await paint(ann, LINE)
    async with visitor(site) as new:
        new.http.cookie_jar.clear()
        async with new.http.get(f"/picture/{fish}", headers={"Accept-Language": "zh-CN"}) as response:
            page = await response.text()
    assert '<html lang="zh">' in page
    assert "水墨" in page


async def test_two_browsers_that_are_joined_have_one_gallery_and_each_its_own_chat(ann, bob):
    [fish] = await paint(ann, LINE)
    code = re.search(r"\w{5}-\w{5}", (await ann.ask("/link"))["text"])[0]
    assert (await bob.ask(f"/link {code}"))["text"].startswith("Linked: web:")
    [fox] = await paint(bob, FOX)
    assert await hung(ann, "?show=mine") == await hung(bob, "?show=mine") == [fox, fish]
    assert [
        [entry["pictures"][0]["id"] for entry in (await each.read("/history"))[1]] for each in (ann, bob)
    ] == [
        *([fish], [fox]),
    ]
    assert (await bob.ask("/link off"))["text"].startswith("Unlinked from web:")
    assert [await hung(each, "?show=mine") for each in (ann, bob)] == [[fish], [fox]]

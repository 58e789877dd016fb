"""Facts about bot/platforms/web/adapter.py, over real sockets."""

from __future__ import annotations

import asyncio
import base64
import io

import aiohttp
import pytest
from aiohttp_sse import EventSourceResponse
from PIL import Image

from bot.platforms.web.requests import MOST_BODY
from engine.errors import PaintingFailed
from engine.vocabulary import KINDS
from tests.support.fakes import FakeClock
from tests.support.web_client import ADMIN_TOKEN, LINE, visitor, web_app


async def paint(client, line=LINE):
    """The posted event of a request."""
    async with client.events() as events:
        await client.ask(line)
        return [event async for event in _until_posted(events)][-1]


async def _until_posted(events):
    async for event in events:
        yield event
        if event["type"] != "preview":
            return


async def test_a_typed_line_becomes_a_preview_and_then_a_painting(ann):
    async with ann.events() as events:
        answer = await ann.ask()
        preview, posted = await anext(events), await anext(events)
    assert not answer["refused"]
    assert [preview["type"], posted["type"]] == ["preview", "posted"]
    assert preview["job"] == posted["job"] == answer["job"]
    layout = base64.b64decode(preview["pictures"][0]["src"].partition(",")[2])
    assert Image.open(io.BytesIO(layout)).format == "WEBP"
    status, data = await ann.read(posted["pictures"][0]["src"])
    assert status == 200
    assert Image.open(io.BytesIO(data)).size == (256, 256)


async def test_a_picture_carries_its_alt_text_and_the_line_that_paints_it_again(ann):
    picture = (await paint(ann, LINE + " seed=7"))["pictures"][0]
    assert picture["alt"].startswith("Generated picture: A fish, in blue, in ink.")
    assert "seed=7" in picture["line"]


async def test_several_pictures_come_in_one_post(ann):
    assert len((await paint(ann, LINE + " count=3"))["pictures"]) == 3


async def test_the_same_key_sent_twice_paints_once(ann, painting_client):
    async with ann.events() as events:
        first = await ann.ask(key="once-only")
        second = await ann.ask(key="once-only")
        [event async for event in _until_posted(events)]
    assert first["job"] == second["job"]
    assert len(painting_client.painted) == 1


async def test_the_same_key_of_two_people_paints_twice(ann, bob):
    assert (await ann.ask(key="a-common-key"))["job"] != (await bob.ask(key="a-common-key"))["job"]


async def test_a_mistake_is_answered_with_a_way_out_and_nothing_is_painted(ann, painting_client):
    answer = await ann.ask("/paint style=inc")
    assert answer["refused"]
    assert "ink" in answer["text"]
    assert answer["job"] is None
    assert not painting_client.painted


async def test_a_failed_painting_is_said_in_one_plain_sentence(ann, painting_client, caplog):
    painting_client.failures.append(PaintingFailed("the brush broke"))
    event = await paint(ann)
    assert event["type"] == "failed"
    assert event["text"] == "The painting failed, and nothing was charged. Please ask again."
    assert "the brush broke" in caplog.text


async def test_history_comes_back_after_a_reload(ann):
    posted = await paint(ann)
    status, [entry] = await ann.read("/history")
    assert status == 200
    assert entry["state"] == "posted"
    assert [each["src"] for each in entry["pictures"]] == [each["src"] for each in posted["pictures"]]


async def test_history_and_events_are_ones_own(ann, bob):
    async with bob.events() as bobs:
        await paint(ann)
        posted = await paint(bob)
        event = await anext(bobs)
    assert event["job"] == posted["job"]
    assert len((await bob.read("/history"))[1]) == 1


async def test_a_heart_stays_until_it_is_taken_back(ann):
    picture = (await paint(ann))["pictures"][0]["id"]
    for on in (True, True, False):
        assert await ann.write("/like", {"picture": picture, "on": on}) == (200, {"on": on})
        [entry] = (await ann.read("/history"))[1]
        assert entry["pictures"][0]["liked"] is on


async def test_a_heart_for_no_picture_is_refused(ann):
    assert await ann.write("/like", {"picture": "unknown", "on": True}) == (404, "There is no such picture.")


@pytest.mark.parametrize(
    "path",
    [
        "/pictures/unknown.png",
        "/pictures/..%2Feasel.db",
        "/pictures/x",
        "/shapes/unknown.png",
        "/static/../web.py",
    ],
)
async def test_what_does_not_exist_is_404(ann, path):
    assert (await ann.read(path))[0] == 404


async def test_a_download_is_named_and_kept_by_browsers(ann):
    picture = (await paint(ann))["pictures"][0]
    async with ann.http.get(picture["src"] + "?download") as response:
        assert response.headers["Content-Disposition"] == f'attachment; filename="easel-{picture["id"]}.png"'
        assert "immutable" in response.headers["Cache-Control"]


async def test_the_page_speaks_the_browsers_language(ann):
    assert '<html lang="zh">' in await ann.open(**{"Accept-Language": "zh-CN,zh;q=0.9"})
    assert '<html lang="zh-Hant">' in await ann.open(**{"Accept-Language": "zh-TW,zh;q=0.9"})
    assert '<html lang="en">' in await ann.open(**{"Accept-Language": "it,en;q=0.8"})


async def test_a_chosen_language_stays(ann):
    assert (await ann.write("/language", {"language": "zh"}))[0] == 200
    assert '<html lang="zh">' in await ann.open()
    assert "水墨" in (await ann.ask("/paint 风格=无此"))["text"]


async def test_the_vocabulary_is_there_for_the_palette(ann):
    status, vocabulary = await ann.read("/vocabulary")
    assert status == 200
    assert set(vocabulary) == set(KINDS)
    ink = next(word for word in vocabulary["style"] if word["name"] == "ink")
    assert {"sumi e", "水墨"} < set(ink["terms"])


async def test_a_shape_has_an_icon(ann):
    status, data = await ann.read("/shapes/fish.png")
    assert status == 200
    assert Image.open(io.BytesIO(data)).getchannel("A").getextrema() == (0, 255)


async def test_only_the_admin_token_opens_the_quotas(ann):
    line = "/quota server daily=3"
    assert (await ann.ask(line))["refused"]
    assert (await ann.write("/admin", {"token": "guess"}))[0] == 403
    assert (await ann.ask(line))["refused"]
    assert (await ann.write("/admin", {"token": ADMIN_TOKEN}))[0] == 200
    answer = await ann.ask(line)
    assert not answer["refused"], answer


async def test_nobody_becomes_admin_where_no_token_is_set(tmp_path, painting_client):
    async with web_app(tmp_path, painting_client, FakeClock(), admin_token="") as app, visitor(app) as client:
        assert (await client.write("/admin", {"token": ""}))[0] == 403
        assert 'id="admin"' not in await client.open()


@pytest.mark.parametrize("path", ["/events", "/history", "/vocabulary", "/pictures/x.png"])
async def test_without_the_cookie_nothing_but_the_page_opens(ann, path):
    ann.http.cookie_jar.clear()
    assert (await ann.read(path))[0] == 403


async def test_a_forged_cookie_is_no_cookie(ann):
    [cookie] = ann.http.cookie_jar
    ann.http.cookie_jar.update_cookies({cookie.key: cookie.value[:-2] + "xx"}, ann.http._base_url)
    assert (await ann.read("/history"))[0] == 403


@pytest.mark.parametrize(
    "body",
    [
        [],
        "x",
        {},
        {"key": "some-key-1"},
        {"key": 1, "line": "x"},
        {"key": "short", "line": "x"},
        {"key": "a/../b/../c", "line": ""},
    ],
)
async def test_a_body_of_another_form_is_refused(ann, body):
    assert (await ann.write("/ask", body))[0] == 400


async def test_a_body_that_is_no_json_is_refused(ann):
    headers = {"X-CSRF-Token": ann.csrf}
    async with ann.http.post("/ask", data=b"{", headers=headers) as response:
        assert (response.status, await response.text()) == (400, "The body must be JSON.")


async def test_a_body_that_is_too_long_is_refused(ann):
    assert (await ann.write("/ask", {"key": "some-key-1", "line": "x" * MOST_BODY}))[0] == 413


async def test_the_cookie_is_kept_from_scripts_and_other_sites(site):
    async with visitor(site) as client:
        [cookie] = client.http.cookie_jar
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


async def test_words_of_people_stay_text(ann):
    answer = await ann.ask("/paint <script>alert(1)</script>")
    assert answer["refused"]
    assert "<script>" not in answer["text"]


async def test_a_restart_keeps_cookies_history_and_pictures(tmp_path, painting_client):
    clock = FakeClock()
    async with web_app(tmp_path, painting_client, clock) as app, visitor(app) as client:
        posted = await paint(client)
        cookies = {each.key: each.value for each in client.http.cookie_jar}
    async with web_app(tmp_path, painting_client, clock) as app, visitor(app) as client:
        client.http.cookie_jar.update_cookies(cookies, client.http._base_url)
        [entry] = (await client.read("/history"))[1]
        assert entry["pictures"][0]["src"] == posted["pictures"][0]["src"]
        assert (await client.read(posted["pictures"][0]["src"]))[0] == 200


async def test_a_stop_ends_open_streams(site, ann):
    async with asyncio.timeout(10), ann.events() as events:
        await site.platforms["web"].stop()
        assert [event async for event in events] == []


async def test_a_page_that_was_left_while_it_waited_is_no_error(ann, painting_client, caplog):
    painting_client.gate.clear()
    async with ann.events():
        await ann.ask()
    async with ann.events() as events:
        painting_client.gate.set()
        async with asyncio.timeout(10):
            assert [event async for event in _until_posted(events)][-1]["type"] == "posted"
    await ann.read("/history")
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_page_that_is_left_while_its_stream_is_opened_is_no_error(ann, caplog, monkeypatch):
    async def prepare(self, request):
        raise aiohttp.ClientConnectionResetError("Cannot write to closing transport")

    with monkeypatch.context() as patched:
        patched.setattr(EventSourceResponse, "prepare", prepare)
        await ann.read("/events")
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_reported_picture_comes_to_the_moderators_chat_with_what_can_be_done(ann, bob):
    await bob.write("/admin", {"token": ADMIN_TOKEN})
    await bob.ask("/settings server reports=here")
    picture = (await paint(ann))["pictures"][0]
    async with bob.events() as events:
        await bob.ask("/report 1 a face")
        told = await anext(events)
    assert (told["type"], told["pictures"][0]["id"]) == ("told", picture["id"])
    assert [each["line"].split()[0] for each in told["buttons"]] == ["/report", "/block"]
    await bob.ask(told["buttons"][1]["line"])
    assert "blocked you here" in (await ann.ask())["text"]
    await ann.ask("/mydata forget yes")
    assert "blocked you here" in (await ann.ask())["text"]
    assert (await ann.ask("/mydata"))["refused"] is False

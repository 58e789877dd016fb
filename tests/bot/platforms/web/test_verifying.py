"""Facts about bot/platforms/web/verifying.py, over real sockets."""

from __future__ import annotations

import aiohttp
import pytest

from bot.platforms.web import verifying
from tests.bot.platforms.web.test_pages import paint
from tests.support.web_client import LINE


async def upload(client, data, csrf=None):
    """Send the form; (status, page)."""
    form = aiohttp.FormData()
    form.add_field("csrf", client.csrf if csrf is None else csrf)
    form.add_field("picture", data, filename="picture.png", content_type="image/png")
    async with client.http.post("/verify", data=form) as response:
        return response.status, await response.text()


async def test_the_page_has_a_form_for_a_file(ann):
    status, page = await ann.read("/verify")
    assert status == 200
    assert 'type="file" name="picture"' in page


async def test_a_file_without_a_mark_is_told_to_be_unknown(ann):
    [picture] = await paint(ann, LINE)
    _, data = await ann.read(f"/pictures/{picture}.png")
    status, page = await upload(ann, data)
    assert status == 200
    assert "That proves nothing" in page


async def test_what_is_no_picture_is_told_so(ann):
    status, page = await upload(ann, b"<script>")
    assert status == 200
    assert "send a PNG" in page


async def test_a_form_of_another_page_is_refused(ann):
    assert (await upload(ann, b"", csrf="guessed"))[0] == 403


async def test_a_file_that_is_too_large_is_refused(ann, monkeypatch):
    monkeypatch.setattr(verifying, "MOST_BYTES", 1000)
    assert (await upload(ann, bytes(5000)))[0] == 413


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x"])
async def test_a_body_of_another_kind_is_refused(ann, kind):
    async with ann.http.post("/verify", data=b"{}", headers={"Content-Type": kind}) as response:
        assert response.status in (400, 403)

"""Facts about bot/platforms/requests.py, over real sockets: no body and no header is a fault of ours."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bot.platforms.web import requests
from bot.platforms.web.requests import MOST_BODY
from bot.platforms.web.session import COOKIE
from tests.support.web_client import ADMIN_TOKEN


async def post(client, path, data, **headers):
    """(status, text) of a write with this body as it stands."""
    sent = {"X-CSRF-Token": client.csrf, "Content-Type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.http.post(path, data=data, headers=sent) as response:
        return response.status, await response.text()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"\x00",
        b"NaN",
        b"[" * (MOST_BODY - 1),
        b'{"a":' * 3000,
        b"1" * 5000,
        b'{"key": "some-key-1", "line": 7}',
        b'{"key": true, "line": "x"}',
        b'[{"key": "some-key-1", "line": "x"}]',
    ],
)
async def test_a_body_that_cannot_be_read_is_refused_and_no_fault(ann, data, caplog):
    status, text = await post(ann, "/ask", data)
    assert (status, text[:9]) == (400, "The body ")
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize("charset", ["nonsense", "utf-7", "", '"', "utf-16", "rot13"])
async def test_a_charset_that_nobody_knows_is_refused_and_no_fault(ann, charset, caplog):
    status, _ = await post(ann, "/ask", b'{"key"}', Content_Type=f"application/json; charset={charset}")
    assert status == 400
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        ("/ask", rb'{"key": "some-key-1", "line": "\ud800 \u0000 fish"}', 200),
        ("/ask", rb'{"key": "\ud800some-key", "line": "fish"}', 400),
        ("/like", rb'{"picture": "\udfff", "on": true}', 404),
        ("/like", rb'{"picture": "\u0000", "on": true}', 404),
        ("/language", rb'{"language": "\ud800"}', 200),
        ("/admin", rb'{"token": "\ud800"}', 403),
        ("/admin", '{"token": "Öffnungstag"}'.encode(), 403),
    ],
)
async def test_text_that_is_none_is_answered_and_no_fault(ann, path, data, status, caplog):
    assert (await post(ann, path, data))[0] == status
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("application/x-www-form-urlencoded; charset=nonsense", b"csrf=x"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"--x\r\n\xff"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--"),
    ],
)
async def test_a_form_that_cannot_be_read_is_refused_and_no_fault(ann, kind, data, caplog):
    assert (await post(ann, "/admin/quota", data, Content_Type=kind))[0] in (400, 403)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_file_in_a_form_is_no_field(ann, caplog):
    form = aiohttp.FormData({"daily": "7"})
    form.add_field("csrf", ann.csrf.encode(), filename="csrf.txt")
    async with ann.http.post("/admin/quota", data=form) as response:
        assert response.status == 403
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_body_of_the_largest_size_is_read_and_a_larger_one_is_not(ann):
    frame = '{"key": "some-key-1", "line": ""}'
    fits = frame[:-2] + "x" * (MOST_BODY - len(frame)) + frame[-2:]
    assert (await post(ann, "/ask", fits.encode()))[0] == 200
    assert (await post(ann, "/ask", fits.encode() + b" "))[0] == 413


async def test_a_body_that_does_not_come_is_not_waited_for(ann, monkeypatch):
    monkeypatch.setattr(requests, "BODY_SECONDS", 0)
    never = asyncio.Event()

    async def slowly():
        yield b'{"token":'
        await never.wait()

    # The answer comes while the rest is still being waited for.
    assert (await post(ann, "/admin", slowly()))[0] == 408


async def raw(client, *lines):
    """The status of a request whose head is exactly this."""
    url = client.http._base_url
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1"))
    await writer.drain()
    first = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    await writer.wait_closed()
    return int(first.split()[1])


def head(client, path="/history", method="GET", **headers):
    """The lines of a request with the person's cookie; every header can be changed."""
    [cookie] = client.http.cookie_jar
    told = {"Host": "127.0.0.1", "Cookie": f"{COOKIE}={cookie.value}", **headers}
    said = [f"{name.replace('_', '-')}: {value}" for name, value in told.items()]
    return [f"{method} {path} HTTP/1.1", *said]


async def test_a_plain_head_is_answered(ann):
    assert await raw(ann, *head(ann)) == 200


@pytest.mark.parametrize(
    ("extra", "status"),
    [
        ([f"X-Long: {'x' * 9000}"], 400),
        ([f"X-Many-{number}: x" for number in range(200)], 400),
        ([f"Cookie: {'x' * 9000}"], 400),
        (["X-Bad\x00: x"], 400),
        (["Content-Length: -1"], 400),
        (["Content-Length: 5", "Transfer-Encoding: chunked"], 400),
    ],
)
async def test_a_head_that_is_too_long_or_says_two_things_is_refused(ann, extra, status):
    assert await raw(ann, *head(ann), *extra) == status


async def test_an_address_that_is_too_long_is_refused(ann):
    assert await raw(ann, *head(ann, "/history?" + "x" * 9000)) == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": f"{COOKIE}=\xff\xfe"},
        {"Cookie": f"{COOKIE}=" + "." * 50},
        {"Cookie": f"{COOKIE}=e30.\xe9"},
        {"Cookie": ";=;;"},
    ],
)
async def test_a_cookie_of_strange_signs_is_no_cookie(ann, headers, caplog):
    assert await raw(ann, *head(ann, **headers)) == 403
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize("headers", [{"X_CSRF_Token": "\xe9\xff"}, {"Origin": "\xff"}, {"Origin": "//"}])
async def test_strange_signs_in_what_guards_a_write_are_refused(ann, headers, caplog):
    lines = head(ann, "/admin", "POST", **{"X_CSRF_Token": ann.csrf, "Content_Length": "0", **headers})
    assert await raw(ann, *lines) == 403
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize("headers", [{"Accept_Language": "\xff;q=\xe9,,,"}, {"Accept_Language": "x-" * 2000}])
async def test_a_language_of_strange_signs_is_answered(ann, headers):
    assert await raw(ann, *head(ann, "/", **headers)) == 200


async def test_the_admin_token_is_never_taken_from_an_address(ann):
    for path in (f"/admin?token={ADMIN_TOKEN}", f"/?token={ADMIN_TOKEN}"):
        assert (await ann.read(path))[0] in (200, 405)
    assert (await post(ann, f"/admin?token={ADMIN_TOKEN}", b"{}"))[0] == 400
    assert (await ann.ask("/quota server daily=3"))["refused"]

"""Test every route of the web server, read from the running server."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3

import pytest
from itsdangerous import URLSafeSerializer

from bot.platforms.web.adapter import FOLDER
from bot.platforms.web.security import ALWAYS, POLICY
from bot.platforms.web.session import COOKIE, CSRF_HEADER
from tests.support.web_client import ADMIN_TOKEN, LINE, visitor

READS = ("GET", "HEAD")
FORM = {"subject": "web:local", "daily": "7", "per_minute": "7", "language": "zh", "blocked": "skull"}
BODY = {"key": "some-key-1", "line": LINE, "picture": "x", "on": True, "language": "zh", "token": ADMIN_TOKEN}


def routes(site, reads):
    """Return (method, route) of all reads, or of all writes."""
    server = site.platforms["web"]._runner.app.router
    found = {(each.method, each.resource.canonical) for each in server.routes()}
    return sorted((method, path) for method, path in found if (method in READS) is reads)


async def send(client, method, path, **headers):
    """Send a write with all fields of all routes, by script and by form; return both statuses."""
    sent = {CSRF_HEADER: client.csrf, **headers}
    url = re.sub(r"\{\w+\}", "x", path)
    form = FORM | {"csrf": sent.pop(CSRF_HEADER)}
    async with (
        client.http.request(method, url, json=BODY, headers={**sent, CSRF_HEADER: form["csrf"]}) as script,
        client.http.request(method, url, data=form, headers=sent) as plain,
    ):
        return {script.status, plain.status}


def written(folder):
    """Return every row that people's requests have written."""
    with sqlite3.connect(folder / "easel.db") as memory:
        tables = ("jobs", "people", "settings", "quotas", "reactions", "taste_events", "usage", "audit")
        # Health checks write too, and count up.
        kept = {name: memory.execute(f"SELECT * FROM {name}").fetchall() for name in tables}  # noqa: S608  # our own names
    memory.close()
    kept["settings"] = [row for row in kept["settings"] if row[0] != "service"]
    return kept


def cookie_of(client):
    [cookie] = client.http.cookie_jar
    return cookie.value


def renamed(cookie, other):
    """Put another person's name into a cookie, and keep the signature."""
    _, _, signature = cookie.rpartition(".")
    return f"{other.rpartition('.')[0]}.{signature}"


async def no_cookie(ann, bob):
    ann.http.cookie_jar.clear()
    return {}


async def foreign_origin(ann, bob):
    return {"Origin": "https://elsewhere.example"}


async def hidden_origin(ann, bob):
    return {"Origin": "null"}


async def origin_on_another_port(ann, bob):
    return {"Origin": f"http://{ann.http._base_url.host}:1"}


async def no_token(ann, bob):
    return {CSRF_HEADER: ""}


async def made_up_token(ann, bob):
    return {CSRF_HEADER: "0" * 64}


async def token_of_another(ann, bob):
    return {CSRF_HEADER: bob.csrf}


async def cookie_in_the_name_of_another(ann, bob):
    forged = renamed(cookie_of(ann), cookie_of(bob))
    ann.http.cookie_jar.clear()
    return {"Cookie": f"{COOKIE}={forged}", CSRF_HEADER: bob.csrf}


async def cookie_that_was_signed_elsewhere(ann, bob):
    told = {"name": "bob", "admin": True, "language": ""}
    ann.http.cookie_jar.clear()
    return {"Cookie": f"{COOKIE}={URLSafeSerializer(b'our own', salt='session').dumps(told)}"}


ATTEMPTS = [
    *(no_cookie, foreign_origin, hidden_origin, origin_on_another_port),
    *(no_token, made_up_token, token_of_another),
    *(cookie_in_the_name_of_another, cookie_that_was_signed_elsewhere),
]


@pytest.fixture
async def ann(ann):
    """Sign Ann in as admin."""
    assert (await ann.write("/admin", {"token": ADMIN_TOKEN}))[0] == 200
    return ann


async def test_there_are_writes_and_each_is_open_to_the_page_itself(site, ann, tmp_path):
    writes, before = routes(site, reads=False), written(tmp_path)
    assert len(writes) >= 6
    statuses = {path: await send(ann, method, path) for method, path in writes}
    assert not [path for path, found in statuses.items() if found == {403}]
    assert {name for name, kept in written(tmp_path).items() if kept != before[name]} >= {"jobs", "audit"}


@pytest.mark.parametrize("attempt", ATTEMPTS)
async def test_every_write_of_somebody_else_is_refused_and_changes_nothing(site, ann, bob, tmp_path, attempt):
    before = written(tmp_path)
    headers = await attempt(ann, bob)
    statuses = {path: await send(ann, method, path, **headers) for method, path in routes(site, reads=False)}
    assert not {path: found for path, found in statuses.items() if found != {403}}
    assert written(tmp_path) == before


async def test_nobody_acts_on_what_is_anothers_by_naming_it(bob, site, painting_client):
    painting_client.gate.clear()
    job = (await bob.ask())["job"]
    async with visitor(site) as other:
        for line in (f"/cancel {job}", "/quota server daily=1", "/settings server language=zh"):
            assert (await other.ask(line))["refused"], line
    painting_client.gate.set()


async def test_a_write_is_its_senders_whoever_its_body_names(bob, site):
    body = {**BODY, "person": "web:bob", "channel": "web:chat-bob", "is_admin": True}
    async with visitor(site) as other:
        status, answer = await other.write("/ask", {**body, "line": "/quota server daily=1"})
        assert (status, answer["refused"]) == (200, True)
        await other.write("/ask", {**body, "key": "some-key-2"})
        assert len((await other.read("/history"))[1]) == 1
    assert (await bob.read("/history"))[1] == []


async def test_every_answer_says_what_it_may_do_and_whether_it_may_be_kept(site, ann):
    reads = {path for _, path in routes(site, reads=True)} - {"/events"}
    assert len(reads) > 8
    for path in [*(re.sub(r"\{\w+\}", "fish", each) for each in reads), "/nowhere", "/static/nothing.js"]:
        async with ann.http.get(path) as response:
            assert {name: response.headers.get(name) for name in ALWAYS} == dict(ALWAYS), path
            kept = "max-age=86400" if path == "/shapes/fish.png" else "no-store"
            assert response.headers["Cache-Control"] == kept, path


async def test_so_does_every_answer_to_a_browser(site, ann):
    paths = {re.sub(r"\{\w+\}", "fish", path) for _, path in routes(site, reads=True)} - {"/events"}
    for path in [*paths, "/nowhere", "/gallery/", "/sign-out"]:
        async with ann.http.get(path, headers={"Accept": "text/html"}, allow_redirects=False) as response:
            assert {name: response.headers.get(name) for name in ALWAYS} == dict(ALWAYS), path
            kept = "max-age=86400" if path == "/shapes/fish.png" else "no-store"
            assert response.headers["Cache-Control"] == kept, path


async def test_what_is_ours_and_the_same_for_all_is_asked_for_again_but_not_sent_again(ann):
    async with ann.http.get("/static/chat.js") as response:
        assert (response.status, response.headers["Cache-Control"]) == (200, "no-cache")
        tag = response.headers["ETag"]
    async with ann.http.get("/static/chat.js", headers={"If-None-Match": tag}) as response:
        assert (response.status, response.headers["Content-Security-Policy"]) == (304, POLICY)


async def test_events_are_never_kept(ann):
    async with ann.http.get("/events") as response:
        assert response.headers["Cache-Control"] in ("no-cache", "no-store")


def test_the_policy_lets_in_no_script_that_stands_in_the_page():
    assert "default-src 'none'" in POLICY
    assert not {"unsafe-inline", "unsafe-eval", "*", "http:", "https:"} & set(re.split(r"[\s;']+", POLICY))


DESCRIPTION = json.loads((FOLDER / "static/openapi.json").read_text(encoding="utf-8"))


def test_the_description_names_exactly_the_routes_that_are_there(site):
    there = {
        (method, path) for method, path in [*routes(site, True), *routes(site, False)] if method != "HEAD"
    }
    named = {(method.upper(), path) for path, methods in DESCRIPTION["paths"].items() for method in methods}
    assert named == {(method, path) for method, path in there if path != "/static"}


def test_the_description_says_of_every_write_that_it_needs_cookie_and_token():
    writes = [methods["post"] for methods in DESCRIPTION["paths"].values() if "post" in methods]
    assert len(writes) >= 6
    for write in writes:
        [needed] = write["security"]
        [body] = write["requestBody"]["content"].values()
        assert "cookie" in needed
        assert "csrf" in needed or "csrf" in body["schema"]["required"]
    schemes = DESCRIPTION["components"]["securitySchemes"]
    assert (schemes["cookie"]["name"], schemes["csrf"]["name"]) == (COOKIE, CSRF_HEADER)


CLIMBS = ["../easel.db", "..%2f..%2feasel.db", "%2e%2e/%2e%2e/config.toml", "....//easel.db", "..\\easel.db"]
CLIMBS += ["/etc/passwd", "%2fetc%2fpasswd", "..%252feasel.db", "x%00.png", "easel.db", "~root/x.png"]


@pytest.mark.parametrize("climb", CLIMBS)
async def test_no_name_leads_out_of_a_folder(site, ann, climb):
    ways = [path for _, path in routes(site, reads=True) if "{" in path or path == "/static"]
    assert len(ways) >= 4
    for way in ways:
        # A bare slash would leave the route: what stands in a name is sent as it was written.
        path = re.sub(r"\{\w+\}", lambda _: climb, way) if "{" in way else f"{way}/{climb}"
        status, body = await raw(ann, path)
        assert status in (400, 403, 404), path
        assert b"SQLite format" not in body
        assert b"root:" not in body


async def raw(client, path):
    """Request an address without normalizing it; return (status, body)."""
    url = client.http._base_url
    reader, writer = await asyncio.open_connection(url.host, url.port)
    head = [f"GET {path} HTTP/1.1", f"Host: {url.host}", f"Cookie: {COOKIE}={cookie_of(client)}"]
    writer.write("\r\n".join([*head, "Connection: close", "", ""]).encode())
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()
    return int(answer.split(maxsplit=2)[1]), answer

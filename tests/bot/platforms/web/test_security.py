"""Facts about bot/platforms/web/security.py, over real sockets and without."""

from __future__ import annotations

import pytest

from bot.platforms.web.security import STRANGER, is_own
from tests.support.web_client import visitor, web_app

ELSEWHERE = "elsewhere.example"


@pytest.mark.parametrize(
    ("host", "own"),
    [
        *(
            (host, True)
            for host in ("localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:8400", "127.8.9.1")
        ),
        *((host, True) for host in ("[::1]", "[::1]:8080", "easel.localhost:8080")),
        *((host, False) for host in (ELSEWHERE, f"{ELSEWHERE}:8080", "localhost.elsewhere.example", "")),
        *((host, False) for host in ("notlocalhost", "127.0.0.1.elsewhere.example", "8.8.8.8", "[::]:8080")),
        *((host, False) for host in ("192.0.2.1:8080", "localhost@elsewhere.example", "[elsewhere.example]")),
    ],
)
def test_only_names_of_this_machine_are_its_own(host, own):
    assert is_own(host) is own


@pytest.mark.parametrize("path", ["/", "/gallery", "/history", "/healthz", "/static/chat.js", "/nope"])
async def test_whoever_asked_for_another_name_is_answered_with_nothing_else(ann, path):
    asked = {"Host": f"{ELSEWHERE}:8080", "Accept": "text/html"}
    async with ann.http.get(path, headers=asked) as response:
        assert (response.status, await response.text()) == (421, STRANGER)
        assert "Set-Cookie" not in response.headers
        assert response.headers["Cache-Control"] == "no-store"
        assert "Content-Security-Policy" in response.headers


async def test_a_site_whose_name_leads_here_changes_nothing(ann, painting_client):
    body = {"key": "some-key-1", "line": "a blue fish"}
    said = await ann.write("/ask", body, Host=ELSEWHERE, Origin=f"http://{ELSEWHERE}")
    assert said == (421, STRANGER)
    assert (await ann.read("/history")) == (200, [])
    assert not painting_client.painted


async def test_a_proxy_of_ours_says_which_names_lead_here(tmp_path, painting_client, clock):
    async with web_app(tmp_path, painting_client, clock, proxies=1) as app, visitor(app) as client:
        sent = {"Host": "easel.example", "Origin": "https://easel.example"}
        body = {"key": "some-key-1", "line": "a blue fish"}
        assert (await client.write("/ask", body, **sent))[0] == 200

"""Facts about bot/platforms/web/session.py that need no socket."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bot.config import Secret
from bot.platforms.web.session import COOKIE, CSRF_HEADER, Session, Sessions, in_language, language_for

KEY = b"a key for tests"


TOKEN, OTHER = Secret("opening-day-2027"), Secret("closing-day-2028")


SESSIONS = Sessions(KEY, TOKEN)


def request(session=None, sessions=SESSIONS, **headers):
    """A request with the session's cookie, as `sessions` would have set it."""
    sent = {"Host": "easel.local", **{name.replace("_", "-"): value for name, value in headers.items()}}
    if session:
        response = web.Response()
        sessions.write(response, session, make_mocked_request("GET", "/"))
        sent["Cookie"] = f"{COOKIE}={response.cookies[COOKIE].value}"
    return make_mocked_request("POST", "/ask", headers=sent)


@pytest.mark.parametrize("session", [Session("ann"), Session("ann", is_admin=True, language="zh")])
def test_a_session_survives_its_cookie(session):
    assert SESSIONS.read(request(session)) == session


def test_a_cookie_of_another_service_is_not_read():
    assert SESSIONS.read(request(Session("ann"), Sessions(b"another key"))) is None


@pytest.mark.parametrize("token", [None, OTHER])
def test_whoever_signed_in_with_another_token_is_no_admin(token):
    admin = request(Session("ann", is_admin=True))
    assert Sessions(KEY, token).read(admin) == Session("ann")


def test_nobody_is_an_admin_where_there_is_no_token():
    sessions = Sessions(KEY)
    assert sessions.read(request(Session("ann", is_admin=True), sessions)) == Session("ann")


@pytest.mark.parametrize("cookie", ["", "x", "e30.x", '"{}"'])
def test_a_damaged_cookie_is_not_read(cookie):
    assert SESSIONS.read(make_mocked_request("GET", "/", headers={"Cookie": f"{COOKIE}={cookie}"})) is None


def test_newcomers_get_different_names():
    assert SESSIONS.fresh().person != SESSIONS.fresh().person


def test_a_write_with_the_right_token_passes():
    session = Session("ann")
    assert SESSIONS.guard(request(session, **{CSRF_HEADER: SESSIONS.csrf_token(session)})) == session


def test_a_token_of_somebody_else_does_not_pass():
    headers = {CSRF_HEADER: SESSIONS.csrf_token(Session("bob"))}
    with pytest.raises(web.HTTPForbidden):
        SESSIONS.guard(request(Session("ann"), **headers))


def test_a_write_from_the_same_origin_passes_and_from_another_does_not():
    session = Session("ann")
    headers = {CSRF_HEADER: SESSIONS.csrf_token(session)}
    assert SESSIONS.guard(request(session, Origin="http://easel.local", **headers)) == session
    with pytest.raises(web.HTTPForbidden):
        SESSIONS.guard(request(session, Origin="http://easel.local:81", **headers))


@pytest.mark.parametrize(
    ("accepted", "chosen", "language"),
    [
        ("", "", "en"),
        ("zh-CN,zh;q=0.9", "", "zh"),
        ("it-IT, zh-TW;q=0.5", "", "zh_Hant"),
        ("fr-FR, zh-TW;q=0.5", "", "fr"),
        ("it", "", "en"),
        ("zh", "en", "en"),
        ("en", "zh", "zh"),
        (";;,", "", "en"),
    ],
)
def test_the_language_is_the_chosen_one_or_the_browsers(accepted, chosen, language):
    assert language_for(request(Accept_Language=accepted), Session("ann", language=chosen)) == language


def test_an_unknown_language_clears_the_choice():
    assert in_language(Session("ann", language="zh"), "tlh") == Session("ann")

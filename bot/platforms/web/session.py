"""Recognize who sends a request: a signed cookie, its CSRF token, and the same-origin rule."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web
from itsdangerous import BadSignature, URLSafeSerializer

from bot.config import Secret
from commands.i18n import N_, SOURCE, language_of, languages

COOKIE = "easel"
COOKIE_SECONDS = 365 * 86_400
CSRF_HEADER = "X-CSRF-Token"


@dataclass(frozen=True, slots=True)
class Session:
    """name: random, kept over reloads; language: chosen by hand, empty for the browser's"""

    name: str
    is_admin: bool = False
    language: str = ""

    @property
    def person(self) -> str:
        """The service's id of the person."""
        return f"web:{self.name}"

    @property
    def channel(self) -> str:
        """The service's id of their chat: everybody has one of their own."""
        return f"web:chat-{self.name}"


class Sessions:
    """Read and write the cookie."""

    def __init__(self, secret: bytes, admin_token: Secret | None = None) -> None:
        """secret: signs the cookie; admin_token: who is admin by another token is admin no longer"""
        self._secret = secret
        self._signer = URLSafeSerializer(secret, salt="session")
        self._mark = self._hash(f"admin:{admin_token.reveal()}") if admin_token else ""

    def read(self, request: web.Request) -> Session | None:
        """Return the session of a request; None without a cookie that was signed here."""
        try:
            values: Any = self._signer.loads(request.cookies.get(COOKIE, ""))
            is_admin = bool(self._mark) and values["admin"] == self._mark
            return Session(str(values["name"]), is_admin, str(values["language"]))
        except (BadSignature, KeyError, TypeError, UnicodeError):
            return None

    def need(self, request: web.Request) -> Session:
        """Return the session of a request other than the first page. Raises HTTPForbidden."""
        session = self.read(request)
        if session is None:
            raise web.HTTPForbidden(text=N_("Open the page first."))
        return session

    def fresh(self) -> Session:
        """Return the session of somebody new."""
        return Session(secrets.token_urlsafe(12))

    def write(self, response: web.StreamResponse, session: Session, request: web.Request) -> None:
        """Set the cookie."""
        values = {
            "name": session.name,
            "admin": self._mark if session.is_admin else "",
            "language": session.language,
        }
        response.set_cookie(
            COOKIE,
            str(self._signer.dumps(values)),
            max_age=COOKIE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=request.secure,
        )

    def csrf_token(self, session: Session) -> str:
        """Return the token that every write must send, in `CSRF_HEADER` or as its form's `csrf`."""
        return self._hash(f"csrf:{session.name}")

    def _hash(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(errors="surrogateescape"), hashlib.sha256).hexdigest()

    def guard(self, request: web.Request, sent: str | None = None) -> Session:
        """Return the session of a write from our own page. Raises HTTPForbidden for any other.

        sent: the CSRF token of a form that no script sent; None when it is in `CSRF_HEADER`
        """
        session = self.need(request)
        origin = request.headers.get("Origin")
        if origin is not None and origin.partition("://")[2] != request.host:
            raise web.HTTPForbidden(text=N_("This request came from another site."))
        token = request.headers.get(CSRF_HEADER, "") if sent is None else sent
        if not hmac.compare_digest(token.encode(errors="surrogatepass"), self.csrf_token(session).encode()):
            raise web.HTTPForbidden(text=N_("Reload the page and try again."))
        return session


def language_for(request: web.Request, session: Session) -> str:
    """Return the language to answer in: chosen by hand, else the first that browser and Easel both know."""
    if session.language in languages():
        return session.language
    wanted = [
        part.partition(";")[0].strip() for part in request.headers.get("Accept-Language", "").split(",")
    ]
    known = (language_of(tag) for tag in wanted if tag.partition("-")[0] in languages())
    return next(known, SOURCE)


def in_language(session: Session, language: str) -> Session:
    """Return the session with a language chosen by hand; an unknown language clears the choice."""
    return replace(session, language=language if language in languages() else "")

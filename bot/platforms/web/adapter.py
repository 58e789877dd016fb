"""Serve the web chat: its page, its routes and a stream of events. It translates and decides nothing."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp_jinja2
import jinja2
from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response

from bot.config import Secret, is_loopback
from bot.platforms.web import serializers as views
from bot.platforms.web.admin import AdminPages
from bot.platforms.web.errors import error_pages
from bot.platforms.web.events import EventStreams, end_stream
from bot.platforms.web.pages import GalleryPages
from bot.platforms.web.rate_limit import RequestLimiter
from bot.platforms.web.requests import MOST_BODY, read_body
from bot.platforms.web.security import own_names_only, secure
from bot.platforms.web.session import CSRF_HEADER, Session, Sessions, in_language, language_for
from bot.platforms.web.verifying import VerifyPages
from bot.ports import Service
from bot.records import Delivery
from commands.chat import Answer, Ask, Picture, Post
from commands.i18n import language_name, languages
from commands.reactions import FAVOURITE
from commands.registry import split_line
from engine.painting.encoding import PNG, suffix_of

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent
SERVER = "web:local"
VISITOR = web.RequestKey("visitor", Session)
FOREVER = "private, max-age=31536000, immutable"
_KEY = re.compile(r"[\w-]{8,64}", re.ASCII)
_NAME = re.compile(r"[\w-]{1,64}", re.ASCII)


class WebPlatform:
    """Implements `bot.ports.Platform` for browsers."""

    name = "web"

    def __init__(
        self,
        host: str,
        port: int,
        limiter: RequestLimiter,
        secret: bytes,
        admin_token: Secret | None,
        probes: Sequence[web.AbstractRouteDef] = (),
        clock: Callable[[], float] = time.time,
        behind_proxy: bool = False,
    ) -> None:
        """host and port to listen on, 0 for any free one; secret: signs cookies; probes: routes of `Probes`

        clock: UTC epoch seconds; behind_proxy: whether a proxy of ours checks the Host header
        """
        self._host, self._port, self._admin_token, self._clock = host, port, admin_token, clock
        self._sessions, self._probes = Sessions(secret, admin_token), probes
        self._streams, self._is_local = EventStreams(), is_loopback(host) and not behind_proxy
        self._runner: web.AppRunner | None = None
        self._limiter = limiter
        self._service: Service

    @property
    def address(self) -> str:
        """The address of the page, once started."""
        host, port = self._runner.addresses[0][:2] if self._runner else (self._host, self._port)
        return f"http://{host}:{port}"

    @property
    def connected(self) -> bool:
        """See `Platform.connected`."""
        return self._runner is not None

    async def start(self, service: Service) -> None:
        """See `Platform.start`."""
        self._service = service
        errors = error_pages(service, self._sessions, self._render)
        slashes = web.normalize_path_middleware(append_slash=False, remove_slash=True, merge_slashes=False)
        app = web.Application(client_max_size=MOST_BODY, middlewares=[errors, slashes])
        aiohttp_jinja2.setup(app, loader=jinja2.FileSystemLoader(FOLDER / "templates"), autoescape=True)
        app.add_routes(self._routes())
        app.add_routes(self._probes)
        app.add_routes(GalleryPages(service, self._asking, self._render).routes())
        app.add_routes(VerifyPages(service, self._asking, self._render, self._sessions).routes())
        app.add_routes(AdminPages(service, self._asking, self._render, self._sessions).routes())
        app.on_response_prepare.append(secure)
        first = [own_names_only, self._limiter.guard] if self._is_local else [self._limiter.guard]
        app.middlewares[:0] = first
        runner = web.AppRunner(app, shutdown_timeout=1, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner
        log.info("the web chat is at %s", self.address)

    def _routes(self) -> Sequence[web.AbstractRouteDef]:
        return [
            web.get("/", self._page),
            web.get("/events", self._events),
            web.get("/history", self._history),
            web.get("/vocabulary", self._vocabulary),
            web.get("/pictures/{file}", self._picture),
            web.get("/shapes/{shape}.png", self._icon),
            web.post("/ask", self._ask),
            web.post("/like", self._like),
            web.post("/language", self._language),
            web.post("/admin", self._admin),
            web.static("/static", FOLDER / "static"),
        ]

    async def stop(self) -> None:
        """See `Platform.stop`."""
        self._streams.close()
        if self._runner:
            await self._runner.cleanup()

    async def preview(self, delivery: Delivery, layouts: Sequence[Picture]) -> None:
        """See `Platform.preview`."""
        pictures = [views.preview_view(layout) for layout in layouts]
        self._streams.send(delivery.channel, {"type": "preview", "job": delivery.job, "pictures": pictures})

    async def wait(self, delivery: Delivery, answer: Answer) -> None:
        """See `Platform.wait`."""
        event = {"type": "waiting", "job": delivery.job, "text": answer.text, "seconds": self._left(answer)}
        self._streams.send(delivery.channel, event)

    def _left(self, answer: Answer) -> float | None:
        """Return the seconds until it is due: a browser's clock may be wrong."""
        return None if answer.due is None else answer.due - self._clock()

    async def post(self, delivery: Delivery, post: Post) -> str:
        """See `Platform.post`. The post is in the history, so this succeeds when nobody listens."""
        pictures = [views.picture_view(picture) | {"liked": False} for picture in post.pictures]
        kind = "failed" if post.failed else "posted"
        told = {"text": post.text, "sentence": post.sentence}
        event = {"type": kind, "job": delivery.job, **told, "pictures": pictures}
        self._streams.send(delivery.channel, event)
        return f"web:{delivery.job}"

    async def tell(self, channel: str, post: Post) -> None:
        """See `Platform.tell`. Only an open page shows it."""
        pictures = [views.picture_view(picture) | {"liked": False} for picture in post.pictures]
        shown = {"text": post.text, "pictures": pictures, "buttons": views.buttons_view(post)}
        self._streams.send(channel, {"type": "told", **shown})

    async def revise(self, delivery: Delivery, old: str, post: Post) -> str:
        """See `Platform.revise`. Open pages remove deleted pictures, and hide hidden ones."""
        kept = [picture.id for picture in post.pictures]
        hidden = [picture.id for picture in post.pictures if picture.hidden]
        change = {"kept": kept, "hidden": hidden, "text": post.text}
        self._streams.send(delivery.channel, {"type": "revised", "job": delivery.job, **change})
        return old

    async def _page(self, request: web.Request) -> web.StreamResponse:
        translate = self._service.translate(language_for(request, self._visitor(request)))
        return self._render(request, "chat.html", {"here": "chat", "words": views.words_view(translate)})

    def _visitor(self, request: web.Request) -> Session:
        """Return the session of a page's reader, or a new one."""
        session = request.get(VISITOR) or self._sessions.read(request) or self._sessions.fresh()
        request[VISITOR] = session
        return session

    def _asking(self, request: web.Request) -> Ask:
        return self._ask_of(request, self._visitor(request), "", "")

    def _render(self, request: web.Request, template: str, values: Mapping[str, Any]) -> web.Response:
        """Render a page, with the values that every page needs."""
        session = self._visitor(request)
        language = language_for(request, session)
        translate = self._service.translate(language)
        context = {
            "_": translate,
            "words": {"said": views.labels_view(translate)},
            "language": language,
            "languages": [(code, language_name(code)) for code in languages()],
            "csrf": self._sessions.csrf_token(session),
            "csrf_header": CSRF_HEADER,
            "is_admin": session.is_admin,
            "can_be_admin": self._admin_token is not None and not session.is_admin,
            **values,
        }
        response = aiohttp_jinja2.render_template(template, request, context)
        response.headers["Cache-Control"] = "no-store"
        self._sessions.write(response, session, request)
        return response

    async def _events(self, request: web.Request) -> web.StreamResponse:
        session = self._sessions.need(request)
        if request.transport is None:
            return web.Response()  # the reader left before the stream began
        with contextlib.suppress(ConnectionResetError):
            async with sse_response(request) as stream:
                await self._forward(stream, session.channel)
            return stream
        return web.Response()  # the reader left while it began

    async def _forward(self, stream: EventSourceResponse, channel: str) -> None:
        with self._streams.listen(channel) as queue, contextlib.suppress(ConnectionResetError):
            left = asyncio.create_task(stream.wait())
            left.add_done_callback(lambda _: end_stream(queue))
            await stream.send("", event="open")
            while (event := await queue.get()) is not None:
                await stream.send(event)

    async def _history(self, request: web.Request) -> web.StreamResponse:
        session = self._sessions.need(request)
        entries = await self._service.history(session.person, session.channel)
        return _json([views.entry_view(entry) for entry in entries])

    async def _vocabulary(self, request: web.Request) -> web.StreamResponse:
        session = self._sessions.need(request)
        return _json(views.vocabulary_view(self._service.vocabulary, language_for(request, session)))

    async def _icon(self, request: web.Request) -> web.StreamResponse:
        try:
            data = await asyncio.to_thread(views.icon, request.match_info["shape"])
        except KeyError:
            raise web.HTTPNotFound from None
        return web.Response(body=data, content_type=PNG, headers={"Cache-Control": "max-age=86400"})

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        self._sessions.need(request)
        name, suffix = os.path.splitext(request.match_info["file"])
        picture = await self._service.picture(name) if _NAME.fullmatch(name) else None
        if picture is None or suffix_of(picture.media_type) != suffix:
            raise web.HTTPNotFound
        headers = {"Cache-Control": FOREVER}
        if "download" in request.query:
            headers["Content-Disposition"] = f'attachment; filename="easel-{name}{suffix}"'
        return web.Response(body=picture.data, content_type=picture.media_type, headers=headers)

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        session = self._sessions.guard(request)
        body = await read_body(request, key=str, line=str)
        if not _KEY.fullmatch(body["key"]):
            raise web.HTTPBadRequest(text="key must be 8 to 64 letters, digits, - or _.")
        ask = self._ask_of(request, session, body["key"], body["line"])
        answer = await self._service.handle(ask)
        known = [await self._service.find(ask, picture.id) for picture in answer.pictures]
        pictures = [
            views.picture_view(picture) | {"liked": any(each.liked for each in records)}
            for picture, records in zip(answer.pictures, known, strict=True)
        ]
        view = {"text": answer.text, "job": answer.job, "refused": answer.refused, "pictures": pictures}
        view["attachments"] = [views.attachment_view(each) for each in answer.attachments]
        return _json({**view, "seconds": self._left(answer), "buttons": views.buttons_view(answer)})

    def _ask_of(self, request: web.Request, session: Session, key: str, line: str) -> Ask:
        command, words = split_line(line)
        return Ask(
            key=f"web:{key}",
            person=session.person,
            server=SERVER,
            channel=session.channel,
            command=command,
            words=words,
            is_admin=session.is_admin,
            locale=language_for(request, session),
        )

    async def _like(self, request: web.Request) -> web.StreamResponse:
        session = self._sessions.guard(request)
        body = await read_body(request, picture=str, on=bool)
        ask = Ask("", session.person, SERVER, session.channel, FAVOURITE, body["picture"])
        refusal = await self._service.react(ask, body["on"])
        if refusal is not None or not await self._service.find(ask, ask.words):
            raise web.HTTPNotFound(text="There is no such picture.")
        return _json({"on": body["on"]})

    async def _language(self, request: web.Request) -> web.StreamResponse:
        session = self._sessions.guard(request)
        body = await read_body(request, language=str)
        response = _json({})
        self._sessions.write(response, in_language(session, body["language"]), request)
        return response

    async def _admin(self, request: web.Request) -> web.StreamResponse:
        session = self._sessions.guard(request)
        body = await read_body(request, token=str)
        right = self._admin_token is not None and self._admin_token.equals(body["token"])
        response = _json({"admin": right}, status=200 if right else 403)
        if right:
            self._sessions.write(response, replace(session, is_admin=True), request)
        return response


def _json(value: object, status: int = 200) -> web.Response:
    return web.json_response(value, status=status, headers={"Cache-Control": "no-store"})

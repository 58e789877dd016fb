"""Answer errors with one plain sentence.

A browser that asked for a page gets one in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.platforms.web.pages import Render
from bot.platforms.web.session import Sessions, language_for
from bot.ports import Service
from commands.chat import UserError
from commands.i18n import N_

SENTENCES: Mapping[int, str] = MappingProxyType(
    {
        400: N_("That cannot be read. Please go back and try again."),
        404: N_("There is no such page."),
        405: N_("There is no such page."),
        408: N_("That took too long to arrive. Please try again."),
        413: N_("That is too long to be read."),
    }
)
"""Sentences for statuses that come without one."""
FOR_SCRIPTS = frozenset(
    {
        *("static", "pictures", "shapes", "events", "history", "vocabulary"),
        *("ask", "like", "language", "healthz", "metrics"),
    }
)
"""First parts of addresses that are no pages."""


def error_pages(service: Service, sessions: Sessions, render: Render) -> Middleware:
    """Return a middleware that explains refusals; what the service raises becomes status 503."""

    def answer(
        request: web.Request, status: int, sentence: str, values: Mapping[str, object]
    ) -> web.Response:
        session = sessions.read(request) or sessions.fresh()
        text = service.translate(language_for(request, session))(sentence, **values)
        if not wants_page(request):
            return web.Response(text=text, status=status, headers={"Cache-Control": "no-store"})
        page = render(request, "refused.html", {"here": "", "sentence": text})
        page.set_status(status)
        return page

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except UserError as error:
            return answer(request, 503, error.sentence, error.values)
        except web.HTTPException as error:
            if error.status < 400 or not wants_page(request):
                raise
            page = answer(request, error.status, _sentence(error), {})
            page.headers.update({name: value for name, value in error.headers.items() if name == "Allow"})
            return page

    return guard


def wants_page(request: web.Request) -> bool:
    """Return whether a person will read the answer."""
    first = request.path.split("/")[1]
    return "text/html" in request.headers.get("Accept", "") and first not in FOR_SCRIPTS


def _sentence(error: web.HTTPException) -> str:
    """Return its own sentence, or that of its status."""
    if error.status == 403 and error.text:
        return error.text
    return SENTENCES.get(error.status, N_("Something went wrong while I answered you. Please try again."))

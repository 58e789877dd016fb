"""What is told in place of an answer: one plain sentence, in the reader's language where Easel itself is in
trouble or a browser asked for a page, which it then stands on.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.platforms.web.pages import Render
from bot.platforms.web.session import Sessions, spoken
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
"""What a reader is told of a status that comes without a sentence of its own."""
FOR_SCRIPTS = frozenset(
    {
        *("static", "pictures", "shapes", "events", "history", "vocabulary"),
        *("ask", "like", "language", "healthz", "metrics"),
    }
)
"""How an address begins that is no page's."""


def telling(service: Service, sessions: Sessions, render: Render) -> Middleware:
    """Says what is refused, and with status 503 what the house raises, for it is no mistake of the page's."""

    def answer(
        request: web.Request, status: int, sentence: str, values: Mapping[str, object]
    ) -> web.Response:
        session = sessions.read(request) or sessions.fresh()
        text = service.translate(spoken(request, session))(sentence, **values)
        if not wants_page(request):
            return web.Response(text=text, status=status, headers={"Cache-Control": "no-store"})
        page = render(request, "refused.html", {"here": "", "sentence": text})
        page.set_status(status)
        return page

    @web.middleware
    async def told(request: web.Request, handler: Handler) -> web.StreamResponse:
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

    return told


def wants_page(request: web.Request) -> bool:
    """Whether a person will look at the answer."""
    first = request.path.split("/")[1]
    return "text/html" in request.headers.get("Accept", "") and first not in FOR_SCRIPTS


def _sentence(error: web.HTTPException) -> str:
    """Its own, or that of its status."""
    if error.status == 403 and error.text:
        return error.text
    return SENTENCES.get(error.status, N_("Something went wrong while I answered you. Please try again."))

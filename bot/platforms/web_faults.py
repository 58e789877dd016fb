"""What a page is told when Easel itself is in trouble: one plain sentence, in the reader's language."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.platforms.base import House
from bot.platforms.web_session import Sessions, spoken
from commands.chat import UserError


def telling(house: House, sessions: Sessions) -> Middleware:
    """Says what the house raises as an answer of status 503, for it is no mistake of the page's."""

    @web.middleware
    async def told(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except UserError as error:
            session = sessions.read(request) or sessions.fresh()
            text = house.translate(spoken(request, session))(error.sentence, **error.values)
            return web.Response(text=text, status=503, headers={"Cache-Control": "no-store"})

    return told

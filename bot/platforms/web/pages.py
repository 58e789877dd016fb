"""Serve the gallery and the page of one picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.platforms.web import serializers as views
from bot.ports import Service
from commands.chat import Ask, Translate
from commands.gallery import MOST_PAGES, SHOWS
from commands.i18n import N_
from commands.parsing.labels import label, labels
from commands.parsing.written import line_of
from commands.services.context import Record, Search
from commands.text.captions import alt_of, caption_of
from engine.conditions import Asked

PAGE_SIZE = 24
KINDS: Mapping[str, str] = {
    "style": N_("Style"),
    "color": N_("Color"),
    "shape": N_("Shape"),
    "scene": N_("Scene"),
}
_SHOWS: Mapping[str, str] = {
    "mine": N_("Mine"),
    "server": N_("Everybody's"),
    "favourites": N_("My favourites"),
}
_NAME = re.compile(r"[\w-]{1,64}", re.ASCII)

Render = Callable[[web.Request, str, Mapping[str, Any]], web.Response]
"""Renders a template, by its name and its values."""
Asking = Callable[[web.Request], Ask]
"""Returns an empty ask of whoever looks at a page."""


class GalleryPages:
    """The routes of the gallery."""

    def __init__(self, service: Service, asking: Asking, render: Render) -> None:
        self._service, self._asking, self._render = service, asking, render

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Return the routes."""
        return [web.get("/gallery", self._gallery), web.get("/picture/{id}", self._picture)]

    async def _gallery(self, request: web.Request) -> web.StreamResponse:
        ask = self._asking(request)
        search = self._search(request.query)
        found = await self._service.search(ask, search)
        translate = self._service.translate(ask.locale)
        values = {
            "here": "gallery",
            "shows": [(show, translate(_SHOWS[show])) for show in SHOWS],
            "kinds": self._kinds(ask.locale, translate),
            "chosen": {"show": search.show} | {kind: request.query.get(kind, "") for kind in KINDS},
            "pictures": [_thumbnail(each, ask.locale) for each in found.records],
            **_paging(request.query, search, found.total),
        }
        return self._render(request, "gallery.html", values)

    def _search(self, query: Mapping[str, str]) -> Search:
        """Read a search, without what is no word of the vocabulary."""
        names = {kind: self._service.vocabulary.find(kind, query.get(kind, "")) for kind in KINDS}
        style, color = names["style"], names["color"]
        like = Asked(
            style=((style, 1.0),) if style else None,
            colors=(color,) if color else None,
            shape=names["shape"],
            scene=names["scene"],
        )
        show, page = query.get("show", ""), query.get("page", "")
        number = int(page) if re.fullmatch(r"[1-9][0-9]{0,5}", page) else 1
        return Search(show if show in SHOWS else "server", like, min(number, MOST_PAGES), PAGE_SIZE)

    def _kinds(self, locale: str, translate: Translate) -> list[tuple[str, str, Sequence[tuple[str, str]]]]:
        """Return each kind with its words in the reader's language."""
        words = self._service.vocabulary
        return [
            (
                kind,
                translate(label),
                labels(words, kind, [each.name for each in words.words(kind)], locale),
            )
            for kind, label in KINDS.items()
        ]

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        ask = self._asking(request)
        name = request.match_info["id"]
        found = await self._service.find(ask, name) if _NAME.fullmatch(name) else ()
        if len(found) != 1:
            raise web.HTTPNotFound
        [record] = found
        translate = self._service.translate(ask.locale)
        values = {
            "here": "",
            "picture": _thumbnail(record, ask.locale),
            "liked": record.liked,
            "facts": self._facts(record, ask.locale, translate),
            "next": _next(record, translate),
        }
        return self._render(request, "picture.html", values)

    def _facts(self, record: Record, locale: str, translate: Translate) -> list[tuple[str, str]]:
        conditions, name = record.conditions, partial(label, self._service.vocabulary)
        shapes = [each for each in (conditions.shape, *(other.shape for other in conditions.others)) if each]
        style = ", ".join(f"{name('style', each, locale)} {share:.0%}" for each, share in conditions.style)
        colors = ", ".join(name("color", each, locale) for each in conditions.colors)
        made = datetime.fromtimestamp(record.made_at, UTC)
        return [
            (translate("Style"), style),
            (translate("Color"), colors),
            (translate("Shape"), ", ".join(name("shape", each, locale) for each in shapes)),
            (translate("Scene"), name("scene", conditions.scene, locale)),
            (translate("Seed"), str(conditions.seed)),
            (translate("Chaos"), str(conditions.chaos)),
            (translate("Pixels"), f"{record.width} × {record.height}"),
            (translate("Painted"), f"{made:%Y-%m-%d %H:%M} UTC"),
            (translate("Line"), f"/paint {line_of(conditions)}"),
        ]


def _next(record: Record, translate: Translate) -> list[tuple[str, str]]:
    """Return what can be done next, each with its line, which the reader still has to send."""
    verbs = (("reroll", N_("Reroll")), ("vary", N_("Vary")), ("upscale", N_("Upscale")))
    lines = [(translate(label), f"/{verb} {record.number}") for verb, label in verbs]
    return [(translate("Paint this again"), f"/paint {line_of(record.conditions)}"), *lines]


def _thumbnail(record: Record, locale: str) -> dict[str, Any]:
    return {
        "id": record.id,
        "src": views.source_of(record.id, record.media_type),
        "alt": alt_of(record.conditions, locale),
        "caption": caption_of(record.conditions, locale),
        "width": record.width,
        "height": record.height,
        "number": record.number,
        "favourites": record.favourites,
        "hidden": bool(record.hidden_by),
    }


def _paging(query: Mapping[str, str], search: Search, total: int) -> dict[str, Any]:
    """Return which page this is, and the addresses of its neighbours."""
    pages = -(-total // search.size)

    def address(page: int) -> str:
        return f"/gallery?{urlencode({**query, 'page': page})}"

    return {
        "page": search.page,
        "pages": pages,
        "total": total,
        "newer": address(search.page - 1) if search.page > 1 else "",
        "older": address(search.page + 1) if search.page < pages else "",
    }

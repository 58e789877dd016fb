"""/gallery: list finished pictures, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from commands.chat import Answer, Ask, Button, Translate
from commands.command import Command, Option
from commands.i18n import N_
from commands.parsing.line import parse
from commands.parsing.sanitize import MAX_LINE, readable
from commands.parsing.values import whole_number
from commands.requests import OPTIONS
from commands.services.context import Page, Search, Services
from commands.text.captions import caption_of

SHOWS = MappingProxyType(
    {
        "mine": ("mine", "我的"),
        "server": ("server", "everyone", "all", "大家", "所有人", "服务器", "伺服器"),
        "favourites": ("favourites", "favorites", "收藏"),
    }
)
MOST_PAGES = 100_000
_SHOW = {word: show for show, words in SHOWS.items() for word in words}
_PAGE = re.compile(r"(?<!\S)(?:page|页|頁)\s*=\s*(\S*)", re.IGNORECASE)


async def _run(ask: Ask, services: Services) -> Answer:
    """Show a page of pictures. Raises UserError for words that cannot be read."""
    search = read_search(ask, services)
    page = await services.pictures.search(ask, search)
    if not page.records:
        return Answer(services.translate("There are no pictures here yet."), private=True)
    pictures = await services.pictures.load(page.records, ask.locale)
    text = _in_words(search, page, ask.locale, services.translate)
    buttons = _turns(ask.words, search, page, services.translate)
    return Answer(text, tuple(pictures), private=True, buttons=buttons)


def read_search(ask: Ask, services: Services) -> Search:
    """Read `[mine|server|favourites] [page=N]`, and what the pictures show, as for /paint."""
    text = readable(ask.words[: MAX_LINE + 1])
    page = 1
    if found := _PAGE.search(text):
        page = whole_number("page", found[1], 1, MOST_PAGES)
        text = f"{text[: found.start()]} {text[found.end() :]}"
    first, _, rest = text.strip().partition(" ")
    show = _SHOW.get(first.casefold())
    asked = parse(rest if show else text, services.vocabulary, ask.locale)
    return Search(show or "mine", replace(asked, count=1), page)


def _in_words(search: Search, page: Page, locale: str, translate: Translate) -> str:
    pages = -(-page.total // search.size)
    lines = [f"{each.number} – {caption_of(each.conditions, locale)}" for each in page.records]
    head = translate(
        "Page {page} of {pages}; pictures: {total}.", page=search.page, pages=pages, total=page.total
    )
    return "\n".join([head, *lines, *_undelivered(page, translate)])


def _undelivered(page: Page, translate: Translate) -> Iterator[str]:
    """List the pictures that no platform took, for the person who asked for them."""
    numbers = ", ".join(str(each.number) for each in page.records if each.undelivered)
    if numbers:
        yield translate("I could post these nowhere, and did not charge them: {numbers}.", numbers=numbers)


def _turns(words: str, search: Search, page: Page, translate: Translate) -> tuple[Button, ...]:
    """Make the buttons to the pages before and after this one."""
    same = " ".join(_PAGE.sub(" ", readable(words)).split()) or "mine"
    turns = []
    if search.page > 1:
        turns.append(Button("gallery", f"{same} page={search.page - 1}", translate("Newer"), "◀️"))
    if search.page * search.size < page.total:
        turns.append(Button("gallery", f"{same} page={search.page + 1}", translate("Older"), "▶️"))
    return tuple(turns)


COMMAND = Command(
    "gallery",
    N_("Browse pictures: yours, the server's, your favourites."),
    _run,
    (
        Option("show", "choice", N_("Whose pictures"), choices=tuple(SHOWS), bare=True),
        *(each for each in OPTIONS if each.kind in ("style", "color", "shape", "scene")),
        Option("page", "number", N_("The page, the newest pictures first"), 1, MOST_PAGES),
    ),
    aliases=("图库",),
    examples=("/gallery", "/gallery server style=ink", "/gallery favourites page=2"),
)

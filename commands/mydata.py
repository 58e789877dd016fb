"""/mydata: see, get, hide or delete everything that Easel keeps of a person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from commands.chat import Answer, Ask, Attachment, Button, UserError
from commands.command import Command, Option
from commands.i18n import N_
from commands.parsing.sanitize import echo, readable
from commands.parsing.values import whole_number
from commands.services.context import Services
from commands.services.own_data import ON, PRIVATE

MOST_PARTS = 100_000
_YES = ("yes", "是")
_SHOWN = N_(
    "I keep {requests} requests of yours, {pictures} pictures and {reactions} reactions, and what I learned"
    " of your taste. /mydata get gives you all of it, /mydata forget deletes it, and /mydata private keeps"
    " it out of this server's gallery and taste."
)
_SURE = N_(
    "This deletes your pictures, favourites, taste, settings and account links here, for good, on all your"
    " linked accounts. What is posted in chats stays there: delete that first if it shall go too. Today's"
    " usage and blocks still count. If you are sure, say /mydata forget yes."
)
_FORGOTTEN = N_("You are forgotten: {pictures} pictures and everything else of yours are deleted.")
_PRIVATE = N_(
    "From now on your pictures are in no server's gallery but yours, and servers learn nothing from what you"
    " like. /mydata public undoes this."
)
_PUBLIC = N_("Your pictures are in the gallery of the server where you asked for them, as usual.")

Run = Callable[[Ask, str, Services], Awaitable[Answer]]
"""Runs an action with the words after it."""


async def _run(ask: Ask, services: Services) -> Answer:
    """Run the action of the first word. Raises UserError for an unknown one."""
    word, _, rest = readable(ask.words).partition(" ")
    action = _BY_WORD.get(word.casefold() or "show")
    if action is None:
        known = ", ".join(ACTIONS)
        raise UserError("There is no /mydata {word}; there are {known}.", word=echo(word) or "?", known=known)
    return await _RUN[action](ask, rest.strip(), services)


async def _show(ask: Ask, rest: str, services: Services) -> Answer:
    found = await services.own_data.count(ask)
    kinds = {"requests": "jobs", "pictures": "pictures", "reactions": "reactions"}
    counts = {name: found.get(table, 0) for name, table in kinds.items()}
    text = services.translate(_SHOWN, **counts)
    return Answer(text, private=True, buttons=(Button("mydata", "get", services.translate("Get it"), "📦"),))


async def _get(ask: Ask, rest: str, services: Services) -> Answer:
    number = whole_number("part", rest.removeprefix("part="), 1, MOST_PARTS) if rest else 1
    part = await services.own_data.part(ask, number)
    told = {"part": part.number, "parts": part.parts}
    text = services.translate("Everything that I keep of you, part {part} of {parts}.", **told)
    name = f"easel-data-{part.number}.zip"
    more = Button("mydata", f"get {number + 1}", services.translate("Next part"), "▶️")
    return Answer(
        text,
        private=True,
        direct=True,
        attachments=(Attachment(name, part.data, "application/zip"),),
        buttons=(more,) if part.number < part.parts else (),
    )


async def _forget(ask: Ask, rest: str, services: Services) -> Answer:
    if rest.casefold() in _YES:
        pictures = await services.own_data.forget(ask)
        return Answer(services.translate(_FORGOTTEN, pictures=pictures), private=True)
    button = Button("mydata", "forget yes", services.translate("Forget everything"), "🧹")
    return Answer(services.translate(_SURE), private=True, buttons=(button,))


async def _private(ask: Ask, rest: str, services: Services) -> Answer:
    await services.settings.change(ask, ask.person, {PRIVATE: ON})
    return Answer(services.translate(_PRIVATE), private=True)


async def _public(ask: Ask, rest: str, services: Services) -> Answer:
    await services.settings.change(ask, ask.person, {PRIVATE: None})
    return Answer(services.translate(_PUBLIC), private=True)


ACTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "show": ("show", "查看"),
        "get": ("get", "export", "下载", "下載"),
        "forget": ("forget", "delete", "忘记", "忘記"),
        "private": ("private", "私密"),
        "public": ("public", "公开", "公開"),
    }
)
"""The actions, and the words for each."""
_BY_WORD = {word: action for action, spoken in ACTIONS.items() for word in spoken}
_RUN: Mapping[str, Run] = MappingProxyType(
    {"show": _show, "get": _get, "forget": _forget, "private": _private, "public": _public}
)
COMMAND = Command(
    name="mydata",
    aliases=("我的数据",),
    summary=N_("See, get, hide or delete everything that I keep of you."),
    run=_run,
    options=(
        Option("action", "choice", N_("What to do"), choices=tuple(ACTIONS), bare=True),
        Option("which", "text", N_("For get: the part; for forget: yes, if you are sure"), bare=True),
    ),
    examples=("/mydata", "/mydata get", "/mydata forget", "/mydata private"),
)

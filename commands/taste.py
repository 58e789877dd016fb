"""/taste: what Easel knows of a person's taste, and the person's say over it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from commands import taste_words as words
from commands.chat import Answer, Ask, Button, UserError
from commands.cleaning import echo, readable
from commands.command import Command, Option
from commands.context import Context
from commands.redo import find_one
from commands.words import N_

SETTING = "taste"
"""The person's setting; "off" when nothing is to be learnt, and unset otherwise."""
OFF = "off"
_YES = ("yes", "是")

Run = Callable[[Ask, str, Context], Awaitable[Answer]]
"""Takes what was asked, and what stands after the action."""


async def run(ask: Ask, context: Context) -> Answer:
    """Do what the first word says. Raises UserError for an unknown one."""
    word, _, rest = readable(ask.words).partition(" ")
    action = _BY_WORD.get(word.casefold() or "show")
    if action is None:
        known = ", ".join(ACTIONS)
        raise UserError("There is no /taste {word}; there are {known}.", word=echo(word) or "?", known=known)
    return await _RUN[action](ask, rest.strip(), context)


async def _show(ask: Ask, rest: str, context: Context) -> Answer:
    translate = context.translate
    if await _is_off(ask, context):
        return _said(
            translate("Your taste is off: I learn nothing of it and choose by chance. /taste on turns it on.")
        )
    portrait = await context.tastes.views.portrait(ask)
    if not portrait.told:
        return _said(
            translate("I know nothing of your taste yet: give a picture a heart, and I start to learn.")
        )
    head = translate("What you like (×2: twice the odds of a favourite; in brackets the interval of 95 %):")
    foot = translate(
        "Learnt from {told} things that you did. /taste why and a picture's number says what led to it.",
        told=portrait.told,
    )
    return _said("\n".join([head, *words.lines(portrait, context, ask.locale), foot]))


async def _server(ask: Ask, rest: str, context: Context) -> Answer:
    portrait = await context.tastes.views.server(ask)
    if not portrait.likings:
        return _said(context.translate("I know nothing of this server's taste yet."))
    head = context.translate(
        "What is liked on this server (×2: twice the odds of a favourite; in brackets the interval of 95 %):"
    )
    return _said("\n".join([head, *words.lines(portrait, context, ask.locale)]))


async def _why(ask: Ask, rest: str, context: Context) -> Answer:
    if len(rest.split()) != 1:
        raise UserError("Say which picture by its number, for example {example}.", example="/taste why 7")
    record = await find_one(ask, rest, context)
    if record.person != ask.person:
        raise UserError("Only who asked for a picture may see what led to it.")
    why = await context.tastes.views.why(ask, record.job, record.id, record.conditions)
    return _said("\n".join(words.reasons(why, context, ask.locale)))


async def _reset(ask: Ask, rest: str, context: Context) -> Answer:
    translate = context.translate
    if rest.casefold() in _YES:
        await context.tastes.reset(ask)
        return _said(translate("Your taste is forgotten."))
    text = translate(
        "This forgets what you like and what you did with pictures, for good; your favourites stay."
        " Sure? Then say /taste reset yes."
    )
    button = Button("taste", "reset yes", translate("Forget it"), "🧹")
    return Answer(text, private=True, buttons=(button,))


async def _off(ask: Ask, rest: str, context: Context) -> Answer:
    await context.settings.change(ask, ask.person, {SETTING: OFF})
    return _said(
        context.translate(
            "Your taste is off: from now on I write nothing down of it and choose by chance."
            " What I learnt is kept until you say /taste reset."
        )
    )


async def _on(ask: Ask, rest: str, context: Context) -> Answer:
    await context.settings.change(ask, ask.person, {SETTING: None})
    return _said(
        context.translate(
            "Your taste is on: I learn from what you do with pictures, and choose what you leave open."
        )
    )


async def _lift(ask: Ask, rest: str, context: Context) -> Answer:
    if not ask.is_admin:
        raise UserError("Only an admin of this server may see that.")
    return _said(words.worth(await context.tastes.views.lift(ask), context.translate))


async def _is_off(ask: Ask, context: Context) -> bool:
    return (await context.settings.of(ask.person)).get(SETTING) == OFF


def _said(text: str) -> Answer:
    return Answer(text, private=True)


ACTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "show": ("show", "查看"),
        "why": ("why", "为什么", "為什麼"),
        "server": ("server", "服务器", "伺服器"),
        "off": ("off", "关", "關"),
        "on": ("on", "开", "開"),
        "reset": ("reset", "重置"),
        "lift": ("lift", "效果"),
    }
)
"""What can be done, and how each may be said."""
_BY_WORD = {word: action for action, spoken in ACTIONS.items() for word in spoken}
_RUN: Mapping[str, Run] = MappingProxyType(
    {
        "show": _show,
        "why": _why,
        "server": _server,
        "off": _off,
        "on": _on,
        "reset": _reset,
        "lift": _lift,
    }
)
COMMAND = Command(
    name="taste",
    aliases=("口味",),
    summary=N_("See, correct or forget what I know of your taste."),
    run=run,
    options=(
        Option("action", "choice", N_("What to do"), choices=tuple(ACTIONS), bare=True),
        Option("picture", "text", N_("For why: the picture's number"), bare=True),
    ),
    examples=("/taste show", "/taste why 7", "/taste off", "/taste reset", "/taste server"),
)

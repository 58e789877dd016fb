"""/taste: show, correct or forget what Easel knows of a person's taste."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from commands.chat import Answer, Ask, Attachment, Button, UserError
from commands.command import Command, Option
from commands.i18n import N_, translator
from commands.parsing.sanitize import echo, readable
from commands.requests import find_one
from commands.services.context import Record, Services
from commands.services.tastes import OFF, PROFILE, PROFILES, SETTING, Portrait
from commands.text import taste_card
from commands.text import tastes as words

_USUAL = ("usual", "平常")
_IN_USE: Mapping[str, str] = MappingProxyType(
    {
        "": N_("Your usual taste is in use."),
        "work": N_("Your taste for work is in use; I learn it separately."),
        "play": N_("Your taste for play is in use; I learn it separately."),
    }
)
_LEARNT = N_("Learned from {told} things you did. /taste why with a picture's number explains that picture.")
_LEARNT_FROM_ONE = N_(
    "Learned from one thing you did. /taste why with a picture's number explains that picture."
)
EXPORT = "easel-taste.json"
_YES = ("yes", "是")

Run = Callable[[Ask, str, Services], Awaitable[Answer]]
"""Runs an action with the words after it."""


async def _run(ask: Ask, services: Services) -> Answer:
    """Run the action of the first word. Raises UserError for an unknown one."""
    word, _, rest = readable(ask.words).partition(" ")
    action = _BY_WORD.get(word.casefold() or "show")
    if action is None:
        known = ", ".join(ACTIONS)
        raise UserError("There is no /taste {word}; there are {known}.", word=echo(word) or "?", known=known)
    return await ACTIONS[action][0](ask, rest.strip(), services)


async def _show(ask: Ask, rest: str, services: Services) -> Answer:
    translate = services.translate
    if await _is_off(ask, services):
        return _said(
            translate("Your taste is off: I learn nothing and choose by chance. /taste on turns it on.")
        )
    portrait = await services.tastes.views.portrait(ask)
    used = [translate(_IN_USE[portrait.profile])] if portrait.profile else []
    if not portrait.learned_from:
        nothing = translate("I do not know your taste yet; give a picture a heart, and I start to learn.")
        return _said("\n".join([*used, nothing]))
    head = translate(
        "What you like (×2 means twice the odds of a favourite; the 95 % interval is in brackets):"
    )
    foot = translate(_LEARNT_FROM_ONE if portrait.learned_from == 1 else _LEARNT, told=portrait.learned_from)
    card = await _card(N_("What you like"), portrait, ask, services)
    return _said("\n".join([*used, head, *words.lines(portrait, services, ask.locale), foot]), card)


async def _server(ask: Ask, rest: str, services: Services) -> Answer:
    portrait = await services.tastes.views.server(ask)
    if not portrait.likings:
        return _said(services.translate("I do not know this server's taste yet."))
    head = services.translate(
        "What people like on this server (×2 means twice the odds of a favourite; the 95 % interval is in"
        " brackets):"
    )
    card = await _card(N_("What is liked here"), portrait, ask, services)
    return _said("\n".join([head, *words.lines(portrait, services, ask.locale)]), card)


async def _why(ask: Ask, rest: str, services: Services) -> Answer:
    if len(rest.split()) != 1:
        raise UserError("Say which picture by its number, for example {example}.", example="/taste why 7")
    record = await find_one(ask, rest, services)
    if record.person != ask.person:
        raise UserError("Only the person who asked for a picture may see why.")
    why = await services.tastes.views.why(ask, record.job, record.id, record.conditions)
    return _said("\n".join(words.reasons(why, services, ask.locale)))


async def _reset(ask: Ask, rest: str, services: Services) -> Answer:
    translate = services.translate
    if rest.casefold() in _YES:
        await services.tastes.reset(ask)
        return _said(translate("Your taste is forgotten."))
    text = translate(
        "This deletes your taste and what you did with pictures, for good; your favourites stay. If"
        " you are sure, say /taste reset yes."
    )
    button = Button("taste", "reset yes", translate("Forget it"), "🧹")
    return Answer(text, private=True, buttons=(button,))


async def _export(ask: Ask, rest: str, services: Services) -> Answer:
    kept = await services.tastes.views.export(ask)
    data = json.dumps(kept, ensure_ascii=False).encode()
    return _said(
        services.translate("Everything that I keep of your taste."),
        Attachment(EXPORT, data, "application/json"),
    )


async def _card(title: str, portrait: Portrait, ask: Ask, services: Services) -> Attachment:
    """Draw the portrait, in the reader's language if there is a font for it."""
    language = taste_card.readable_in(ask.locale)
    records = [each for picture in portrait.nearest for each in await _found(ask, picture, services)]
    paintings = await services.pictures.load(records, ask.locale)
    alt = services.translate("A chart: {lines}", lines="; ".join(words.lines(portrait, services, ask.locale)))
    name = partial(words.name_of, vocabulary=services.vocabulary, locale=language)
    return await asyncio.to_thread(
        taste_card.draw, portrait, translator(language)(title), name, alt, paintings
    )


async def _found(ask: Ask, picture: str, services: Services) -> Sequence[Record]:
    try:
        return await services.pictures.find(ask, picture)
    except UserError:
        # It was deleted a moment ago.
        return ()


async def _use(ask: Ask, rest: str, services: Services) -> Answer:
    said = {word: profile for profile, spoken in PROFILES.items() for word in spoken}
    profile = (said | dict.fromkeys(_USUAL, "")).get(rest.casefold())
    if profile is None:
        raise UserError("Say which of your tastes: /taste use work, play or usual.")
    await services.settings.change(ask, ask.person, {PROFILE: profile or None})
    return _said(services.translate(_IN_USE[profile]))


async def _off(ask: Ask, rest: str, services: Services) -> Answer:
    await services.settings.change(ask, ask.person, {SETTING: OFF})
    return _said(
        services.translate(
            "Your taste is off: from now on I record nothing and choose by chance. What I learned stays"
            " until you say /taste reset."
        )
    )


async def _on(ask: Ask, rest: str, services: Services) -> Answer:
    await services.settings.change(ask, ask.person, {SETTING: None})
    return _said(
        services.translate(
            "Your taste is on: I learn from what you do with pictures, and choose what you leave open."
        )
    )


async def _lift(ask: Ask, rest: str, services: Services) -> Answer:
    if not ask.is_admin:
        raise UserError("Only an admin of this server may see that.")
    return _said(words.worth(await services.tastes.views.lift(ask), services.translate))


async def _is_off(ask: Ask, services: Services) -> bool:
    return (await services.settings.of(ask.person)).get(SETTING) == OFF


def _said(text: str, *attachments: Attachment) -> Answer:
    return Answer(text, private=True, attachments=attachments)


ACTIONS: Mapping[str, tuple[Run, tuple[str, ...]]] = MappingProxyType(
    {
        "show": (_show, ("show", "查看")),
        "why": (_why, ("why", "为什么", "為什麼")),
        "server": (_server, ("server", "服务器", "伺服器")),
        "use": (_use, ("use", "使用")),
        "off": (_off, ("off", "关", "關")),
        "on": (_on, ("on", "开", "開")),
        "reset": (_reset, ("reset", "重置")),
        "export": (_export, ("export", "导出", "匯出")),
        "lift": (_lift, ("lift", "效果")),
    }
)
"""The actions, and the words for each."""
_BY_WORD = {word: action for action, (_, spoken) in ACTIONS.items() for word in spoken}
COMMAND = Command(
    name="taste",
    aliases=("口味",),
    summary=N_("See, correct or forget what I know of your taste."),
    run=_run,
    options=(
        Option("action", "choice", N_("What to do"), choices=tuple(ACTIONS), bare=True),
        Option("which", "text", N_("For why: a picture's number; for use: work, play or usual"), bare=True),
    ),
    examples=(
        "/taste show",
        "/taste why 7",
        "/taste use work",
        "/taste off",
        "/taste reset",
        "/taste export",
        "/taste server",
    ),
)

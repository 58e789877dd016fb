"""/change: paint a picture again with something different, in a person's own words."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from commands.chat import Answer, Ask, Phrase, UserError
from commands.checks import check_line, most_pixels
from commands.command import Command, Option
from commands.i18n import N_
from commands.parsing.changes import changed
from commands.parsing.line import Understood
from commands.parsing.said import notes
from commands.policy.content import AllowedChooser, ContentPolicy
from commands.requests import PICTURE_OR_LAST, named_or_last, request
from commands.services.context import Services
from engine.conditions import Asked, Conditions, complete

EXAMPLE = Phrase(N_("bluer, at night, two more trees"))
WORDS = Option("words", "text", N_("What shall be different, in plain words"), bare=True)


async def _run(ask: Ask, services: Services) -> Answer:
    """Change the named picture, or the last one in the channel. Raises UserError."""
    record, words = await named_or_last(ask, services)
    told = changed(words, record.conditions, services.vocabulary, ask.locale, anyway=True)
    if told is None:
        raise UserError("Say what shall be different, for example {example}.", example=EXAMPLE)
    return await paint_changed(ask, record.conditions, told, services, record.id)


async def paint_changed(
    ask: Ask, old: Conditions, told: Understood, services: Services, picture: str = ""
) -> Answer:
    """Queue the changed picture for whoever asks. Raises UserError.

    told: the whole new wish; picture: id of the old one, empty while it is not painted
    """
    rules, most = await asyncio.gather(services.settings.of(ask.server), most_pixels(ask, services))
    allowed, asked = ContentPolicy.of(rules), told.asked
    check_line(ask, allowed, services.vocabulary)
    if most is not None and asked.size == old.size:
        asked = replace(asked, size=min(old.size, most))
    pictures = complete(asked, AllowedChooser(services.chooser, allowed), services.fresh_seed())
    beside = notes(told, services.vocabulary, ask.locale)
    answer, fresh = await request(ask, pictures, rules, services, beside)
    if fresh:
        await services.tastes.asked(ask, _kinds_changed(old, asked), pictures[0])
        if picture:
            await services.tastes.react(ask, "reroll", True, [picture])
    return answer


def _kinds_changed(old: Conditions, asked: Asked) -> tuple[str, ...]:
    """Return the kinds that changed, of style, color, shape and scene."""
    pairs = {
        "style": (old.style, asked.style),
        "color": (old.colors, asked.colors),
        "shape": (old.shape, asked.shape),
        "scene": (old.scene, asked.scene),
    }
    return tuple(kind for kind, (before, now) in pairs.items() if now and now != before)


COMMAND = Command(
    name="change",
    aliases=("改",),
    summary=N_("Change a picture in your own words."),
    run=_run,
    options=(PICTURE_OR_LAST, WORDS),
    examples=("/change 7 bluer", "/change make it night", "/change 7 add two trees"),
)

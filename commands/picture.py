"""/info, /favourite, /send, /spoiler and /delete, for finished pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from commands.chat import Answer, Ask, Picture, Translate, UserError
from commands.checks import may_change
from commands.command import Command
from commands.i18n import N_
from commands.parsing.line import line_of
from commands.parsing.sanitize import readable
from commands.policy.content import ContentPolicy
from commands.requests import PICTURE, find_one
from commands.services.context import Record, Services
from commands.text.results import buttons_of

STAYS = N_("I may not change the message that shows it, so it stays there until somebody deletes that.")


async def info(ask: Ask, services: Services) -> Answer:
    """Show how pictures were made. Raises UserError when there is none."""
    found = await services.pictures.find(ask, _word(ask, "info"))
    text = "\n".join(facts(each, services.translate) for each in found)
    buttons = buttons_of(_bare(found[0]), services.translate) if len(found) == 1 else ()
    return Answer(text, private=True, buttons=tuple(each for each in buttons if each.verb != "delete"))


def facts(record: Record, translate: Translate) -> str:
    """Return a picture's conditions and origin in words."""
    made = datetime.fromtimestamp(record.made_at, UTC)
    return "\n".join(
        [
            translate("Picture {numbers}", numbers=record.number),
            line_of(record.conditions),
            translate(
                "{width} × {height} pixels, painted {day} at {time} UTC; favourites: {favourites}.",
                width=record.width,
                height=record.height,
                day=f"{made:%Y-%m-%d}",
                time=f"{made:%H:%M}",
                favourites=record.favourites,
            ),
        ]
    )


def _bare(record: Record) -> Picture:
    size = (record.width, record.height)
    return Picture(record.id, b"", "", *size, "", record.conditions, record.number)


async def favourite(ask: Ask, services: Services) -> Answer:
    """Make a picture a favourite, or undo that. Raises UserError when there is none."""
    record = await find_one(ask, _word(ask, "favourite"), services)
    on = not record.liked
    if not await services.tastes.react(ask, "favourite", on, [record.id]):
        raise UserError("I cannot save that just now. Please try again later.")
    if on:
        return Answer(
            services.translate("Picture {number} is a favourite of yours.", number=record.number),
            private=True,
        )
    text = services.translate("Picture {number} is no longer a favourite of yours.", number=record.number)
    return Answer(text, private=True)


async def delete(ask: Ask, services: Services) -> Answer:
    """Delete a picture, or all of a post. Raises UserError when there is none or it is another's."""
    found = await services.pictures.find(ask, _word(ask, "delete"))
    changed = await services.pictures.delete(ask, found)
    for record in found:
        if record.person == ask.person:
            await services.tastes.react(ask, "delete", True, [record.id])
    numbers = ", ".join(str(each.number) for each in found)
    return _done(services.translate("Deleted: {numbers}.", numbers=numbers), changed, services.translate)


def _done(said: str, changed: bool, translate: Translate) -> Answer:
    """Say what was done, and where it can still be seen. changed: whether its post was"""
    return Answer(said if changed else f"{said}\n{translate(STAYS)}", private=True)


async def send(ask: Ask, services: Services) -> Answer:
    """Send a picture, or all of a post, where nobody else sees them. Raises UserError."""
    found = await services.pictures.find(ask, _word(ask, "send"))
    await _check_hidden(ask, found, services)
    pictures = await services.pictures.load(found, ask.locale)
    # Whoever asks for it has chosen to see it.
    shown = tuple(replace(each, hidden=False) for each in pictures)
    for each in shown:
        await services.tastes.react(ask, "send", True, [each.id])
    lines = [f"{each.number} – {each.caption}" for each in shown]
    return Answer("\n".join(lines), shown, private=True, direct=True)


async def _check_hidden(ask: Ask, found: Sequence[Record], services: Services) -> None:
    """Raise UserError for hidden pictures of a server under the child-safe lock."""
    others = [each for each in found if each.hidden_by and not may_change(ask, each.person, each.server)]
    for server in {each.server for each in others}:
        if ContentPolicy.of(await services.settings.of(server)).is_child_safe:
            raise UserError("What is hidden in that server stays so.")


async def spoiler(ask: Ask, services: Services) -> Answer:
    """Hide a picture, or all of a post, or show it again. Raises UserError."""
    found = await services.pictures.find(ask, _word(ask, "spoiler"))
    on = not all(each.hidden_by for each in found)
    changed = await services.pictures.hide(ask, found, on)
    for record in found:
        # What a moderator hides of others is a matter of rules.
        if record.person == ask.person:
            await services.tastes.react(ask, "spoiler", on, [record.id])
    numbers = ", ".join(str(each.number) for each in found)
    if on:
        said = services.translate("Hidden, until somebody looks: {numbers}.", numbers=numbers)
    else:
        said = services.translate("No longer hidden: {numbers}.", numbers=numbers)
    return _done(said, changed, services.translate)


def _word(ask: Ask, command: str) -> str:
    said = readable(ask.words).split()
    if len(said) != 1:
        raise UserError("Say which picture by its number, for example {example}.", example=f"/{command} 7")
    return said[0]


INFO = Command(
    "info",
    N_("See how a picture was made."),
    info,
    (PICTURE,),
    aliases=("信息",),
    examples=("/info 7",),
)
FAVOURITE = Command(
    "favourite",
    N_("Keep a picture as a favourite, or undo that."),
    favourite,
    (PICTURE,),
    aliases=("favorite", "收藏"),
    examples=("/favourite 7",),
)
DELETE = Command(
    "delete",
    N_("Delete a picture of yours; moderators delete any."),
    delete,
    (PICTURE,),
    aliases=("删除",),
    examples=("/delete 7",),
)
SEND = Command(
    "send",
    N_("Get a picture as a direct message."),
    send,
    (PICTURE,),
    aliases=("发给我",),
    examples=("/send 7",),
)
SPOILER = Command(
    "spoiler",
    N_("Hide a picture of yours until somebody looks, or show it again. Moderators can hide any."),
    spoiler,
    (PICTURE,),
    aliases=("遮住",),
    examples=("/spoiler 7",),
)

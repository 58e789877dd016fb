"""/info, /favourite, /send, /spoiler, /delete and /verify, for finished pictures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from commands.chat import Answer, Ask, Button, Picture, Translate, UserError
from commands.checks import may_change
from commands.command import Command
from commands.i18n import N_
from commands.parsing.sanitize import readable
from commands.parsing.written import line_of
from commands.policy.content import ContentPolicy
from commands.requests import PICTURE, PICTURE_OR_LAST, last_there, numbers_of, only
from commands.services.context import Record, Services
from commands.text.results import buttons_of
from commands.text.verdicts import verdict_in_words
from engine.composing.atlas import credits_of

STAYS = N_("I may not change the message that shows it, so it stays there until somebody deletes that.")


async def info(ask: Ask, found: Sequence[Record], services: Services) -> Answer:
    """Show how pictures were made."""
    text = "\n".join(facts(each, services.translate) for each in found)
    buttons = buttons_of(_bare(found[0]), services.translate) if len(found) == 1 else ()
    shown = tuple(each for each in buttons if each.verb != "delete")
    if len(found) == 1 and found[0].person != ask.person:
        shown += (Button("report", found[0].id, services.translate("Report"), "🚩", found[0].id),)
    return Answer(text, private=True, buttons=shown)


def facts(record: Record, translate: Translate) -> str:
    """Return a picture's conditions and origin in words."""
    made = datetime.fromtimestamp(record.made_at, UTC)
    works = credits_of(record.sources)
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
            *([translate("Its backdrop draws on {works}.", works="; ".join(works))] if works else ()),
        ]
    )


def _bare(record: Record) -> Picture:
    size = (record.width, record.height)
    return Picture(record.id, b"", "", *size, "", record.conditions, record.number)


async def favourite(ask: Ask, found: Sequence[Record], services: Services) -> Answer:
    """Make a picture a favourite, or undo that. Raises UserError for several pictures."""
    record = only(found)
    on = not record.liked
    if not await services.tastes.react(ask, "favourite", on, [record.id]):
        raise UserError("I cannot save that just now. Please try again later.")
    liked, no_longer = (
        N_("Picture {number} is a favourite of yours."),
        N_("Picture {number} is no longer a favourite of yours."),
    )
    return Answer(services.translate(liked if on else no_longer, number=record.number), private=True)


async def delete(ask: Ask, found: Sequence[Record], services: Services) -> Answer:
    """Delete pictures. Raises UserError if one is another person's."""
    changed = await services.pictures.delete(ask, found)
    for record in found:
        if record.person == ask.person:
            await services.tastes.react(ask, "delete", True, [record.id])
    return _done(N_("Deleted: {numbers}."), found, changed, services.translate)


def _done(sentence: str, found: Sequence[Record], changed: bool, translate: Translate) -> Answer:
    """Say what was done with pictures. changed: whether their posts show it"""
    said = translate(sentence, numbers=numbers_of(found))
    return Answer(said if changed else f"{said}\n{translate(STAYS)}", private=True)


async def send(ask: Ask, found: Sequence[Record], services: Services) -> Answer:
    """Send pictures where nobody else sees them. Raises UserError for hidden ones that others may not see."""
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


async def spoiler(ask: Ask, found: Sequence[Record], services: Services) -> Answer:
    """Hide pictures, or show them again. Raises UserError if one is another person's."""
    on = not all(each.hidden_by for each in found)
    changed = await services.pictures.hide(ask, found, on)
    for record in found:
        # A moderator who hides another's picture applies a rule, which tells nothing of their taste.
        if record.person == ask.person:
            await services.tastes.react(ask, "spoiler", on, [record.id])
    sentence = N_("Hidden, until somebody looks: {numbers}.") if on else N_("No longer hidden: {numbers}.")
    return _done(sentence, found, changed, services.translate)


async def verify(ask: Ask, found: Sequence[Record], services: Services) -> Answer:
    """Check the file of a picture. Raises UserError for several pictures, or if the file is gone."""
    pictures = await services.pictures.load([only(found)], ask.locale)
    if not pictures:
        raise UserError("The file of this picture is gone.")
    return await verify_file(ask, services, pictures[0].data)


async def verify_file(ask: Ask, services: Services, data: bytes) -> Answer:
    """Check the file of any picture. Raises UserError if it cannot be read."""
    verdict = await services.verification.check(data)
    return Answer(verdict_in_words(verdict, services.translate), private=True)


def _command(
    act: Callable[[Ask, Sequence[Record], Services], Awaitable[Answer]], summary: str, *aliases: str
) -> Command:
    """Make the command that acts on a picture, or on all pictures of a post."""
    name = act.__name__
    example = f"/{name} 7"
    option = PICTURE_OR_LAST if act is favourite else PICTURE

    async def run(ask: Ask, services: Services) -> Answer:
        said = readable(ask.words).split()
        if not said and option is PICTURE_OR_LAST:
            return await act(ask, [await last_there(ask, services)], services)
        if len(said) != 1:
            raise UserError("Say which picture by its number, for example {example}.", example=example)
        return await act(ask, await services.pictures.find(ask, said[0]), services)

    return Command(name, summary, run, (option,), aliases, (example,))


INFO = _command(info, N_("See how a picture was made."), "信息")
FAVOURITE = _command(favourite, N_("Keep a picture as a favourite, or undo that."), "favorite", "收藏")
DELETE = _command(delete, N_("Delete a picture of yours; moderators delete any."), "删除")
SEND = _command(send, N_("Get a picture as a direct message."), "发给我")
SPOILER = _command(
    spoiler,
    N_("Hide a picture of yours until somebody looks, or show it again. Moderators can hide any."),
    "遮住",
)
VERIFY = _command(verify, N_("Learn whether Easel painted a picture, and whether it was changed."), "验证")

"""/report: show moderators a picture; they see what was reported, and decide."""

from __future__ import annotations

from dataclasses import replace

from commands.chat import Answer, Ask, Button, Picture, UserError
from commands.command import Command, Option
from commands.i18n import N_
from commands.parsing.sanitize import readable
from commands.requests import PICTURE, find_one
from commands.services.context import Services
from commands.text.moderation import KEEP, reported_post

MOST_SHOWN = 4
MOST_REASON = 200
_KEEP = (KEEP, "保留")
_TOLD = N_("Thank you. The moderators can see picture {number} now.")
_KNOWN = N_("Thank you. Picture {number} was reported before; the moderators know of it.")
_KEPT = N_("Kept: {numbers}. I do not show further reports of it.")


async def _run(ask: Ask, services: Services) -> Answer:
    """Report a picture; for moderators list reports, or keep a picture. Raises UserError."""
    word, _, rest = readable(ask.words).partition(" ")
    if word.casefold() in _KEEP:
        return await _keep(ask, rest.strip(), services)
    if word:
        return await _report(ask, word, rest.strip(), services)
    return await _list(ask, services)


async def _report(ask: Ask, word: str, reason: str, services: Services) -> Answer:
    record = await find_one(ask, word, services)
    if record.person == ask.person:
        raise UserError("That picture is yours; /delete removes it.")
    if len(reason) > MOST_REASON:
        raise UserError("Say why in one sentence of at most {most} characters.", most=MOST_REASON)
    is_new = await services.moderation.report(ask, record.id, reason)
    text = services.translate(_TOLD if is_new else _KNOWN, number=record.number)
    return Answer(text, private=True)


async def _list(ask: Ask, services: Services) -> Answer:
    if not (ask.is_admin or ask.is_moderator):
        raise UserError("Say which picture by its number, for example {example}.", example="/report 7")
    pictures: list[Picture] = []
    lines: list[str] = []
    buttons: list[Button] = []
    for report in await services.moderation.reported(ask, MOST_SHOWN):
        records = await services.pictures.find(ask, report.picture)
        for picture in await services.pictures.load(records, ask.locale):
            post = reported_post(picture, report.account, report.reason, services.translate)
            pictures.append(replace(picture, hidden=False))
            lines.append(post.text)
            buttons += post.buttons
    if not pictures:
        return Answer(services.translate("Nothing is reported here."), private=True)
    return Answer("\n".join(lines), tuple(pictures), private=True, buttons=tuple(buttons))


async def _keep(ask: Ask, word: str, services: Services) -> Answer:
    found = await services.pictures.find(ask, word)
    if not all(each.server == ask.server for each in found) or not (ask.is_admin or ask.is_moderator):
        raise UserError("Only moderators of this server may decide that.")
    await services.moderation.keep(ask, [each.id for each in found])
    numbers = ", ".join(str(each.number) for each in found)
    return Answer(services.translate(_KEPT, numbers=numbers), private=True)


COMMAND = Command(
    "report",
    N_("Show the moderators a picture that should not be here; they see what was reported."),
    _run,
    (PICTURE, Option("why", "text", N_("Why, in one sentence"), bare=True)),
    aliases=("举报",),
    examples=("/report 7", "/report 7 that is somebody's face", "/report"),
)

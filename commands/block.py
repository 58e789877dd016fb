"""/block: keep somebody from using Easel in a server, or let them again."""

from __future__ import annotations

from datetime import UTC, datetime

from commands.chat import Answer, Ask, UserError
from commands.command import Command, Option
from commands.i18n import N_
from commands.parsing.sanitize import readable
from commands.requests import account_named
from commands.services.context import Services

EXAMPLE = "/block somebody they post slurs"
MOST_REASON = 200
MOST_LISTED = 40
_OFF = ("off", "解除")


async def _run(ask: Ask, services: Services) -> Answer:
    """Block, unblock, or list who is blocked. Raises UserError without the right."""
    word, _, reason = readable(ask.words).partition(" ")
    if not word:
        return Answer(await _listed(ask, services), private=True)
    if not ask.is_admin:
        raise UserError("Only an admin of this server may block people.")
    account, reason = account_named(ask, word, EXAMPLE), reason.strip()
    if account in (ask.person, ask.account):
        raise UserError("You cannot block yourself.")
    if reason.casefold() in _OFF:
        return Answer(await _unblocked(ask, account, services), private=True)
    if not reason or len(reason) > MOST_REASON:
        raise UserError(
            "Say whom and why, in one sentence of at most {most} characters: {example}.",
            most=MOST_REASON,
            example=EXAMPLE,
        )
    await services.moderation.block(ask, account, reason)
    text = services.translate("Blocked here: {person}, since {reason}", person=account, reason=reason)
    return Answer(text, private=True)


async def _unblocked(ask: Ask, account: str, services: Services) -> str:
    if not await services.moderation.unblock(ask, account):
        raise UserError("{person} is not blocked here.", person=account)
    return services.translate("{person} is no longer blocked here.", person=account)


async def _listed(ask: Ask, services: Services) -> str:
    if not (ask.is_admin or ask.is_moderator):
        raise UserError("Only moderators of this server may see who is blocked.")
    found = await services.moderation.blocks(ask)
    if not found:
        return services.translate("Nobody is blocked here.")
    return "\n".join(
        services.translate(
            "{day}, {person}: {reason}",
            day=f"{datetime.fromtimestamp(each.at, UTC):%Y-%m-%d}",
            person=each.account,
            reason=each.reason,
        )
        for each in found[:MOST_LISTED]
    )


COMMAND = Command(
    "block",
    N_("Keep somebody from using me in this server, with one sentence that moderators see; for admins."),
    _run,
    (
        Option("person", "person", N_("Whom"), bare=True),
        Option("why", "text", N_("Why, in one sentence; off lifts the block"), bare=True),
    ),
    aliases=("封禁",),
    examples=("/block", "/block @somebody they post slurs", "/block @somebody off"),
)

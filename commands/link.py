"""/link: link accounts on several platforms with a code that works once, or unlink one."""

from __future__ import annotations

from collections.abc import Sequence

from commands.chat import Answer, Ask
from commands.command import Command, Option
from commands.i18n import N_
from commands.parsing.sanitize import readable
from commands.services.context import Services

_OFF = ("off", "解除")
_JOINED = N_(
    "Linked: {accounts}. They are one person now, with one quota, one taste, one gallery and the"
    " same settings; if both had a setting, that of {first} holds. /link off unlinks this account."
)
_PARTED = N_(
    "Unlinked from {accounts}. Each picture stays with the account that asked for it; favourites,"
    " taste, settings and limits stay with both, and today's usage counts for both."
)
_OFFERED = N_(
    "Type /link {code} on your other account within {minutes} minutes. It works once and makes"
    " both accounts one person, with one quota, one taste and one gallery. Whoever types it sees"
    " everything of yours, so keep it secret."
)


async def _run(ask: Ask, services: Services) -> Answer:
    """Offer a code, take one, or unlink. Raises UserError for an invalid code."""
    word = readable(ask.words)
    if not word:
        return Answer(await _offered(ask, services), private=True)
    if word.casefold() in _OFF:
        others = await services.links.part(ask)
        return Answer(services.translate(_PARTED, accounts=_listed(others)), private=True)
    accounts = await services.links.join(ask, word)
    told = {"accounts": _listed(accounts), "first": accounts[0]}
    return Answer(services.translate(_JOINED, **told), private=True)


async def _offered(ask: Ask, services: Services) -> str:
    offer = await services.links.offer(ask)
    text = services.translate(_OFFERED, code=offer.code, minutes=offer.minutes)
    accounts = await services.links.accounts(ask)
    if len(accounts) == 1:
        return text
    listed = _listed(accounts)
    return "\n".join([text, services.translate("Linked now: {accounts}.", accounts=listed)])


def _listed(accounts: Sequence[str]) -> str:
    return ", ".join(accounts)


COMMAND = Command(
    "link",
    N_("Join your accounts on several platforms, so that you are one person on all."),
    _run,
    (
        Option(
            "code", "text", N_("The code that /link gave you on your other account; off unlinks"), bare=True
        ),
    ),
    aliases=("关联",),
    examples=("/link", "/link ABCDE-23456", "/link off"),
)

"""/link: makes accounts on several platforms one person's, by a code that works once, and parts them."""

from __future__ import annotations

from collections.abc import Sequence

from commands.chat import Answer, Ask
from commands.command import Command, Option
from commands.i18n import N_
from commands.parsing.sanitize import readable
from commands.services.context import Services

_OFF = ("off", "解除")
_JOINED = N_(
    "Joined: {accounts}. They are one person now, with one quota, one taste, one gallery and the same"
    " settings; where both had a setting, that of {first} holds. /link off parts this account again."
)
_PARTED = N_(
    "Parted from {accounts}. Pictures go with the account on which they were asked for; favourites, taste,"
    " settings and limits stay with both, and what was used today counts for both."
)
_OFFERED = N_(
    "Say /link {code} within {minutes} minutes on your other account: it works once, and makes the two one"
    " person, with one quota, one taste and one gallery. Whoever says it sees what is yours, so show it"
    " to nobody."
)


async def _run(ask: Ask, services: Services) -> Answer:
    """Offer a code, take one, or part. Raises UserError for a code that does not hold."""
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
    return "\n".join([text, services.translate("Joined now: {accounts}.", accounts=listed)])


def _listed(accounts: Sequence[str]) -> str:
    return ", ".join(accounts)


COMMAND = Command(
    "link",
    N_("Join your accounts on several platforms, so that you are one person on all."),
    _run,
    (Option("code", "text", N_("The code that /link gave you on your other account; off parts"), bare=True),),
    aliases=("关联",),
    examples=("/link", "/link ABCDE-23456", "/link off"),
)

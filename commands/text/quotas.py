"""Write limits, rules and refusals in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from commands.chat import Ask, Phrase, Translate
from commands.i18n import N_
from commands.services.quotas import (
    CHANNEL,
    DEFAULT,
    DEFAULT_TOTAL,
    NAMES,
    PERSON,
    ROLE,
    SERVER,
    TOTAL,
    EffectiveLimit,
    Limits,
    QuotaStatus,
    RuleSubject,
)


def rule_words(whose: RuleSubject, names: Mapping[str, str]) -> Phrase:
    """Name a rule as its subject calls it. names: of roles, by id"""
    if whose.kind == ROLE:
        return Phrase(N_("the limit of your role {role}"), role=names.get(whose.id, whose.id))
    return Phrase(_RULES[whose.kind])


def whose_words(whose: RuleSubject, ask: Ask) -> Phrase | str:
    """Name the subject of a rule as an admin calls it."""
    if whose.kind == PERSON:
        return Phrase(N_("You")) if whose.id in (ask.person, ask.account) else whose.id
    if whose.kind in (ROLE, CHANNEL):
        return Phrase(_SUBJECTS[whose.kind], name=ask.names.get(whose.id, whose.id))
    return Phrase(_SUBJECTS[whose.kind])


def say(said: Phrase | str, translate: Translate) -> str:
    """Translate what `whose_words` returns."""
    return translate(said.sentence, **said.values) if isinstance(said, Phrase) else said


def in_words(status: QuotaStatus, own: str, names: Mapping[str, str], translate: Translate) -> str:
    """Write limits with what is used of them, and their rule where it is not of the kind `own`."""
    said = []
    for name, limit in status.limits.items():
        amount = _limit(limit, own, names, translate)
        if name in status.used and (limit.amount is not None or name != "concurrent"):
            said.append(translate(_USED[name], used=status.used[name], amount=amount))
        elif limit.amount is not None:
            said.append(translate(_AMOUNTS[name], amount=amount))
    return "; ".join(said)


def some_in_words(
    status: QuotaStatus, some: Iterable[str], own: str, names: Mapping[str, str], translate: Translate
) -> str:
    """Write the named limits, and their rule where it is not of the kind `own`."""
    amounts = {each: _limit(status.limits[each], own, names, translate) for each in NAMES if each in some}
    return ", ".join(translate(_AMOUNTS[each], amount=amount) for each, amount in amounts.items())


def set_in_words(limits: Limits, translate: Translate) -> str:
    """Write the limits that a rule sets."""
    amounts = {each: _amount(limits[each], translate) for each in NAMES if each in limits}
    said = ", ".join(translate(_AMOUNTS[each], amount=amount) for each, amount in amounts.items())
    return said or translate("not set")


def _limit(limit: EffectiveLimit, own: str, names: Mapping[str, str], translate: Translate) -> str:
    amount = _amount(limit.amount, translate)
    if limit.whose.kind == own:
        return amount
    return translate("{amount} ({rule})", amount=amount, rule=rule_words(limit.whose, names))


def _amount(amount: int | None, translate: Translate) -> str:
    return translate("no limit") if amount is None else str(amount)


_RULES = {
    PERSON: N_("your own limit"),
    CHANNEL: N_("the limit of this channel"),
    SERVER: N_("the limit of each person in this server"),
    TOTAL: N_("the limit of the whole server"),
    DEFAULT: N_("the usual limit"),
    DEFAULT_TOTAL: N_("the usual limit"),
}
_SUBJECTS = {
    ROLE: N_("Each with the role {name}"),
    CHANNEL: N_("Each in the channel {name}"),
    SERVER: N_("Each person in this server"),
    TOTAL: N_("All of this server together"),
}
_AMOUNTS = {
    "daily": N_("per day: {amount}"),
    "per_minute": N_("per minute: {amount}"),
    "concurrent": N_("at a time: {amount}"),
    "size": N_("pixels: {amount}"),
    "count": N_("at once: {amount}"),
}
_USED = {
    "daily": N_("today {used}, limit: {amount}"),
    "per_minute": N_("in the last minute {used}, limit: {amount}"),
    "concurrent": N_("under way {used}, limit: {amount}"),
}

# Refusals: of a person's rule, and of the total of a server where there is one.
DAY_IS_FULL = (
    N_(
        "You have used {used} of your {limit} pictures a day ({rule}); the next day begins in {hours}"
        " h {minutes} min."
    ),
    N_(
        "This server has used {used} of its {limit} pictures a day; the next day begins in {hours} h"
        " {minutes} min."
    ),
)
TOO_MANY_A_DAY = (
    N_("You may ask for {limit} pictures a day ({rule}); ask for fewer, or ask an admin for more."),
    N_("This server may ask for {limit} pictures a day; ask for fewer, or ask an admin for more."),
)
NONE_A_DAY = (
    N_("You may ask for {limit} pictures a day ({rule}); ask an admin for more."),
    N_("This server may ask for {limit} pictures a day; ask an admin for more."),
)
MINUTE_IS_FULL = (
    N_("You may ask for {limit} pictures a minute ({rule}); try again in {seconds} s."),
    N_("This server may ask for {limit} pictures a minute; try again in {seconds} s."),
)
TOO_MANY_A_MINUTE = (
    N_(
        "You may ask for {limit} pictures a minute ({rule}); ask for fewer at once, or ask an admin for more."
    ),
    N_("This server may ask for {limit} pictures a minute; ask for fewer at once, or ask an admin for more."),
)
NONE_A_MINUTE = (
    N_("You may ask for {limit} pictures a minute ({rule}); ask an admin for more."),
    N_("This server may ask for {limit} pictures a minute; ask an admin for more."),
)
TOO_MANY_UNDER_WAY = (
    N_("You may have {limit} requests at a time ({rule}); ask again when one is done."),
    N_("This server may have {limit} requests at a time; ask again when one is done."),
)
ONE_DONE_SOON = (
    N_("You may have {limit} requests at a time ({rule}); one of them is probably done in {seconds} s."),
    N_("This server may have {limit} requests at a time; one of them is probably done in {seconds} s."),
)
NONE_UNDER_WAY = (
    N_("You may have {limit} requests at a time ({rule}); ask an admin for more."),
    N_("This server may have {limit} requests at a time; ask an admin for more."),
)
TOO_LARGE = (N_("You may ask for pictures of {limit} pixels at most ({rule}); say size={limit} or less."),)
TOO_MANY_AT_ONCE = (
    N_("You may ask for {limit} pictures at once at most ({rule}); say count={limit} or less."),
)

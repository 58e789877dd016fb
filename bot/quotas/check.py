"""Who may ask for how much. Pure: rules, charges and the time come from outside.

See `commands.services.quotas` for the order of rules. Of the total of a server each limit holds beside the
person's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.clock import DAY, MINUTE, day_start
from commands.chat import UserError
from commands.i18n import N_
from commands.services.quotas import KINDS, NAMES, TOTAL, EffectiveLimit, Rule
from commands.text.quotas import rule_words


class OverQuota(UserError):
    """A request over a limit. whose: the kind of the rule, one of `commands.services.quotas.KINDS`, or
    `TOTAL`"""

    def __init__(self, whose: str, sentence: str, **values: object) -> None:
        super().__init__(sentence, **values)
        self.whose = whose


@dataclass(frozen=True, slots=True)
class Request:
    """pictures: how many are asked for; size: pixels of the longer side"""

    pictures: int
    size: int = 0


@dataclass(frozen=True, slots=True)
class Charge:
    """Pictures charged at one time, in UTC epoch seconds."""

    at: float
    pictures: int


@dataclass(frozen=True, slots=True)
class Used:
    """What counts for a rule.

    today: pictures since the UTC day began; recent: the charges of the last minute, oldest first
    under_way: requests that wait or are being painted; soonest: seconds until one of them is done, if known
    """

    today: int = 0
    recent: Sequence[Charge] = ()
    under_way: int = 0
    soonest: float | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """One limit with what is used of it. role: what the role is called when the rule is a role's"""

    name: str
    held: EffectiveLimit
    used: Used
    names: Mapping[str, str]


def resolve(rules: Iterable[Rule]) -> dict[str, EffectiveLimit]:
    """Of each limit the most specific rule's that sets it; of equally specific ones the most generous."""
    known = sorted(rules, key=lambda rule: (KINDS.index(rule.whose.kind), rule.whose.id))
    held: dict[str, EffectiveLimit] = {}
    for name in NAMES:
        setting = [rule for rule in known if name in rule.limits]
        equal = [rule for rule in setting if rule.whose.kind == setting[0].whose.kind]
        if equal:
            best = max(equal, key=lambda rule: _generosity(rule.limits[name]))
            held[name] = EffectiveLimit(best.limits[name], best.whose)
    return held


def _generosity(amount: int | None) -> float:
    return math.inf if amount is None else amount


def check(budget: Budget, request: Request, now: float) -> None:
    """Let one more request pass. Raises OverQuota that names the rule and says when it frees, or what would
    be allowed."""
    if budget.held.amount is not None:
        _CHECKS[budget.name](budget, budget.held.amount, request, now)


def _check_daily(budget: Budget, limit: int, request: Request, now: float) -> None:
    if budget.used.today + request.pictures <= limit:
        return
    if request.pictures > limit:
        raise _refusal(budget, _NEVER_A_DAY if limit else _NONE_A_DAY)
    minutes = math.ceil((day_start(now) + DAY - now) / 60)
    raise _refusal(budget, _DAILY, used=budget.used.today, hours=minutes // 60, minutes=minutes % 60)


def _check_minute(budget: Budget, limit: int, request: Request, now: float) -> None:
    recent = budget.used.recent
    over = sum(charge.pictures for charge in recent) + request.pictures - limit
    if over <= 0:
        return
    if request.pictures > limit:
        raise _refusal(budget, _NEVER_A_MINUTE if limit else _NONE_A_MINUTE)
    seconds = max(1, math.ceil(_frees_at(recent, over) - now))
    raise _refusal(budget, _PER_MINUTE, seconds=seconds)


def _check_concurrent(budget: Budget, limit: int, request: Request, now: float) -> None:
    if budget.used.under_way < limit:
        return
    if not limit:
        raise _refusal(budget, _NEVER_UNDER_WAY)
    if budget.used.soonest is None:
        raise _refusal(budget, _UNDER_WAY)
    raise _refusal(budget, _DONE_SOON, seconds=max(1, math.ceil(budget.used.soonest)))


def _check_size(budget: Budget, limit: int, request: Request, now: float) -> None:
    if request.size > limit:
        raise _refusal(budget, _SIZE)


def _check_count(budget: Budget, limit: int, request: Request, now: float) -> None:
    if request.pictures > limit:
        raise _refusal(budget, _COUNT)


_CHECKS: Mapping[str, Callable[[Budget, int, Request, float], None]] = MappingProxyType(
    {
        "daily": _check_daily,
        "per_minute": _check_minute,
        "concurrent": _check_concurrent,
        "size": _check_size,
        "count": _check_count,
    }
)


def _refusal(budget: Budget, sentences: Sequence[str], **values: object) -> OverQuota:
    """sentences: for a person's rule, and for the total of a server where there is one"""
    whose = budget.held.whose
    values = {**values, "limit": budget.held.amount, "rule": rule_words(whose, budget.names)}
    return OverQuota(TOTAL if whose.is_together else whose.kind, sentences[whose.is_together], **values)


def _frees_at(recent: Sequence[Charge], over: int) -> float:
    """When enough of the oldest charges are a minute old to make room for `over` pictures."""
    freed = 0
    for charge in recent:
        freed += charge.pictures
        if freed >= over:
            return charge.at + MINUTE
    raise ValueError(f"{over} pictures are not among the charges")


_DAILY = (
    N_(
        "You may ask for {limit} pictures a day ({rule}) and had {used};"
        " the next day begins in {hours} h {minutes} min."
    ),
    N_(
        "All of this server together may ask for {limit} pictures a day and had {used};"
        " the next day begins in {hours} h {minutes} min."
    ),
)
_NEVER_A_DAY = (
    N_("You may ask for {limit} pictures a day ({rule}); ask for fewer, or ask an admin for more."),
    N_(
        "All of this server together may ask for {limit} pictures a day;"
        " ask for fewer, or ask an admin for more."
    ),
)
_NONE_A_DAY = (
    N_("You may ask for {limit} pictures a day ({rule}); ask an admin for more."),
    N_("All of this server together may ask for {limit} pictures a day; ask an admin for more."),
)
_PER_MINUTE = (
    N_("You may ask for {limit} pictures a minute ({rule}); try again in {seconds} s."),
    N_("All of this server together may ask for {limit} pictures a minute; try again in {seconds} s."),
)
_NEVER_A_MINUTE = (
    N_(
        "You may ask for {limit} pictures a minute ({rule}); ask for fewer at once, or ask an admin for more."
    ),
    N_(
        "All of this server together may ask for {limit} pictures a minute;"
        " ask for fewer at once, or ask an admin for more."
    ),
)
_NONE_A_MINUTE = (
    N_("You may ask for {limit} pictures a minute ({rule}); ask an admin for more."),
    N_("All of this server together may ask for {limit} pictures a minute; ask an admin for more."),
)
_UNDER_WAY = (
    N_("You may have {limit} requests under way at a time ({rule}); ask again when one is done."),
    N_(
        "All of this server together may have {limit} requests under way at a time;"
        " ask again when one is done."
    ),
)
_DONE_SOON = (
    N_(
        "You may have {limit} requests under way at a time ({rule});"
        " one of them is probably done in {seconds} s."
    ),
    N_(
        "All of this server together may have {limit} requests under way at a time;"
        " one of them is probably done in {seconds} s."
    ),
)
_NEVER_UNDER_WAY = (
    N_("You may have {limit} requests under way at a time ({rule}); ask an admin for more."),
    N_("All of this server together may have {limit} requests under way at a time; ask an admin for more."),
)
_SIZE = (N_("You may ask for pictures of {limit} pixels at most ({rule}); say size={limit} or less."),)
_COUNT = (N_("You may ask for {limit} pictures at once at most ({rule}); say count={limit} or less."),)

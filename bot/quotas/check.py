"""Check requests against limits. Pure: rules, charges and the time are arguments.

`commands.services.quotas` explains the order of rules.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.clock import DAY, MINUTE, day_start
from commands.chat import UserError
from commands.services.quotas import KINDS, NAMES, TOTAL, EffectiveLimit, Rule
from commands.text import quotas as text


class OverQuota(UserError):
    """A request over a limit. whose: the kind of the rule, of `commands.services.quotas.KINDS`, or `TOTAL`"""

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
    """Pictures charged at a time, in UTC epoch seconds."""

    at: float
    pictures: int


@dataclass(frozen=True, slots=True)
class Used:
    """What was used of a limit.

    today: pictures since the UTC day began; recent: the charges of the last minute, oldest first
    under_way: requests that wait or are being painted; soonest: seconds until one of them is done, if known
    """

    today: int = 0
    recent: Sequence[Charge] = ()
    under_way: int = 0
    soonest: float | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """One limit with what is used of it. names: of roles, by id"""

    name: str
    limit: EffectiveLimit
    used: Used
    names: Mapping[str, str]


def effective_limits(rules: Iterable[Rule]) -> dict[str, EffectiveLimit]:
    """Return each limit from the most specific rule that sets it, or from the most generous of several."""
    known = sorted(rules, key=lambda rule: (KINDS.index(rule.whose.kind), rule.whose.id))
    found: dict[str, EffectiveLimit] = {}
    for name in NAMES:
        setting = [rule for rule in known if name in rule.limits]
        equal = [rule for rule in setting if rule.whose.kind == setting[0].whose.kind]
        if equal:
            best = max(equal, key=lambda rule: _generosity(rule.limits[name]))
            found[name] = EffectiveLimit(best.limits[name], best.whose)
    return found


def _generosity(amount: int | None) -> float:
    return math.inf if amount is None else amount


def check_budget(budget: Budget, request: Request, now: float) -> None:
    """Raise OverQuota, which says when or how much is allowed, for a request over a limit."""
    if budget.limit.amount is not None:
        _CHECKS[budget.name](budget, budget.limit.amount, request, now)


def _check_daily(budget: Budget, limit: int, request: Request, now: float) -> None:
    if budget.used.today + request.pictures <= limit:
        return
    if request.pictures > limit:
        raise _refusal(budget, text.TOO_MANY_A_DAY if limit else text.NONE_A_DAY)
    minutes = math.ceil((day_start(now) + DAY - now) / 60)
    raise _refusal(
        budget, text.DAY_IS_FULL, used=budget.used.today, hours=minutes // 60, minutes=minutes % 60
    )


def _check_minute(budget: Budget, limit: int, request: Request, now: float) -> None:
    recent = budget.used.recent
    over = sum(charge.pictures for charge in recent) + request.pictures - limit
    if over <= 0:
        return
    if request.pictures > limit:
        raise _refusal(budget, text.TOO_MANY_A_MINUTE if limit else text.NONE_A_MINUTE)
    seconds = max(1, math.ceil(_frees_at(recent, over) - now))
    raise _refusal(budget, text.MINUTE_IS_FULL, seconds=seconds)


def _check_concurrent(budget: Budget, limit: int, request: Request, now: float) -> None:
    if budget.used.under_way < limit:
        return
    if not limit:
        raise _refusal(budget, text.NONE_UNDER_WAY)
    if budget.used.soonest is None:
        raise _refusal(budget, text.TOO_MANY_UNDER_WAY)
    raise _refusal(budget, text.ONE_DONE_SOON, seconds=max(1, math.ceil(budget.used.soonest)))


def _check_size(budget: Budget, limit: int, request: Request, now: float) -> None:
    if request.size > limit:
        raise _refusal(budget, text.TOO_LARGE)


def _check_count(budget: Budget, limit: int, request: Request, now: float) -> None:
    if request.pictures > limit:
        raise _refusal(budget, text.TOO_MANY_AT_ONCE)


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
    """Make the refusal. sentences: for a person's rule, and for a server's total"""
    whose = budget.limit.whose
    values = {**values, "limit": budget.limit.amount, "rule": text.rule_words(whose, budget.names)}
    return OverQuota(TOTAL if whose.is_together else whose.kind, sentences[whose.is_together], **values)


def _frees_at(recent: Sequence[Charge], over: int) -> float:
    """Return when enough charges are a minute old to free `over` pictures."""
    freed = 0
    for charge in recent:
        freed += charge.pictures
        if freed >= over:
            return charge.at + MINUTE
    raise ValueError(f"{over} pictures are not among the charges")

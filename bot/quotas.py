"""Who may ask for how much. Pure: what was charged and what time it is come from outside.

A person's own limit and the server's both hold. For each the most specific rule wins: what an admin set, else
the configuration's default.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from commands.chat import UserError
from commands.context import Limit
from commands.words import N_

DAY = 86_400
MINUTE = 60


class OverQuota(UserError):
    """A request over a limit. whose: "person" or "server" """

    def __init__(self, whose: str, sentence: str, **values: object) -> None:
        super().__init__(sentence, **values)
        self.whose = whose


@dataclass(frozen=True, slots=True)
class Charge:
    """Pictures charged at one time, in UTC epoch seconds."""

    at: float
    pictures: int


@dataclass(frozen=True, slots=True)
class Budget:
    """One limit with what is used of it.

    whose: "person" or "server"
    today: pictures since the UTC day began
    recent: the charges of the last minute, oldest first
    """

    whose: str
    limit: Limit
    today: int
    recent: Sequence[Charge]


def day_start(now: float) -> float:
    """When the UTC day of `now` began, both in epoch seconds."""
    return now - now % DAY


def minute_start(now: float) -> float:
    """What was charged at or before this time is no longer in the last minute."""
    return now - MINUTE


def check(budget: Budget, pictures: int, now: float) -> None:
    """Let `pictures` more pass. Raises OverQuota that names the limit and when it frees."""
    _check_daily(budget, pictures, now)
    _check_minute(budget, pictures, now)


def _check_daily(budget: Budget, pictures: int, now: float) -> None:
    limit = budget.limit.daily
    if limit is None or budget.today + pictures <= limit:
        return
    if pictures > limit:
        raise OverQuota(budget.whose, _NEVER_A_DAY[budget.whose], limit=limit)
    minutes = math.ceil((day_start(now) + DAY - now) / 60)
    values = {"limit": limit, "used": budget.today, "hours": minutes // 60, "minutes": minutes % 60}
    raise OverQuota(budget.whose, _DAILY[budget.whose], **values)


def _check_minute(budget: Budget, pictures: int, now: float) -> None:
    limit = budget.limit.per_minute
    over = 0 if limit is None else sum(charge.pictures for charge in budget.recent) + pictures - limit
    if limit is None or over <= 0:
        return
    if pictures > limit:
        raise OverQuota(budget.whose, _NEVER_A_MINUTE[budget.whose], limit=limit)
    seconds = max(1, math.ceil(_frees_at(budget.recent, over) - now))
    raise OverQuota(budget.whose, _PER_MINUTE[budget.whose], limit=limit, seconds=seconds)


def _frees_at(recent: Sequence[Charge], over: int) -> float:
    """When enough of the oldest charges are a minute old to make room for `over` pictures."""
    freed = 0
    for charge in recent:
        freed += charge.pictures
        if freed >= over:
            return charge.at + MINUTE
    raise ValueError(f"{over} pictures are not among the charges")


_DAILY = {
    "person": N_(
        "You may ask for {limit} pictures a day and had {used};"
        " the next day begins in {hours} h {minutes} min."
    ),
    "server": N_(
        "This server may ask for {limit} pictures a day and had {used};"
        " the next day begins in {hours} h {minutes} min."
    ),
}
_PER_MINUTE = {
    "person": N_("You may ask for {limit} pictures a minute; try again in {seconds} s."),
    "server": N_("This server may ask for {limit} pictures a minute; try again in {seconds} s."),
}
_NEVER_A_DAY = {
    "person": N_("You may ask for {limit} pictures a day; ask for fewer, or ask an admin for more."),
    "server": N_("This server may ask for {limit} pictures a day; ask for fewer, or ask an admin for more."),
}
_NEVER_A_MINUTE = {
    "person": N_(
        "You may ask for {limit} pictures a minute; ask for fewer at once, or ask an admin for more."
    ),
    "server": N_(
        "This server may ask for {limit} pictures a minute; ask for fewer at once, or ask an admin for more."
    ),
}

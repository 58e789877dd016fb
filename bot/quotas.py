"""Who may ask for how much. Pure: what is used and what time it is come from outside.

A person's own limit and the server's both hold; where an admin set none, the configuration's default does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from commands.chat import UserError
from commands.context import Limit, Usage
from commands.words import N_

DAY = 86_400
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit with what is used of it. whose: "person" or "server"; frees_in: seconds until a picture fits
    into the last minute again."""

    whose: str
    limit: Limit
    usage: Usage
    frees_in: float


def day_start(now: float) -> float:
    """When the UTC day of `now` began, both in epoch seconds."""
    return now - now % DAY


def check(rule: Rule, pictures: int, now: float) -> None:
    """Let `pictures` more pass. Raises UserError that names the limit and when it frees."""
    limit, usage = rule.limit, rule.usage
    if limit.daily is not None and usage.today + pictures > limit.daily:
        hours = math.ceil((day_start(now) + DAY - now) / 3600)
        raise UserError(_DAILY[rule.whose], limit=limit.daily, used=usage.today, hours=hours)
    if limit.per_minute is not None and usage.last_minute + pictures > limit.per_minute:
        seconds = max(1, math.ceil(rule.frees_in))
        raise UserError(_PER_MINUTE[rule.whose], limit=limit.per_minute, seconds=seconds)


_DAILY = {
    "person": N_("You may ask for {limit} pictures a day and had {used}; the day ends in {hours} h."),
    "server": N_("This server may ask for {limit} pictures a day and had {used}; the day ends in {hours} h."),
}
_PER_MINUTE = {
    "person": N_("You may ask for {limit} pictures a minute; try again in {seconds} s."),
    "server": N_("This server may ask for {limit} pictures a minute; try again in {seconds} s."),
}

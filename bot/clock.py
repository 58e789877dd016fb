"""TODO bot/clock.py."""

from __future__ import annotations

DAY = 86_400


MINUTE = 60


def day_start(now: float) -> float:
    """When the UTC day of `now` began, both in epoch seconds."""
    return now - now % DAY


def minute_start(now: float) -> float:
    """What was charged at or before this time is no longer in the last minute."""
    return now - MINUTE

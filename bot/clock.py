"""Days and minutes in UTC epoch seconds."""

from __future__ import annotations

DAY = 86_400
HOUR = 3600
MINUTE = 60


def day_start(now: float) -> float:
    """Return when the UTC day of `now` began."""
    return now - now % DAY


def minute_start(now: float) -> float:
    """Return when the minute before `now` began; a charge at this time is no longer in it."""
    return now - MINUTE

"""Tastes of one person for different purposes, such as work and play, each learned by itself.

A taste is known by the person's id, and by the profile's name behind it where one is in use.
"""

from __future__ import annotations

from bot.storage.database import Database, first
from commands.services.own_data import ON, PRIVATE
from commands.services.tastes import OFF, PROFILE, PROFILES, SETTING

_BETWEEN = "#"
"""In no id of a person."""


def taste_name(person: str, profile: str) -> str:
    """Return the name of a person's taste. profile: empty for the usual one"""
    return f"{person}{_BETWEEN}{profile}" if profile else person


def tastes_of(person: str) -> tuple[str, ...]:
    """Return the names of all tastes that a person may have."""
    return tuple(taste_name(person, profile) for profile in ("", *PROFILES))


def owner_of(taste: str) -> str:
    """Return the person whose taste it is."""
    return taste.partition(_BETWEEN)[0]


def profile_of(taste: str) -> str:
    """Return the profile of a taste, empty for the usual one."""
    return taste.partition(_BETWEEN)[2]


def profile_in_use(database: Database, person: str) -> str:
    """Return the profile a person uses, empty for the usual one."""
    return _setting(database, person, PROFILE)


def learns(database: Database, person: str) -> bool:
    """Return whether a person lets their taste be learned."""
    return _setting(database, person, SETTING) != OFF


def is_private(database: Database, person: str) -> bool:
    """Return whether servers may learn nothing from a person."""
    return _setting(database, person, PRIVATE) == ON


def taste_in_use(database: Database, person: str) -> str:
    """Return the name of the taste that chooses for a person now."""
    return taste_name(person, profile_in_use(database, person))


def _setting(database: Database, person: str, key: str) -> str:
    row = first(database, "SELECT value FROM settings WHERE scope = ? AND key = ?", person, key)
    return str(row["value"]) if row else ""

"""Who may change what others asked for. Pure."""

from __future__ import annotations

from commands.chat import Ask


def may_change(ask: Ask, person: str, server: str) -> bool:
    """Whether what `person` asked for in `server` is the asker's to cancel or delete."""
    return ask.person == person or (ask.server == server and (ask.is_admin or ask.is_moderator))

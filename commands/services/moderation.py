"""Blocked people and reported pictures of a server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from commands.chat import Ask


@dataclass(frozen=True, slots=True)
class Block:
    """account: who is blocked; reason: one sentence, for moderators; at: UTC epoch seconds"""

    account: str
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class Report:
    """A reported picture that nobody has decided on.

    picture: its id; account: who asked for it; reason: as it was first reported, in the reporter's words
    """

    picture: str
    account: str
    reason: str


class Moderation(Protocol):
    """What moderators decide. Rights are checked by the commands."""

    async def block(self, ask: Ask, account: str, reason: str) -> None:
        """Block an account in the server, or change the reason, and write the audit row."""
        ...

    async def unblock(self, ask: Ask, account: str) -> bool:
        """Lift a block, and write the audit row; False when there was none."""
        ...

    async def blocks(self, ask: Ask) -> Sequence[Block]:
        """Return who is blocked in the server, the latest first."""
        ...

    async def report(self, ask: Ask, picture: str, reason: str) -> bool:
        """Store a report, and send the picture to the moderators' channel, if one is set.

        picture: its id. Return whether it was not reported before. Raises UserError for too many reports.
        """
        ...

    async def reported(self, ask: Ask, most: int) -> Sequence[Report]:
        """Return reported pictures of the server that nobody has decided on, the latest first."""
        ...

    async def keep(self, ask: Ask, pictures: Sequence[str]) -> None:
        """Decide that pictures stay, by their ids; further reports of them are not shown."""
        ...

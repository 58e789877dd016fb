"""The service that tells whether a picture was painted by Easel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from engine.conditions import Conditions

SIGNATURE, MARK, HASH = "signature", "mark", "hash"
"""Kinds of evidence, the surest first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a picture.

    made_by_easel: whether an Easel painted it
    intact: whether the file is as Easel made it, byte for byte
    by: the evidence, one of SIGNATURE, MARK and HASH; empty for none
    conditions, number: of the picture; None when it is not known here
    """

    made_by_easel: bool = False
    intact: bool = False
    by: str = ""
    conditions: Conditions | None = None
    number: int | None = None


class Verification(Protocol):
    """Find marks of origin in files."""

    async def check(self, data: bytes) -> Verdict:
        """Return what is known of a picture's file. Raises UserError for an unreadable file."""
        ...

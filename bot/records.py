"""Records that jobs, pictures, the overview and adapters share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from commands.chat import Picture
from commands.services.context import Act
from commands.services.quotas import QuotaStatus, RuleSubject
from engine.conditions import Conditions


@dataclass(frozen=True, slots=True)
class Delivery:
    """A job, and where its result goes; read from the database.

    reply: the mapping the adapter put into the Ask; accepted_at: UTC epoch seconds
    says: what is painted, in a sentence; pictures: one set of conditions per picture
    announced: the post that the result replaces; empty when none is known
    """

    job: str
    person: str
    server: str
    channel: str
    locale: str
    reply: Mapping[str, str]
    accepted_at: float
    says: str
    pictures: tuple[Conditions, ...]
    announced: str = ""


@dataclass(frozen=True, slots=True)
class FinishedJob:
    """What is left of a painted job.

    pictures: those that may be shown; deleted: numbers of the others, and whether their owner deleted them
    withheld: numbers of hidden pictures that the server shows to nobody
    """

    pictures: tuple[Picture, ...]
    deleted: tuple[tuple[int, bool], ...]
    withheld: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One request in a person's history, with what became of it.

    said: the person's own words; says: what Easel said of them; state: "waiting", "posted", "failed" or
        "cancelled"
    liked: ids of the pictures this person favourites
    """

    job: str
    said: str
    says: str
    state: str
    accepted_at: float
    pictures: tuple[Picture, ...]
    liked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Use:
    """The limits of somebody and what is used of them: see `commands.services.quotas.Quotas.view`."""

    whose: RuleSubject
    status: QuotaStatus


@dataclass(frozen=True, slots=True)
class Day:
    """at: when the UTC day began, in epoch seconds; pictures: asked for on it and not given back"""

    at: float
    pictures: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A server as its admins see it.

    uses: of all together, of each person in the server, by the rules that are set, of who asked most today
    days: the last two weeks, today last
    settings: the server's, as text by name; acts: who changed what, the newest first
    """

    uses: tuple[Use, ...]
    days: tuple[Day, ...]
    settings: Mapping[str, str]
    acts: tuple[Act, ...]

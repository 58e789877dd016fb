"""The two protocols between adapters and the service."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Protocol

from bot.records import Delivery, Entry, Overview
from commands.chat import Answer, Ask, Picture, Post, Translate
from commands.services.context import Page, Record, Search
from engine.vocabulary import Vocabulary


class TokenRejected(Exception):
    """The platform rejects the token; the message names it and says what to do."""


class Remedy(StrEnum):
    """What Easel does when a platform refuses a call. Each platform's `refusals.toml` lists its refusals.

    `GONE`: there is nothing left to change, so a result is posted anew; `GIVE_UP`: the token is not accepted
    """

    AGAIN = "try again"
    SMALLER = "make it smaller"
    ELSEWHERE = "go elsewhere"
    GONE = "it is gone"
    GIVE_UP = "give up"


class Refused(Exception):
    """A platform refused a call in all ways that were tried. People and admins can cause it, so it is no
    fault and is logged in one line.

    remedy: `AGAIN` where waiting may help; the message says what was refused and why
    """

    def __init__(self, reason: str, remedy: Remedy) -> None:
        super().__init__(reason)
        self.remedy = remedy


class Service(Protocol):
    """What an adapter may ask of the service. `handle`, `announced` and `react` never raise: a mistake or a
    fault becomes an Answer of one plain sentence. The others raise UserError when the database cannot be
    read."""

    async def handle(self, ask: Ask) -> Answer:
        """Answer one line. With `answer.job` set, `Platform.post` follows when it is painted."""
        ...

    async def announced(self, job: str, post: str) -> None:
        """Store the post that announces a job.

        A result that replaces it is seen once, however often it is posted after crashes.
        """
        ...

    async def react(self, ask: Ask, on: bool) -> Answer | None:
        """Do what a reaction stands for; None when there is nothing to say. It never raises.

        ask: its command is one of `commands.reactions`, its words the id of a post or of one picture
        on: set or taken back
        """
        ...

    async def history(self, account: str, channel: str, limit: int = 50) -> Sequence[Entry]:
        """Return the person's latest requests in a channel, oldest first, without `Picture.data`."""
        ...

    async def picture(self, picture: str) -> Picture | None:
        """Return a finished picture with its bytes, or None for an unknown id."""
        ...

    async def search(self, ask: Ask, search: Search) -> Page:
        """Search the finished pictures that the person may see."""
        ...

    async def find(self, ask: Ask, word: str) -> Sequence[Record]:
        """Return the record of a picture, or of all pictures of a post; nothing when there is none."""
        ...

    async def verify(self, ask: Ask, data: bytes) -> Answer:
        """Tell what is known of the origin of a picture's file. It never raises."""
        ...

    async def overview(self, ask: Ask, skip: int, most: int) -> Overview | None:
        """Return the overview of an admin's server, with `most` acts after `skip` others; None to others."""
        ...

    async def keep_servers(self, platform: str, present: Collection[str]) -> None:
        """Note the servers of a platform that have Easel; the others are forgotten after a while.

        present: their ids. It never raises.
        """
        ...

    def translate(self, locale: str) -> Translate:
        """Return the translator of a language, for the adapter's own words."""
        ...

    def suggest(self, kind: str, text: str, locale: str, limit: int = 25) -> Sequence[tuple[str, str]]:
        """Return (name, word in the reader's language) of a vocabulary kind, best first, without waiting."""
        ...

    @property
    def vocabulary(self) -> Vocabulary: ...


class Platform(Protocol):
    """What the service asks of an adapter."""

    @property
    def name(self) -> str:
        """The prefix of its ids, such as "discord"."""
        ...

    async def start(self, service: Service) -> None:
        """Connect, and return when events arrive, or when the platform cannot be reached now: then it is
        tried again in the background. Raises TokenRejected, or OSError when a port is taken."""
        ...

    async def stop(self) -> None: ...

    @property
    def connected(self) -> bool:
        """Whether its people can be served now."""
        ...

    async def preview(self, delivery: Delivery, layouts: Sequence[Picture]) -> None:
        """Show the layouts while the painting is under way. A failure does not fail the job."""
        ...

    async def wait(self, delivery: Delivery, answer: Answer) -> None:
        """Show how long a job still waits, in its post. A failure here never fails the job."""
        ...

    async def post(self, delivery: Delivery, post: Post) -> str:
        """Post the result once and return the id of the post, unique on this platform. Raises Refused."""
        ...

    async def tell(self, channel: str, post: Post) -> None:
        """Show something in a channel that nobody asked for there. Raises Refused.

        channel: its id
        """
        ...

    async def revise(self, delivery: Delivery, old: str, post: Post) -> str:
        """Replace an old post, which may be gone, and return the id of the post, which may be new.

        old: its id. Raises Refused when the old post stays as it is.
        """
        ...

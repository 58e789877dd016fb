"""The two sides of an adapter: what it offers the house, and what the house offers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.records import Delivery, Entry, Overview
from commands.chat import Answer, Ask, Picture, Translate
from commands.services.context import Page, Record, Search
from engine.vocabulary import Vocabulary


class TokenRejected(Exception):
    """The platform does not accept the token; the message says which one and what to do."""


class Service(Protocol):
    """What an adapter may ask of the house. `handle`, `announced` and `react` never raise: the Answer says a
    mistake or a fault in one plain sentence. What reads the memory raises UserError, also one plain sentence,
    when it cannot be read."""

    async def handle(self, ask: Ask) -> Answer:
        """Answer one line. With `answer.job` set, `Platform.post` follows when it is painted."""
        ...

    async def announced(self, job: str, post: str) -> None:
        """Remember the post that says that a job was accepted.

        A result that takes its place can be posted any number of times and is seen once, whenever Easel dies.
        """
        ...

    async def react(self, ask: Ask, on: bool) -> Answer | None:
        """Do what a reaction stands for; None when there is nothing to say. It never raises.

        ask: its command is one of `commands.reactions`, its words the id of a post or of one picture
        on: set or taken back
        """
        ...

    async def history(self, account: str, channel: str, limit: int = 50) -> Sequence[Entry]:
        """The person's latest requests in this channel, oldest first; `Picture.data` is left empty."""
        ...

    async def picture(self, picture: str) -> Picture | None:
        """A finished picture with its bytes, or None for an unknown id."""
        ...

    async def search(self, ask: Ask, search: Search) -> Page:
        """Finished pictures as whoever asks may see them."""
        ...

    async def find(self, ask: Ask, word: str) -> Sequence[Record]:
        """What is known of a picture, or of all pictures of a post; nothing when there is none."""
        ...

    async def overview(self, ask: Ask, skip: int, most: int) -> Overview | None:
        """The server where an admin asks, with at most `most` acts after `skip` others; None for others."""
        ...

    def translate(self, locale: str) -> Translate:
        """The catalogue of a language, for words an adapter shows itself."""
        ...

    def suggest(self, kind: str, text: str, locale: str, limit: int = 25) -> Sequence[tuple[str, str]]:
        """(name, word in the reader's language) of a vocabulary kind, best first; from memory."""
        ...

    @property
    def vocabulary(self) -> Vocabulary: ...


class Platform(Protocol):
    """What the house asks of an adapter."""

    @property
    def name(self) -> str:
        """The prefix of its ids: "discord", "slack" or "web"."""
        ...

    async def start(self, house: Service) -> None:
        """Connect and return when events flow. Raises TokenRejected, or OSError when a port is taken."""
        ...

    async def stop(self) -> None: ...

    async def preview(self, delivery: Delivery, layouts: Sequence[Picture]) -> None:
        """Show the layouts while the painting is under way. A failure here never fails the job."""
        ...

    async def wait(self, delivery: Delivery, answer: Answer) -> None:
        """Show how long a job still waits, in its post. A failure here never fails the job."""
        ...

    async def post(self, delivery: Delivery, answer: Answer) -> str:
        """Post the result once and return the id of the post, unique on this platform."""
        ...

    async def revise(self, delivery: Delivery, post: str, answer: Answer) -> str:
        """Show the result anew in its post, which may be gone; the id of the post, which may be another now.

        A failure here is only logged.
        """
        ...

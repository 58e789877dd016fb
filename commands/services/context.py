"""The services that commands use. `bot` implements them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from commands.chat import Ask, Picture, Translate
from commands.i18n import SOURCE, translator
from commands.services.moderation import Moderation
from commands.services.own_data import OwnData
from commands.services.quotas import Quotas
from commands.services.tastes import Tastes
from commands.services.verification import Verification
from engine.conditions import Asked, Chooser, Conditions
from engine.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Accepted:
    """A queued job.

    ahead: jobs before it; fresh: False when the key was known; says: what was said of it at first
    due: when it is probably painted (UTC epoch seconds); None if unknown or in a moment
    """

    job: str
    ahead: int
    fresh: bool
    says: str
    due: float | None = None


class Jobs(Protocol):
    """The durable queue."""

    async def accept(self, ask: Ask, says: str, pictures: Sequence[Conditions]) -> Accepted:
        """Charge the quota and store the job in one transaction. Raises UserError over a limit.

        says: what is painted, in a sentence, and what became of the person's words; shown with the result
        """
        ...

    async def best(self, picture: Conditions) -> Conditions:
        """Return the picture with the best of several seeds.

        On a busy machine, or if it is not configured, return the picture as it is.
        """
        ...

    async def pending(self, ask: Ask) -> Conditions | None:
        """Return the last picture that the person asked for in this channel and that is not painted yet."""
        ...

    async def cancel(self, ask: Ask, job: str) -> str:
        """Stop a job that waits or is being painted, refund it, and return what was said of it.

        job: its id, or empty for the person's latest one
        Raises UserError for a job that has ended, or that is another's and the person is no moderator there.
        """
        ...


@dataclass(frozen=True, slots=True)
class Record:
    """A finished picture without its bytes.

    number: what people call it; person: who asked for it; server: where
    media_type: of its file; made_at: UTC epoch seconds; width, height: pixels
    favourites: how many people keep it; liked: whether the person who asks does
    hidden_by: who hid it from people who do not choose to see it; empty if nobody did
    undelivered: no platform took it, so it was not charged
    sources: names of the compositions in its backdrop
    """

    id: str
    number: int
    job: str
    person: str
    server: str
    conditions: Conditions
    media_type: str
    made_at: float
    width: int
    height: int
    favourites: int
    liked: bool
    hidden_by: str = ""
    undelivered: bool = False
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """Which pictures to list.

    show: "mine", "server" or "favourites"; like: what they must have been asked to be
    page: from 1; size: pictures a page
    """

    show: str = "mine"
    like: Asked = field(default_factory=Asked)
    page: int = 1
    size: int = 4


@dataclass(frozen=True, slots=True)
class Page:
    """Pictures of one page, the newest first. total: pictures on all pages"""

    records: tuple[Record, ...]
    total: int


class Pictures(Protocol):
    """Finished pictures that nobody has deleted."""

    async def find(self, ask: Ask, word: str) -> Sequence[Record]:
        """Return the picture with a number or id, or all pictures of the post with an id.

        Numbers and posts are known in the server where the picture was made, and to its owner everywhere.
        Raises UserError for an unknown picture.
        """
        ...

    async def last(self, ask: Ask) -> Record | None:
        """Return the picture that a line without a number is about; None when there is none.

        That is the last one of the post that the line replies to, else the last one in its channel or thread,
        else that of the post which the thread hangs from. Others' hidden pictures do not count.
        """
        ...

    async def search(self, ask: Ask, search: Search) -> Page: ...
    async def load(self, records: Sequence[Record], locale: str) -> Sequence[Picture]:
        """Return the pictures with their bytes, without those whose file is gone."""
        ...

    async def hide(self, ask: Ask, records: Sequence[Record], on: bool) -> bool:
        """Hide pictures, or show them again, all or none, and update their posts.

        Return False when a post could not be changed. Raises UserError, except for their owner and for
        moderators there. Only moderators show again what a moderator hid.
        """
        ...

    async def delete(self, ask: Ask, records: Sequence[Record]) -> bool:
        """Delete pictures for good, all or none, and update their posts.

        Return False when a post could not be changed. Raises UserError, except for their owner and for
        moderators there.
        """
        ...


class Settings(Protocol):
    """Settings as text by name. scope: a person's or a server's id"""

    async def of(self, scope: str) -> Mapping[str, str]: ...
    async def change(
        self, ask: Ask, scope: str, changes: Mapping[str, str | None]
    ) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Set values, None unsets one; audit those of a server. Return (before, now)."""
        ...


@dataclass(frozen=True, slots=True)
class Act:
    """A change that somebody made for others. at: UTC epoch seconds"""

    at: float
    person: str
    action: str
    subject: str
    before: str
    after: str


class Audit(Protocol):
    """Who changed what for others."""

    async def latest(self, server: str, skip: int, most: int) -> Sequence[Act]:
        """Return at most `most` acts in a server, the newest first, after the first `skip`."""
        ...


@dataclass(frozen=True, slots=True)
class Offer:
    """A code that links accounts once. minutes: how long it is valid"""

    code: str
    minutes: int


class Links(Protocol):
    """Accounts, on one platform or several, that belong to one person."""

    async def accounts(self, ask: Ask) -> Sequence[str]:
        """Return all accounts of the person who asks."""
        ...

    async def offer(self, ask: Ask) -> Offer:
        """Return a fresh code of this account; an earlier one becomes invalid."""
        ...

    async def join(self, ask: Ask, code: str) -> Sequence[str]:
        """Link this account with the code's; return all accounts, that person's own first.

        Raises UserError for an invalid code, for too many wrong ones, and for one's own.
        """
        ...

    async def part(self, ask: Ask) -> Sequence[str]:
        """Unlink this account; return those it was linked with. Raises UserError without any."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """All that a command may use beside the Ask; a new service is a field here and an argument in `bot.app`.

    fresh_seed: a random seed, 0 to 2**32 - 1; translate: into the language of the Ask
    """

    jobs: Jobs
    pictures: Pictures
    quotas: Quotas
    settings: Settings
    audit: Audit
    links: Links
    tastes: Tastes
    own_data: OwnData
    moderation: Moderation
    verification: Verification
    vocabulary: Vocabulary
    chooser: Chooser
    fresh_seed: Callable[[], int]
    translate: Translate = field(default_factory=partial(translator, SOURCE))

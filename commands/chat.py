"""The whole interface between people and Easel: Ask in, Answer out.

Adapters translate a platform's events into these and back; commands know nothing else of a platform.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from engine.conditions import Conditions

DIRECT = "dm-"
"""Beginning, after the platform, of the id of a server that is one person's direct messages."""
TALK = "talk"
"""The command of a line without a slash."""


class Phrase(str):
    """A part of a sentence that is translated by itself; as a string it is English.

    sentence: the catalogue's key; values: fill its {braces}
    """

    sentence: str
    values: Mapping[str, object]

    def __new__(cls, sentence: str, **values: object) -> Phrase:
        made = super().__new__(cls, sentence.format(**values))
        made.sentence, made.values = sentence, values
        return made


class UserError(Exception):
    """A person's mistake: one plain sentence with a way out. Nothing is charged.

    sentence: the English message and the catalogue's key; values: fill its {braces}, and may be a `Phrase`
    hints: pairs of a part of the line, empty for all words, and what may be said in its place
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence.format(**values))
        self.sentence = sentence
        self.values = values
        self.hints: tuple[tuple[str, str], ...] = ()

    def hinting(self, part: str, others: Iterable[str]) -> UserError:
        """Add hints for one part of the line, and return the error."""
        self.hints += tuple((part, other) for other in others)
        return self


@dataclass(frozen=True, slots=True)
class Ask:
    """One line a person typed.

    key: the platform's id of the event; an event that arrives twice is answered once
    person, server, channel: "platform:id", for example "discord:42"
    command: the word after the slash, in lower case; words: the rest of the line
    parent: for a thread, the channel it belongs to; else empty
    roles: "platform:id" of the person's roles; has_roles: whether the platform knows roles at all
    names: the known names of roles and channels, by id
    is_moderator: may cancel and delete what others asked for; an admin may in any case
    locale: the person's language as a BCP 47 tag
    reply: what the adapter needs to post the result, kept with the job across restarts
    about: id of the post that the line replies to, empty for none
    account: the platform's id of the person; linked accounts have the same `person`
    """

    key: str
    person: str
    server: str
    channel: str
    command: str
    words: str = ""
    roles: frozenset[str] = frozenset()
    is_admin: bool = False
    is_moderator: bool = False
    locale: str = "en"
    reply: Mapping[str, str] = field(default_factory=dict)
    account: str = ""
    parent: str = ""
    has_roles: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    about: str = ""

    @property
    def own_key(self) -> str:
        """A key that is unique to the account, so that nobody can guess the key of another's job."""
        return f"{self.account} {self.key}"

    @property
    def hangs_from(self) -> str:
        """The id of the post that began this thread, empty outside of threads."""
        return f"{self.parent}:{self.channel.rpartition(':')[2]}" if self.parent else ""

    @property
    def line(self) -> str:
        """The person's own words; without a command they ask for a painting."""
        return self.words if self.command in ("paint", TALK) else f"/{self.command} {self.words}".strip()

    @property
    def room(self) -> str:
        """The channel whose rules hold; for a thread, its parent."""
        return self.parent or self.channel

    def __post_init__(self) -> None:
        if not self.account:
            object.__setattr__(self, "account", self.person)


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture, ready to show.

    id: unguessable, also the name of its file; empty for a preview
    number: what people call it, counted from 1; 0 for a preview
    data: the encoded file; media_type: "image/png" or "image/webp"
    alt: the alternative text in the reader's language, in English beginning with "Generated picture:"
    hidden: shown only to those who choose to see it
    caption: what is on it, in a sentence in the reader's language
    """

    id: str
    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int
    alt: str
    conditions: Conditions
    number: int = 0
    hidden: bool = False
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside an answer that is not a painting.

    name: with its suffix; alt: the alternative text of a picture, in the reader's language
    width, height: pixels of a picture
    """

    name: str
    data: bytes = field(repr=False)
    media_type: str
    alt: str = ""
    width: int = 0
    height: int = 0

    @property
    def is_picture(self) -> bool:
        """Return whether it is a picture."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class Button:
    """A button that says a line: `verb` with `words`, at any time and after any restart.

    about: id of the post that the line replies to, empty for none
    verb: a command's word, or "edit", which lets the person change the picture's line and send it
    words: what follows the command; for a picture its id, so that both fit into 100 characters
    label: in the reader's language; emoji: shown in its place where there is little room
    picture: id of its picture, empty for a button of the whole answer
    """

    verb: str
    words: str
    label: str
    emoji: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person sees.

    text: plain words, never markup and never a mention
    pictures: in this order; buttons: what can be done next
    private: only for the person who asked; direct: in their direct messages, if the platform has these
    job: id of the accepted job when pictures are still to come, else None
    refused: True when nothing was done because of a mistake, a limit or a fault
    attachments: files, only for the person who asked
    due: when the pictures are probably painted (UTC epoch seconds); None if unknown or in a moment
    """

    text: str
    pictures: tuple[Picture, ...] = ()
    private: bool = False
    job: str | None = None
    refused: bool = False
    buttons: tuple[Button, ...] = ()
    due: float | None = None
    direct: bool = False
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """What a finished or failed request shows. `commands.text.results` makes it; adapters only render it.

    sentence: what was painted and what became of the person's words, or why nothing was
    details: a line each, such as the numbers of the pictures and what was deleted
    pictures: in order, each with its alternative text, and `Picture.hidden` for a spoiler
    buttons: what can be done with each picture
    failed: the request ended without a picture
    """

    sentence: str
    details: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    buttons: tuple[Button, ...] = ()
    failed: bool = False

    @property
    def text(self) -> str:
        """The sentence and the details, a line each."""
        return "\n".join((self.sentence, *self.details))


class Translate(Protocol):
    """Translate an English sentence, the catalogue's key; values fill its {braces}."""

    def __call__(self, sentence: str, /, **values: object) -> str: ...

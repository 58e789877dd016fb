"""What a sentence was read as: the things it mentions, and all that it says of the picture."""

from __future__ import annotations

from dataclasses import dataclass, field

from commands.parsing.tables import NAME

PLURAL = 3
"""How many there are of what is in the plural without a number."""


@dataclass(slots=True)
class Mention:
    """A thing as somebody mentioned it.

    number: None where nobody counted; ground: whether another thing stands to this one by `relation`
    scale: how large it is, as `Conditions.scale`; sized: the word that said so
    one: whether an article before it says that it is a single one
    category: the kind that the word stands for as a whole, such as "person" for people
    """

    name: str
    said: str
    how: str = NAME
    number: int | None = None
    colors: list[str] = field(default_factory=list)
    relation: str = ""
    ground: bool = False
    plural: bool = False
    scale: str = ""
    sized: str = ""
    one: bool = False
    category: str = ""


@dataclass(slots=True)
class Reading:
    """All that a sentence says. left_out: words that were not used, in their order

    silent: those of them that say nothing about a picture; read_as: what a word was taken for
    missing: whether a word that was not used may name a thing; kinds: those of which no one thing was named
    """

    mentions: list[Mention] = field(default_factory=list)
    colors: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    scene: str = ""
    place: str = ""
    time: str = ""
    weather: str = ""
    count: int = 0
    natural: bool = False
    missing: bool = False
    without: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)
    read_as: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def says_something(self) -> bool:
        """Whether anything is left to paint."""
        told = (self.mentions, self.colors, self.styles, self.scene, self.place, self.time, self.weather)
        return any(told) or bool(self.count or self.natural)

"""Artists by name, with the years of their birth and death, from `data/artists.csv`. Pure."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class Artist:
    """name: as one writes it; aliases: other spellings, also in other scripts

    born, died: years, empty when unknown; who has not died is alive
    styles: that are near theirs, the nearest first
    """

    name: str
    aliases: tuple[str, ...]
    born: str
    died: str
    styles: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All spellings."""
        return (self.name, *self.aliases)


@functools.cache
def load_artists() -> tuple[Artist, ...]:
    """Return everybody in the file."""
    text = (resources.files("commands") / "parsing" / "data" / "artists.csv").read_text("utf-8")
    return tuple(
        Artist(row["name"], _several(row["aliases"]), row["born"], row["died"], _several(row["styles"]))
        for row in csv.DictReader(text.splitlines())
    )


def _several(text: str) -> tuple[str, ...]:
    return tuple(each for each in text.split("|") if each)

"""Read WordNet 3.0 as Debian's package wordnet-base lays it out in /usr/share/wordnet."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from pathlib import Path

FIELDS = (
    *("adj.all", "adj.pert", "adv.all", "Tops", "act", "animal", "artifact", "attribute", "body"),
    "cognition",
    *("communication", "event", "feeling", "food", "group", "location", "motive", "object", "person"),
    *("phenomenon", "plant", "possession", "process", "quantity", "relation", "shape", "state"),
    *("substance", "time"),
)
"""The lexicographer files of WordNet by their numbers."""
PARTS = (("noun", "n"), ("verb", "v"), ("adj", "a"), ("adv", "r"))
"""Parts of speech, with our letters for them."""
INSULTS = ("06717170", "06718862", "07124340")
"""The synsets disparagement, ethnic slur and obscenity: words are marked as used so."""
_INSULTING = re.compile(r"\b(ethnic slur|slurs?|offensive|obscene|vulgar|disparag\w+|derogatory)\b")


@dataclass
class Synset:
    """One meaning. words: as they are written; up, wholes: offsets of what it is a kind or a part of

    insults: those of the words that are used as insults
    """

    field: str
    words: list[str]
    gloss: str = ""
    up: list[str] = made(default_factory=list)
    instance_of: list[str] = made(default_factory=list)
    wholes: list[str] = made(default_factory=list)
    insults: set[str] = made(default_factory=set)


def read_synsets(folder: Path) -> dict[str, Synset]:
    """All meanings of nouns by their offsets."""
    lines = (folder / "data.noun").read_text("utf-8").splitlines()
    return dict(_synset(line) for line in lines if not line.startswith("  "))


def _synset(line: str) -> tuple[str, Synset]:
    data, _, gloss = line.partition(" | ")
    parts = data.split()
    count = int(parts[3], 16)
    words, pointers = parts[4 : 4 + 2 * count : 2], parts[5 + 2 * count :]
    linked: dict[str, list[str]] = defaultdict(list)
    insults = set(words) if _INSULTING.search(gloss.partition(";")[0]) else set()
    for sign, offset, _, ends in zip(*(pointers[at::4] for at in range(4)), strict=False):
        linked[sign].append(offset)
        if sign == ";u" and offset in INSULTS:
            one = int(ends[:2], 16)
            insults |= {words[one - 1]} if one else set(words)
    wholes = [*linked["#p"], *linked["#s"]]
    return parts[0], Synset(FIELDS[int(parts[1])], words, gloss, linked["@"], linked["@i"], wholes, insults)


def read_index(folder: Path, part: str) -> dict[str, list[str]]:
    """Lemma -> offsets of its senses, the most frequent first."""
    found = {}
    for line in (folder / f"index.{part}").read_text("utf-8").splitlines():
        if not line.startswith("  "):
            parts = line.split()
            found[parts[0]] = parts[-int(parts[2]) :]
    return found


def read_counts(folder: Path) -> Mapping[str, Mapping[str, int]]:
    """Lemma -> part of speech -> how often it is used so in the texts that WordNet's authors tagged."""
    letters = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys("nvar", 0))
    for line in (folder / "cntlist.rev").read_text("utf-8").splitlines():
        key, _, count = line.split()
        lemma, _, rest = key.partition("%")
        found[lemma][letters[rest[0]]] += int(count)
    return found


def read_first_counts(folder: Path) -> Mapping[str, int]:
    """Lemma -> how often its first meaning as a noun was seen in the tagged texts."""
    lines = (line.split() for line in (folder / "cntlist.rev").read_text("utf-8").splitlines())
    return {key.partition("%")[0]: int(count) for key, rank, count in lines if rank == "1" and "%1:" in key}


class Usage:
    """How words are used: as which part of speech."""

    def __init__(self, folder: Path) -> None:
        self.counts, self.first = read_counts(folder), read_first_counts(folder)
        self.others = {part: frozenset(read_index(folder, part)) for part, _ in PARTS[1:]}

    def is_a_noun(self, lemma: str) -> bool:
        """Whether a word is a noun more often than anything else."""
        counts = self.counts.get(lemma, {})
        others = sum(counts.get(letter, 0) for letter in "var")
        is_other = any(lemma in words for words in self.others.values())
        return not is_other or counts.get("n", 0) > others

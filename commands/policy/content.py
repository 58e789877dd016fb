"""What a server allows: its styles, its blocked words, and the child-safe lock. Pure.

A blocked word stands for what it names, in whatever language that was asked for, so that nothing is chosen
for people, by chance or by taste, which they would be refused.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources

from commands.parsing.artists import Artist
from commands.parsing.sanitize import readable
from commands.policy.blocklist import entries, is_pattern, stands_in
from commands.policy.folding import Folded, Words, fold
from commands.policy.living import living_in
from engine.conditions import MAX_SEED, SCENES, Asked, Chooser, Conditions, StyleMix
from engine.vocabulary import load_vocabulary

TRIES = 24
"""Seeds tried for an allowed choice before the first allowed word is taken."""
STRIDE = 0x9E3779B1
"""The step from one tried seed to the next; odd, so that none comes twice."""


@dataclass(frozen=True, slots=True)
class ContentPolicy:
    """styles: those that are allowed, nothing for all; blocked: words and patterns, see
    `commands.policy.blocklist`
    is_child_safe: whether what `commands/child_safe.toml` names is blocked too"""

    styles: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    is_child_safe: bool = False

    @classmethod
    def of(cls, settings: Mapping[str, str]) -> ContentPolicy:
        """Make the policy of a server's settings."""
        styles = tuple(each for each in settings.get("styles", "").split(",") if each)
        return cls(styles, entries(settings.get("blocked", "")), settings.get("child_safe") == "on")

    def lets(self, kind: str, name: str) -> bool:
        """Return whether a word may be painted. kind: style, color, shape or scene"""
        if kind == "style" and self.styles and name not in self.styles:
            return False
        return self._against(kind, name) is None

    def _against(self, kind: str, name: str) -> Breach | None:
        topic = _lists().shapes.get(name) if self.is_child_safe and kind == "shape" else None
        if topic:
            return Breach(topic=topic)
        entry = _names(self.blocked, kind, name) if self.blocked else None
        return Breach(entry=entry) if entry else None

    def lets_all(self, conditions: Conditions) -> bool:
        """Return whether everything in a picture may be painted."""
        return self.picture_breach(conditions) is None and all(
            self.lets("style", name) for name, _ in conditions.style
        )

    def picture_breach(self, conditions: Conditions) -> Breach | None:
        """Return the rule that a picture breaks, without the list of styles; None when it breaks none."""
        said = self.breach(conditions.text) if conditions.text else None
        shapes = (conditions.shape, *(other.shape for other in conditions.others))
        parts = [*(("shape", name) for name in shapes), ("scene", conditions.scene)]
        parts += [("style", name) for name, _ in conditions.style]
        parts += [("color", name) for name in conditions.colors]
        return said or next(filter(None, (self._against(*each) for each in parts)), None)

    def lets_say(self, text: str) -> bool:
        """Return whether a text breaks no rule."""
        return self.breach(text) is None

    def breach(self, text: str) -> Breach | None:
        """Return the rule that a text breaks, however its words are spelled; None when it breaks none."""
        lists = _lists()
        folded, text = fold(text, lists.innocent), readable(text).casefold()
        topic = lists.topic_of(folded, everything=self.is_child_safe)
        if topic:
            return Breach(topic=topic)
        entry = next((each for each in self.blocked if stands_in(each, text, folded)), None)
        if entry:
            return Breach(entry=entry)
        artist = living_in(folded)
        return Breach(artist=artist) if artist else None


@dataclass(frozen=True, slots=True)
class Breach:
    """The rule that a request breaks: one of these.

    topic: of the shipped lists; entry: of the server's blocked words; artist: who lives, and is named
    """

    topic: str = ""
    entry: str = ""
    artist: Artist | None = None


EVERYTHING = ContentPolicy()


class AllowedChooser:
    """Choose as another chooser does, but only what is allowed, if anything is.

    Where the other's choice is allowed it stands. Implements `engine.conditions.Chooser`.
    """

    def __init__(self, chooser: Chooser, allowance: ContentPolicy) -> None:
        self._chooser, self._allowance = chooser, allowance

    def style(self, asked: Asked, seed: int) -> StyleMix:
        for tried in _seeds(seed):
            mix = self._chooser.style(asked, tried)
            if all(self._allowance.lets("style", name) for name, _ in mix):
                return mix
        return ((self._first("style", mix[0][0]), 1.0),)

    def colors(self, asked: Asked, seed: int) -> tuple[str, ...]:
        for tried in _seeds(seed):
            drawn = self._chooser.colors(asked, tried)
            if not drawn or self._allowance.lets("color", drawn[0]):
                return tuple(name for name in drawn if self._allowance.lets("color", name))
        return (self._first("color", drawn[0]),)

    def shape(self, asked: Asked, seed: int) -> str:
        return self._word("shape", self._chooser.shape, asked, seed)

    def scene(self, asked: Asked, seed: int) -> str:
        return self._word("scene", self._chooser.scene, asked, seed)

    def _word(self, kind: str, choose: Callable[[Asked, int], str], asked: Asked, seed: int) -> str:
        for tried in _seeds(seed):
            word = choose(asked, tried)
            if self._allowance.lets(kind, word):
                return word
        return self._first(kind, word)

    def _first(self, kind: str, otherwise: str) -> str:
        """Return the first word that is allowed."""
        names = SCENES if kind == "scene" else tuple(word.name for word in load_vocabulary().words(kind))
        return next((name for name in names if self._allowance.lets(kind, name)), otherwise)


def _seeds(seed: int) -> Iterator[int]:
    return ((seed + k * STRIDE) & MAX_SEED for k in range(TRIES))


@functools.lru_cache(maxsize=8192)
def _names(blocked: tuple[str, ...], kind: str, name: str) -> str | None:
    """Return the entry that names the word, in any language; None when none does."""
    words = {word.name: word for word in load_vocabulary().words(kind)}
    terms = words[name].terms if name in words else (name,)
    text = "\n".join([f"{kind}={name}", *terms])
    for entry in blocked:
        # Within a Chinese word another one may stand that means something else: 鱼 in 鲸鱼.
        anywhere = entry.isascii() or is_pattern(entry)
        if stands_in(entry, text) if anywhere else entry in terms:
            return entry
    return None


@dataclass(frozen=True, slots=True)
class _Lists:
    """topics: the words of each, those that are refused everywhere first; every: the words of all
    always: topics that are refused everywhere; shapes: the topic of each that is not for children
    """

    topics: Mapping[str, tuple[Words, ...]]
    every: tuple[Words, ...]
    always: frozenset[str]
    innocent: tuple[str, ...]
    shapes: Mapping[str, str]

    def topic_of(self, text: Folded, *, everything: bool) -> str:
        """Return the topic of a text; empty without any. everything: or only what is refused everywhere"""
        if everything and not any(each.are_in(text) for each in self.every):
            return ""
        known = self.topics if everything else self.always
        found = (topic for topic in known if any(each.are_in(text) for each in self.topics[topic]))
        return next(found, "")


@functools.cache
def _lists() -> _Lists:
    """Return the shipped lists."""
    data = tomllib.loads((resources.files("commands") / "child_safe.toml").read_text("utf-8"))
    always, innocent, shapes = data.pop("always"), data.pop("innocent"), data.pop("shapes")
    topics = sorted(
        {topic for words in data.values() for topic in words}, key=lambda each: each not in always
    )
    return _Lists(
        {topic: _words(data, [topic]) for topic in topics},
        _words(data, topics),
        frozenset(always),
        tuple(each.casefold() for each in innocent),
        {name: topic for topic, names in shapes.items() for name in names},
    )


def _words(data: Mapping[str, Mapping[str, list[str]]], topics: Collection[str]) -> tuple[Words, ...]:
    """Return the words of topics in all languages, those with the same endings together."""
    german: list[str] = []
    others: list[str] = []
    for language, known in data.items():
        listed = german if language == "de" else others
        listed += [word for topic in topics for word in known.get(topic, ())]
    return Words(german, "de"), Words(others)

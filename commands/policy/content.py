"""What a server allows: its styles, its blocked words, and the child-safe lock. Pure.

A blocked word stands for what it names, in whatever language that was asked for, so that nothing is chosen
for people, by chance or by taste, which they would be refused.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources

from commands.policy.blocklist import entries, is_pattern, stands_in
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
        if self.is_child_safe and kind == "shape" and name in _child_safe().shapes:
            return False
        return not self.blocked or not _names(self.blocked, kind, name)

    def lets_all(self, conditions: Conditions) -> bool:
        """Return whether everything in a picture may be painted."""
        shapes = (conditions.shape, *(other.shape for other in conditions.others))
        parts = [*(("shape", name) for name in shapes), ("scene", conditions.scene)]
        parts += [("style", name) for name, _ in conditions.style]
        parts += [("color", name) for name in conditions.colors]
        return all(self.lets(*each) for each in parts)

    def lets_say(self, text: str) -> bool:
        """Return whether a lower-case text has no blocked word."""
        if self.is_child_safe and _child_safe().words.search(text):
            return False
        return not any(stands_in(entry, text) for entry in self.blocked)


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
def _names(blocked: tuple[str, ...], kind: str, name: str) -> bool:
    """Return whether one of the entries names the word, in any language."""
    words = {word.name: word for word in load_vocabulary().words(kind)}
    terms = words[name].terms if name in words else (name,)
    text = "\n".join([f"{kind}={name}", *terms])
    # Within a Chinese word another one may stand that means something else: 鱼 in 鲸鱼.
    anywhere = [entry for entry in blocked if entry.isascii() or is_pattern(entry)]
    return any(stands_in(entry, text) for entry in anywhere) or not set(blocked).isdisjoint(terms)


@dataclass(frozen=True, slots=True)
class _ChildSafe:
    shapes: frozenset[str]
    words: re.Pattern[str]


@functools.cache
def _child_safe() -> _ChildSafe:
    """Return the shipped catalogue."""
    data = tomllib.loads((resources.files("commands") / "child_safe.toml").read_text("utf-8"))
    english, chinese = (
        "|".join(re.escape(word) for words in data[language].values() for word in words)
        for language in ("en", "zh")
    )
    words = re.compile(rf"(?<![a-z0-9])(?:{english})(?:e?s)?(?![a-z0-9])|{chinese}")
    return _ChildSafe(frozenset(data["shapes"]), words)

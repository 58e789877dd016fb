"""Say what is on one picture, for its caption and for those who cannot see it."""

from __future__ import annotations

from commands.i18n import translator
from commands.parsing.said import says_of
from engine.conditions import Conditions
from engine.vocabulary import load_vocabulary

LONGEST_ALT = 1000


def caption_of(picture: Conditions, locale: str) -> str:
    """Return a sentence in the reader's language: "Two birds over a mountain, in ink." """
    return says_of([picture], load_vocabulary(), locale)


def alt_of(picture: Conditions, locale: str) -> str:
    """Return its alternative text, of at most 1000 characters."""
    translate = translator(locale)
    return translate("Generated picture: {sentence}", sentence=caption_of(picture, locale))[:LONGEST_ALT]

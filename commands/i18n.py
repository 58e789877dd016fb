"""Translate what Easel says into the reader's language.

English sentences are the keys. A language is a catalogue in `commands/locales/<code>/LC_MESSAGES/`, read as
it is, so nothing is compiled. `scripts/catalogue` brings it up to date with the sources.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from importlib import resources

from babel.core import Locale, UnknownLocaleError, negotiate_locale
from babel.lists import format_list
from babel.messages.pofile import read_po

from commands.chat import Phrase, Translate

SOURCE = "en"


def N_(sentence: str) -> str:
    """Mark a sentence for the catalogue where it is written but not translated."""
    return sentence


@functools.cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages Easel speaks, English first."""
    folder = resources.files("commands") / "locales"
    return (SOURCE, *sorted(each.name for each in folder.iterdir() if each.is_dir()))


@functools.cache
def _catalogue(language: str) -> Mapping[str, str]:
    if language == SOURCE:
        return {}
    path = resources.files("commands") / "locales" / language / "LC_MESSAGES" / "easel.po"
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    return {str(message.id): str(message.string) for message in messages if message.id and message.string}


def language_of(locale: str) -> str:
    """Return the language nearest to a BCP 47 tag such as "zh-CN"; English if Easel does not speak it."""
    wanted = locale.replace("-", "_")
    found = negotiate_locale([_with_script(wanted), wanted, wanted.split("_")[0]], languages(), sep="_")
    return found or SOURCE


def _with_script(locale: str) -> str:
    """Return language and script, because Chinese has two scripts."""
    try:
        known = Locale.parse(locale)
    except (ValueError, UnknownLocaleError):
        return locale
    return f"{known.language}_{known.script}" if known.script else known.language


def translator(locale: str) -> Translate:
    """Return a function that translates into the language nearest to `locale`, or leaves English."""
    catalogue = _catalogue(language_of(locale))

    def translate(sentence: str, /, **values: object) -> str:
        said = {key: inner(value) for key, value in values.items()}
        return catalogue.get(sentence, sentence).format(**said)

    def inner(value: object) -> object:
        return translate(value.sentence, **value.values) if isinstance(value, Phrase) else value

    return translate


def listed(words: Sequence[str], locale: str) -> str:
    """Join words into a list that ends in "or", as the language writes it: "ink, oil, or sketch"."""
    return format_list(words, style="or", locale=language_of(locale))


def language_name(language: str) -> str:
    """Return a language's name for itself, for example 中文."""
    return str(Locale.parse(language).get_display_name() or language)

"""Say in a sentence what is on a picture: "Two birds over a mountain, in ink."

Words and order of a language are data, in `data/says/`; here are the two ways in which they are put together.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.lists import format_list

from commands.i18n import SOURCE, language_of
from commands.parsing.labels import label, says_table
from commands.parsing.nouns import Noun, cells, noun_of
from engine.conditions import Other
from engine.vocabulary import Vocabulary

NOMINATIVE, DATIVE = "nominative", "dative"
_PARTICLE = re.compile(r"(.)\[(\w+)/(\w+)\]")
"""A Korean particle: the first after a consonant, the second after a vowel."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a sentence says of a picture: names of the vocabulary. figures: the main one first"""

    figures: tuple[Other, ...] = ()
    place: str = ""
    time: str = ""
    weather: str = ""
    scene: str = ""
    colors: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    text: str = ""
    is_bare: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """One language. table: its file in `data/says`"""

    language: str
    table: Mapping[str, Any]
    vocabulary: Vocabulary

    @property
    def gap(self) -> str:
        """What stands between two sentences."""
        return str(self.table["forms"]["gap"])

    @property
    def comma(self) -> str:
        """What stands between the words of a list."""
        return str(self.table["forms"]["list"])

    def sentence(self, shown: Shown) -> str:
        """Return the sentence; empty where nothing is shown."""
        parts = [
            self._scenery(shown),
            self._arranged(shown),
            self._colors(shown.colors),
            self._styles(shown.styles),
            f"\u201c{shown.text}\u201d" if shown.text else "",
        ]
        if not any(parts):
            return ""
        if not parts[0]:
            parts[0] = self.table["forms"]["figureless" if shown.is_bare else "anything"]
        text = self._tidied(self.table["forms"]["comma"].join(each for each in parts if each))
        return f"{text[0].upper()}{text[1:]}{self.table['forms']['end']}"

    def thing(self, name: str) -> str:
        """Return one thing, with its article."""
        return self._tidied(self._figure(Other(name), NOMINATIVE))

    def place(self, name: str) -> str:
        """Return a place where nothing stands."""
        return str(self.table["alone"][name])

    def _scenery(self, shown: Shown) -> str:
        """The figures, and where, when and in what weather they are."""
        phrases = {
            "figures": self._figures(shown),
            "place": self.table["places" if shown.figures else "alone"].get(shown.place, ""),
            "time": self.table["times"].get(shown.time, ""),
            "weather": self.table["weathers"].get(shown.weather, ""),
        }
        in_order = [phrases[each] for each in self.table["order"]]
        return str(self.table["forms"]["space"]).join(each for each in in_order if each)

    def _figures(self, shown: Shown) -> str:
        if not shown.figures:
            return ""
        main, *others = shown.figures
        if _are_many(shown):
            many = self._figure(main, DATIVE, counted=False)
            return str(self.table["many"][shown.scene].format(figures=many))
        text = self._figure(main, NOMINATIVE)
        for other in others:
            figure = self._figure(other, DATIVE if other.relation else NOMINATIVE)
            text = self.table["relations"][other.relation].format(main=text, other=figure)
        return text

    def _arranged(self, shown: Shown) -> str:
        return "" if _are_many(shown) or not shown.figures else self.table["arranged"].get(shown.scene, "")

    def _colors(self, names: Sequence[str]) -> str:
        said = [self._label("color", name) for name in names if not name.startswith("#")]
        return str(self.table["forms"]["color"].format(colors=self._listed(said))) if said else ""

    def _styles(self, names: Sequence[str]) -> str:
        return self._listed([self.table["styles"].get(name, name) for name in names])

    def _label(self, kind: str, name: str) -> str:
        return label(self.vocabulary, kind, name, self.language)

    def _listed(self, words: Sequence[str]) -> str:
        return format_list(words, locale=self.language) if words else ""

    def _figure(self, figure: Other, case: str, counted: bool = True) -> str:
        if self.table["grammar"] == "counters":
            return self._counted(figure, counted)
        noun, several = self._noun(figure.shape), figure.number > 1 or not counted
        words = {
            "determiner": self._determiner(noun, figure.number, case) if counted else "",
            "color": self._adjective(figure.color, noun, case, several or noun.is_plural),
            "noun": self._in_case(noun, case, several),
        }
        return " ".join(self.table["forms"]["noun"].format(**words).split())

    def _noun(self, name: str) -> Noun:
        label = self.vocabulary.label("shape", name, SOURCE)
        return noun_of(cells()[self.language].get(name, ""), label, self.language)

    def _determiner(self, noun: Noun, number: int, case: str) -> str:
        if number > 1:
            masculine, _, feminine = self.table["numbers"][number - 2].partition("/")
            return str(feminine if feminine and noun.gender == "f" else masculine)
        articles = self.table["articles"]
        if noun.is_bare:
            return ""
        key = f"{noun.gender}p" if noun.is_plural else noun.gender
        return str(articles.get(f"{key} {case}", articles.get(key, "")))

    def _in_case(self, noun: Noun, case: str, several: bool) -> str:
        text = noun.several if several else noun.one
        return (
            _dative(text, noun, several or noun.is_plural)
            if "endings" in self.table and case == DATIVE
            else text
        )

    def _adjective(self, color: str, noun: Noun, case: str, several: bool) -> str:
        """A color as its noun needs it; nothing for a shade without a name."""
        if not color or color.startswith("#"):
            return ""
        told = self.table.get("colors", {}).get(color)
        if told is None:
            return str(self.table["forms"]["adjective"].format(color=self._label("color", color)))
        forms = told.partition("|")[0].split("/")
        if "endings" in self.table:
            return str(forms[0] + self.table["endings"][f"{'p' if several else noun.gender} {case}"])
        if len(forms) == 2:
            return str(forms[several])
        return str(forms[2 * several + (noun.gender == "f")] if len(forms) > 2 else forms[0])

    def _counted(self, figure: Other, counted: bool) -> str:
        """A figure of a language that counts in measures: 两只鸟."""
        forms, counters = self.table["forms"], self.table["counters"]
        noun = self._label("shape", figure.shape)
        words = {
            "color": self._adjective(figure.color, Noun(noun, noun), NOMINATIVE, several=False),
            "noun": noun,
        }
        if figure.number == 1 or not counted:
            return str(forms["one"].format(**words)).strip()
        words["number"] = self.table["numbers"][figure.number - 2]
        known = self.vocabulary.has("shape", figure.shape)
        category = self.vocabulary.word("shape", figure.shape).category if known else ""
        counter = counters.get(category, counters[""])
        return str(forms["several"].format(counter=counter, **words)).strip()

    def _tidied(self, text: str) -> str:
        for pattern, instead in self.table.get("elisions", ()):
            text = re.sub(pattern, instead, text)
        return _PARTICLE.sub(_particle, text)


def _are_many(shown: Shown) -> bool:
    """Whether the scene shows as many of its one figure as it likes."""
    return (
        shown.scene in ("flock", "pattern", "mandala")
        and len(shown.figures) == 1
        and shown.figures[0].number == 1
    )


def _dative(text: str, noun: Noun, several: bool) -> str:
    """A German noun, which may have an adjective before it, in the dative."""
    if text[0].islower():
        first, _, rest = text.partition(" ")
        text = f"{re.sub('(er|es|e)$', 'en', first)} {rest}"
    if noun.is_weak and not several:
        return noun.several
    return f"{text}n" if several and not text.endswith(("n", "s")) else text


def _particle(found: re.Match[str]) -> str:
    last, after_consonant, after_vowel = found.groups()
    ends_in_vowel = not "가" <= last <= "힣" or (ord(last) - ord("가")) % 28 == 0
    return last + (after_vowel if ends_in_vowel else after_consonant)


@functools.lru_cache(maxsize=32)
def speech_of(locale: str, vocabulary: Vocabulary) -> Speech:
    """Return the language nearest to a BCP 47 tag."""
    language = language_of(locale)
    return Speech(language, says_table(language), vocabulary)

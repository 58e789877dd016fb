"""What is said back of a line: "Two birds over a mountain, in ink. I left out: cozy." """

from __future__ import annotations

import tomllib
from collections.abc import Sequence

from commands.chat import Translate
from commands.i18n import language_of, translator
from commands.parsing.figures import Subject
from commands.parsing.line import Understood
from commands.parsing.sanitize import echo
from commands.parsing.tables import DATA
from engine.captions import plural
from engine.vocabulary import Vocabulary

_SAYS = tomllib.loads((DATA / "says.toml").read_text("utf-8"))
_NUMBERS = {
    "en": ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
    "zh": ["两", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"],
}
MOST_NAMED = 6
"""Words that the answer names as left out."""


def says(understood: Understood, vocabulary: Vocabulary, locale: str = "en") -> str:
    """The picture in one sentence, then what was read otherwise and what was left out."""
    space = "" if _language(locale) == "zh" else " "
    told = (_picture(understood, vocabulary, locale), notes(understood, vocabulary, locale))
    return space.join(each for each in told if each)


def notes(understood: Understood, vocabulary: Vocabulary, locale: str = "en") -> str:
    """What was read otherwise than it was typed, and what was left out; empty for nothing."""
    translate, space = translator(locale), "" if _language(locale) == "zh" else " "
    told = (_read_as(understood, translate, vocabulary, locale), _left_out(understood, translate, locale))
    return space.join(each for each in told if each)


def _language(locale: str) -> str:
    return "zh" if language_of(locale).startswith("zh") else "en"


def _picture(understood: Understood, vocabulary: Vocabulary, locale: str) -> str:
    language, asked = _language(locale), understood.asked
    table = _SAYS[language]
    parts = [_figures(understood.subjects, vocabulary, language)] if understood.subjects else []
    places = table["places" if parts else "alone"]
    around = [places.get(asked.place or ""), table["times"].get(asked.time or "")]
    around.append(table["weathers"].get(asked.weather or ""))
    first = ("" if language == "zh" else " ").join(each for each in (*parts, *around) if each)
    said = [each for each in (first, *_manner(understood, vocabulary, language)) if each]
    if not said:
        translate = translator(locale)
        return translate("Whatever comes to mind.")
    text = ("，" if language == "zh" else ", ").join(said)
    return f"{text}。" if language == "zh" else f"{text[0].upper()}{text[1:]}."


def _manner(understood: Understood, vocabulary: Vocabulary, language: str) -> list[str]:
    """Colors of the whole picture, and the style."""
    asked, own = understood.asked, {each.color for each in understood.subjects}
    colors = [_color(each, vocabulary, language) for each in asked.colors or () if each not in own]
    styles = [vocabulary.label("style", name, language) for name, _ in asked.style or ()]
    if language == "zh":
        return ["、".join(colors), "、".join(styles)]
    return [f"in {' and '.join(each)}" if each else "" for each in (colors, styles)]


def _figures(subjects: Sequence[Subject], vocabulary: Vocabulary, language: str) -> str:
    main, *others = subjects
    text = _figure(main, vocabulary, language)
    for other in others:
        figure = _figure(other, vocabulary, language)
        text += _chinese(other, figure) if language == "zh" else f" {_relation(other)} {figure}"
    return text


def _relation(other: Subject) -> str:
    return str(_SAYS["en"]["relations"].get(other.relation, other.relation))


def _chinese(other: Subject, figure: str) -> str:
    verbs = {"holding": "拿着", "wearing": "穿戴着", "riding": "骑着"}
    if other.relation in verbs:
        return verbs[other.relation] + figure
    place = _SAYS["zh"]["relations"].get(other.relation)
    return f"在{figure}{place}" if place else f"和{figure}"


def _figure(subject: Subject, vocabulary: Vocabulary, language: str) -> str:
    label = vocabulary.label("shape", subject.name, language)
    color = _color(subject.color, vocabulary, language)
    if language == "zh":
        number = "一个" if subject.number == 1 else f"{_NUMBERS['zh'][subject.number - 2]}个"
        return f"{number}{color}{'的' if color else ''}{label}"
    if subject.number > 1:
        return " ".join(each for each in (_NUMBERS["en"][subject.number - 2], color, plural(label)) if each)
    noun = f"{color} {label}".strip()
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _color(name: str, vocabulary: Vocabulary, language: str) -> str:
    """Nothing for a shade that has no name."""
    return "" if name.startswith("#") or not name else vocabulary.label("color", name, language)


def _read_as(understood: Understood, translate: Translate, vocabulary: Vocabulary, locale: str) -> str:
    told = []
    for each in understood.read_as:
        said = echo(each.said)
        if each.kind == "word":
            told.append(translate("I read {said} as {read}.", said=said, read=each.read))
        elif each.kind == "style":
            style = vocabulary.label("style", each.read, locale)
            told.append(translate("For {said} I took {style}.", said=said, style=style))
        elif each.kind == "place":
            place = _SAYS[_language(locale)]["alone"][each.read]
            told.append(translate("I painted {thing} for the {said}.", thing=place, said=said))
        else:
            thing = _figure(Subject(each.read, said), vocabulary, _language(locale))
            told.append(translate("I painted {thing} for the {said}.", thing=thing, said=said))
    return " ".join(told)


def _left_out(understood: Understood, translate: Translate, locale: str) -> str:
    told = [echo(each) for each in understood.left_out if each not in understood.silent]
    told = [each for each in told if each][:MOST_NAMED]
    comma = "、" if _language(locale) == "zh" else ", "
    return translate("I left out: {words}.", words=comma.join(told)) if told else ""

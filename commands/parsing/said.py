"""What is said back of a line: "Two birds over a mountain, in ink. I left out: cozy." """

from __future__ import annotations

from collections.abc import Iterable, Sequence

from commands.chat import Translate
from commands.i18n import translator
from commands.parsing.labels import label
from commands.parsing.line import ReadAs, Understood
from commands.parsing.sanitize import echo
from commands.parsing.speech import Shown, Speech, speech_of
from engine.captions import text_on
from engine.conditions import Conditions, Other
from engine.vocabulary import Vocabulary

MOST_NAMED = 6
"""Words that the answer names as left out."""


def says(understood: Understood, vocabulary: Vocabulary, locale: str = "en") -> str:
    """The picture in one sentence, then what was read otherwise and what was left out."""
    translate = translator(locale)
    sentence = speech_of(locale, vocabulary).sentence(_asked_for(understood))
    sentence = sentence or translate("Whatever comes to mind.")
    return joined((sentence, notes(understood, vocabulary, locale)), vocabulary, locale)


def says_of(pictures: Sequence[Conditions], vocabulary: Vocabulary, locale: str = "en") -> str:
    """What is on pictures, a line for each that is another one."""
    speech = speech_of(locale, vocabulary)
    return "\n".join(dict.fromkeys(speech.sentence(_shown(each)) for each in pictures))


def notes(understood: Understood, vocabulary: Vocabulary, locale: str = "en") -> str:
    """What was read otherwise than it was typed, and what was left out; empty for nothing."""
    translate, speech = translator(locale), speech_of(locale, vocabulary)
    read = (_read_as(each, translate, speech) for each in understood.read_as)
    return joined((*read, _left_out(understood, translate, speech)), vocabulary, locale)


def joined(sentences: Iterable[str], vocabulary: Vocabulary, locale: str) -> str:
    """Sentences one after the other, as the language writes them."""
    return speech_of(locale, vocabulary).gap.join(each for each in sentences if each)


def _asked_for(understood: Understood) -> Shown:
    asked = understood.asked
    return Shown(
        figures=tuple(
            Other(each.name, each.number, each.relation, each.color) for each in understood.subjects
        ),
        place=asked.place or "",
        time=asked.time or "",
        weather=asked.weather or "",
        scene=asked.scene or "",
        colors=_without_own(asked.colors or (), [each.color for each in understood.subjects]),
        styles=tuple(name for name, _ in asked.style or ()),
        text=asked.text or "",
        is_bare=asked.shape == "",
    )


def _shown(picture: Conditions) -> Shown:
    main = Other(picture.shape, picture.number, "", picture.color)
    figures = (main, *picture.others) if picture.shape else ()
    return Shown(
        figures=figures,
        place=picture.place,
        time=picture.time,
        weather=picture.weather,
        scene=picture.scene,
        colors=_without_own(picture.colors, [each.color for each in figures]),
        styles=tuple(name for name, _ in picture.style),
        text=text_on(picture),
        is_bare=True,
    )


def _without_own(colors: Sequence[str], own: Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each in colors if each not in own)


def _read_as(read: ReadAs, translate: Translate, speech: Speech) -> str:
    said = echo(read.said)
    if read.kind == "word":
        return translate("I read {said} as {read}.", said=said, read=read.read)
    if read.kind == "style":
        style = label(speech.vocabulary, "style", read.read, speech.language)
        return translate("For {said} I took {style}.", said=said, style=style)
    thing = speech.place(read.read) if read.kind == "place" else speech.thing(read.read)
    return translate("I painted {thing} for the {said}.", thing=thing, said=said)


def _left_out(understood: Understood, translate: Translate, speech: Speech) -> str:
    told = [echo(each) for each in understood.left_out if each not in understood.silent]
    told = [each for each in told if each][:MOST_NAMED]
    return translate("I left out: {words}.", words=speech.comma.join(told)) if told else ""

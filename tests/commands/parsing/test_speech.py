"""What is on a picture, in a sentence."""

from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.i18n import languages
from commands.parsing.nouns import cells, noun_of
from commands.parsing.said import says_of
from commands.parsing.speech import speech_of
from commands.parsing.tables import DATA
from commands.text.captions import LONGEST_ALT, alt_of
from engine.conditions import PLACES, RELATIONS, SCENES, TIMES, WEATHERS, Asked, Conditions, Other, complete
from engine.defaults import SeededDefaults
from tests.support.parsed_lines import VOCABULARY

SPOKEN = sorted(each.name.removesuffix(".toml") for each in (DATA / "says").iterdir())
INK = (("ink", 1.0),)
in_each_language = pytest.mark.parametrize("language", SPOKEN)


def shown(shape="", number=1, others=(), **conditions):
    return Conditions(INK, conditions.pop("colors", ()), shape, "portrait", 7, number=number, others=others)


def said(language, picture):
    return says_of([picture], VOCABULARY, language)


@pytest.mark.parametrize(
    ("picture", "sentence"),
    [
        (shown("bird", 2, (Other("mountain", 1, "over"),)), "Two birds over a mountain, in ink."),
        (shown("owl"), "An owl, in ink."),
        (shown("unicorn"), "A unicorn, in ink."),
        (shown("hourglass"), "An hourglass, in ink."),
        (shown("scissors"), "Scissors, in ink."),
        (shown("sun"), "The sun, in ink."),
        (shown("sun", 2), "Two suns, in ink."),
        (shown("fox", colors=("sky", "gold")), "A fox, in sky blue and gold, in ink."),
        (shown(), "Free forms, in ink."),
    ],
)
def test_english_has_articles_and_plurals(picture, sentence):
    assert said("en", picture) == sentence


@given(st.integers(0, 2**32 - 1))
@pytest.mark.parametrize("language", SPOKEN)
def test_whatever_chance_chooses_is_said(language, seed):
    [picture] = complete(Asked(), SeededDefaults(VOCABULARY), seed)
    sentence = said(language, picture)
    assert not re.search(r"[{}\[\]|/]|  |^\s|,,", sentence), sentence
    assert sentence.endswith((".", "。"))
    assert 3 < len(alt_of(picture, language)) <= LONGEST_ALT


@in_each_language
def test_every_place_time_weather_scene_relation_and_style_has_its_words(language):
    table = tomllib.loads((DATA / "says" / f"{language}.toml").read_text("utf-8"))
    assert {*table["places"]} == {*table["alone"]} == {*PLACES}
    assert ({*table["times"]}, {*table["weathers"]}) == ({*TIMES}, {*WEATHERS})
    assert {*table["relations"]} == {"", *RELATIONS}
    assert {*table["styles"]} == {word.name for word in VOCABULARY.words("style")}
    assert {*table["many"], *table["arranged"]} <= {*SCENES}
    assert len(table["numbers"]) == 11
    assert {*table.get("colors", {})} <= {word.name for word in VOCABULARY.words("color")}


@in_each_language
def test_each_relation_names_both_figures(language):
    for relation in RELATIONS:
        sentence = said(language, shown("fox", 1, (Other("house", 2, relation),)))
        alone = said(language, shown("fox"))
        assert sentence != alone
        assert len(sentence) > len(alone)


@in_each_language
def test_a_scene_of_many_says_so(language):
    picture = Conditions(INK, (), "fox", "portrait", 7)
    several = {
        said(language, Conditions(INK, (), "fox", scene, 7)) for scene in ("flock", "pattern", "mandala")
    }
    assert len(several | {said(language, picture)}) == 4


def test_pictures_that_differ_have_a_line_each_and_others_share_it():
    fox, owl = shown("fox"), shown("owl")
    assert says_of([fox, fox.with_seed(8)], VOCABULARY) == "A fox, in ink."
    assert says_of([fox, owl], VOCABULARY) == "A fox, in ink.\nAn owl, in ink."


def test_a_shade_without_a_name_is_not_said():
    assert said("en", shown("fox", colors=("#112233",))) == "A fox, in ink."


def test_labels_are_of_things_that_are_drawn():
    drawn = {word.name for word in VOCABULARY.words("shape")}
    assert not [thing for row in cells().values() for thing in row if thing not in drawn]


def test_every_language_that_easel_speaks_has_its_sentences():
    assert {*languages()} <= {*SPOKEN}


@pytest.mark.parametrize("locale", ["", "en-GB", "xx", "tlh"])
def test_a_language_without_sentences_is_answered_in_english(locale):
    assert speech_of(locale, VOCABULARY).language == "en"


@pytest.mark.parametrize(
    ("cell", "language", "several"),
    [
        ("m reloj de pulsera", "es", "relojes de pulsera"),
        ("m león", "es", "leones"),
        ("m oso polar", "es", "osos polares"),
        ("m lápiz", "es", "lápices"),
        ("m avião de papel", "pt", "aviões de papel"),
        ("m animal", "pt", "animais"),
        ("m jardim", "pt", "jardins"),
        ("m cheval", "fr", "chevaux"),
        ("m oiseau", "fr", "oiseaux"),
        ("m arc-en-ciel/arcs-en-ciel", "fr", "arcs-en-ciel"),
        ("mw Bär/Bären", "de", "Bären"),
        ("fp gafas", "es", "gafas"),
    ],
)
def test_a_plural_follows_the_rules_of_its_language_or_is_written_beside_the_noun(cell, language, several):
    assert noun_of(cell, "", language).several == several

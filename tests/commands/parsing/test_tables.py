"""The words of nine languages."""

from __future__ import annotations

import tracemalloc

import pytest

from commands.parsing.tables import ASIAN, DATA, LATIN, load_tables
from engine.conditions import PLACES, RELATIONS, TIMES, WEATHERS
from engine.vocabulary import load_vocabulary
from tests.support.parsed_lines import VOCABULARY

TABLES = load_tables(VOCABULARY)
LANGUAGES = (*LATIN, *ASIAN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_meaning_is_one_that_pictures_have(language):
    known = {
        **{kind: {word.name for word in VOCABULARY.words(kind)} for kind in ("color", "style", "scene")},
        "thing": {word.name for word in VOCABULARY.words("shape")},
        **{"place": set(PLACES), "time": set(TIMES), "weather": set(WEATHERS), "relation": set(RELATIONS)},
        **{"after": set(RELATIONS), "artist": {word.name for word in VOCABULARY.words("style")}},
    }
    strange = {
        (word, sense.kind, sense.value)
        for word, senses in TABLES.languages[language].index.items()
        for sense in senses
        if sense.kind in known and sense.value not in known[sense.kind]
    }
    assert strange == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("place", PLACES[:1] + PLACES[1:18]),
        ("time", TIMES),
        ("weather", WEATHERS),
        ("number", ("1", "2", "10")),
    ],
)
def test_every_language_has_words_for_the_surroundings(language, kind, values):
    found = {
        sense.value
        for senses in TABLES.languages[language].index.values()
        for sense in senses
        if sense.kind == kind
    }
    assert set(values) - found <= {"table", "studio-ground", "castle-grounds"}


@pytest.mark.parametrize(
    ("noun", "thing"),
    [
        ("spaniel", "dog"),
        ("stallion", "horse"),
        ("gunboat", "boat"),
        ("rattlesnake", "snake"),
        ("vixen", "fox"),
    ],
)
def test_an_english_noun_leads_to_its_nearest_kind_that_is_drawn(noun, thing):
    senses = [each for each in TABLES.languages["en"].index[noun] if each.kind == "thing"]
    assert [each.value for each in senses] == [thing]


@pytest.mark.parametrize(
    "noun", ["entity", "object", "artifact", "organism", "animal", "structure", "device"]
)
def test_what_is_everything_stands_for_nothing(noun):
    assert not [each for each in TABLES.languages["en"].index.get(noun, ()) if each.kind == "thing"]


@pytest.mark.parametrize(("word", "parts"), [("watch", "nv"), ("swam", "v"), ("cozy", "na"), ("foxx", "")])
def test_wordnet_knows_what_a_word_may_be(word, parts):
    assert set(TABLES.parts_of_speech(word)) == set(parts)


def test_the_tables_are_small():
    tracemalloc.start()
    load_tables.__wrapped__(load_vocabulary())
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used < 40 * 2**20


def test_the_licences_of_the_tables_are_told():
    notice = (DATA / "NOTICE").read_text("utf-8")
    assert "WordNet" in notice
    assert "Unicode" in notice
    assert "emojibase" in notice

"""Plain sentences."""

from __future__ import annotations

import pytest

from commands.chat import UserError
from commands.lexicon import KINDS, Lexicon
from commands.sentences import CHINESE_FILLERS, FILLERS, NUMBERS, read_sentence
from engine.vocabulary import load_vocabulary

LEXICON = Lexicon(load_vocabulary())


def read(text: str, *taken: str) -> dict[str, list[str]]:
    return {kind: names for kind, names in read_sentence(text, LEXICON, taken).items() if names}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a red fox in watercolor", {"color": ["red"], "shape": ["fox"], "style": ["watercolor"]}),
        ("two-headed".replace("two-headed", "blue-fish"), {"color": ["blue"], "shape": ["fish"]}),
        ("a light blue fish's portrait", {"color": ["sky"], "shape": ["fish"], "scene": ["portrait"]}),
        ("a school of fish", {"shape": ["fish"], "scene": ["flock"]}),
        ("cats in pixel art", {"shape": ["cat"], "style": ["pixel"]}),
        ("一群金色的鱼", {"color": ["gold"], "shape": ["fish"], "scene": ["flock"]}),
        ("请给我画一只红色的狐狸，水彩风格的", {"color": ["red"], "shape": ["fox"], "style": ["watercolor"]}),
        ("深蓝色的和平鸽", {"color": ["navy"], "shape": ["dove"]}),
        ("红色三角形", {"color": ["red"], "shape": ["triangle"]}),
        ("blue鱼 in 水墨", {"color": ["blue"], "shape": ["fish"], "style": ["ink"]}),
        ("red T恤", {"color": ["red"], "shape": ["shirt"]}),
    ],
)
def test_the_longest_words_that_are_known_are_taken(text, found):
    assert read(text) == found


@pytest.mark.parametrize(
    ("text", "taken", "found"),
    [
        ("a rose", (), {"shape": ["rose"]}),
        ("a rose fox", (), {"shape": ["fox"], "color": ["rose"]}),
        ("rose", ("shape",), {"color": ["rose"]}),
        ("rose and blue foxes", (), {"shape": ["fox"], "color": ["rose", "blue"]}),
        ("a fox in pencil", (), {"shape": ["fox"], "style": ["sketch"]}),
        ("a pencil in ink", (), {"shape": ["pencil"], "style": ["ink"]}),
    ],
)
def test_a_word_that_may_be_two_things_is_what_is_still_open(text, taken, found):
    assert read(text, *taken) == found


@pytest.mark.parametrize(
    ("text", "word"),
    [("a weird fish", "weird"), ("奇怪的鱼", "奇怪"), ("very blurple", "blurple"), ("рыба", "рыба")],
)
def test_the_unknown_word_is_named(text, word):
    with pytest.raises(UserError) as refusal:
        read(text)
    assert refusal.value.values["word"] == word


@pytest.mark.parametrize(
    ("text", "word"), [("three cats", "three"), ("3 cats", "3"), ("三只猫", "三"), ("两条鱼", "两")]
)
def test_a_number_without_a_name_is_told_what_can_be_counted(text, word):
    with pytest.raises(UserError, match=r"for example count=2\.$") as refusal:
        read(text)
    assert refusal.value.values["word"] == word


@pytest.mark.parametrize("word", sorted({*FILLERS, *CHINESE_FILLERS, *NUMBERS}))
def test_no_function_word_or_number_names_anything(word):
    assert not [kind for kind in KINDS if LEXICON.vocabulary.find(kind, word)]


@pytest.mark.parametrize(
    ("kind", "term"),
    [(kind, term) for kind in KINDS for word in LEXICON.vocabulary.words(kind) for term in word.terms],
)
def test_every_word_of_the_vocabulary_is_understood_in_a_sentence(kind, term):
    others = {"shape", "style", "scene", "color"} - {kind}
    assert read(term, *others) == {kind: [LEXICON.vocabulary.find(kind, term)]}

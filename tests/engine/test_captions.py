"""Test engine/captions.py."""

from __future__ import annotations

import pytest

from engine.captions import are_several, figures_in_words, plural
from engine.conditions import RELATIONS, Conditions, Other
from engine.vocabulary import load_vocabulary

WORDS = load_vocabulary()


def picture(shape: str, number: int = 1, *others: Other) -> Conditions:
    return Conditions((("ink", 1.0),), ("blue",), shape, "portrait", 7, number=number, others=others)


@pytest.mark.parametrize(
    ("shown", "english", "chinese"),
    [
        (picture("palm-tree"), "palm tree", "棕榈树"),
        (picture("bird", 2), "two birds", "两只鸟"),
        (picture("bird", 2, Other("mountain", 1, "over")), "two birds over mountain", "两只鸟在山上方"),
        (
            picture("fox", 1, Other("tree", 3), Other("moon")),
            "fox, three trees and moon",
            "狐狸、三棵树和月亮",
        ),
        (picture("dog", 1, Other("cat")), "dog and cat", "狗和猫"),
        (
            picture("dog", 1, Other("box", 1, "beside"), Other("cat")),
            "dog beside box and cat",
            "狗在盒子旁边，和猫",
        ),
        (picture("cat", 1, Other("box", 9, "before")), "cat in front of nine boxes", "猫在九个盒子前面"),
    ],
)
def test_figures_are_said_in_the_readers_language(shown: Conditions, english: str, chinese: str) -> None:
    assert figures_in_words(shown, "en-US", WORDS) == english
    assert figures_in_words(shown, "zh-CN", WORDS) == chinese


@pytest.mark.parametrize("relation", RELATIONS)
def test_every_relation_is_said_in_its_own_words(relation: str) -> None:
    related, plain = (picture("cat", 1, Other("box", 1, each)) for each in (relation, ""))
    for locale in ("en", "zh"):
        assert figures_in_words(related, locale, WORDS) != figures_in_words(plain, locale, WORDS)


def test_the_plural_of_a_shape_is_understood_as_the_shape() -> None:
    shapes = [word.name for word in WORDS.words("shape")]
    plurals = {shape: plural(WORDS.label("shape", shape, "en")) for shape in shapes}
    # "balloons" are a subject of their own, and there are cut-outs of both.
    own = {shape: {shape, many.replace(" ", "-")} for shape, many in plurals.items()}
    assert not {shape for shape, many in plurals.items() if WORDS.find("shape", many) not in own[shape]}


def test_a_shape_that_the_vocabulary_does_not_know_is_said_as_it_is() -> None:
    assert figures_in_words(picture("gryphon", 2), "en", WORDS) == "two gryphons"
    assert figures_in_words(picture("gryphon", 2), "zh", WORDS) == "两个gryphon"


def test_one_figure_of_one_shape_is_not_several() -> None:
    assert not are_several(picture("cat"))
    assert are_several(picture("cat", 2))
    assert are_several(picture("cat", 1, Other("dog")))

"""What a sentence names: how many, in which color, and how things stand to each other."""

from __future__ import annotations

import pytest

from commands.parsing.line import understand
from tests.support.parsed_lines import VOCABULARY, figures, told


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("a red fox", [(1, "fox", "red")]),
        ("two birds over a mountain", [(2, "bird"), (1, "mountain", "", "over")]),
        ("ten fish", [(10, "fish")]),
        ("a dozen birds", [(12, "bird")]),
        ("fifty cats", [(12, "cat")]),
        ("cats", [(3, "cat")]),
        ("many cats", [(7, "cat")]),
        ("a few cats", [(3, "cat")]),
        ("two red birds and a blue bird", [(3, "bird")]),
        ("a black cat and a red bird", [(1, "cat", "black"), (1, "bird", "red")]),
        ("an orange and white cat", [(1, "cat", "orange")]),
        ("a rose fox", [(1, "fox", "rose")]),
        ("a rose and a fox", [(1, "rose"), (1, "fox")]),
        ("light blue bird, dark green tree", [(1, "bird", "sky"), (1, "tree", "forest")]),
        ("a cat on a chair", [(1, "cat"), (1, "chair", "", "on")]),
        ("a cat in front of a tree", [(1, "cat"), (1, "tree", "", "in front of")]),
        ("a fox between two trees", [(1, "fox"), (2, "tree", "", "between")]),
        ("a man on a horse", [(1, "man"), (1, "horse", "", "on")]),
        ("a man riding a horse", [(1, "man"), (1, "horse", "", "riding")]),
        ("a woman holding an umbrella", [(1, "woman"), (1, "umbrella", "", "holding")]),
        ("a cat wearing a crown", [(1, "cat"), (1, "crown", "", "wearing")]),
        ("a house with a tree", [(1, "house"), (1, "tree", "", "with")]),
        ("under a tree, a fox", [(1, "fox"), (1, "tree", "", "under")]),
        ("flowers in a vase", [(3, "flower"), (1, "vase", "", "in")]),
        ("a cup of coffee", [(1, "coffee")]),
        ("a slice of watermelon", [(1, "watermelon")]),
        ("a baby penguin", [(1, "penguin")]),
        ("a rainbow fish", [(1, "fish")]),
        ("a robot dog", [(1, "dog")]),
        ("a dog statue", [(1, "dog")]),
        ("a cat watches a bird", [(1, "cat"), (1, "bird", "", "with")]),
        ("birds fly over the lake", [(3, "bird")]),
        ("the dog barks at the moon", [(1, "dog"), (1, "moon")]),
        ("a cat on the roof of a house", [(1, "cat"), (1, "house", "", "on")]),
        ("a bronze of a horse", [(1, "horse")]),
        ("the owner of a dog", [(1, "man"), (1, "dog")]),
        ("an iron gate", [(1, "door")]),
        ("a chair made of wood", [(1, "chair")]),
        ("a fish, the fish in blue", [(1, "fish")]),
        ("no people, a fox", [(1, "fox")]),
        ("nine cats and nine foxes", [(9, "cat"), (6, "fox")]),
    ],
)
def test_things_have_their_number_color_and_relation(line, found):
    assert figures(line) == found


@pytest.mark.parametrize(
    ("line", "scale", "left_out"),
    [
        ("a huge fox", "huge", []),
        ("a tiny red bird", "tiny", []),
        ("a big cat and a small dog", "large", ["small"]),
        ("a fox in a small village", None, ["small"]),
        ("a small robot dog", "small", ["robot"]),
        ("scale=huge a fox", "huge", []),
        ("un pez enorme", "huge", []),
        ("ein riesiger Hund", "huge", []),
        ("一只小猫", "small", []),
        ("大きな犬", "large", []),
        ("작은 새", "small", []),
    ],
)
def test_a_word_of_size_is_for_the_main_figure(line, scale, left_out):
    understood = understand(line, VOCABULARY)
    assert understood.asked.scale == scale
    assert list(understood.left_out) == left_out


@pytest.mark.parametrize(
    ("line", "locale", "found"),
    [
        ("dos gatos negros sobre una silla", "es", [(2, "cat", "black"), (1, "chair", "", "on")]),
        ("un pez azul y dos patos amarillos", "es", [(1, "fish", "blue"), (2, "duck", "yellow")]),
        ("un chien qui porte une couronne", "fr", [(1, "dog"), (1, "crown", "", "wearing")]),
        ("trois oiseaux bleus et une fleur rouge", "fr", [(3, "bird", "blue"), (1, "flower", "red")]),
        ("zwei schwarze Katzen auf einem Stuhl", "de", [(2, "cat", "black"), (1, "chair", "", "on")]),
        ("drei blaue Vögel und eine rote Blume", "de", [(3, "bird", "blue"), (1, "flower", "red")]),
        ("três pássaros azuis e uma flor vermelha", "pt", [(3, "bird", "blue"), (1, "flower", "red")]),
        ("flores em um vaso", "pt", [(3, "flower"), (1, "vase", "", "in")]),
        ("两只黑猫在椅子上", "zh", [(2, "cat", "black"), (1, "chair", "", "on")]),
        ("山上的两只鸟", "zh", [(2, "bird"), (1, "mountain", "", "on")]),
        ("戴皇冠的狗", "zh", [(1, "dog"), (1, "crown", "", "wearing")]),
        ("兩隻黑貓在椅子上", "zh-TW", [(2, "cat", "black"), (1, "chair", "", "on")]),
        ("椅子の上の二匹の黒い猫", "ja", [(2, "cat", "black"), (1, "chair", "", "on")]),
        ("猫が椅子の上にいる", "ja", [(1, "cat"), (1, "chair", "", "on")]),
        ("王冠をかぶった犬", "ja", [(1, "dog"), (1, "crown", "", "wearing")]),
        ("의자 위의 검은 고양이 두 마리", "ko", [(2, "cat", "black"), (1, "chair", "", "on")]),
        ("파란 새 세 마리와 빨간 꽃", "ko", [(3, "bird", "blue"), (1, "flower", "red")]),
    ],
)
def test_every_language_says_them_its_own_way(line, locale, found):
    assert figures(line, locale) == found
    assert figures(line) == found


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("a house by the lake", "place", "lake"),
        ("forest landscape", "place", "forest"),
        ("a fox in the mountains at night", "time", "night"),
        ("a cabin in the snow", "weather", "snow"),
        ("sunset", "time", "sunset"),
        ("a fish swimming", "place", "underwater"),
        ("a flock of birds", "scene", "flock"),
        ("2 pictures of a cat", "count", 2),
        ("a house without trees", "without", ["tree"]),
        ("a fox, not red", "without", ["red"]),
        ("木のない家", "without", ["tree"]),
        ("a street without people", "without", ["person"]),
        ("--no animals a forest", "without", ["animal"]),
        ("una calle sin gente", "without", ["person"]),
        ("没有动物的森林", "without", ["animal"]),
        ("人のいない街", "without", ["person"]),
        ("사람 없는 거리", "without", ["person"]),
        ("没有树的房子", "without", ["tree"]),
        ("나무 없는 집", "without", ["tree"]),
        ("ein Haus ohne Bäume", "without", ["tree"]),
        ("a painting of black and white", "colors", ["black", "white"]),
        ("a fox in blue and gold", "colors", ["blue", "gold"]),
        ("a tree like van gogh", "style", ["post-impressionism"]),
        ("a fox in pencil", "style", ["sketch"]),
    ],
)
def test_surroundings_and_manner_are_read(line, key, value):
    assert told(line)[key] == value


@pytest.mark.parametrize("line", ["forest landscape", "sky", "abstract art", "the sea at night"])
def test_a_place_or_an_abstract_alone_has_no_figure(line):
    assert told(line)["subjects"] == []
    assert told(line)["error"] is None


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("a cozy cabin", ["cozy"]),
        ("a baby penguin", ["baby"]),
        ("a robot dog", ["robot"]),
        ("a fox, 4k, masterpiece", ["4k", "masterpiece"]),
        ("an elephant with polka dots", ["polka dots"]),
        ("可爱的小猫", ["可爱的"]),
    ],
)
def test_what_is_not_used_is_left_out_and_told(line, left):
    assert told(line)["left_out"] == left

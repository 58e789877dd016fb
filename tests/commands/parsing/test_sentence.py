"""Plain sentences."""

from __future__ import annotations

import pytest

from commands.chat import UserError
from commands.parsing.function_words import CHINESE_FILLERS, FILLERS, NUMBERS, RELATIONS, RELATIONS_AFTER
from commands.parsing.lexicon import KINDS, Lexicon
from commands.parsing.sentence import read_sentence
from commands.parsing.shapes import are_counted
from engine.vocabulary import load_vocabulary

LEXICON = Lexicon(load_vocabulary())


def read(text: str, *taken: str) -> dict[str, list[str]]:
    return {kind: names for kind, names in read_sentence(text, LEXICON, taken).names.items() if names}


def shapes(text: str, *taken: str) -> list[tuple[str, int | None, str]]:
    return [(each.shape, each.number, each.relation) for each in read_sentence(text, LEXICON, taken).shapes]


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
    ("text", "word", "example"),
    [
        ("a peacock", "a peacock", "color=peacock"),
        ("an orange in oil, please", "an orange", "color=orange"),
        ("an eggplant please", "an eggplant", "color=eggplant"),
        ("two peaches", "two peaches", "color=peaches"),
        ("a boat in a forest", "a forest", "color=forest"),
        ("a red peacock", "a peacock", "color=peacock"),
        ("a peach, a pear", "a peach", "color=peach"),
        ("两个橄榄", "两橄榄", "color=橄榄"),
    ],
)
def test_a_thing_that_is_only_a_color_is_refused(text, word, example):
    with pytest.raises(UserError, match=r"^I cannot paint .+; as a color, say color=") as refusal:
        read(text)
    assert (refusal.value.values["word"], refusal.value.values["example"]) == (word, example)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("peach, oil", {"color": ["peach"], "style": ["oil"]}),
        ("a peacock feather", {"color": ["teal"], "shape": ["feather"]}),
        ("a red, blue and gold fox", {"color": ["red", "blue", "gold"], "shape": ["fox"]}),
        ("two foxes, one red and one blue", {"color": ["red", "blue"], "shape": ["fox"]}),
        ("a blue painting of a fox", {"color": ["blue"], "shape": ["fox"]}),
        ("a fox in a dark green", {"color": ["forest"], "shape": ["fox"]}),
        ("a copper pot", {"color": ["rust"], "shape": ["jar"]}),
        ("一片红色", {"color": ["red"]}),
        ("一片天蓝", {"color": ["sky"]}),
    ],
)
def test_a_color_of_something_stays_a_color(text, found):
    assert read(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a blue whale", {"color": ["blue"], "shape": ["whale"]}),
        ("two goldfish", {"color": ["gold"], "shape": ["fish"]}),
        ("一条金鱼", {"color": ["gold"], "shape": ["fish"]}),
        ("a red goldfish", {"color": ["red", "gold"], "shape": ["fish"]}),
        ("a white dove over a blue sea", {"color": ["white", "blue"], "shape": ["dove", "sea"]}),
        ("an emerald", {"color": ["emerald"], "shape": ["gem"]}),
        ("two lilacs in ink", {"color": ["lavender"], "shape": ["flower"], "style": ["ink"]}),
        ("一颗翡翠", {"color": ["jade"], "shape": ["gem"]}),
        ("an emerald fox", {"color": ["emerald"], "shape": ["fox"]}),
    ],
)
def test_the_color_in_the_name_of_a_thing_counts(text, found):
    assert read(text) == found


@pytest.mark.parametrize(
    ("text", "word"),
    [("a weird fish", "weird"), ("奇怪的鱼", "奇怪"), ("very blurple", "blurple"), ("рыба", "рыба")],
)
def test_the_unknown_word_is_named(text, word):
    with pytest.raises(UserError) as refusal:
        read(text)
    assert refusal.value.values["word"] == word


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("two birds over a mountain", [("bird", 2, ""), ("mountain", 1, "over")]),
        ("a red fox and a tree", [("fox", 1, ""), ("tree", 1, "")]),
        ("3 small cats".replace("small ", ""), [("cat", 3, "")]),
        ("a pair of swans next to the boat", [("swan", 2, ""), ("boat", None, "beside")]),
        ("a horse in front of a castle", [("horse", 1, ""), ("castle", 1, "before")]),
        ("a bird on top of a blue tree", [("bird", 1, ""), ("tree", 1, "over")]),
        ("a cat behind two blue boxes, and bird:3", [("cat", 1, ""), ("box", 2, "behind"), ("bird", 3, "")]),
        ("两只鸟 山 水墨", [("bird", 2, ""), ("mountain", None, "")]),
        ("两只鸟在山上", [("bird", 2, ""), ("mountain", None, "over")]),
        ("山上的两只鸟", [("bird", 2, ""), ("mountain", None, "over")]),
        ("一只狐狸在树的后面", [("fox", 1, ""), ("tree", None, "behind")]),
        ("鱼 下雨", [("fish", None, ""), ("rain", None, "")]),
        ("三只猫和一对红色的狗", [("cat", 3, ""), ("dog", 2, "")]),
    ],
)
def test_shapes_are_counted_and_stand_to_each_other(text, said):
    assert shapes(text) == said


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("a red fox", True),
        ("one fox", True),
        ("一只红色的狐狸", True),
        ("画一只狐狸", True),
        ("fox:1", True),
        ("a picture of a fox", True),
        ("two foxes", True),
        ("fox", False),
        ("red foxes in ink", False),
        ("红色的狐狸", False),
        ("a painting of foxes", False),
        ("一幅狐狸", False),
        ("a portrait in ink", False),
    ],
)
def test_one_is_told_from_what_nobody_counted(text, counted):
    assert are_counted(read_sentence(text, LEXICON).shapes) == counted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a rose and a fox", ["rose", "fox"]),
        ("a fox and two roses in ink", ["fox", "rose"]),
        ("a fox under a rose", ["fox", "rose"]),
        ("a rose and blue fox", ["fox"]),
        ("two rose foxes", ["fox"]),
        ("a rose, a fox", ["rose", "fox"]),
    ],
)
def test_a_word_that_may_be_a_color_is_a_thing_where_it_stands_as_one(text, said):
    assert read(text)["shape"] == said


@pytest.mark.parametrize(
    "text",
    [
        "13 cats",
        "99 cats",
        "0 cats",
        "几只猫",
        "cat:0",
        "cat:13",
        "cat:",
    ],
)
def test_a_number_that_cannot_be_painted_is_told_what_can(text):
    with pytest.raises(
        UserError, match=r"a number from 1 to 12, for example shape=bird:2; .+ say count=2\.$"
    ):
        read(text)


@pytest.mark.parametrize(
    ("text", "word"), [("two", "two"), ("three in ink", "three"), ("两 水墨", "两"), ("2 3 cats", "2")]
)
def test_a_number_that_counts_nothing_is_named(text, word):
    with pytest.raises(UserError, match="for more pictures count=2") as refusal:
        read(text)
    assert refusal.value.values["word"] == word


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("three paintings of a fish", "count=3"),
        ("2 pictures", "count=2"),
        ("九幅鱼", "count=4"),
        ("三张画", "count=3"),
    ],
)
def test_who_counts_pictures_is_told_how_to_ask_for_them(text, example):
    with pytest.raises(UserError, match=f"more pictures of one wish say for example {example}"):
        read(text)


def test_no_little_word_names_anything():
    words = sorted({*FILLERS, *CHINESE_FILLERS, *NUMBERS, *RELATIONS, *RELATIONS_AFTER})
    assert not [word for word in words if any(LEXICON.vocabulary.find(kind, word) for kind in KINDS)]


def test_every_word_of_the_vocabulary_is_understood_in_a_sentence():
    terms = [(kind, *term) for kind in KINDS for term in LEXICON.vocabulary.terms(kind)]
    assert len(terms) > 2500
    assert not [
        (kind, term) for kind, name, term in terms if read(term, *({*KINDS} - {kind})) != {kind: [name]}
    ]

"""Lines that change a picture, in nine languages, and those that ask for a new one."""

from __future__ import annotations

from dataclasses import replace
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.chat import UserError
from commands.parsing.changes import changed
from commands.parsing.phrases import load_changes
from commands.parsing.revision import wish_of
from commands.parsing.sanitize import MAX_LINE
from commands.parsing.tables import ASIAN, LATIN
from engine.conditions import MAX_SIZE, Asked, Chooser, Conditions, Other, complete
from engine.defaults import SeededDefaults
from tests.support.parsed_lines import VOCABULARY

FISH = Conditions((("ink", 1.0),), ("red",), "fish", "portrait", 7, others=(Other("moon", 1, "under"),))
CAT = Conditions((("ink", 1.0),), (), "cat", "portrait", 7)
LAKE = Conditions((("oil", 1.0),), (), "", "landscape", 7, place="lake")
MOON, NO_MOON = FISH.others, {"others": (), "without": ("moon",)}
TREES = {"others": (*MOON, Other("tree", 2))}
BLUER, MORE_ABSTRACT = {"colors": ("#a65376",)}, {"style": (("ink", 0.6), ("abstract", 0.4))}
WATERCOLOR = {"style": (("watercolor", 1.0),)}
COMMON = {
    "bluer": BLUER,
    "night": {"time": "night"},
    "trees": TREES,
    "no moon": NO_MOON,
    "another": {"seed": None},
    "bigger": {"scale": "large"},
    "larger picture": {"size": 1024},
    "watercolor": WATERCOLOR,
    "abstract": MORE_ABSTRACT,
    "fox instead": {"shape": "fox"},
    "forest": {"place": "forest"},
}
SAID = {
    "en": (
        *("bluer", "make it night", "add two trees", "without the moon", "another one", "bigger"),
        *("a larger picture", "in watercolor", "more abstract", "a fox instead of the fish", "in the forest"),
    ),
    "es": (
        *("más azul", "hazlo de noche", "añade dos árboles", "sin la luna", "otra", "más grande"),
        *(
            "una imagen más grande",
            "en acuarela",
            "más abstracto",
            "un zorro en lugar del pez",
            "en el bosque",
        ),
    ),
    "fr": (
        *("plus bleu", "fais-le de nuit", "ajoute deux arbres", "sans la lune", "encore une", "plus grand"),
        *("une image plus grande", "en aquarelle", "plus abstrait", "un renard à la place du poisson"),
        "dans la forêt",
    ),
    "de": (
        *("blauer", "mach es Nacht", "füge zwei Bäume hinzu", "ohne den Mond", "noch eins", "größer"),
        *("ein größeres Bild", "in Aquarell", "abstrakter", "ein Fuchs statt des Fisches", "im Wald"),
    ),
    "pt": (
        *("mais azul", "faça ficar de noite", "adicione duas árvores", "sem a lua", "outra", "maior"),
        *("uma imagem maior", "em aquarela", "mais abstrato", "uma raposa em vez do peixe", "na floresta"),
    ),
    "zh": (
        *("蓝一点", "变成晚上", "加两棵树", "不要月亮", "再来一张", "大一点"),
        *("大一点的图", "换成水彩", "更抽象", "把鱼换成狐狸", "在森林里"),
    ),
    "zh-TW": (
        *("藍一點", "變成晚上", "加兩棵樹", "不要月亮", "再來一張", "大一點"),
        *("大一點的圖", "換成水彩", "更抽象", "把魚換成狐狸", "在森林裡"),
    ),
    "ja": (
        *("もっと青く", "夜にして", "木を二本足して", "月を消して", "もう一枚", "もっと大きく"),
        *("大きい絵で", "水彩で", "もっと抽象的に", "魚の代わりに狐", "森の中で"),
    ),
    "ko": (
        *("더 파랗게", "밤으로 바꿔줘", "나무 두 그루 추가해줘", "달 빼줘", "하나 더", "더 크게"),
        *("더 큰 그림", "수채화로", "더 추상적으로", "물고기 대신 여우", "숲에서"),
    ),
}


def change(
    line: str, old: Conditions = FISH, locale: str = "en", *, anyway: bool = False
) -> dict[str, Any] | None:
    """What a line changes, by the names of the wish; None for a new request."""
    told = changed(line, old, VOCABULARY, locale, anyway=anyway)
    if told is None:
        return None
    wish = wish_of(old)
    names = Asked.__dataclass_fields__
    return {
        name: getattr(told.asked, name) for name in names if getattr(told.asked, name) != getattr(wish, name)
    }


@pytest.mark.parametrize(
    ("locale", "line", "expected"),
    [
        (locale, line, COMMON[what])
        for locale, said in SAID.items()
        for line, what in zip(said, COMMON, strict=True)
    ],
)
def test_a_change_is_understood_in_every_language(locale, line, expected):
    assert change(line, locale=locale) == expected
    assert change(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Could you make it a bit darker, please?", {"colors": ("maroon",)}),
        ("make the fish blue", {"color": "blue"}),
        ("the fish should be green", {"color": "green"}),
        (
            "make the fish green and the moon white",
            {"color": "green", "others": (Other("moon", 1, "under", "white"),)},
        ),
        ("could there be two trees, too?", TREES),
        ("switch the fish for a fox", {"shape": "fox"}),
        ("I prefer watercolor", WATERCOLOR),
        ("change the background to a forest", {"place": "forest"}),
        ("背景换成森林", {"place": "forest"}),
        ("make the moon yellow", {"others": (Other("moon", 1, "under", "yellow"),)}),
        ("make the picture bigger", {"size": 1024}),
        ("a bigger fish", {"scale": "large"}),
        ("tiny", {"scale": "tiny"}),
        ("make it two fish", {"number": 2}),
        ("make it three", {"number": 3}),
        ("make it a fox", {"shape": "fox"}),
        ("turn it into a castle at night", {"shape": "castle", "time": "night"}),
        ("replace the fish with a fox", {"shape": "fox"}),
        ("a fox instead", {"shape": "fox"}),
        ("take away the moon and add a castle", {"others": (Other("castle"),), "without": ("moon",)}),
        ("two more trees", TREES),
        ("more trees", {"others": (*MOON, Other("tree", 3))}),
        ("add a bird over the fish", {"others": (*MOON, Other("bird", 1, "under"))}),
        ("under a tree", {"others": (*MOON, Other("tree", 1, "under"))}),
        ("and a dog", {"others": (*MOON, Other("dog"))}),
        ("four more", {"seed": None, "count": 4}),
        ("3 more in blue", {"seed": None, "count": 3, "colors": ("blue",)}),
        ("do that again but in oil", {"seed": None, "style": (("oil", 1.0),)}),
        ("blue", {"colors": ("blue",)}),
        ("in blue and gold", {"colors": ("blue", "gold")}),
        ("less red", {"colors": ("#a8605f",)}),
        ("it is too dark", {"colors": ("#fa9b99",)}),
        ("in natural colors", {"colors": ()}),
        ("like monet", {"style": (("impressionism", 1.0),)}),
        ("make it rain, and at sunset", {"weather": "rain", "time": "sunset"}),
        ("nice, now make it blue", {"colors": ("blue",)}),
        ("no, blue", {"colors": ("blue",)}),
        ("no people, just a forest", {"place": "forest", "without": ("man",)}),
        ("without people", {"without": ("man",)}),
        ("as a pattern", {"scene": "pattern"}),
        ("wider", {"aspect": (3, 2)}),
        ("wilder", {"chaos": 30}),
        ("make it 1920x1080", {"size": 1920, "aspect": (16, 9)}),
        ("bluer size=1024", BLUER | {"size": 1024}),
        ("the same fish but bigger and at night", {"scale": "large", "time": "night"}),
    ],
)
def test_a_change_keeps_everything_else(line, expected):
    assert change(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("bluer", {"colors": ("blue",)}),
        ("darker", {"time": "night"}),
        ("put a hat on it", {"others": (Other("cowboy-hat", 1, "wearing"),)}),
        ("make it black", {"colors": ("black",)}),
        ("make the cat black", {"colors": ("black",), "color": "black"}),
        ("without the cat", {"shape": "", "without": ("cat",)}),
    ],
)
def test_natural_colors_and_somebody_who_wears_things(line, expected):
    assert change(line, CAT) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("add a fox", {"shape": "fox"}),
        ("bigger", {"size": 1024}),
        ("make it a forest", {"place": "forest"}),
        ("without the lake", {"place": "", "without": ("lake",)}),
    ],
)
def test_a_picture_without_a_figure_is_changed_too(line, expected):
    assert change(line, LAKE) == expected


@pytest.mark.parametrize(
    "line",
    [
        *(
            "a blue fish",
            "fish",
            "a fish",
            "a fox",
            "something blue",
            "forest",
            "a forest at night",
            "a sunset",
        ),
        *("surprise me", "hello", "thanks", "a castle, no people", "a cat without a hat", "make a blue fish"),
        *("draw a red fox", "now a blue fish", "just a red fox", "a tree with more birds", "another fox"),
        *(
            "in watercolor, a castle",
            "night, a castle",
            "in a forest a wolf howls",
            "a bird bigger than a house",
        ),
        *(
            "style=ink color=blue",
            "--ar 3:2",
            "a fox --ar 3:2",
            "make me a sandwich",
            "make it fly",
            "two trees",
        ),
        *("un pez azul", "un chat sans chapeau", "ein blauer Fisch", "eine Katze ohne Hut", "um peixe azul"),
        *(
            "一条蓝色的鱼",
            "蓝色的鱼",
            "画一只狐狸",
            "没有帽子的猫",
            "一幅水墨画",
            "青い魚",
            "帽子のない猫",
            "狐",
        ),
        *("파란 물고기", "모자 없는 고양이", "여우", "", "  ", "🦊", "x" * (MAX_LINE + 1)),
    ],
)
def test_a_new_request_stays_one(line):
    assert change(line) is None


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("make it cozier", "I do not know how to change cozier; say for example make it night."),
        ("add a flurbl", "I do not know how to change flurbl"),
        ("the moon bigger", "I do not know how to change the moon"),
        ("in red", "It is like that already; say for example make it night."),
    ],
)
def test_a_change_that_cannot_be_is_answered_in_one_sentence(line, sentence):
    with pytest.raises(UserError, match=sentence):
        change(line)


def test_the_largest_picture_grows_no_more():
    with pytest.raises(UserError, match="That picture is as large as I can paint: 2048 pixels"):
        change("a larger picture", replace(FISH, size=MAX_SIZE))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a fox", {"shape": "fox"}),
        ("two trees", {"shape": "tree", "number": 2}),
        ("bluer", BLUER),
        ("size=1024", {"size": 1024}),
        ("on the beach", {"place": "beach"}),
    ],
)
def test_what_is_meant_as_a_change_is_one(line, expected):
    assert change(line, anyway=True) == expected


def test_what_is_not_used_is_told():
    told = changed("make it night in a cozy forest", FISH, VOCABULARY)
    assert told is not None
    assert told.left_out == ("cozy",)


def test_there_is_no_more_than_a_picture_can_show():
    told = changed("add a cat, a dog and twelve birds", FISH, VOCABULARY)
    assert told is not None
    assert len(told.asked.others) == 2
    assert told.left_out == ("dog", "bird")


WORDS = st.sampled_from(
    [
        phrase
        for talk in load_changes().values()
        for phrase in (
            *talk.singles,
            *talk.pictures,
            "fish",
            "moon",
            "two",
            "鱼",
            "月",
            "물고기",
            "blue",
            ",",
            "#f00",
        )
    ]
)
LINES = st.one_of(
    st.text(max_size=60), st.lists(WORDS, max_size=8).map(" ".join), st.lists(WORDS, max_size=8).map("".join)
)


@given(LINES, st.sampled_from([FISH, CAT, LAKE]), st.sampled_from(["en", "zh", "ja", "de"]), st.booleans())
def test_any_line_is_a_picture_a_sentence_or_nothing(line, old, locale, anyway):
    chooser: Chooser = SeededDefaults(VOCABULARY)
    try:
        told = changed(line, old, VOCABULARY, locale, anyway=anyway)
    except UserError:
        return
    if told is not None:
        assert complete(told.asked, chooser, 1)


def test_every_language_has_its_words():
    assert set(load_changes()) == {*LATIN, *ASIAN}
    assert all(talk.pictures and talk.anything and talk.singles for talk in load_changes().values())


def requests():
    """Yield the prompts and everyday requests by which the parser is measured, with their language."""
    loader = SourceFileLoader("measure_words", "scripts/measure-words")
    measures = module_from_spec(spec_from_loader("measure_words", loader))
    loader.exec_module(measures)
    for language in ("en", *measures.LANGUAGES):
        cases = measures.english() if language == "en" else measures.everyday(language)
        yield from ((language, case[0]) for case in cases)


def test_no_request_that_the_parser_is_measured_by_is_a_change():
    said = list(requests())
    assert len(said) == 780
    assert [line for locale, line in said if change(line, CAT, locale) is not None] == []

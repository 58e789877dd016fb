"""What a person typed after /paint, and the line that paints a picture again."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.chat import UserError
from commands.i18n import translator
from commands.parsing.line import parse
from commands.parsing.options import EXAMPLES, KEYS
from commands.parsing.sanitize import MAX_LINE
from commands.parsing.values import mix
from commands.parsing.written import line_of, line_of_request
from engine.conditions import (
    MAX_SEED,
    PLACES,
    RELATIONS,
    SCENES,
    TIMES,
    WEATHERS,
    Asked,
    Conditions,
    Other,
    complete,
)
from engine.defaults import SeededDefaults
from engine.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
INK, FISH = (("ink", 1.0),), "fish"
BIRDS = Asked(shape="bird", number=2, others=(Other("mountain"),))
BLUE_FISH = Asked(style=INK, colors=("blue",), shape=FISH)


def read(line: str) -> Asked:
    """What is asked, whether or not it was counted and whosever the color is."""
    return replace(parse(line, VOCABULARY), counted=False, color="")


@pytest.mark.parametrize(
    "line",
    [
        "style=ink color=blue shape=fish",
        "STYLE=Ink Colour=BLUE Shape=Fishes",
        "style: ink, color: blue, shape: fish",
        "style = ink  color == blue shape= fish",
        'style="ink wash" color="blue" shape=“fish”',
        "风格=水墨 颜色=蓝 形状=鱼",
        "风格＝水墨，颜色：蓝色，形状＝鱼",
        "风格=水墨颜色=蓝形状=鱼",
        "風格=水墨 顏色=藍 形狀=魚",
        "ｓｔｙｌｅ＝ｉｎｋ　颜色＝ｂｌｕｅ　形状＝鱼",
        "a blue fish in ink",
        "Please paint me a picture of the blue fish, in the style of ink painting!",
        "水墨 蓝色 鱼",
        "画一条蓝色的鱼，水墨风格。",
        "shape=fish in blue, style=ink",
        "style=水墨 a blue 鱼",
        "style=ink,style: a blue fish".replace(",style:", ","),
    ],
)
def test_one_wish_can_be_said_in_many_ways(line):
    assert read(line) == BLUE_FISH


@pytest.mark.parametrize("key", KEYS)
def test_every_spelling_of_a_key_means_the_same(key):
    value = EXAMPLES[key]
    readings = {parse(f"{spelling}={value}", VOCABULARY) for spelling in KEYS[key]}
    assert len(readings) == 1
    assert readings != {Asked()}


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("", Asked()),
        ("   \n", Asked()),
        ("🐟 !!! …", Asked(shape="fish")),
        ("seed=7", Asked(seed=7)),
        ("种子＝７", Asked(seed=7)),
        (f"seed={MAX_SEED}", Asked(seed=MAX_SEED)),
        ("count=4 chaos=0", Asked(count=4, chaos=0)),
        ("数量=2张", Asked(count=2)),
        ("size=1024", Asked(size=1024)),
        ("size=300", Asked(size=300)),
        ("size=256 ar=16:9", Asked(size=256, aspect=(16, 9))),
        ("ar=3x2", Asked(aspect=(3, 2))),
        ("比例=３：２", Asked(aspect=(3, 2))),
        ("scene=mandala", Asked(scene="mandala")),
        ("style=ink+oil", Asked(style=(("ink", 0.5), ("oil", 0.5)))),
        ("style=ink:2+ukiyo-e", Asked(style=(("ink", 0.667), ("ukiyo-e", 0.333)))),
        ("style=oil:1 , ink:3", Asked(style=(("ink", 0.75), ("oil", 0.25)))),
        ("风格=水墨：3、油画", Asked(style=(("ink", 0.75), ("oil", 0.25)))),
        ("color=blue,gold", Asked(colors=("blue", "gold"))),
        ("color=blue+gold+blue", Asked(colors=("blue", "gold"))),
        ("color=blue,", Asked(colors=("blue",))),
        ("颜色=红和蓝", Asked(colors=("red", "blue"))),
        ("color=#FF7F50 & rebeccapurple", Asked(colors=("#ff7f50", "rebeccapurple"))),
        ("color=rgb(1, 2, 3)", Asked(colors=("#010203",))),
        ("color=light blue, gold fox", Asked(colors=("sky", "gold"), shape="fox")),
        ("style=oil painting of a fox", Asked(style=(("oil", 1.0),), shape="fox")),
        ("style=ink, a blue fish", BLUE_FISH),
        ("shape=bird:2+mountain", BIRDS),
        ("shape=bird:2 , mountain", BIRDS),
        ("shape=two birds, and a mountain", BIRDS),
        ("形状=两只鸟、山", BIRDS),
        ("形状=鸟:2 山", BIRDS),
        ("two birds and a mountain", BIRDS),
        ("shape=bird bird:2 mountain", BIRDS),
        ("shape=bird:2-over-rose", Asked(shape="bird", number=2, others=(Other("rose", 1, "over"),))),
        ("shape=bird:2 over a rose", Asked(shape="bird", number=2, others=(Other("rose", 1, "over"),))),
        (
            "shape=fox-behind-tree:3+moon",
            Asked(shape="fox", others=(Other("tree", 3, "behind"), Other("moon"))),
        ),
        ("two red cats and a blue cat", Asked(colors=("red", "blue"), shape="cat", number=3)),
        ("shape=fish, the fish in blue", Asked(colors=("blue",), shape="fish")),
    ],
)
def test_a_line_is_read(line, asked):
    assert read(line) == asked


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("size=9999", "size is the longer side in pixels, from 256 to 2048, for example size=1024."),
        ("尺寸=100", "尺寸 is the longer side in pixels, from 256 to 2048, for example 尺寸=1024."),
        ("size=big", "size is the longer side in pixels, from 256 to 2048, for example size=1024."),
        ("count=0", "count is a whole number from 1 to 4."),
        ("count=5", "count is a whole number from 1 to 4."),
        ("count=1.5", "count is a whole number from 1 to 4."),
        ("seed=abc", "seed is a whole number from 0 to 4294967295."),
        ("seed=4294967296", "seed is a whole number from 0 to 4294967295."),
        ("seed=٣", "seed is a whole number from 0 to 4294967295."),
        ("chaos=101", "chaos is a whole number from 0 to 100."),
        ("ar=9:1", "ar is width to height, at most 4 to 1, for example ar=3:2."),
        ("color=#12345", "A hex color has three or six digits; or name a color, for example color=teal."),
        ("color=12345", "I know no color 12345; say for example color=teal."),
        ("shape=zzyzx", "I know no shape zzyzx; say for example shape=fish."),
        ("@everyone", "I can paint nothing of everyone; say for example a blue fish in ink."),
        ("ar=0:0", "ar is width to height, at most 4 to 1, for example ar=3:2."),
        ("style=", "style has no value; say for example style=ink."),
        ("style= color=blue", "style has no value; say for example style=ink."),
        ('颜色=""', "颜色 has no value; say for example 颜色=blue,gold."),
        ("seed=1 seed=2", "seed is given twice; say it once."),
        ("style=ink 风格=油画", "风格 is given twice; say it once."),
        (
            "hue=3",
            "There is no option hue; there are style, color, shape, scene, place, time, weather, scale, "
            "text, without, seed, size, width, height, ar, count, chaos.",
        ),
        ("style=ink:0", "The share of a style is a number above 0, for example style=ink:2+oil."),
        ("style=ink:lots", "The share of a style is a number above 0, for example style=ink:2+oil."),
        ("style=ink+oil+pixel+poster+sketch", "At most 4 styles can be mixed; leave some out."),
        ("color=red,blue,green,gold,black,white", "At most 5 colors fit into one picture; leave some out."),
        ("x" * 5000, "That line is too long; please say it in 500 characters or fewer."),
        ("\ufdfa" * 100, "That line is too long; please say it in 500 characters or fewer."),
    ],
)
def test_a_mistake_is_answered_in_one_sentence_with_a_way_out(line, sentence):
    with pytest.raises(UserError) as refusal:
        parse(line, VOCABULARY)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("style=watercolr", "I know no style watercolr; did you mean watercolor"),
        ("color=bluee", "I know no color bluee; did you mean blue"),
        ("color=blue,blurple", "I know no color blurple; did you mean purple"),
        ("shape=fihs", "I know no shape fihs; did you mean fish"),
        ("scene=landscap", "I know no scene landscap; did you mean landscape"),
        ("<script>alert(1)</script>", "I can paint nothing of script or alert; did you mean "),
    ],
)
def test_an_unknown_word_is_answered_with_the_nearest(line, start):
    with pytest.raises(UserError) as refusal:
        parse(line, VOCABULARY)
    sentence = str(refusal.value)
    assert sentence.startswith(start)
    assert re.search(r"did you mean [^,]+(, [^,]+, or [^,]+| or [^,]+)?\?$", sentence)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("风格=水沫", "我不知道风格“水沫”；你是说水墨或水彩吗？"),
    ],
)
def test_an_answer_is_in_the_readers_language(line, sentence):
    with pytest.raises(UserError) as refusal:
        parse(line, VOCABULARY, "zh-CN")
    said = translator("zh-CN")(refusal.value.sentence, **refusal.value.values)
    assert said.startswith(sentence)


SPOKEN = (
    "style= color= shape= seed= size= ar= count= chaos= scene= 风格＝ 颜色："
    " ink oil:2 blue #ff0000 rgb(1,2 fish two 9 over rose:2 -behind- 两只 山上 水墨 蓝色的鱼"
    " 3:2 7 99999999999 rose + , 、 \" “ ' @everyone <b> * ` = : and 和 a"
)
WORDS = st.sampled_from([*SPOKEN.split(), "\u202e", "\x00"])
LINES = st.one_of(
    st.text(max_size=MAX_LINE + 20),
    st.lists(WORDS, max_size=12).map(" ".join),
    st.lists(WORDS, max_size=12).map("".join),
)


@given(LINES, st.sampled_from(["en", "zh-CN"]))
def test_any_line_is_read_or_refused_in_one_harmless_sentence(line, locale):
    try:
        asked = parse(line, VOCABULARY, locale)
    except UserError as error:
        said = translator(locale)(error.sentence, **error.values)
        assert 0 < len(said) < 300
        assert not set(said) & set('@<>&`*_~|[]{}\\"#\n\r\u202e\x00')
        assert said[-1] in ".?。？"
    else:
        assert len(complete(asked, SeededDefaults(VOCABULARY), 1)) == asked.count


def names(kind: str) -> st.SearchStrategy[str]:
    return st.sampled_from([word.name for word in VOCABULARY.words(kind)])


MIXES = st.dictionaries(names("style"), st.floats(0.1, 10), min_size=1, max_size=4).map(mix)
COLORS = st.one_of(names("color"), st.from_regex("#[0-9a-f]{6}", fullmatch=True), st.just("rebeccapurple"))


@st.composite
def figures(draw: st.DrawFn) -> dict[str, object]:
    """The shape, its number, and other shapes with theirs, twelve in all at most."""
    shapes = draw(st.lists(names("shape"), min_size=1, max_size=3, unique=True))
    numbers = [draw(st.integers(1, 4)) for _ in shapes]
    told = [draw(st.sampled_from(["", *RELATIONS])) for _ in shapes]
    tints = [draw(st.sampled_from(["", "red", "#ff7f50"])) for _ in shapes]
    others = tuple(Other(*each) for each in zip(shapes[1:], numbers[1:], told[1:], tints[1:], strict=True))
    return {"shape": shapes[0], "number": numbers[0], "others": others, "color": tints[0]}


ALONE = st.builds(
    Conditions,
    style=MIXES,
    colors=st.lists(COLORS, min_size=1, max_size=5, unique=True).map(tuple),
    shape=names("shape"),
    scene=st.sampled_from(SCENES),
    seed=st.integers(0, MAX_SEED),
    size=st.integers(16, 128).map(lambda steps: steps * 16),
    aspect=st.sampled_from([(1, 1), (3, 2), (2, 3), (16, 9), (1, 4)]),
    chaos=st.integers(0, 100),
    place=st.sampled_from(["", *PLACES]),
    time=st.sampled_from(["", *TIMES]),
    weather=st.sampled_from(["", *WEATHERS]),
    without=st.lists(names("shape"), max_size=2, unique=True).map(tuple),
)
CONDITIONS = st.builds(lambda alone, told: replace(alone, **told), ALONE, figures())


@given(CONDITIONS)
def test_the_line_of_a_picture_paints_exactly_it_again(conditions):
    asked = parse(line_of(conditions), VOCABULARY)
    assert complete(asked, SeededDefaults(VOCABULARY), first_seed=0) == (conditions,)


@given(CONDITIONS)
def test_the_line_of_a_picture_is_one_short_line(conditions):
    line = line_of(conditions)
    assert len(line) <= MAX_LINE
    assert not set(line) & set("@<>`*_~|[]\n")


def test_what_is_understood_is_left_out_of_the_line():
    conditions = Conditions(style=INK, colors=("blue", "#ff0000"), shape=FISH, scene="portrait", seed=7)
    assert line_of(conditions) == "style=ink color=blue,#ff0000 shape=fish scene=portrait seed=7"


@pytest.mark.parametrize(
    "line",
    [
        *("seed=7", "count=4 seed=9", "fish count=3", "a fish count=3", "a fish count=4 seed=1"),
        *("two fish count=4", "a fox and a tree count=4", "fox, tree count=4 seed=3"),
        "count=2 size=1024 ar=3:2 chaos=5",
    ],
)
def test_the_line_of_a_request_asks_for_the_same_pictures_again(line):
    chooser = SeededDefaults(VOCABULARY)
    pictures = complete(parse(line, VOCABULARY), chooser, first_seed=41)
    again = parse(line_of_request(pictures), VOCABULARY)
    assert complete(again, chooser, first_seed=0) == pictures

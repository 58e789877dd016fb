"""Lines that were once refused or misread: each with what it must become."""

from __future__ import annotations

import pytest

from commands.parsing.line import understand
from tests.support.parsed_lines import VOCABULARY, figures, told


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("a turquoise and gold peacock", "colors", ["turquoise", "gold"]),
        ("forest landscape", "place", "forest"),
        ("sky", "place", "sky"),
        ("a 🦊 in ink", "style", ["ink"]),
        ("🐟🐟 blue", "colors", ["blue"]),
        ("abstract art", "style", ["abstract"]),
        ("a fish swimming", "place", "underwater"),
        ("a cozy cabin by the lake, snowy, ink", "left_out", ["cozy"]),
        ("a cozy cabin by the lake, snowy, ink", "weather", "snow"),
        ("a fox --ar 16:9", "aspect", [16, 9]),
        ("a fox —ar 16:9 —seed 7", "seed", 7),
        ("/imagine prompt: red fox, oil --v 6 --q 2", "left_out", ["--v 6", "--q 2"]),
        ("a fox 1920x1080", "size", [1920, 1080]),
        ("size=1920 ar=16:9", "size", [1920, 1080]),
        ("seed=-1 a fox", "seed", None),
        ("seed=random a fox", "seed", None),
        ("color=ff7f50 a fish", "colors", ["#ff7f50"]),
        ("a fish in 0xff7f50", "colors", ["#ff7f50"]),
        ("a house without trees", "without", ["tree"]),
        ("foxx", "read_as", {"foxx": "fox"}),
        ("watercolr owl", "read_as", {"watercolr": "watercolor"}),
        ("fox\u200bin\u200bink", "style", ["ink"]),
        ("a tree like van gogh", "read_as", {"van gogh": "post-impressionism"}),
        ("hokusai wave", "style", ["ukiyo-e"]),
        ("line art of a dog", "style", ["sketch"]),
        ("un zorro rojo en acuarela", "style", ["watercolor"]),
        ("ein blauer Fisch in Tusche", "style", ["ink"]),
        ("水彩の赤い狐", "style", ["watercolor"]),
        ("可爱的小猫", "left_out", ["可爱的"]),
        ("surprise me", "error", None),
    ],
)
def test_a_line_is_read_as_it_was_meant(line, key, value):
    assert told(line)[key] == value


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("a 🦊 in ink", [(1, "fox")]),
        ("🐟🐟 blue", [(2, "fish")]),
        (":fox_face: in the snow", [(1, "fox")]),
        ("a cup of coffee", [(1, "coffee")]),
        ("a baby penguin", [(1, "penguin")]),
        ("a rainbow fish", [(1, "fish")]),
        ("a fish swimming", [(1, "fish")]),
        ("a man on a horse", [(1, "man"), (1, "horse", "", "on")]),
        ("flowers in a vase", [(3, "flower"), (1, "vase", "", "in")]),
        ("a cat on a chair", [(1, "cat"), (1, "chair", "", "on")]),
        ("red balls", [(3, "soccer-ball", "red")]),
        ("ten fish", [(10, "fish")]),
        ("a dozen birds", [(12, "bird")]),
        ("foxx", [(1, "fox")]),
        ("watercolr owl", [(1, "owl")]),
        ("hokusai wave", [(1, "wave")]),
        ("line art of a dog", [(1, "dog")]),
        ("un zorro rojo en acuarela", [(1, "fox", "red")]),
        ("ein blauer Fisch in Tusche", [(1, "fish", "blue")]),
        ("水彩の赤い狐", [(1, "fox", "red")]),
        ("可爱的小猫", [(1, "cat")]),
        ("红色的狐狸和两棵树", [(1, "fox", "red"), (2, "tree")]),
        ("--no people a street", []),
        ("a painting of black and white", []),
        ("forest landscape", []),
        ("sky", []),
        ("abstract art", []),
    ],
)
def test_what_is_asked_for_is_painted_and_nothing_else(line, found):
    assert figures(line) == found


@pytest.mark.parametrize(
    ("line", "text", "style", "left"),
    [
        ('a fox, "See you in Paris"', "See you in Paris", ["poster"], []),
        ('a fox "HELLO" in linocut', "HELLO", ["linocut"], []),
        ('style=pixel a castle "Level 2"', "Level 2", ["pixel"], []),
        ("text=Hello World style=pixel a castle", "Hello World", ["pixel"], []),
        ('a fox "HELLO" in oil', None, ["oil"], ["HELLO"]),
        ("a fox 「你好」 poster", None, ["poster"], ["你好"]),
        ('"a red fox"', None, [], []),
    ],
)
def test_words_in_quotation_marks_are_lettered_in_styles_that_letter(line, text, style, left):
    report = told(line)
    assert (report["text"], report["style"], report["left_out"]) == (text, style, left)


@pytest.mark.parametrize("line", ["text=你好 a fox", "text=this is much too long to be lettered a fox"])
def test_a_text_that_cannot_be_lettered_is_refused_as_an_option(line):
    assert told(line)["error"] == (
        "text is up to 24 Latin, Greek or Cyrillic letters, for example text=Hello."
    )


@pytest.mark.parametrize(
    ("line", "lighter"),
    [("a pale yellow rose", True), ("a neon green frog", True), ("a dark blue bird", False)],
)
def test_a_shade_shifts_the_color(line, lighter):
    from engine.color.palette import tone

    color = told(line)["subjects"][0]["color"]
    plain = next(each for each in ("yellow", "green", "blue") if each in line)
    assert (tone(color).lightness > tone(plain).lightness) is lighter


@pytest.mark.parametrize("line", ["hello", "你好", "bonjour"])
def test_a_greeting_is_answered_with_three_examples(line):
    assert told(line)["error"] == (
        "Hello! Tell me what to paint, for example two birds over a mountain, a red fox in the snow "
        "or a castle at night in watercolor."
    )


@pytest.mark.parametrize("line", ["--no people a street", "a street, no people", "a street without people"])
def test_people_are_kept_out_of_a_street(line):
    asked = understand(line, VOCABULARY).asked
    assert asked.place == "street"
    assert asked.without

"""Facts about commands/policy/folding.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.policy.folding import Words, fold

LISTED = ("kill", "sex", "suicide", "lsd", "coño", "self-harm", "裸体", "ポルノ", "권총", "아동 사진")
WORDS = Words(LISTED)
GERMAN = Words(["waffe", "mörder"], "de")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "KILL",
            "k1ll",
            "k!ll",
            "kiIl",
            "k.i.l.l",
            "k i l l",
            "kiiiill",
            "k*ll",
            "ｋｉｌｌ",
            "𝓴𝓲𝓵𝓵",
            "кiӏӏ",
            "kíłl",
        ),
        *(
            "k\u0336i\u0336l\u0336l",
            "ki-ll!",
            "s e x",
            "(sex)",
            "$ex",
            "s3x",
            "sui cide",
            "su1c1de",
            "suicides",
            "COÑO",
        ),
        *(
            "self harm",
            "s3lf h@rm",
            "selfharm",
            "裸 体",
            "裸*体",
            "裸🙂体",
            "ぽるの",
            "ポ・ル・ノ",
            "권 총",
            "아동사진",
        ),
    ],
)
def test_a_listed_word_is_found_however_it_is_spelled(text):
    assert WORDS.are_in(fold(f"please, {text} now"))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "skill",
            "kiln",
            "essex",
            "six",
            "15d",
            "5318008",
            "cono",
            "a cone",
            "be yourself, harm none",
            "裸，体",
            "총을 권함",
        ),
        *("the k of an ill man", "ki and l", "", "1 2 3 4", "!!!", "k", "s / e"),
    ],
)
def test_what_only_looks_alike_is_not_found(text):
    assert not WORDS.are_in(fold(text))


@pytest.mark.parametrize(
    ("text", "there"), [("Waffen", True), ("Waffeln", False), ("Mörders", True), ("mordern", False)]
)
def test_a_language_has_its_own_plurals(text, there):
    assert GERMAN.are_in(fold(text)) is there


def test_what_is_innocent_is_taken_out_first_and_the_rest_is_still_read():
    assert not WORDS.are_in(fold("kill a watt", ["kill a watt"]))
    assert WORDS.are_in(fold("kill a watt, and kill it", ["kill a watt"]))


@given(st.text(max_size=80))
def test_any_text_is_read(text):
    assert WORDS.are_in(fold(text)) in (True, False)


@given(st.sampled_from([each for each in LISTED if each.isascii()]), st.text(max_size=20))
def test_a_listed_word_as_it_is_is_found_beside_anything(word, text):
    assert WORDS.are_in(fold(f"{text} \n {word} \n {text}"))


def test_a_text_of_pieces_is_read_in_time_linear_in_it():
    folded = fold("k il " * 200)
    assert folded.plain.count("\n") < 50

"""Names in running text, and the nearest words for unknown ones."""

from __future__ import annotations

import pytest

from commands.parsing.lexicon import KINDS, Lexicon
from engine.vocabulary import load_vocabulary

LEXICON = Lexicon(load_vocabulary())


@pytest.mark.parametrize(
    ("text", "kinds", "phrase", "names"),
    [
        ("light blue fish", KINDS, "light blue", {"color": "sky"}),
        ("  (fish)", KINDS, "  (fish", {"shape": "fish"}),
        ("深蓝色的鱼", KINDS, "深蓝色", {"color": "navy"}),
        ("hsl(240 100% 50%) fish", ("color",), "hsl(240 100% 50%)", {"color": "#0000ff"}),
        ("rose", KINDS, "rose", {"shape": "rose", "color": "rose"}),
        ("rose", ("color",), "rose", {"color": "rose"}),
    ],
)
def test_the_longest_phrase_at_the_start_is_found(text, kinds, phrase, names):
    match = LEXICON.longest(kinds, text, 0)
    assert match is not None
    assert (text[: match.end], match.names) == (phrase, names)


@pytest.mark.parametrize("text", ["", "!?", "weird fish", "fishbone9"])
def test_nothing_is_found_where_no_name_begins(text):
    assert LEXICON.longest(KINDS, text, 0) is None


def test_a_name_of_any_language_is_found():
    assert [LEXICON.find("shape", word) for word in ("zorro", "renard", "狐狸", "여우")] == ["fox"] * 4
    assert LEXICON.find("color", "ff7f50") == "#ff7f50"
    assert LEXICON.find("shape", "spaniel") is None


def test_unknown_words_are_named_at_once_with_what_is_like_them():
    said = str(LEXICON.unknown_words(["bluee", "fixh"]))
    assert said.startswith("I can paint nothing of bluee or fixh; did you mean blue, ")


def test_unknown_words_like_nothing_get_an_example():
    assert str(LEXICON.unknown_words(["qwxz"])) == (
        "I can paint nothing of qwxz; say for example a blue fish in ink."
    )


def test_a_chinese_word_gets_chinese_suggestions():
    near = str(Lexicon(LEXICON.vocabulary, "zh").unknown_words(["狐尾"]).values["near"])
    assert near.startswith("狐")
    assert not [each for each in near if each.isascii()]


def test_suggestions_for_a_key_are_in_the_readers_language():
    assert "水墨" in str(Lexicon(LEXICON.vocabulary, "zh").unknown("style", "inc").values["near"])


@pytest.mark.parametrize("kind", ["style", "scene"])
def test_what_is_like_no_style_or_scene_is_answered_with_all_of_them(kind):
    refusal = LEXICON.unknown(kind, "qwx")
    assert refusal.sentence == f"I know no {kind} {{word}}; choose {{near}}."
    assert all(
        LEXICON.vocabulary.label(kind, word.name, "en") in str(refusal)
        for word in LEXICON.vocabulary.words(kind)
    )

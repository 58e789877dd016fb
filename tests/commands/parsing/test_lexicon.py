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


def test_the_nearest_words_are_different_things():
    said = LEXICON.unknown_word("bluee").values["near"]
    assert said == "blue, blue whale, or blue violet"


def test_a_chinese_word_gets_chinese_suggestions():
    near = str(Lexicon(LEXICON.vocabulary, "zh").unknown_word("狐尾").values["near"])
    assert near.startswith("狐")
    assert near.isascii() is False
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

"""Facts about engine/vocabulary.py and its data files."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.conditions import SCENES
from engine.vocabulary import KINDS, Vocabulary, Word, former_shapes, load_vocabulary, normalize

WORDS = load_vocabulary()
ALL = [word for kind in KINDS for word in WORDS.words(kind)]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
kinds = st.sampled_from(list(KINDS))


def make(name: str, *en: str) -> Word:
    return Word("shape", name, en, ())


def test_what_was_drawn_once_is_drawn_no_more_and_has_a_stand_in() -> None:
    shapes = {word.name for word in WORDS.words("shape")}
    assert not set(former_shapes()) & shapes
    assert set(former_shapes().values()) <= shapes


def test_every_word_has_a_plain_name() -> None:
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", word.name) for word in ALL)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "shape"])
def test_every_word_has_chinese_terms(kind: str) -> None:
    for word in WORDS.words(kind):
        assert word.zh, word
        # "T恤" and "DNA" are Chinese usage too.
        assert CHINESE.search("".join(word.zh)), word


def test_every_style_colour_and_scene_has_other_english_words_too() -> None:
    assert all(word.en for kind in ("style", "color", "scene") for word in WORDS.words(kind))


def test_every_term_finds_its_word_and_no_other() -> None:
    assert all(WORDS.find(word.kind, term) == word.name for word in ALL for term in word.terms)


def test_a_word_that_would_mean_two_things_of_one_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="means both bat and club"):
        Vocabulary([make("bat"), make("club", "bat")])


def test_one_word_may_mean_two_things_of_different_kinds() -> None:
    vocabulary = Vocabulary([make("rose"), Word("color", "rose", (), ())])
    assert vocabulary.find("shape", "rose") == vocabulary.find("color", "rose") == "rose"


def test_there_are_at_least_250_pictorial_shapes_with_categories() -> None:
    pictorial = [word for word in WORDS.words("shape") if word.category not in ("geometric", "symbols")]
    assert len(pictorial) >= 250
    assert len({word.category for word in pictorial}) >= 10


def test_every_colour_has_a_value() -> None:
    assert all(re.fullmatch("#[0-9a-f]{6}", word.value) for word in WORDS.words("color"))


def test_the_scenes_are_those_conditions_know() -> None:
    assert {word.name for word in WORDS.words("scene")} == set(SCENES)


@pytest.mark.parametrize(
    ("kind", "text", "name"),
    [
        ("style", "ink", "ink"),
        ("style", "Sumi-E", "ink"),
        ("style", "水墨", "ink"),
        ("style", "ukiyo e", "ukiyo-e"),
        ("style", "浮世绘", "ukiyo-e"),
        ("style", "浮世繪", "ukiyo-e"),
        ("style", "PIXEL_ART", "pixel"),
        ("style", "ｉｎｋ", "ink"),
        ("color", "blue", "blue"),
        ("color", "蓝", "blue"),
        ("color", "蓝色", "blue"),
        ("color", "藍色", "blue"),
        ("color", "Light  Blue", "sky"),
        ("color", "rebeccapurple", "rebeccapurple"),
        ("color", "Papaya Whip", "papayawhip"),
        ("color", "#0af", "#00aaff"),
        ("color", "#12AB9f", "#12ab9f"),
        ("color", "rgb(255, 0, 0)", "#ff0000"),
        ("color", "hsl(120 100% 50%)", "#00ff00"),
        ("shape", "fish", "fish"),
        ("shape", "cats", "cat"),
        ("shape", "puppies", "dog"),
        ("shape", "foxes", "fox"),
        ("shape", "鱼", "fish"),
        ("shape", "貓", "cat"),
        ("scene", "scenery", "landscape"),
        ("scene", "山水", "landscape"),
        ("scene", "曼陀罗", "mandala"),
    ],
)
def test_words_are_found_in_english_and_chinese(kind: str, text: str, name: str) -> None:
    assert WORDS.find(kind, text) == name


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("style", ""),
        ("style", "fish"),
        ("shape", "ink"),
        ("shape", "  "),
        ("shape", "s"),
        ("shape", "es"),
        ("color", "transparent"),
        ("color", "#12345"),
        ("color", "#11223344"),
        ("color", "rgb(0 0 0 / 50%)"),
        ("color", "currentcolor"),
        ("color", "blurple"),
        ("color", "<script>"),
        ("scene", "@everyone"),
    ],
)
def test_what_is_no_word_is_not_found(kind: str, text: str) -> None:
    assert WORDS.find(kind, text) is None


@given(kinds, st.text(max_size=30))
def test_any_text_is_found_or_not_without_trouble(kind: str, text: str) -> None:
    found = WORDS.find(kind, text)
    assert found is None or WORDS.find(kind, found) == found
    assert len(WORDS.nearest(kind, text)) <= 3
    assert len(WORDS.suggest(kind, text, "en")) <= 25


@given(st.text(max_size=30))
def test_normalizing_twice_changes_nothing_more(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@pytest.mark.parametrize(
    ("kind", "text", "name"),
    [
        ("shape", "fihs", "fish"),
        ("shape", "buterfly", "butterfly"),
        ("style", "watercolr", "watercolor"),
        ("style", "impresionism", "impressionism"),
        ("color", "bleu", "blue"),
        ("color", "violett", "violet"),
        ("scene", "landscap", "landscape"),
        ("style", "水墨风", "ink"),
    ],
)
def test_a_slip_of_the_hand_is_near_what_was_meant(kind: str, text: str, name: str) -> None:
    assert name in WORDS.nearest(kind, text)


@pytest.mark.parametrize("limit", [1, 3, 5])
def test_the_nearest_words_are_different_things(limit: int) -> None:
    near = WORDS.nearest("shape", "sale", limit)
    assert len(set(near)) == len(near) == limit


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(("color", "12345"), ("style", "foo"), ("style", "picasso"), ("scene", "city")),
        *(("shape", "zzyzx"), ("shape", "独角兽"), ("shape", "孔雀")),
    ],
)
def test_what_is_like_no_word_is_near_to_none(kind: str, text: str) -> None:
    assert WORDS.nearest(kind, text) == ()


@pytest.mark.parametrize(
    ("kind", "name", "locale", "label"),
    [
        ("shape", "fish", "en-US", "fish"),
        ("shape", "fish", "zh-CN", "鱼"),
        ("shape", "fish", "zh_TW", "鱼"),
        ("shape", "palm-tree", "en", "palm tree"),
        ("style", "ukiyo-e", "de", "ukiyo-e"),
        ("style", "ink", "ZH", "水墨"),
        ("color", "blue", "zh", "蓝色"),
        ("color", "#12ab9f", "zh", "#12ab9f"),
        ("color", "rebeccapurple", "en", "rebeccapurple"),
        ("scene", "landscape", "zh", "风景"),
    ],
)
def test_a_label_is_in_the_readers_language(kind: str, name: str, locale: str, label: str) -> None:
    assert WORDS.label(kind, name, locale) == label


@pytest.mark.parametrize(
    ("kind", "text", "locale", "first"),
    [
        ("shape", "fis", "en", ("fish", "fish")),
        ("shape", "fish", "zh", ("fish", "鱼")),
        ("shape", "鱼", "zh", ("fish", "鱼")),
        ("style", "水", "zh", ("ink", "水墨")),
        ("style", "water", "en", ("watercolor", "watercolor")),
        ("color", "rebec", "en", ("rebeccapurple", "rebeccapurple")),
        ("color", "#0af", "en", ("#00aaff", "#00aaff")),
        # "many" is another word for flock, but what is shown must look like what was typed.
        ("scene", "man", "en", ("mandala", "mandala")),
    ],
)
def test_the_best_suggestion_comes_first(kind: str, text: str, locale: str, first: tuple[str, str]) -> None:
    assert WORDS.suggest(kind, text, locale)[0] == first


@given(kinds, st.text(max_size=8), st.integers(1, 25))
def test_suggestions_are_distinct_and_can_be_said(kind: str, text: str, limit: int) -> None:
    names = [name for name, _ in WORDS.suggest(kind, text, "zh", limit)]
    assert len(set(names)) == len(names) <= limit
    assert all(WORDS.find(kind, name) == name for name in names)


@pytest.mark.parametrize("kind", ["color", "shape"])
def test_discord_never_gets_more_than_25_suggestions(kind: str) -> None:
    assert len(WORDS.suggest(kind, "", "en")) == 25


def test_words_of_many_forms_are_all_suggested() -> None:
    assert len(WORDS.suggest("style", "", "en")) == len(WORDS.words("style"))


def test_the_word_of_a_name_is_itself_and_of_other_text_none() -> None:
    assert WORDS.word("shape", "fish").name == "fish"
    with pytest.raises(KeyError):
        WORDS.word("shape", "fishes")


@pytest.mark.parametrize("kind", KINDS)
def test_the_terms_of_a_kind_are_all_that_its_words_are_called(kind: str) -> None:
    named = {(word.name, term) for word in WORDS.words(kind) for term in word.terms}
    assert set(WORDS.terms(kind)) == named


@pytest.mark.parametrize("text", ["鱼#00f", "(", "#", "()", "rgb", "#gg0000", "rgb(0 0 255 / 50%)", "(red)"])
def test_what_only_looks_like_a_colour_is_none(text: str) -> None:
    assert WORDS.find("color", text) is None

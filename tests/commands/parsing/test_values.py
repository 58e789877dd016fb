"""What stands after a key: names, shares, whole numbers, a ratio."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.chat import UserError
from commands.parsing import values
from commands.parsing.lexicon import Lexicon
from commands.parsing.values import Named
from engine.conditions import MAX_ASPECT, MAX_SIZE, MIN_SIZE
from engine.vocabulary import load_vocabulary

LEXICON = Lexicon(load_vocabulary())


@pytest.mark.parametrize(
    ("kind", "text", "names", "rest"),
    [
        ("style", "ink", ["ink"], ""),
        ("style", "ink+oil", ["ink", "oil"], ""),
        ("style", "ink, oil / sketch", ["ink", "oil", "sketch"], ""),
        ("style", "水墨、油画", ["ink", "oil"], ""),
        ("style", "ink of a fish", ["ink"], " of a fish"),
        ("style", "ink, a fish", ["ink"], ", a fish"),
        ("color", "light blue,gold fox", ["sky", "gold"], " fox"),
        ("color", "“blue”; ", ["blue"], "”; "),
        ("shape", "fishes", ["fish"], ""),
    ],
)
def test_the_names_at_the_start_are_read_and_the_rest_is_left(kind, text, names, rest):
    named, left = values.read_names(kind, text, LEXICON)
    assert ([each.name for each in named], left) == (names, rest)


@pytest.mark.parametrize(
    ("text", "shares"),
    [("ink:2+oil", ["2", None]), ("ink: .5, oil:1.25", [".5", "1.25"]), ("ink:", [""]), ("ink", [None])],
)
def test_a_style_may_have_a_share_after_a_colon(text, shares):
    assert [each.share for each in values.read_names("style", text, LEXICON)[0]] == shares


@pytest.mark.parametrize(
    ("kind", "text", "word"),
    [
        ("style", "inc", "inc"),
        ("style", "ink,fish", "fish"),
        ("color", "“blurple sky”", "blurple sky"),
        ("shape", "!!!", "!!!"),
        ("shape", "", "?"),
    ],
)
def test_an_entry_that_is_no_name_is_told(kind, text, word):
    with pytest.raises(UserError) as refusal:
        values.read_names(kind, text, LEXICON)
    assert refusal.value.values["word"] == word


@pytest.mark.parametrize(
    ("text", "value", "rest"),
    [
        ("7", "7", ""),
        ("7 a fish", "7", " a fish"),
        ("“7” fish", "7", " fish"),
        ("2张", "2", "张"),
        ("3:2,", "3:2", ","),
        ("", "", ""),
        (" 7", "", " 7"),
        (",", "", ","),
    ],
)
def test_one_value_is_read_up_to_a_space_a_quote_or_chinese(text, value, rest):
    assert values.read_scalar(text) == (value, rest)


@pytest.mark.parametrize(
    ("named", "said", "mix"),
    [
        ([], [], None),
        ([Named("ink", None, 0)], [], (("ink", 1.0),)),
        ([Named("ink", "3", 0)], ["oil"], (("ink", 0.75), ("oil", 0.25))),
        ([Named("ink", None, 0), Named("ink", None, 0)], ["oil"], (("ink", 0.667), ("oil", 0.333))),
        ([Named("ink", "1000", 0), Named("oil", ".001", 0)], [], (("ink", 0.999), ("oil", 0.001))),
    ],
)
def test_styles_are_mixed_by_their_shares(named, said, mix):
    assert values.style_mix(named, said) == mix


@pytest.mark.parametrize("share", ["0", "0.0", "", "-1", "1e3", "lots", "12345", "1.2345", "٣"])
def test_a_share_that_is_no_plain_number_above_zero_is_refused(share):
    with pytest.raises(UserError, match="a number above 0, for example style=ink:2"):
        values.style_mix([Named("ink", share, 0)], [])


@given(st.dictionaries(st.text(max_size=3), st.floats(0.001, 9999), min_size=1, max_size=values.MAX_STYLES))
def test_a_mix_sums_to_one_heaviest_first_and_mixing_it_again_changes_nothing(shares):
    mixed = values.mix(shares)
    weights = [share for _, share in mixed]
    assert sum(weights) == pytest.approx(1)
    assert weights == sorted(weights, reverse=True)
    assert min(weights) > 0
    assert values.mix(dict(mixed)) == mixed


def test_a_fifth_style_and_a_sixth_color_are_too_many():
    with pytest.raises(UserError, match="At most 4 styles"):
        values.style_mix([], ["ink", "oil", "pixel", "poster", "sketch"])
    with pytest.raises(UserError, match="At most 5 colors"):
        values.color_list(["red", "blue", "green", "gold", "black", "white"])


@pytest.mark.parametrize(
    ("names", "colors"),
    [([], None), (["blue"], ("blue",)), (["blue", "gold", "blue"], ("blue", "gold"))],
)
def test_each_color_counts_once_in_the_order_it_was_said(names, colors):
    assert values.color_list(names) == colors


def test_one_scene_said_twice_is_one_scene():
    assert values.only_scene(["flock", "flock"], LEXICON) == "flock"
    assert values.only_scene([], LEXICON) is None
    with pytest.raises(UserError, match=r"One scene at a time, please: flock or mandala\?"):
        values.only_scene(["flock", "mandala", "flock"], LEXICON)


@given(st.integers(-10, 10_000))
def test_a_size_is_taken_as_it_is_or_refused(pixels):
    if MIN_SIZE <= pixels <= MAX_SIZE:
        assert values.size("size", str(pixels)) == pixels
    else:
        with pytest.raises(UserError, match="size is the longer side in pixels, from 256 to 2048"):
            values.size("size", str(pixels))


@given(st.integers(0, 120), st.integers(0, 120), st.sampled_from(":x×/"))
def test_a_ratio_is_of_small_whole_numbers_at_most_four_to_one(width, height, sign):
    text = f"{width}{sign}{height}"
    if min(width, height) >= 1 and max(width, height) <= MAX_ASPECT * min(width, height):
        assert values.aspect("ar", text) == (width, height)
    else:
        with pytest.raises(UserError, match="ar is width to height, at most 4 to 1, for example ar=3:2"):
            values.aspect("ar", text)


@pytest.mark.parametrize("text", ["", "1.0", "+1", "-0", " 1", "1 ", "0x1", "１", "9" * 11, "abc"])
def test_a_number_that_is_not_plain_digits_is_refused(text):
    with pytest.raises(UserError, match="count is a whole number from 0 to 9"):
        values.whole_number("count", text, 0, 9)


@given(st.integers(0, 99), st.integers(0, 50), st.integers(51, 99))
def test_a_range_includes_both_its_ends(number, low, high):
    inside = low <= number <= high
    try:
        assert values.whole_number("count", str(number), low, high) == number
        assert inside
    except UserError:
        assert not inside

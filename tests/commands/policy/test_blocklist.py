"""Facts about commands/policy/blocklist.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.chat import UserError
from commands.policy.blocklist import MOST_PATTERN, checked, entries, stands_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("skull, Old Bones，骷髅、", ("skull", "Old Bones", "骷髅")),
        ("/sku+ll/, fish", ("/sku+ll/", "fish")),
        ("fish, /a{1,3}b/ ,/c,d/", ("fish", "/a{1,3}b/", "/c,d/")),
        (r"/a\/,b/", (r"/a\/,b/",)),
        ("and/or, /", ("and/or", "/")),
        ("fish,fish", ("fish",)),
        (" , ,", ()),
    ],
)
def test_entries_stand_between_commas_that_are_no_patterns_own(text, found):
    assert entries(text) == found


@given(st.lists(st.from_regex(r"[a-z鱼]{1,9}|/[a-z鱼]{1,9}(?:\{1,[2-9]\})?/", fullmatch=True), unique=True))
def test_what_is_kept_is_read_again(kept):
    assert entries(",".join(kept)) == tuple(kept)


@pytest.mark.parametrize(
    ("entry", "text", "there"),
    [
        ("fish", "a blue fish", True),
        ("fis", "a blue fish", False),
        ("鱼", "蓝色鱼", True),
        ("/fis/", "a blue fish", True),
        ("/sku+l{2,}/", "skuuulll", True),
        ("/^a.*SH$/", "a blue fish", True),
        (r"/\bfis\b/", "a blue fish", False),
        ("/[鱼龙]/", "一条龙", True),
        ("(.*", "a blue fish", False),
        ("//", "a blue fish", False),
    ],
)
def test_a_word_stands_there_as_a_whole_and_a_pattern_anywhere(entry, text, there):
    assert stands_in(checked(entry), text) is there


@pytest.mark.parametrize(
    "entry",
    [
        *(
            "/(/",
            "/[/",
            "/a{1001}/",
            "/(?=fish)/",
            r"/(a)\1/",
            "/*/",
            r"/\p{L}{1000}/",
            "/((((a{9}){9}){9}){9})/",
        ),
        f"/{'x' * MOST_PATTERN}/",
        "/\ud800/",
    ],
)
def test_a_pattern_that_cannot_be_read_or_is_too_large_is_refused(entry):
    with pytest.raises(UserError, match=r"^I cannot read the pattern .*; say for example blocked=/sku\+ll/"):
        checked(entry)


@pytest.mark.parametrize("entry", ["/(a+)+$/", "/(a|aa)+$/", "/^(a|a?)+$/", "/(.*a){12}$/", "/(x+x+)+y/"])
def test_no_pattern_takes_longer_the_more_ways_there_are_to_read_a_text(entry):
    # An engine that goes back and tries every way would not come to an end within anybody's life.
    assert not stands_in(checked(entry), "a" * 500 + "x" * 500 + "!")


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_entry_is_refused_or_looked_for(entry, text):
    try:
        kept = checked(entry)
    except UserError:
        return
    assert stands_in(kept, text.encode(errors="ignore").decode()) in (True, False)

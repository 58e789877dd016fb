"""What a person typed, made safe to read and to say again."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.parsing.sanitize import MAX_ECHO, echo, readable


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ｓｔｙｌｅ＝ｉｎｋ　ｓｅｅｄ：７", "style=ink seed:7"),
        ("fish\u202etxt", "fishtxt"),
        ("fi\u200bsh", "fi sh"),
        ("a\x00b\x1bc\nd", "a b c d"),
        ("\ud800fish", "fish"),
        ("  水墨，鱼 ", "水墨,鱼"),
    ],
)
def test_text_is_read_in_its_plain_form(typed, read):
    assert readable(typed) == read


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("@everyone", "everyone"),
        ("＠here", "here"),
        ("<@42> <!channel>", "42 !channel"),
        ("<script>alert(1)</script>", "script alert 1 script"),
        ("**bold** _x_ `code` ~y~ ||z||", "bold x code y z"),
        ("[click](https://evil.com/a.png)", "click https evil com a png"),
        (":smile: #general", "smile general"),
        ("&lt;b&gt;", "lt;b gt;"),
        ("\u202egnp.exe", "gnp exe"),
        ("many   spaces\nand lines", "many spaces and lines"),
        ("x" * 31, "x" * 29 + "…"),
        ("x" * 30, "x" * 30),
    ],
)
def test_a_persons_words_are_said_again_without_mention_markup_or_link(typed, said):
    assert echo(typed) == said


@given(st.text(max_size=200))
def test_nothing_said_again_is_active_on_any_platform(typed):
    said = echo(typed)
    assert len(said) <= MAX_ECHO
    assert not set(said) & set("@<>&`*_~|[](){}\\/\"'#:=\n\r")
    assert not [each for each in said if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")]

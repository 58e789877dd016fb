"""Facts about bot/platforms/slack/text.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.slack.text import escape_mrkdwn, is_marked, read_command, read_line, unescape
from commands.chat import TALK


def person(user: str) -> str:
    return f"slack:T1-{user}"


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("a fish &amp; a crane", "a fish & a crane"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("<@U2|bob> and <@U3>", "slack:T1-U2 and slack:T1-U3"),
        ("in <#C1|art>", "in art"),
        ("<!channel> <!subteam^S1|@painters> fish", "fish"),
        ("<http://fish.com|fish.com>", "fish.com"),
        ("style=\u201cink\u201d it\u2019s", 'style="ink" it\'s'),
        ("  水墨 鱼 ", "水墨 鱼"),
    ],
)
def test_slack_text_is_read_as_it_was_typed(sent, meant):
    assert unescape(sent, person) == meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a blue fish in ink", (TALK, "a blue fish in ink")),
        ("style=ink", (TALK, "style=ink")),
        ("paint a fish", (TALK, "paint a fish")),
        ("Help paint", ("help", "paint")),
        ("/taste show", ("taste", "show")),
        ("画水墨鱼", (TALK, "画水墨鱼")),
        ("口味", ("taste", "")),
        ("quota <@U2> daily=3", ("quota", "slack:T1-U2 daily=3")),
        ("quota <#C7|art> daily=3", ("quota", "#slack:C7 daily=3")),
        ("quota channel=<#C7> daily=3", ("quota", "channel=#slack:C7 daily=3")),
        ("quota <!subteam^S7|@painters> daily=3", ("quota", "&slack:S7 daily=3")),
        ("quota <!here> daily=3", ("quota", "daily=3")),
        ("settings server channels=<#C7|art>", ("settings", "server channels=#slack:C7")),
        ("<@U2> a fish in <#C7|art>", (TALK, "a fish in art")),
        ("", ("help", "")),
        ("/", ("help", "")),
    ],
)
def test_a_line_is_a_command_or_a_talk(text, said):
    assert read_line(text, person) == said


@pytest.mark.parametrize(
    ("word", "text", "said"),
    [
        ("paint", "help", ("paint", "help")),
        ("paint", "a fish for <@U2|bob>", ("paint", "a fish for")),
        ("quota", "<@U2|bob>", ("quota", "slack:T1-U2")),
        ("easel", "help", ("help", "")),
        ("easel", "", ("help", "")),
        ("easel", "a fish", (TALK, "a fish")),
        ("unknown", "fish", ("unknown", "fish")),
    ],
)
def test_a_slash_command_is_taken_at_its_word(word, text, said):
    assert read_command(word, text, person) == said


@given(st.text())
def test_nothing_that_is_said_is_active_in_slack(text):
    assert not set("<>") & set(escape_mrkdwn(text))


@given(st.text(alphabet="&<>lgtamp; /x@!"))
def test_what_is_escaped_is_read_back(text):
    assert unescape(escape_mrkdwn(text), person) == text.strip()


@given(st.text())
def test_whatever_is_sent_can_be_read(text):
    command, _ = read_line(text, person)
    assert command


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("/help lists all.", "/easel help lists all."),
        ("说/help即可；/help 列出", "说/easel help即可；/easel help 列出"),
        ("see https://example.org/help", "see https://example.org/help"),
        ("/helpful", "/helpful"),
    ],
)
def test_help_is_named_as_slack_lets_it_be_called(sentence, said):
    assert escape_mrkdwn(sentence) == said


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        *((text, True) for text in ("*bold*", "a _b_ c", "~x~", "`x`", "> said", "a\n> b", ":fish:", "x* y")),
        *(
            (text, False)
            for text in ("style=ink seed=7", "per_minute=3", "2*3", "at 12:30", "a > b", "水墨: 鱼")
        ),
    ],
)
def test_what_slack_would_make_something_of_is_known(text, marked):
    assert is_marked(text) is marked

"""Facts about bot/platforms/slack/interactions.py: the form in which a line is written."""

from __future__ import annotations

from bot.platforms.slack.interactions import form_of, read_form
from bot.platforms.slack.messages import ReplyTarget
from commands.i18n import translator

PLACE = ReplyTarget("C1", "U1", "1700000000.000009", "https://hooks.example/1", 1_800_000_000.5)


def filled(view, line):
    return {**view, "state": {"values": {"line": {"line": {"value": line}}}}}


def test_a_form_brings_its_line_and_its_place_back():
    view = form_of("style=ink seed=7", PLACE, translator("en"))
    assert view["blocks"][0]["element"]["initial_value"] == "style=ink seed=7"
    assert read_form(filled(view, "style=oil")) == (PLACE, "style=oil")


def test_an_empty_form_is_an_empty_line():
    assert read_form(filled(form_of("", PLACE, translator("en")), None)) == (PLACE, "")


def test_a_form_is_in_the_readers_language_and_as_short_as_slack_wants_it():
    view = form_of("", PLACE, translator("zh"))
    assert view["submit"]["text"] == "画"
    assert all(len(view[part]["text"]) <= 24 for part in ("title", "submit", "close"))
    assert len(view["private_metadata"]) <= 3000

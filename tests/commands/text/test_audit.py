"""Test commands/text/audit.py."""

from __future__ import annotations

import pytest

from commands.i18n import translator
from commands.services.context import Act
from commands.text.audit import act_words
from tests.support.fake_services import NOW, ask

HALL = "fake:studio"


def told(action, subject, before, after, locale="en"):
    reader = ask("audit", names={"fake:9": "Friends"})
    found = act_words(Act(NOW, "fake:mod", action, subject, before, after), reader, translator(locale))
    return found.what, found.whose, found.before, found.now


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (
            ("quota", "fake:bob", "{}", '{"daily": 5, "size": null}'),
            ("quota", "fake:bob", "not set", "per day: 5, pixels: no limit"),
        ),
        (
            ("quota", HALL, '{"daily": 100, "per_minute": 8}', '{"daily": 5, "per_minute": 8}'),
            (
                "quota",
                "All of this server together",
                "per day: 100, per minute: 8",
                "per day: 5, per minute: 8",
            ),
        ),
        (
            ("quota", f"server {HALL}", "{}", '{"count": 2}'),
            ("quota", "Each person in this server", "not set", "at once: 2"),
        ),
        (
            ("quota", "role fake:9", '{"concurrent": 2}', "{}"),
            ("quota", "Each with the role Friends", "at a time: 2", "not set"),
        ),
        (
            ("settings", HALL, '{"styles": null}', '{"styles": "ink,oil"}'),
            ("settings", "This server", "styles=not set", "styles=ink,oil"),
        ),
        (
            ("cancel", "fake:bob", "queued", "cancelled"),
            ("cancelling", "fake:bob", "waiting", "cancelled"),
        ),
        (("delete", "fake:bob", "7", ""), ("deleting", "fake:bob", "Picture 7", "deleted")),
        (("spoiler", "fake:bob", "", "7"), ("hiding", "fake:bob", "shown", "Picture 7 hidden")),
        (("unheard-of", "fake:bob", "1", "[2]"), ("unheard-of", "fake:bob", "1", "[2]")),
    ],
)
def test_an_act_is_told_without_the_marks_of_how_it_is_kept(act, words):
    assert told(*act) == words


def test_an_act_is_told_in_the_language_of_who_reads():
    assert told("quota", HALL, "{}", '{"daily": null}', "zh-CN") == (
        "额度",
        "本服务器合计",
        "未设置",
        "每天 不限",
    )

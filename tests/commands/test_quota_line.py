"""Test how /quota reads its words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.chat import UserError
from commands.quota import RESET, RULES, SET, SHOW, USED, QuotaRequest, read_request
from commands.services.quotas import CHANNEL, MOST, PERSON, ROLE, SERVER, TOTAL, RuleSubject
from tests.support.fake_services import ask

BOB, HALL = RuleSubject(PERSON, "fake:bob"), RuleSubject(SERVER, "fake:studio")
ALL, HERE = RuleSubject(TOTAL, "fake:studio"), RuleSubject(CHANNEL, "fake:hall")
EXAMPLE = "for example /quota server daily=200."
ID = f"I cannot read {{}}; say {EXAMPLE}"


def said(words, **changes):
    return read_request(ask("quota", words, **{"has_roles": True, **changes}))


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("", QuotaRequest(SHOW, None, {})),
        ("show", QuotaRequest(SHOW, None, {})),
        ("查看", QuotaRequest(SHOW, None, {})),
        ("server", QuotaRequest(SHOW, HALL, {})),
        ("total", QuotaRequest(SHOW, ALL, {})),
        ("used", QuotaRequest(USED, None, {})),
        ("用量", QuotaRequest(USED, None, {})),
        ("rules", QuotaRequest(RULES, None, {})),
        ("reset fake:bob", QuotaRequest(RESET, BOB, {})),
        ("action=reset subject=server", QuotaRequest(RESET, HALL, {})),
        ("服务器 每日=5", QuotaRequest(SET, HALL, {"daily": 5})),
        ("总量 每日=5", QuotaRequest(SET, ALL, {"daily": 5})),
        ("set SERVER Daily=200 per_minute=10", QuotaRequest(SET, HALL, {"daily": 200, "per_minute": 10})),
        ("daily = 200 server", QuotaRequest(SET, HALL, {"daily": 200})),
        ("server daily＝２００", QuotaRequest(SET, HALL, {"daily": 200})),
        ("fake:bob minute=none", QuotaRequest(SET, BOB, {"per_minute": None})),
        ("fake:bob per-minute=off day=0", QuotaRequest(SET, BOB, {"per_minute": None, "daily": 0})),
        ("fake:bob daily=default", QuotaRequest(SET, BOB, {}, frozenset({"daily"}))),
        ("person=fake:bob concurrent=2", QuotaRequest(SET, BOB, {"concurrent": 2})),
        (f"server daily={MOST}", QuotaRequest(SET, HALL, {"daily": MOST})),
        ("server server daily=无", QuotaRequest(SET, HALL, {"daily": None})),
        ("server size=1000 count=2", QuotaRequest(SET, HALL, {"size": 1000, "count": 2})),
        ("channel=here daily=5", QuotaRequest(SET, HERE, {"daily": 5})),
        ("here daily=5", QuotaRequest(SET, HERE, {"daily": 5})),
        ("频道=这里 每日=5", QuotaRequest(SET, HERE, {"daily": 5})),
        ("#fake:art daily=5", QuotaRequest(SET, RuleSubject(CHANNEL, "fake:art"), {"daily": 5})),
        ("channel=#fake:art daily=5", QuotaRequest(SET, RuleSubject(CHANNEL, "fake:art"), {"daily": 5})),
        ("channel=fake:art daily=5", QuotaRequest(SET, RuleSubject(CHANNEL, "fake:art"), {"daily": 5})),
        ("&fake:9 daily=5", QuotaRequest(SET, RuleSubject(ROLE, "fake:9"), {"daily": 5})),
        ("role=fake:9 daily=5", QuotaRequest(SET, RuleSubject(ROLE, "fake:9"), {"daily": 5})),
        ("role=&fake:9", QuotaRequest(SHOW, RuleSubject(ROLE, "fake:9"), {})),
        ("role=fake:studio daily=5", QuotaRequest(SET, HALL, {"daily": 5})),
    ],
)
def test_a_line_is_read(words, wish):
    assert said(words) == wish


def test_the_channel_of_a_thread_is_the_one_that_it_belongs_to():
    assert said("channel=here", channel="fake:thread", parent="fake:hall").whose == HERE


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("server daily=lots", "daily is a whole number from 0 to 1000000, or none, or default."),
        ("server daily=-1", "daily is a whole number from 0 to 1000000, or none, or default."),
        ("server daily=1000001", "daily is a whole number from 0 to 1000000, or none, or default."),
        ("server daily=", "daily is a whole number from 0 to 1000000, or none, or default."),
        ("server minute=1.5", "per_minute is a whole number from 0 to 1000000, or none, or default."),
        ("server size=100", "size is a whole number from 256 to 2048, or none, or default."),
        ("server count=5", "count is a whole number from 1 to 4, or none, or default."),
        ("server count=0", "count is a whole number from 1 to 4, or none, or default."),
        ("server daily=1 day=2", "daily is given twice; say it once."),
        (
            "server weekly=1",
            "There is no limit weekly; there are daily, per_minute, concurrent, size, count.",
        ),
        ("server =1", "There is no limit server; there are daily, per_minute, concurrent, size, count."),
        ("total size=512", "size and count are limits of one request; set them for server."),
        (
            "daily=1",
            f"Say whose limit: server, total, a person, a role or a channel, {EXAMPLE}",
        ),
        ("reset", f"Say whose limit: server, total, a person, a role or a channel, {EXAMPLE}"),
        ("reset server daily=1", f"Set new limits with set only, {EXAMPLE}"),
        ("set server", f"Set new limits with set only, {EXAMPLE}"),
        ("used fake:bob", "/quota used is about the whole server; type it alone."),
        ("server fake:bob", f"One limit at a time, please, {EXAMPLE}"),
        ("reset show server", f"One limit at a time, please, {EXAMPLE}"),
        ("bob", ID.format("bob")),
        ("other:bob", ID.format("other bob")),
        ("fake:", ID.format("fake")),
        ("fake:b/../b", ID.format("fake b .. b")),
        ("role=#fake:art", ID.format("fake art")),
        ("channel=server", ID.format("server")),
        ("<@everyone>", ID.format("everyone")),
    ],
)
def test_a_mistake_is_one_sentence_with_a_way_out(words, sentence):
    with pytest.raises(UserError) as refusal:
        said(words)
    assert str(refusal.value) == sentence


def test_where_the_platform_knows_no_roles_that_is_said():
    with pytest.raises(UserError, match="There are no roles here; name a person, a channel or server"):
        said("role=fake:9 daily=5", has_roles=False)


WORDS = st.sampled_from(
    [
        *(
            "server",
            "daily",
            "=",
            "5",
            "none",
            "fake:bob",
            "per_minute=3",
            "set",
            "@everyone",
            "\u202e",
            "日",
        ),
        *("<b>", "reset", "used", "total", "role=", "&fake:9", "channel=here", "size=512"),
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=6).map(" ".join)))
def test_any_line_is_read_or_refused_in_one_harmless_sentence(words):
    try:
        wish = said(words)
    except UserError as error:
        told = str(error)
    else:
        assert wish.whose or not (wish.limits or wish.without)
        return
    assert len(told) < 200
    assert not set(told) & set('@<>&`*~|[]{}\\"\n\u202e')

"""/quota: limits shown to everybody, and changed by admins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.chat import UserError
from commands.context import Limit
from commands.quota import COMMAND, MOST, Wish, read
from commands.registry import split_line
from tests.fake_context import FakeContext, FakeQuotas, ask

ANN, BOB, HALL = "fake:ann", "fake:bob", "fake:studio"
ADMINS_ONLY = "Only an admin of this server may do that; /quota alone shows your own limits."


async def said(words="", context=None, locale="en", **changes):
    context = context or FakeContext(locale)
    answer = await COMMAND.run(ask("quota", words, locale=locale, **changes), context)
    assert (answer.private, answer.refused, answer.job) == (True, False, None)
    return answer.text


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("", Wish(None, {})),
        ("show", Wish(None, {})),
        ("查看", Wish(None, {})),
        ("server", Wish(HALL, {})),
        ("服务器 每日=5", Wish(HALL, {"daily": 5})),
        ("set SERVER Daily=200 per_minute=10", Wish(HALL, {"daily": 200, "per_minute": 10})),
        ("daily = 200 server", Wish(HALL, {"daily": 200})),
        ("server daily＝２００", Wish(HALL, {"daily": 200})),
        ("fake:bob minute=none", Wish(BOB, {"per_minute": None})),
        ("fake:bob per-minute=off day=0", Wish(BOB, {"per_minute": None, "daily": 0})),
        (f"server daily={MOST}", Wish(HALL, {"daily": MOST})),
        ("server server daily=无", Wish(HALL, {"daily": None})),
    ],
)
def test_a_line_is_read(words, wish):
    assert read(ask("quota", words)) == wish


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("server daily=lots", "daily is a whole number from 0 to 1000000, or none."),
        ("server daily=-1", "daily is a whole number from 0 to 1000000, or none."),
        ("server daily=1000001", "daily is a whole number from 0 to 1000000, or none."),
        ("server daily=", "daily is a whole number from 0 to 1000000, or none."),
        ("server minute=1.5", "per_minute is a whole number from 0 to 1000000, or none."),
        ("server daily=1 day=2", "daily is given twice; say it once."),
        ("server weekly=1", "There is no limit weekly; there are daily and per_minute."),
        ("server =1", "There is no limit server; there are daily and per_minute."),
        ("=1", "There is no limit ?; there are daily and per_minute."),
        ("daily=1", "Say whose limit: server or a person, for example /quota server daily=200."),
        ("server fake:bob", "One limit at a time, please, for example /quota server daily=200."),
        ("bob", "I cannot read bob; say for example /quota server daily=200."),
        ("other:bob", "I cannot read other bob; say for example /quota server daily=200."),
        ("fake:", "I cannot read fake; say for example /quota server daily=200."),
        ("fake:b/../b", "I cannot read fake b .. b; say for example /quota server daily=200."),
        ("<@everyone>", "I cannot read everyone; say for example /quota server daily=200."),
    ],
)
def test_a_mistake_is_one_sentence_with_a_way_out(words, sentence):
    with pytest.raises(UserError) as refusal:
        read(ask("quota", words))
    assert str(refusal.value) == sentence


WORDS = st.sampled_from(
    [
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
        "<b>",
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=6).map(" ".join)))
def test_any_line_is_read_or_refused_in_one_harmless_sentence(words):
    try:
        wish = read(ask("quota", words))
    except UserError as error:
        said = str(error)
    else:
        assert not wish.changes or wish.subject
        return
    assert len(said) < 200
    assert not set(said) & set('@<>&`*~|[]{}\\"\n\u202e')


async def test_alone_it_shows_ones_own_limits_and_the_servers():
    assert (await said()).splitlines() == [
        "You: today 3 (limit: 100), in the last minute 1 (limit: 6)",
        "This server: today 3 (limit: 100), in the last minute 1 (limit: 6)",
    ]


async def test_a_limit_that_is_not_set_is_said_in_words():
    context = FakeContext(quotas=FakeQuotas(default=Limit(None, 6)))
    assert "today 3 (limit: no limit)" in await said(context=context)


async def test_limits_are_shown_in_the_readers_language():
    assert (await said(locale="zh-CN")).splitlines()[
        1
    ] == "本服务器：今天 3（额度：100），最近一分钟 1（额度：6）"


@pytest.mark.parametrize(
    "words", ["server", "fake:bob", "server daily=1", "fake:ann daily=1", "fake:bob minute=1"]
)
async def test_whoever_is_no_admin_sees_and_sets_nothing_but_sees_their_own(words):
    context = FakeContext()
    with pytest.raises(UserError) as refusal:
        await said(words, context)
    assert str(refusal.value) == ADMINS_ONLY
    assert context.quotas.limits == {}
    assert (await said("fake:ann", context)).startswith("You: ")


async def test_an_admin_sets_what_is_named_and_leaves_the_rest():
    context = FakeContext()
    text = await said("server daily=200", context, is_admin=True)
    assert text == "This server: now a day 200, a minute 6; before: a day 100, a minute 6."
    assert context.quotas.limits == {(HALL, HALL): Limit(200, 6)}
    await said("fake:bob per_minute=none", context, is_admin=True)
    assert context.quotas.limits[HALL, BOB] == Limit(100, None)


async def test_an_admin_sees_the_limits_of_one_person():
    assert await said("fake:bob", is_admin=True) == (
        "fake:bob: today 3 (limit: 100), in the last minute 1 (limit: 6)"
    )


@pytest.mark.parametrize("example", COMMAND.examples)
async def test_an_example_works_as_it_stands(example):
    name, words = split_line(example)
    assert name == "quota"
    assert await said(words, is_admin=True)

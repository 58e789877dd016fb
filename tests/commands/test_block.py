"""Facts about commands/block.py."""

from __future__ import annotations

import pytest

from commands.block import COMMAND, MOST_REASON
from commands.chat import UserError
from tests.support.fake_services import FakeServices, ask


@pytest.fixture
def services():
    return FakeServices()


async def said(services, words="", **rights):
    return (await COMMAND.run(ask("block", words, **rights), services)).text


async def test_an_admin_blocks_somebody_with_one_sentence_that_moderators_see(services):
    assert "fake:bob" in await said(services, "fake:bob they post slurs", is_admin=True)
    assert services.moderation.blocked == {"fake:bob": "they post slurs"}
    assert "fake:bob: they post slurs" in await said(services, is_moderator=True)


@pytest.mark.parametrize("words", ["fake:bob off", "fake:bob 解除"])
async def test_an_admin_lifts_a_block(services, words):
    services.moderation.blocked["fake:bob"] = "spam"
    assert "no longer" in await said(services, words, is_admin=True)
    assert services.moderation.blocked == {}
    with pytest.raises(UserError, match="is not blocked"):
        await said(services, words, is_admin=True)


async def test_nobody_is_blocked_at_first(services):
    assert await said(services, is_admin=True) == "Nobody is blocked here."


@pytest.mark.parametrize(
    ("words", "rights", "sentence"),
    [
        ("fake:bob spam", {}, "Only an admin"),
        ("fake:bob spam", {"is_moderator": True}, "Only an admin"),
        ("", {}, "Only moderators"),
        ("fake:ann me", {"is_admin": True}, "cannot block yourself"),
        ("fake:bob", {"is_admin": True}, "Say whom and why"),
        (f"fake:bob {'x' * (MOST_REASON + 1)}", {"is_admin": True}, "Say whom and why"),
        ("bob spam", {"is_admin": True}, "I cannot read bob"),
        ("other:bob spam", {"is_admin": True}, "I cannot read other bob"),
    ],
)
async def test_what_cannot_be_done_is_refused(services, words, rights, sentence):
    with pytest.raises(UserError, match=sentence):
        await said(services, words, **rights)
    assert services.moderation.blocked == {}

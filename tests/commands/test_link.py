"""Facts about commands/link.py."""

from __future__ import annotations

import pytest

from commands.chat import UserError
from commands.link import COMMAND
from tests.support.fake_services import FakeLinks, FakeServices, ask


async def test_link_alone_gives_a_code_and_says_what_it_does():
    answer = await COMMAND.run(ask("link"), FakeServices())
    assert answer.private
    assert answer.text.startswith("Type /link ABCDE-23456 on your other account within 10 minutes")
    assert "Linked now" not in answer.text


async def test_who_is_joined_already_is_told_with_what():
    services = FakeServices(links=FakeLinks(("other:ann", "fake:ann")))
    answer = await COMMAND.run(ask("link"), services)
    assert answer.text.endswith("Linked now: other:ann, fake:ann.")


async def test_a_code_joins_and_the_answer_says_whose_settings_hold():
    answer = await COMMAND.run(ask("link", " RIGHT-CODE "), FakeServices())
    assert answer.private
    assert answer.text.startswith("Linked: other:ann, fake:ann. They are one person now")
    assert "that of other:ann holds" in answer.text


async def test_a_wrong_code_is_a_mistake():
    with pytest.raises(UserError, match="That code is wrong"):
        await COMMAND.run(ask("link", "WRONG"), FakeServices())


@pytest.mark.parametrize("word", ["off", "OFF", "解除"])
async def test_off_parts_and_says_what_belongs_to_whom(word):
    services = FakeServices(links=FakeLinks(("other:ann", "fake:ann")))
    answer = await COMMAND.run(ask("link", word), services)
    assert answer.private
    assert answer.text.startswith("Unlinked from other:ann. Each picture stays with the account that")
    assert services.links.joined == ("fake:ann",)


async def test_the_answer_is_in_the_readers_language():
    answer = await COMMAND.run(ask("link"), FakeServices("zh"))
    assert "ABCDE-23456" in answer.text
    assert not answer.text.startswith("Say")

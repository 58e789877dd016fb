"""Facts about commands/mydata.py."""

from __future__ import annotations

import pytest

from commands.chat import UserError
from commands.mydata import COMMAND
from tests.support.fake_services import FakeServices, ask


@pytest.fixture
def services():
    return FakeServices()


async def said(services, words="", **changes):
    return await COMMAND.run(ask("mydata", words, **changes), services)


@pytest.mark.parametrize("words", ["", "show", "查看"])
async def test_it_tells_how_much_is_kept_and_what_can_be_done(services, words):
    answer = await said(services, words)
    assert "3 requests of yours, 4 pictures and 0 reactions" in answer.text
    assert answer.private
    assert [(each.verb, each.words) for each in answer.buttons] == [("mydata", "get")]


async def test_the_archive_comes_directly_and_a_button_leads_to_the_next_part(services):
    answer = await said(services, "get")
    assert (answer.private, answer.direct) == (True, True)
    assert [(each.name, each.data) for each in answer.attachments] == [("easel-data-1.zip", b"zip")]
    assert [each.words for each in answer.buttons] == ["get 2"]


async def test_the_last_part_has_no_button(services):
    assert (await said(services, "get part=2")).buttons == ()


@pytest.mark.parametrize("words", ["get 0", "get all", "get -1"])
async def test_a_part_is_a_number_from_one(services, words):
    with pytest.raises(UserError, match="part"):
        await said(services, words)


async def test_nothing_is_forgotten_before_a_second_step(services):
    answer = await said(services, "forget")
    assert services.own_data.forgotten == []
    [button] = answer.buttons
    await said(services, button.words)
    assert services.own_data.forgotten == ["fake:ann"]


@pytest.mark.parametrize("words", ["forget yes", "忘记 是"])
async def test_it_tells_how_much_was_deleted(services, words):
    assert "4 pictures" in (await said(services, words)).text


async def test_private_is_a_setting_of_the_person_and_public_removes_it(services):
    await said(services, "private")
    assert services.settings.kept["fake:ann"] == {"private": "on"}
    await said(services, "public")
    assert services.settings.kept["fake:ann"] == {}


async def test_an_unknown_action_names_the_known_ones(services):
    with pytest.raises(UserError, match="there are show, get, forget, private, public"):
        await said(services, "sell")

"""Facts about commands/report.py."""

from __future__ import annotations

import pytest

from commands.chat import UserError
from commands.report import COMMAND, MOST_REASON
from commands.services.moderation import Report
from tests.support.fake_services import FakeServices, ask


@pytest.fixture
def services():
    return FakeServices()


async def run(services, words="", person="fake:bob", **rights):
    return await COMMAND.run(ask("report", words, person=person, **rights), services)


async def test_anybody_reports_a_picture_and_may_say_why(services):
    assert "moderators can see picture 7" in (await run(services, "7 a real face")).text
    assert services.moderation.reports == [Report("p7", "fake:ann", "a real face")]
    assert "reported before" in (await run(services, "7")).text


@pytest.mark.parametrize(
    ("words", "changes", "sentence"),
    [
        ("7", {"person": "fake:ann"}, "That picture is yours"),
        ("99", {}, "There is no picture 99"),
        (f"7 {'x' * (MOST_REASON + 1)}", {}, "one sentence"),
        ("", {}, "Say which picture"),
        ("keep 7", {}, "Only moderators"),
        ("keep 7", {"server": "fake:school", "is_admin": True}, "Only moderators"),
    ],
)
async def test_what_cannot_be_done_is_refused(services, words, changes, sentence):
    with pytest.raises(UserError, match=sentence):
        await run(services, words, **changes)


async def test_moderators_see_what_was_reported_and_can_keep_delete_or_block(services):
    services.moderation.reports.append(Report("p:7", "fake:ann", "spam"))
    answer = await run(services, is_moderator=True)
    assert "Picture 7 was reported: spam" in answer.text
    assert [each.number for each in answer.pictures] == [7]
    assert [(each.verb, each.words) for each in answer.buttons] == [
        ("report", "keep p7"),
        ("delete", "p7"),
        ("block", "fake:ann reported picture 7"),
    ]


async def test_nothing_is_reported_at_first(services):
    assert (await run(services, is_admin=True)).text == "Nothing is reported here."


async def test_a_moderator_keeps_a_picture(services):
    assert "Kept: 7" in (await run(services, "keep 7", is_moderator=True)).text
    assert services.moderation.kept == ["p7"]

"""Facts about bot/platforms/slack/users.py."""

from __future__ import annotations

import pytest

from bot.config import Secret
from bot.platforms.slack.connection import make_web_client
from bot.platforms.slack.users import KEPT_SECONDS, SlackUser, SlackUsers
from tests.support.slack.server import BOT_TOKEN, TEAM

pytestmark = pytest.mark.platform("slack")


@pytest.fixture
def people(server, clock):
    client = make_web_client(Secret(BOT_TOKEN), f"{server.address}/api/", None)
    return SlackUsers(client, TEAM, clock)


@pytest.mark.parametrize(
    ("user", "leads"),
    [
        pytest.param({"team_id": TEAM}, False, id="a member"),
        pytest.param({"team_id": TEAM, "is_admin": True}, True, id="an admin"),
        pytest.param({"team_id": TEAM, "is_owner": True}, True, id="an owner"),
        pytest.param({"team_id": "T9", "is_admin": True}, False, id="an admin of somewhere else"),
        pytest.param({"team_id": TEAM, "is_admin": True, "is_stranger": True}, False, id="a stranger"),
        pytest.param(
            {"team_id": "E1", "is_admin": True, "enterprise_user": {"teams": [TEAM]}}, True, id="in a grid"
        ),
    ],
)
async def test_admins_of_this_workspace_lead(people, server, user, leads):
    server.users["U1"] = user
    assert (await people.find("U1")).is_admin is leads


async def test_a_person_speaks_the_language_of_their_slack(people, server):
    server.users["U1"] = {"team_id": TEAM, "locale": "zh-CN"}
    assert (await people.find("U1")).locale == "zh-CN"


async def test_slack_is_asked_once_a_minute(people, server, clock):
    for _ in range(3):
        await people.find("U1")
    assert len(server.called("users.info")) == 1
    clock.advance(KEPT_SECONDS)
    await people.find("U1")
    assert len(server.called("users.info")) == 2


async def test_somebody_slack_does_not_tell_of_has_no_rights(people, server, caplog):
    server.scripted["users.info"] = [(200, {}, {"ok": False, "error": "user_not_found"})]
    assert await people.find("U1") == SlackUser()
    assert "users.info was refused (user_not_found), and Easel goes on without" in caplog.text

"""Facts about bot/platforms/discord/text.py, at a twin of Discord."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from bot.platforms.discord.text import Names
from commands.chat import Answer
from tests.support.discord.discord_app import command, member
from tests.support.discord.gateway import CHANNEL, GUILD, MANAGE_SERVER, ROLE, ROOM

pytestmark = pytest.mark.platform("discord")

SOMEBODY, ELSEWHERE = 123456789012345678, 223456789012345678
SINCE = {"archive_timestamp": "2027-01-15T12:00:00+00:00"}
THREAD = {
    **{"id": "201", "type": 11, "parent_id": str(CHANNEL), "guild_id": str(GUILD), "owner_id": "1"},
    **{"message_count": 1, "member_count": 1, "rate_limit_per_user": 0},
    "thread_metadata": {
        "archived": False,
        "auto_archive_duration": 60,
        "locked": False,
        **SINCE,
    },
}


async def test_roles_and_channels_that_are_picked_become_their_ids_and_have_names(platform, server, house):
    picked = {"role": {"id": str(ROLE), "name": "keepers"}, "channel": ROOM}
    said = command("quota", {**picked, "daily": "3"}, member=member(permissions=MANAGE_SERVER))
    await server.interact(said)
    await server.written()
    [ask] = house.asks
    assert ask.words == f"role=&discord:{ROLE} channel=#discord:{CHANNEL} daily=3"
    assert (ask.names[f"discord:{CHANNEL}"], ask.names.get("discord:404"), len(ask.names)) == ("art", None, 4)


@pytest.mark.parametrize(
    ("name", "said"),
    [("friends", "friends"), ("@everyone <@1>", "everyone 1"), ("**b** [x](https://y.z)", "b x https y z")],
)
def test_a_name_that_a_server_gave_is_harmless_when_it_is_said(name, said):
    guild = SimpleNamespace(get_role=lambda _: SimpleNamespace(name=name), roles=(), channels=())
    assert Names(guild)["discord:7"] == said
    assert "discord:x" not in Names(guild)


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (Answer(f"discord:{SOMEBODY}: 7", private=True), f"<@{SOMEBODY}>: 7"),
        (Answer(f"channels=discord:{ELSEWHERE}", private=True), f"channels=<#{ELSEWHERE}>"),
        (Answer(f"discord:{SOMEBODY}: 7"), f"discord:{SOMEBODY}: 7"),
        (Answer(f"discord:{SOMEBODY}", private=True, refused=True), f"discord:{SOMEBODY}"),
    ],
)
async def test_whom_an_admin_reads_of_is_shown_by_name_and_not_called(platform, server, house, answer, shown):
    house.answer = answer
    await server.happen("CHANNEL_CREATE", {**ROOM, "id": str(ELSEWHERE), "guild_id": str(GUILD)})
    await server.interact(command())
    [said] = await server.written()
    assert said["content"] == shown
    assert not said["pinged"]


async def test_a_thread_says_to_which_channel_it_belongs(platform, server, house):
    thread = {**ROOM, **THREAD}
    await server.interact(command(channel=thread))
    await server.written()
    [ask] = house.asks
    assert (ask.channel, ask.parent) == ("discord:201", f"discord:{CHANNEL}")

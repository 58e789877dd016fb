"""Facts about bot/platforms/discord/reactions.py, over real sockets to a twin of Discord."""

from __future__ import annotations

import pytest

from bot.platforms.discord.messages import post_id
from bot.platforms.discord.replies import CLOSED_INBOX, SENT
from commands.chat import Answer
from tests.support.discord.discord_app import ANN, BOB, WORDS, command, member, person, reaction
from tests.support.discord.gateway import BOT_USER, CHANNEL, GUILD, ROLE
from tests.support.discord.payloads import PRIVATE
from tests.support.discord.server import direct_channel
from tests.support.fakes import PICTURE, remembered

pytestmark = pytest.mark.platform("discord")

POST = {"channel_id": str(CHANNEL), "id": "77"}


@pytest.fixture
async def painted(app, server):
    """A message with two pictures of Ann's, which Easel knows of."""
    await server.interact(command(options={**WORDS, "count": 2}))
    [message] = await server.painted()
    server_id = f"discord:{GUILD}"
    await remembered(app.service, post_id(CHANNEL, int(message["id"])), server=server_id)
    return message


@pytest.fixture
def react(server, painted):
    """Somebody reacts to the message, or takes it back."""

    async def reacted(emoji, user=ANN, change="ADD", **fields):
        await server.happen(f"MESSAGE_REACTION_{change}", reaction(painted, emoji, user, **fields))

    return reacted


def names(message):
    return [each["filename"].partition("-")[0] for each in message["attachments"]]


async def test_a_cross_deletes_ones_own_pictures_and_says_no_more_than_their_post(painted, react, server):
    await react("❌")
    await server.until(lambda: not painted["attachments"])
    assert painted["content"].count("was deleted by who asked for it") == 2
    assert len(server.messages) == 1


async def test_a_cross_of_a_moderator_deletes_and_one_of_anybody_else_does_nothing(painted, react, server):
    await react("❌", BOB)
    await react("❌", 3, member=member(3, roles=[str(ROLE)]))
    await server.until(lambda: not painted["attachments"])
    assert painted["content"].count("was deleted by a moderator") == 2
    assert len(server.messages) == 1


async def test_a_monkey_hides_what_one_may_hide_until_it_is_taken_back(painted, react, server):
    await react("🙈", BOB)
    await react("🙈")
    await server.until(lambda: names(painted) == ["SPOILER_easel"] * 2)
    assert painted["attachments"][0]["description"].startswith("Generated picture: A fish, in blue, in ink.")
    await react("🙈", change="REMOVE")
    await server.until(lambda: names(painted) == ["easel"] * 2)


async def test_a_letter_brings_the_pictures_with_their_alt_text_to_direct_messages(painted, react, server):
    await react("✉️", BOB)
    _, sent = await server.painted(2)
    assert sent["channel_id"] == str(direct_channel(BOB))
    assert [each["description"] for each in sent["attachments"]] == [
        each["description"] for each in painted["attachments"]
    ]


async def test_a_closed_inbox_is_told_where_the_picture_is_to_its_owner_alone(painted, react, server):
    server.shy.add(BOB)
    await react("✉️", BOB)
    said = (await server.written(2))[-1]
    assert said["content"] == f"<@{BOB}> {CLOSED_INBOX}"
    assert (said["channel_id"], said["pinged"]) == (str(CHANNEL), {str(BOB)})


async def test_a_letter_that_is_sent_again_brings_the_pictures_once(painted, react, server):
    for change in ("ADD", "REMOVE", "ADD"):
        await react("✉️", BOB, change)
    await server.until(lambda: len(server.called("send")) == 2)
    assert len(server.messages) == 2


async def test_a_command_sends_to_direct_messages_too_and_says_so(painted, server):
    await server.interact(command("send", {"picture": "1"}))
    said = (await server.written(3))[-1]
    assert (said["content"], said["flags"] & PRIVATE) == (SENT, PRIVATE)
    server.shy.add(ANN)
    await server.interact(command("send", {"picture": "1"}))
    assert (await server.written(4))[-1]["content"] == CLOSED_INBOX


async def test_reactions_of_people_come_in_with_who_they_are_and_what_they_mean(platform, server, service):
    machine = member(3, user=person(3, bot=True))
    for change, said in [
        ("ADD", reaction(POST, "👍")),
        ("ADD", reaction(POST, "⭐", BOT_USER)),
        ("ADD", reaction(POST, "⭐", 3, member=machine)),
        ("ADD", reaction(POST, "⭐")),
        ("REMOVE", reaction(POST, "💙", BOB)),
        ("ADD", reaction(POST, "❌", 4, member=member(4, roles=[str(ROLE)]))),
    ]:
        await server.happen(f"MESSAGE_REACTION_{change}", said)
    (made, on), (removed, still), (deleted, _) = [await service.reactions.get() for _ in range(3)]
    assert (made.person, made.server, made.command, on) == (
        "discord:1",
        f"discord:{GUILD}",
        "favourite",
        True,
    )
    assert (removed.person, still) == ("discord:2", False)
    assert {made.words, removed.words} == {f"discord:{CHANNEL}:77"}
    assert (deleted.command, deleted.is_admin, deleted.roles) == ("delete", True, {f"discord:{ROLE}"})
    assert not made.is_admin
    assert service.reactions.empty()


async def test_a_reaction_in_direct_messages_belongs_to_nobodys_server(platform, server, service):
    said = reaction({"channel_id": str(direct_channel(1)), "id": "77"}, "⭐")
    del said["guild_id"], said["member"]
    await server.happen("MESSAGE_REACTION_ADD", said)
    (ask, _) = await service.reactions.get()
    assert ask.server == "discord:dm-1"


async def test_a_letter_that_cannot_be_sent_is_logged(platform, server, service, caplog):
    service.outcome = Answer("7 – fish", (PICTURE,), private=True, direct=True)
    server.scripted["open"] = [(400, {}, {"code": 50035, "message": "Invalid Form Body"})]
    server.closed.add(CHANNEL)
    await server.happen("MESSAGE_REACTION_ADD", reaction(POST, "✉️"))
    await server.until(lambda: server.called("open"))
    await server.interact(command("help", {}))
    await server.written()
    assert "could not be answered" in caplog.text

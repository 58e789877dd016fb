"""Facts about bot/platforms/discord/adapter.py, over real sockets to a twin of Discord."""

from __future__ import annotations

import asyncio
import io

import pytest
from PIL import Image

from bot.platforms.discord.adapter import HINT, LOST
from commands.chat import TALK, Answer
from commands.i18n import translator
from commands.parsing.written import line_of_request
from commands.registry import COMMANDS
from engine.errors import PaintingFailed
from tests.support.discord.discord_app import (
    ANN,
    adapter,
    command,
    direct_message,
    discord_app,
    member,
    message,
    person,
    reaction,
)
from tests.support.discord.gateway import BOT_USER, CHANNEL, MANAGE_SERVER
from tests.support.discord.payloads import PRIVATE
from tests.support.discord.server import direct_channel

pytestmark = pytest.mark.platform("discord")

EASEL = f"<@{BOT_USER}>"
UNKNOWN = (404, {}, {"code": 10062, "message": "Unknown interaction"})


async def test_a_slash_command_shows_the_layout_and_the_painting_takes_its_place(
    app, server, painting_client
):
    painting_client.gate.clear()
    await server.interact(command())
    [preview] = await server.until(lambda: [each for each in server.messages.values() if each["attachments"]])
    assert preview["content"].startswith("Painting: A fish, in blue, in ink.")
    assert [each["content_type"] for each in preview["attachments"]] == ["image/webp"]
    painting_client.gate.set()
    [said] = await server.painted()
    assert len(server.messages) == 1
    assert said["content"].startswith("A fish, in blue, in ink.\nPicture 1, painted by Easel (AI)\n")
    [picture] = said["attachments"]
    assert Image.open(io.BytesIO(picture["data"])).size == (256, 256)
    assert picture["description"].startswith("Generated picture: A fish")
    assert picture["description"].removeprefix("Generated picture: ") in said["content"]


async def test_every_option_is_understood(app, server, painting_client):
    options = {"words": "a crane", "style": "ink", "color": "teal, gold", "scene": "flock", "seed": 7}
    await server.interact(command(options={**options, "size": 256, "ar": "3:2", "count": 2, "chaos": 5}))
    [said] = await server.painted()
    assert said["content"].splitlines()[0] == "A flock of cranes, in teal and gold, in ink."
    asked = line_of_request([conditions for _, conditions in painting_client.painted])
    assert asked == "style=ink color=teal,gold shape=crane scene=flock seed=7 size=256 ar=3:2 chaos=5 count=2"
    assert len(said["attachments"]) == len(painting_client.painted) == 2


async def test_a_picture_tells_how_it_is_favourited(app, server):
    await server.interact(command())
    [said] = await server.painted()
    assert said["content"].splitlines()[-1] == "-# React with ⭐ or ❤️ to keep it as a favourite."


async def test_a_person_is_answered_in_their_language(app, server):
    await server.interact(command(locale="zh-CN"))
    [said] = await server.painted()
    assert said["content"].splitlines()[-1] == f"-# {translator('zh')(HINT)}"
    assert "鱼" in said["attachments"][0]["description"]


async def test_a_mention_is_answered_by_a_reply_that_becomes_the_painting(app, server):
    said = message(server, f"{EASEL} a blue fish in ink")
    await server.happen("MESSAGE_CREATE", said)
    [reply] = await server.painted()
    assert len(server.messages) == 1
    assert (reply["channel_id"], reply["message_reference"]["message_id"]) == (str(CHANNEL), int(said["id"]))
    assert not reply["pinged"]


async def test_a_direct_message_is_painted_where_it_was_said(app, server):
    await server.happen("MESSAGE_CREATE", direct_message(server, "a blue fish in ink"))
    [reply] = await server.painted()
    assert reply["channel_id"] == str(direct_channel(1))


async def test_a_mistake_is_seen_by_its_author_only_and_nothing_is_painted(app, server, painting_client):
    await server.interact(command(options={"style": "inc"}))
    [said] = await server.written()
    assert said["flags"] & PRIVATE
    assert "ink" in said["content"]
    assert not painting_client.painted


async def test_words_that_mean_harm_call_nobody_and_are_no_markup(app, server, painting_client):
    words = "@everyone <@&4> **fish** <script>alert(1)</script> https://example.org"
    await server.interact(command(options={"words": words}))
    await server.happen("MESSAGE_CREATE", message(server, f"{EASEL} {words}"))
    for said in await server.written(2):
        assert not said["pinged"]
        assert not set(said["content"]) & set("@<>*\\")
        assert "//" not in said["content"]


async def test_a_failed_painting_is_said_where_it_was_announced(app, server, painting_client):
    painting_client.failures.append(PaintingFailed("the brush broke"))
    await server.interact(command())
    failed = "The painting failed, and nothing was charged. Please ask again."
    [said] = await server.until(
        lambda: [each for each in server.messages.values() if each["content"] == failed]
    )
    assert not said["attachments"]
    assert len(server.messages) == 1


@pytest.mark.parametrize("emoji", ["⭐", "❤️"])
async def test_a_heart_makes_a_favourite_and_its_removal_takes_it_back(app, server, emoji):
    await server.interact(command())
    [post] = await server.painted()
    for change, expected in [("ADD", "favourites: 1"), ("REMOVE", "favourites: 0")]:
        # The post is in Discord a moment before it is in the database.
        for _ in range(50):
            await server.happen(f"MESSAGE_REACTION_{change}", reaction(post, emoji))
            heard = len(server.messages)
            await server.interact(command("info", {"picture": "1"}))
            last = (await server.written(heard + 1))[-1]
            if expected in last["content"]:
                break
        assert expected in last["content"]
        assert last["flags"] & PRIVATE


async def test_limits_are_set_by_those_who_manage_the_server(app, server):
    limit = {"subject": "server", "daily": "5"}
    await server.interact(command("quota", limit))
    [refusal] = await server.written()
    assert refusal["content"].startswith("Only an admin of this server may do that")
    await server.interact(command("quota", limit, member=member(permissions=MANAGE_SERVER)))
    [_, done] = await server.written(2)
    assert done["content"].startswith("Each person in this server: now per day: 5")
    assert refusal["flags"] & done["flags"] & PRIVATE


async def test_help_names_every_command_privately(app, server):
    await server.interact(command("help", {}))
    [said] = await server.written()
    assert said["flags"] & PRIVATE
    assert [line.split(" ")[0] for line in said["content"].splitlines()[:-1]] == [
        f"/{name}" for name, each in COMMANDS.items() if not each.admin_only
    ]


async def test_a_rejected_token_leaves_discord_out_and_the_others_start(
    tmp_path, server, painting_client, caplog
):
    async with discord_app(tmp_path, server, painting_client, token="old") as app:  # noqa: S106
        assert list(app.platforms) == ["web"]
    [said] = [
        record.getMessage()
        for record in caplog.records
        if record.name == "bot.app" and "discord" in record.getMessage()
    ]
    assert said == (
        "discord is left out: Discord does not accept EASEL_DISCORD_TOKEN; under Bot of your application,"
        " choose Reset Token and copy the new one."
    )


async def test_an_event_that_discord_sends_again_is_answered_once(platform, server, service):
    said = message(server, f"{EASEL} a blue fish")
    await server.happen("MESSAGE_CREATE", said)
    await server.happen("MESSAGE_CREATE", said)
    await server.interact(command("help", {}))
    await server.written(2)
    assert [ask.command for ask in service.asks] == [TALK, "help"]


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"content": "a fish"}, id="to others"),
        pytest.param({"author": person(3, bot=True)}, id="by a bot"),
        pytest.param({"author": person(BOT_USER)}, id="by Easel"),
        pytest.param({"type": 7}, id="of Discord itself"),
    ],
)
async def test_a_message_that_is_no_request_is_let_be(platform, server, service, fields):
    await server.happen("MESSAGE_CREATE", {**message(server, f"{EASEL} a fish"), **fields})
    await server.interact(command("help", {}))
    await server.written()
    assert [ask.command for ask in service.asks] == ["help"]


async def test_a_fault_is_logged_with_the_key_and_told_in_one_sentence(platform, server, service, caplog):
    service.answer = RuntimeError("out of paint")
    asked = await server.interact(command())
    [said] = await server.written()
    assert (said["content"], said["flags"] & PRIVATE) == (LOST, PRIVATE)
    assert f"ask discord:{asked.id} could not be answered" in caplog.text


async def test_a_command_of_before_an_update_is_told_in_one_sentence(platform, server, service, caplog):
    asked = await server.interact(command("vanished", {}))
    [said] = await server.written()
    assert (said["content"], said["flags"] & PRIVATE) == (LOST, PRIVATE)
    assert f"ask discord:{asked.id} could not be read" in caplog.text
    assert not service.asks


async def test_a_person_whom_nothing_can_be_said_to_is_logged(platform, server, service, caplog):
    service.answer = RuntimeError("out of paint")
    server.scripted["respond"] = [UNKNOWN]
    server.shy.add(ANN)
    asked = await server.interact(command())
    await server.until(lambda: server.called("send"))
    await server.interact(command("help", {}))
    await server.written()
    assert f"ask discord:{asked.id}: nothing could be answered" in caplog.text


async def test_what_cannot_be_held_is_answered_nevertheless(server, service, caplog):
    service.gate.clear()
    service.answer = Answer("Painting fish", job="job-1")
    server.scripted["respond"] = [UNKNOWN]
    async with adapter(server, service, patience=0):
        await server.interact(command())
        await server.until(lambda: server.called("respond"))
        service.gate.set()
        [said] = await server.written()
    assert said["content"] == "Painting fish"
    assert "Create Interaction Response was refused" in caplog.text


async def test_stopping_leaves_no_task_behind(server, service):
    before = asyncio.all_tasks()
    async with adapter(server, service):
        await server.interact(command("help", {}))
        await server.written()
    # The twin's own end of the connection closes too.
    async with asyncio.timeout(5):
        await asyncio.gather(*(asyncio.all_tasks() - before))


async def test_a_taste_is_shown_as_a_picture_to_who_asks_alone(app, server):
    await server.interact(command())
    await server.painted()
    await server.interact(command("taste", {"action": "show"}))
    said = (await server.written(2))[-1]
    assert said["flags"] & PRIVATE
    assert "Styles: ink" in said["content"]
    assert [each["filename"] for each in said["attachments"]] == ["easel-taste.png"]
    assert said["attachments"][0]["description"].startswith("A chart: Styles: ink")

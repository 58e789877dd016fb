"""Facts about bot/platforms/slack/adapter.py, over real sockets to a twin of Slack."""

from __future__ import annotations

import asyncio
import io
import itertools
import json
import re

import pytest
from PIL import Image

from bot.platforms.slack.messages import SlackReplyTarget
from bot.platforms.slack.text import UMBRELLA
from commands.chat import Answer
from commands.registry import COMMANDS
from engine.errors import PaintingFailed
from tests.support.fakes import FakePaintingClient
from tests.support.slack.server import BOT_USER, MANIFEST, TEAM, kinds
from tests.support.slack.slack_app import WORDS, adapter, command, event, reaction, shortcut, slack_app

pytestmark = pytest.mark.platform("slack")

RESERVED = {
    *("archive", "away", "call", "collapse", "dm", "dnd", "expand", "feed", "invite", "join", "leave", "me"),
    *("msg", "mute", "open", "pro", "remind", "remove", "search", "shortcuts", "shrug", "status", "topic"),
    *("kick", "rename", "star", "who"),
}
"""Slack's own commands: it refuses a manifest that asks for one."""


async def test_a_slash_command_is_announced_and_the_painting_takes_its_place(app, server, painting_client):
    painting_client.gate.clear()
    await server.sent("slash_commands", command())
    said = await server.until(lambda: list(server.messages.values()))
    assert said[0]["text"].startswith("Painting: A fish, in blue, in ink.")
    painting_client.gate.set()
    [message] = await server.painted()
    assert message["channel"] == "C1"
    assert len(server.messages) == 1
    section, image, _ = message["blocks"]
    assert section["text"]["text"].startswith("A fish, in blue, in ink.")
    file = server.files[image["slack_file"]["id"]]
    assert Image.open(io.BytesIO(file["data"])).size == (256, 256)
    assert file["alt_txt"] == image["alt_text"]
    assert image["alt_text"].startswith("Generated picture: A fish")
    assert file["title"] == "A fish, in blue, in ink."


async def test_several_pictures_come_in_one_message(app, server):
    await server.sent("slash_commands", command(f"{WORDS} count=3"))
    [message] = await server.painted()
    assert kinds(message) == ["section", *["image", "actions"] * 3, "actions"]


async def test_a_mention_in_a_thread_is_painted_in_that_thread(app, server):
    said = event("app_mention", text=f"<@{BOT_USER}> a blue fish in ink", thread_ts="1700000000.000009")
    await server.sent("events_api", said)
    [message] = await server.painted()
    assert message["thread_ts"] == "1700000000.000009"


async def test_a_direct_message_is_painted_where_it_was_said(app, server):
    said = event("message", channel="D1", channel_type="im", text="a blue fish in ink")
    await server.sent("events_api", said)
    [message] = await server.painted()
    assert message["channel"] == "D1"


@pytest.mark.parametrize("subtype", ["file_share", "me_message", "thread_broadcast"])
async def test_a_direct_message_with_a_file_or_of_another_kind_is_read(app, server, subtype):
    said = event("message", channel="D1", channel_type="im", text="a blue fish in ink", subtype=subtype)
    await server.sent("events_api", said)
    [message] = await server.painted()
    assert message["channel"] == "D1"


@pytest.mark.parametrize("subtype", ["message_changed", "message_deleted", "channel_join", "bot_message"])
async def test_what_nobody_said_is_no_request(platform, server, service, subtype):
    said = event("message", channel="D1", channel_type="im", text="a blue fish", subtype=subtype)
    await server.sent("events_api", said)
    await server.sent("slash_commands", command("", "help"))
    assert [ask.command for ask in service.asks] == ["help"]


async def test_a_token_that_is_revoked_is_one_line_a_call_and_no_traceback(app, server, caplog):
    server.denied |= dict.fromkeys(
        ("chat.postMessage", "direct chat.postMessage", "users.info"), "token_revoked"
    )
    server.denied["chat.postEphemeral"] = "token_revoked"
    await server.sent("slash_commands", command())
    await server.until(lambda: len(server.called("files.completeUploadExternal")) == 1)
    await server.until(lambda: len(server.called("chat.postEphemeral")) >= 1)
    assert "chat.postMessage was refused (token_revoked)" in caplog.text
    assert not [record for record in caplog.records if record.exc_info]


async def test_names_stand_where_an_answer_names_people_and_channels(platform, server, service):
    service.answer = Answer("slack:T1-U2: per day: 3\nEach in the channel slack:C1: per day: 5", private=True)
    await server.sent("slash_commands", command("rules", "quota"))
    [whisper] = await server.whispered()
    [block] = whisper["blocks"] if isinstance(whisper["blocks"], list) else json.loads(whisper["blocks"])
    [section] = block["elements"]
    assert section["elements"] == [
        {"type": "user", "user_id": "U2"},
        {"type": "text", "text": ": per day: 3\nEach in the channel "},
        {"type": "channel", "channel_id": "C1"},
        {"type": "text", "text": ": per day: 5"},
    ]


async def test_an_event_that_slack_sends_again_paints_and_speaks_once(app, server, painting_client):
    said = event("app_mention", text=f"<@{BOT_USER}> {WORDS}")
    await server.sent("events_api", said)
    await server.sent("events_api", said, retry_attempt=1, retry_reason="timeout")
    await server.painted()
    await server.sent("slash_commands", command("help", UMBRELLA))
    await server.whispered()
    assert len(painting_client.painted) == 1
    assert len(server.messages) == 1


async def test_a_mistake_is_answered_privately_and_nothing_is_painted(app, server, painting_client):
    url = f"{server.address}/respond"
    await server.sent("slash_commands", command("style=inc", response_url=url))
    [whisper] = await server.whispered()
    assert whisper["response_type"] == "ephemeral"
    assert "ink" in whisper["text"]
    assert not server.messages
    assert not painting_client.painted


async def test_a_mistake_in_a_mention_is_seen_by_its_author_only(app, server):
    await server.sent("events_api", event("app_mention", text=f"<@{BOT_USER}> style=inc"))
    [whisper] = await server.whispered()
    assert (whisper["channel"], whisper["user"]) == ("C1", "U1")
    assert not server.messages


async def test_a_failed_painting_is_said_where_it_was_announced(app, server, painting_client, caplog):
    painting_client.failures.append(PaintingFailed("the brush broke"))
    await server.sent("slash_commands", command())
    failed = "The painting failed, and nothing was charged. Please ask again."
    await server.until(lambda: [each for each in server.messages.values() if each["text"] == failed])
    assert len(server.messages) == 1


async def test_where_easel_is_no_member_it_says_so_and_sends_the_picture_directly(app, server):
    url = f"{server.address}/respond"
    await server.sent("slash_commands", command(channel_id="C-private", response_url=url))
    [whisper] = await server.whispered()
    assert "/invite @easel" in whisper["text"]
    [message] = await server.painted()
    assert message["channel"] == "DU1"


async def test_a_heart_makes_a_favourite_and_its_removal_takes_it_back(app, server):
    await server.sent("slash_commands", command())
    [message] = await server.painted()
    post = message["channel"], message["ts"]
    info = command("1", "info", response_url=f"{server.address}/respond")
    for kind, expected in [("added", "favourites: 1"), ("removed", "favourites: 0")]:
        # The post is in Slack a moment before it is in the database, and so is the reaction.
        async with asyncio.timeout(20):
            for attempt in itertools.count():
                await server.sent("events_api", reaction(kind, "heart", *post))
                heard = len(server.whispers)
                await server.sent("slash_commands", {**info, "trigger_id": f"{kind}-{attempt}"})
                if expected in (await server.whispered(heard + 1))[-1]["text"]:
                    break


async def test_a_job_of_before_a_restart_is_posted_after_it(tmp_path, server):
    waiting, working = FakePaintingClient(), FakePaintingClient()
    waiting.gate.clear()
    said = event("app_mention", text=f"<@{BOT_USER}> {WORDS}", thread_ts="1700000000.000009")
    async with slack_app(tmp_path, server, waiting):
        await server.sent("events_api", said)
        await server.until(lambda: server.messages)
    async with slack_app(tmp_path, server, working):
        [message] = await server.painted()
    assert len(server.messages) == 1
    assert (message["channel"], message["thread_ts"]) == ("C1", "1700000000.000009")
    assert message["blocks"]


async def test_a_rejected_bot_token_leaves_slack_out_and_says_what_to_do(
    tmp_path, server, painting_client, caplog
):
    async with slack_app(tmp_path, server, painting_client, bot="xoxb-old") as app:
        assert "slack" not in app.platforms
    assert (
        "does not accept EASEL_SLACK_BOT_TOKEN (invalid_auth); copy the Bot User OAuth Token" in caplog.text
    )


async def test_a_rejected_app_token_leaves_slack_out_and_says_what_to_do(
    tmp_path, server, painting_client, caplog
):
    async with slack_app(tmp_path, server, painting_client, app="xapp-old") as app:
        assert "slack" not in app.platforms
    assert "does not accept EASEL_SLACK_APP_TOKEN (invalid_auth)" in caplog.text


async def test_a_bot_token_alone_is_not_enough(tmp_path, server, painting_client, caplog):
    async with slack_app(tmp_path, server, painting_client, app=None) as app:
        assert "slack" not in app.platforms
    assert "set EASEL_SLACK_APP_TOKEN too" in caplog.text


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("slash_commands", command("", "help")),
        ("events_api", event("app_mention", text="help")),
        ("interactive", shortcut("info", "C1", "1.1")),
    ],
)
async def test_a_request_is_acknowledged_once_the_service_has_it(server, service, kind, said):
    service.gate.clear()
    async with adapter(server, service, patience=60):
        envelope = await server.send(kind, said)
        await service.asked.wait()
        assert envelope not in server.acks
        service.gate.set()
        await server.until(lambda: envelope in server.acks)


async def test_a_call_that_is_limited_waits_and_goes_through(platform, server, service):
    limited = (429, {"Retry-After": "0"}, {"ok": False, "error": "ratelimited"})
    server.scripted["chat.postEphemeral"] = [limited]
    await server.sent("slash_commands", command("", "help"))
    [whisper] = await server.whispered()
    assert whisper["text"] == "Here I am."
    assert len(server.called("chat.postEphemeral")) == 2


async def test_events_flow_again_after_slack_asks_for_a_new_connection(platform, server, service):
    await server.sockets[0].send_json({"type": "disconnect", "reason": "refresh_requested"})
    await server.until(lambda: len(server.sockets) == 2)
    await server.sent("slash_commands", command("", "help"))
    await server.whispered()
    assert len(service.asks) == 1


async def test_an_ask_says_who_asks_where_and_how_to_answer_later(platform, server, service):
    server.users["U1"] = {"team_id": TEAM, "locale": "zh-CN", "is_admin": True}
    said = command("server daily=3 <@U2|bob>", "quota", trigger_id="t-1", response_url="http://127.0.0.1:1/")
    await server.sent("slash_commands", said)
    await server.whispered()
    [ask] = service.asks
    assert (ask.key, ask.person, ask.server, ask.channel) == (
        "slack:t-1",
        "slack:T1-U1",
        "slack:T1",
        "slack:C1",
    )
    assert (ask.command, ask.words) == ("quota", "server daily=3 slack:T1-U2")
    assert (ask.locale, ask.is_admin) == ("zh-CN", True)
    assert SlackReplyTarget.from_reply(ask.reply).response_url == "http://127.0.0.1:1/"


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"channel_type": "channel", "text": "a fish"}, id="in a channel"),
        pytest.param({"channel_type": "im", "text": "a fish", "subtype": "message_changed"}, id="edited"),
        pytest.param({"channel_type": "im", "text": "a fish", "bot_id": "B2"}, id="by a bot"),
        pytest.param({"channel_type": "im", "text": "a fish", "user": BOT_USER}, id="by Easel"),
    ],
)
async def test_a_message_that_is_no_request_is_let_be(platform, server, service, fields):
    await server.sent("events_api", event("message", **fields))
    await server.sent("slash_commands", command("", "help"))
    await server.whispered()
    assert [ask.command for ask in service.asks] == ["help"]


async def test_a_fault_is_logged_with_the_key_and_told_in_one_sentence(platform, server, service, caplog):
    service.answer = RuntimeError("out of paint")
    await server.sent("slash_commands", command(trigger_id="t-2"))
    [whisper] = await server.whispered()
    assert whisper["text"] == "Something went wrong while I answered you. Please try again."
    assert "ask slack:t-2 could not be answered" in caplog.text


async def test_what_is_said_is_escaped_and_calls_nobody(platform, server, service):
    service.answer = Answer("<!channel> & <@U1>; see /help")
    await server.sent("slash_commands", command("", "taste"))
    [message] = await server.until(lambda: list(server.messages.values()))
    assert message["text"] == "&lt;!channel&gt; &amp; &lt;@U1&gt;; see /easel help"


async def test_stopping_leaves_no_task_behind(server, service):
    before = asyncio.all_tasks()
    async with adapter(server, service):
        await server.sent("slash_commands", command("", "help"))
    # The twin's own end of the connection closes too.
    await asyncio.wait(asyncio.all_tasks() - before, timeout=5)
    assert not asyncio.all_tasks() - before


def test_the_manifest_asks_for_every_command_but_help():
    asked = set(re.findall(r"command: /(\w+)", MANIFEST))
    assert asked == {*COMMANDS, UMBRELLA} - {"help"}
    assert not asked & RESERVED


async def test_an_announcement_that_fails_costs_nothing_but_itself(app, server, painting_client, caplog):
    server.scripted["chat.postMessage"] = [(200, {}, {"ok": False, "error": "restricted_action"})]
    painting_client.gate.clear()
    await server.sent("slash_commands", command())
    await server.whispered()
    painting_client.gate.set()
    [message] = await server.painted()
    assert message["channel"] == "C1"
    assert "chat.postMessage was refused (restricted_action)" in caplog.text


async def test_a_taste_is_shown_as_a_picture_in_direct_messages(app, server):
    await server.sent("slash_commands", command())
    await server.painted()
    await server.sent("slash_commands", command("show", "taste") | {"trigger_id": "another"})
    found = await server.until(
        lambda: [each for (where, _), each in server.messages.items() if where == "DU1"]
    )
    [shown] = [block for block in found[0]["blocks"] if block["type"] == "image"]
    assert shown["alt_text"].startswith("A chart: Styles: ink")

"""Facts about bot/platforms/slack/reactions.py, over real sockets to a twin of Slack."""

from __future__ import annotations

import pytest

from bot.pictures.search import PictureSearch
from bot.platforms.slack.reactions import CLOSED
from bot.storage.database import StorageError
from commands.chat import Answer
from tests.support.fakes import PICTURE, remembered
from tests.support.slack.server import BOT_USER, TEAM, kinds
from tests.support.slack.slack_app import WORDS, command, press, reaction

pytestmark = pytest.mark.platform("slack")

POST = "C1", "1800000000.000001"
NOT_YOURS = "Only the person who asked for it, or a moderator, may {} that."


@pytest.fixture
async def painted(app, server):
    """A message with two pictures of U1's, which Easel knows of."""
    await server.sent("slash_commands", command(f"{WORDS} count=2"))
    [message] = await server.painted()
    await remembered(app.service, f"slack:{message['channel']}:{message['ts']}", server=f"slack:{TEAM}")
    return message


@pytest.fixture
def react(server, painted):
    """Somebody reacts to the message, or takes it back."""

    async def reacted(name, user="U1", kind="added"):
        await server.sent("events_api", reaction(kind, name, painted["channel"], painted["ts"], user))

    return reacted


async def test_a_cross_deletes_ones_own_pictures_and_says_no_more_than_their_post(painted, react, server):
    await react("x")
    await server.until(lambda: painted["text"].count("was deleted by who asked for it") == 2)
    assert painted["blocks"] == []
    assert not server.whispers


async def test_a_cross_of_an_admin_deletes_and_anybody_else_is_told(painted, react, server):
    await react("x", "U2")
    [whisper] = await server.whispered()
    assert (whisper["user"], whisper["text"]) == ("U2", NOT_YOURS.format("delete"))
    server.users["U3"] = {"team_id": TEAM, "is_admin": True}
    await react("x", "U3")
    await server.until(lambda: painted["text"].count("was deleted by a moderator") == 2)


async def test_a_monkey_takes_the_pictures_out_of_the_message_until_it_is_taken_back(painted, react, server):
    await react("see_no_evil", "U2")
    [whisper] = await server.whispered()
    assert whisper["text"] == NOT_YOURS.format("hide or show")
    await react("see_no_evil")
    await server.until(lambda: "image" not in kinds(painted))
    assert painted["blocks"][1]["text"]["text"].startswith("🙈 Generated picture: A fish, in blue, in ink.")
    await react("see_no_evil", kind="removed")
    await server.until(lambda: kinds(painted).count("image") == 2)


async def test_a_hidden_picture_is_sent_to_who_presses_its_button(painted, react, server):
    await react("see_no_evil")
    await server.until(lambda: "image" not in kinds(painted))
    await server.sent("interactive", press(painted, "send", place=1))
    [sent] = await server.painted()
    assert (sent["channel"], kinds(sent)) == ("DU1", ["section", "image"])


async def test_a_letter_brings_the_pictures_with_their_alt_text_to_direct_messages(painted, react, server):
    await react("email", "U2")
    _, sent = await server.painted(2)
    assert (sent["channel"], kinds(sent).count("image")) == ("DU2", 2)
    assert sent["blocks"][1]["alt_text"].startswith("Generated picture: A fish, in blue, in ink.")


async def test_a_closed_inbox_is_told_where_the_picture_is(painted, react, server):
    server.scripted["chat.postMessage"] = [(200, {}, {"ok": False, "error": "cannot_dm_bot"})]
    await react("email", "U2")
    [whisper] = await server.whispered()
    assert (whisper["channel"], whisper["user"], whisper["text"]) == ("C1", "U2", CLOSED)


@pytest.mark.parametrize("memory", ["whole", "unreadable"])
async def test_a_cross_on_somebody_elses_message_is_an_opinion(app, server, monkeypatch, memory):
    async def failing(*_):
        raise StorageError("disk I/O error")

    if memory == "unreadable":
        monkeypatch.setattr(PictureSearch, "find", failing)
    await server.sent("events_api", reaction("added", "x", *POST))
    await server.sent("events_api", reaction("removed", "x", *POST))
    await server.sent("slash_commands", command("help", "easel"))
    [whisper] = await server.whispered()
    assert whisper["text"].startswith("/paint")


async def test_a_reaction_that_slack_sends_again_is_answered_once(platform, server, service):
    said = reaction("added", "email", *POST)
    service.outcome = Answer("7 – fish", (PICTURE,), private=True, direct=True)
    await server.sent("events_api", said)
    await server.sent("events_api", said, retry_attempt=1, retry_reason="timeout")
    await server.painted()
    assert service.reactions.qsize() == 1


async def test_reactions_of_people_come_in_with_who_they_are_and_what_they_mean(platform, server, service):
    server.users["U3"] = {"team_id": TEAM, "is_admin": True, "locale": "zh-CN"}
    for kind, name, user in [
        ("added", "thumbsup", "U1"),
        ("added", "heart", BOT_USER),
        ("added", "star", "U1"),
        ("removed", "heart::skin-tone-2", "U2"),
        ("added", "x", "U3"),
    ]:
        await server.sent("events_api", reaction(kind, name, *POST, user=user))
    heard = {}
    for _ in range(3):
        ask, on = await service.reactions.get()
        heard[ask.person] = ask, on
    made, on = heard["slack:T1-U1"]
    assert (made.server, made.command, made.words, on) == (
        "slack:T1",
        "favourite",
        "slack:C1:" + POST[1],
        True,
    )
    assert heard["slack:T1-U2"][1] is False
    deleted, _ = heard["slack:T1-U3"]
    assert (deleted.command, deleted.is_admin, deleted.locale) == ("delete", True, "zh-CN")
    assert service.reactions.empty()


async def test_a_fault_is_logged(platform, server, service, caplog):
    service.outcome = RuntimeError("out of paint")
    await server.sent("events_api", reaction("added", "star", *POST))
    await service.reactions.get()
    await server.sent("slash_commands", command("", "help"))
    await server.whispered()
    assert "could not be answered" in caplog.text

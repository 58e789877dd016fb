"""Facts about bot/platforms/slack/interactions.py, over real sockets, with the whole of Easel."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.pictures.store import PictureStore
from bot.platforms.slack.interactions import form_view, read_view
from bot.platforms.slack.messages import SlackReplyTarget
from bot.storage.database import StorageError
from commands.chat import Answer
from commands.i18n import translator
from commands.text.refusals import LOST
from engine.conditions import Other
from tests.support.fakes import FakePaintingClient
from tests.support.slack.slack_app import (
    WORDS,
    adapter,
    command,
    press,
    shortcut,
    slack_app,
    submission,
)

pytestmark = pytest.mark.platform("slack")

PLACE = SlackReplyTarget("C1", "U1", "1700000000.000009", "https://hooks.example/1", 1_800_000_000.5)


def filled(view, line):
    return {**view, "state": {"values": {"line": {"line": {"value": line}}}}}


def test_a_form_brings_its_line_and_its_place_back():
    view = form_view("style=ink seed=7", PLACE, translator("en"))
    assert view["blocks"][0]["element"]["initial_value"] == "style=ink seed=7"
    assert read_view(filled(view, "style=oil")) == (PLACE, "paint", "style=oil")


def test_an_empty_form_is_an_empty_line():
    assert read_view(filled(form_view("", PLACE, translator("en")), None)) == (PLACE, "paint", "")


def test_a_form_is_in_the_readers_language_and_as_short_as_slack_wants_it():
    view = form_view("", PLACE, translator("zh"))
    assert view["submit"]["text"] == "画"
    assert all(len(view[part]["text"]) <= 24 for part in ("title", "submit", "close"))
    assert len(view["private_metadata"]) <= 3000


async def painted(server, line=WORDS):
    """A message with its pictures."""
    before = len([each for each in server.messages.values() if each.get("blocks")])
    await server.sent("slash_commands", command(line))
    return (await server.painted(before + 1))[-1]


async def test_a_press_paints_anew_in_a_message_of_its_own(app, server, painting_client):
    message = await painted(server)
    await server.sent("interactive", press(message, "reroll"))
    _, anew = await server.painted(2)
    assert anew["ts"] != message["ts"]
    (_, first), (_, second) = painting_client.painted
    assert first.with_seed(second.seed) == second != first


async def test_an_old_button_works_after_a_restart(tmp_path, server):
    async with slack_app(tmp_path, server, FakePaintingClient()):
        message = await painted(server, f"{WORDS} count=2")
        # It is answered only once the message is known to be posted.
        await server.sent("interactive", shortcut("info", "C1", message["ts"]))
        await server.whispered()
    painting_client = FakePaintingClient()
    async with slack_app(tmp_path, server, painting_client):
        await server.sent("interactive", press(message, "upscale", place=1))
        await server.painted(2)
        [(_, larger)] = painting_client.painted
        assert larger.size == 512


async def test_a_press_that_is_a_mistake_is_answered_privately(app, server):
    message = await painted(server)
    await server.sent("interactive", press(message, "delete", user={"id": "U2"}))
    [whisper] = await server.whispered()
    assert (whisper["user"], whisper["text"]) == (
        *("U2", "Only the person who asked for it, or a moderator, may delete that."),
    )


async def test_cancel_stops_what_is_painted_and_says_so_in_its_place(app, server, painting_client):
    painting_client.gate.clear()
    await server.sent("slash_commands", command())
    [message] = await server.until(lambda: list(server.messages.values()))
    await server.sent("interactive", press(message, "cancel"))
    await server.until(lambda: message["text"] == "Cancelled; nothing was charged.")
    assert message["blocks"] == []
    painting_client.gate.set()
    assert (await server.whispered())[0]["text"].startswith("Cancelled: A fish, in blue, in ink.")


async def test_a_deleted_picture_goes_from_its_message_which_says_who_did_it(app, server):
    message = await painted(server, f"{WORDS} count=2")
    await server.sent("interactive", press(message, "delete"))
    await server.until(lambda: "was deleted" in message["text"])
    assert message["text"].splitlines()[1:] == [
        "Picture 2, painted by Easel (AI)",
        "Picture 1 was deleted by who asked for it.",
    ]
    assert [block["type"] for block in message["blocks"]] == ["section", "image", "actions"]


async def test_a_favourite_by_button_is_told_to_who_pressed_it(app, server):
    message = await painted(server)
    await server.sent("interactive", press(message, "favourite"))
    [whisper] = await server.whispered()
    assert whisper["text"] == "Picture 1 is a favourite of yours."


async def test_the_form_asks_what_shall_be_different(app, server, painting_client):
    await server.sent("interactive", press(await painted(server), "edit"))
    [form] = await server.until(lambda: server.forms)
    await server.sent("interactive", submission(form, change="at night, and add two trees"))
    await server.painted(2)
    before, after = (conditions for _, conditions in painting_client.painted)
    assert after == replace(before, time="night", others=(Other("tree", 2),))


async def test_the_form_has_the_line_and_what_is_sent_is_painted_where_the_picture_is(
    app, server, painting_client
):
    message = await painted(server)
    await server.sent("interactive", press(message, "edit"))
    [form] = await server.until(lambda: server.forms)
    line = form["blocks"][1]["element"]["initial_value"]
    assert line.startswith("style=ink color=blue shape=fish")
    await server.sent("interactive", submission(form, line.replace("blue", "red")))
    _, changed = await server.painted(2)
    assert changed["channel"] == "C1"
    assert painting_client.painted[1][1].colors == ("red",)


async def test_paint_alone_opens_an_empty_form(app, server, painting_client):
    await server.sent("slash_commands", command(""))
    [form] = await server.until(lambda: server.forms)
    assert form["blocks"][0]["element"]["initial_value"] == ""
    assert painting_client.painted == []


async def test_a_picture_is_asked_for_in_a_thread_from_the_menu_of_a_message(app, server):
    await server.sent("interactive", shortcut("line", "C1", "1700000000.000009"))
    [form] = await server.until(lambda: server.forms)
    await server.sent("interactive", submission(form, WORDS))
    [message] = await server.painted()
    assert message["thread_ts"] == "1700000000.000009"


async def test_picture_info_is_told_privately_from_the_menu_of_a_message(app, server):
    message = await painted(server)
    await server.sent("interactive", shortcut("info", "C1", message["ts"]))
    [whisper] = await server.whispered()
    assert whisper["text"].splitlines()[0] == "Picture 1"
    assert "reroll" in str(whisper["blocks"])


async def test_a_page_of_the_gallery_comes_in_direct_messages_and_turns_by_its_buttons(app, server):
    for _ in range(2):
        await painted(server, f"{WORDS} count=3")
    await server.sent("slash_commands", command("mine", "gallery"))
    page = (await server.painted(3))[-1]
    assert page["channel"] == "DU1"
    assert page["text"].startswith("Page 1 of 2; pictures: 6.")
    await server.sent("interactive", press(page, "gallery"))
    older = (await server.painted(4))[-1]
    assert older["text"].startswith("Page 2 of 2; pictures: 6.")


async def test_a_form_that_cannot_be_shown_is_told(app, server, caplog):
    server.scripted["views.open"] = [(200, {}, {"ok": False, "error": "expired_trigger_id"})]
    await server.sent("slash_commands", command(""))
    [whisper] = await server.whispered()
    assert whisper["text"] == LOST
    assert "a form could not be shown: views.open was refused (expired_trigger_id)" in caplog.text
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_mistake_stays_in_the_form_and_may_be_mended_there(app, server, painting_client):
    await server.sent("slash_commands", command(""))
    [form] = await server.until(lambda: server.forms)
    answer = await server.sent("interactive", submission(form, "style=inc"))
    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == [form["blocks"][0]["block_id"]]
    assert "ink" in answer["errors"]["line"]
    assert not server.whispers
    assert not await server.sent("interactive", submission(form, WORDS))
    await server.painted()


async def test_a_mistake_that_takes_long_to_see_is_said_when_it_is_seen(server, service):
    service.gate.clear()
    service.answer = Answer("No such style.", private=True, refused=True)
    async with adapter(server, service, patience=0):
        form = {**form_view("", SlackReplyTarget("C1", "U1"), translator("en")), "id": "V1"}
        assert not await server.sent("interactive", submission(form, "style=inc"))
        service.gate.set()
        assert (await server.whispered(2))[-1]["text"] == "No such style."


async def test_a_form_whose_picture_cannot_be_looked_up_is_refused_in_one_sentence(app, server, monkeypatch):
    message = await painted(server)

    async def failing(*_):
        raise StorageError("disk I/O error")

    monkeypatch.setattr(PictureStore, "picture", failing)
    await server.sent("interactive", press(message, "edit"))
    [said] = await server.whispered()
    assert said["text"] == "I cannot look anything up just now. Please try again later."
    assert not server.forms

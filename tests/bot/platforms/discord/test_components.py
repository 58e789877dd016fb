"""Facts about bot/platforms/discord/components.py, over real sockets, with the whole of Easel."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.pictures.store import PictureStore
from bot.platforms.discord.adapter import INFO
from bot.platforms.discord.components import MOST_ID, said_in_modal, view_of
from bot.storage.database import StorageError
from commands.chat import Button
from commands.i18n import translator
from commands.text.results import buttons_of
from engine.conditions import Other
from tests.support.discord.discord_app import (
    BOB,
    WORDS,
    choice,
    command,
    discord_app,
    member,
    press,
    submission,
)
from tests.support.discord.gateway import MANAGE_MESSAGES
from tests.support.discord.payloads import PRIVATE
from tests.support.fakes import PICTURE, FakePaintingClient

pytestmark = pytest.mark.platform("discord")

OLD = (400, {}, {"code": 30046, "message": "Maximum number of edits to messages older than 1 hour reached"})


async def painted(server, **options):
    """A message with its pictures."""
    await server.interact(command(options={**WORDS, **options}))
    return (await server.painted())[-1]


def buttons(message):
    """Verb and label of each button, by rows."""
    return [
        [(each["custom_id"].partition(":")[0], each["label"]) for each in row["components"]]
        for row in message["components"]
    ]


async def test_a_picture_has_its_buttons_and_no_more_a_cancel(app, server):
    message = await painted(server)
    named = [("reroll", "Reroll"), ("vary", "Vary"), ("upscale", "Upscale"), ("favourite", "Favourite")]
    assert buttons(message) == [[*named, ("delete", "Delete")], [("edit", "Change…"), ("info", "Details")]]


async def test_each_of_four_pictures_has_a_row_of_buttons_with_its_place(app, server):
    message = await painted(server, count=4)
    rows = buttons(message)
    assert [{label for _, label in row} for row in rows] == [
        {"1"},
        {"2"},
        {"3"},
        {"4"},
        {"1", "2", "3", "4", "Details"},
    ]
    assert [len(row) for row in rows] == [5, 5, 5, 5, 5]
    assert len({each["custom_id"] for row in message["components"] for each in row["components"]}) == 25


async def test_an_old_button_works_after_a_restart(tmp_path, server):
    async with discord_app(tmp_path, server, FakePaintingClient()):
        message = await painted(server, count=2)
    painting_client = FakePaintingClient()
    async with discord_app(tmp_path, server, painting_client):
        await server.interact(press(message, "upscale", place=1, member=member(BOB)))
        anew = (await server.painted(2))[-1]
        [(_, larger)] = painting_client.painted
        assert (larger.size, anew["id"] != message["id"]) == (512, True)


async def test_a_press_paints_anew_and_each_press_once(app, server, painting_client):
    message = await painted(server)
    await server.interact(press(message, "reroll"))
    await server.interact(press(message, "reroll"))
    assert len(await server.painted(3)) == 3
    assert len({conditions.seed for _, conditions in painting_client.painted}) == 3


async def test_cancel_stops_what_is_painted_and_says_so_in_its_place(app, server, painting_client):
    painting_client.gate.clear()
    await server.interact(command())
    [message] = await server.until(lambda: [each for each in server.messages.values() if each["attachments"]])
    assert buttons(message) == [[("cancel", "Cancel")]]
    await server.interact(press(message, "cancel"))
    await server.until(lambda: message["content"] == "Cancelled; nothing was charged.")
    assert (message["components"], message["attachments"]) == ([], [])
    [private] = await server.until(
        lambda: [each for each in server.messages.values() if each["flags"] & PRIVATE]
    )
    assert private["content"].startswith("Cancelled: A fish, in blue, in ink.")
    painting_client.gate.set()


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ({"member": member(BOB)}, "Only the person who asked for it, or a moderator, may delete that."),
        ({"member": member(BOB, MANAGE_MESSAGES)}, "Deleted: 1."),
        ({}, "Deleted: 1."),
    ],
)
async def test_its_owner_and_who_manages_messages_delete_a_picture(app, server, who, said):
    message = await painted(server)
    asked = await server.interact(press(message, "delete", **who))
    await server.until(lambda: asked.message)
    assert server.messages[asked.channel, asked.message]["content"] == said
    if said.startswith("Deleted"):
        await server.until(lambda: "was deleted" in message["content"])
        assert (message["attachments"], message["components"]) == ([], [])
    else:
        assert message["attachments"]


async def test_a_right_that_was_taken_away_counts_no_more_on_the_next_press(app, server):
    message = await painted(server, count=2)
    for rights, said in ((MANAGE_MESSAGES, "Deleted: 1."), (0, "Only the person who asked for it, or")):
        asked = await server.interact(press(message, "delete", member=member(BOB, rights)))
        await server.until(lambda asked=asked: asked.message)
        assert server.messages[asked.channel, asked.message]["content"].startswith(said)
        await server.until(lambda: len(message["attachments"]) == 1)


async def test_one_of_several_goes_and_the_others_stay(app, server):
    message = await painted(server, count=3)
    await server.interact(press(message, "delete", place=1))
    await server.until(lambda: "was deleted" in message["content"])
    assert "Picture 2 was deleted by who asked for it." in message["content"]
    assert (len(message["attachments"]), len(message["components"])) == (2, 3)


async def test_a_message_too_old_to_be_changed_is_deleted_with_its_last_picture(app, server):
    message = await painted(server)
    server.scripted["edit"] = [OLD]
    await server.interact(press(message, "delete"))
    await server.until(lambda: message not in server.messages.values())


async def test_a_message_too_old_to_be_changed_is_posted_anew_with_what_is_left(app, server):
    message = await painted(server, count=2)
    server.scripted["edit"] = [OLD]
    await server.interact(press(message, "delete"))
    await server.until(lambda: message not in server.messages.values())
    [anew] = await server.painted()
    assert "Picture 1 was deleted by who asked for it." in anew["content"]
    assert (len(anew["attachments"]), anew["pinged"]) == (1, set())
    await server.interact(press(anew, "delete"))
    await server.until(lambda: not anew["attachments"])


async def test_a_favourite_is_told_to_who_pressed_it(app, server):
    message = await painted(server)
    for said in ("Picture 1 is a favourite of yours.", "Picture 1 is no longer a favourite of yours."):
        asked = await server.interact(press(message, "favourite"))
        await server.until(lambda asked=asked: asked.message)
        answer = server.messages[asked.channel, asked.message]
        assert (answer["content"], answer["flags"] & PRIVATE) == (said, PRIVATE)


async def test_the_form_asks_what_shall_be_different(tmp_path, server):
    painting_client = FakePaintingClient()
    async with discord_app(tmp_path, server, painting_client):
        asked = await server.interact(press(await painted(server), "edit"))
        await server.until(lambda: asked.kind)
        await server.interact(submission(asked.form, change="at night, and add two trees"))
        await server.painted(2)
    before, after = (conditions for _, conditions in painting_client.painted)
    assert after == replace(before, time="night", others=(Other("tree", 2),))


async def test_the_form_has_the_line_and_what_is_sent_is_painted_even_after_a_restart(tmp_path, server):
    async with discord_app(tmp_path, server, FakePaintingClient()):
        asked = await server.interact(press(await painted(server), "edit"))
        await server.until(lambda: asked.kind)
    line = asked.form["components"][1]["component"]["value"]
    assert line.startswith("style=ink color=blue shape=fish")
    painting_client = FakePaintingClient()
    async with discord_app(tmp_path, server, painting_client):
        await server.interact(submission(asked.form, line.replace("blue", "red")))
        await server.painted(2)
        assert painting_client.painted[0][1].colors == ("red",)


async def test_picture_info_in_the_menu_of_a_message_tells_how_it_was_made(app, server):
    message = await painted(server, count=2)
    asked = await server.interact(choice(INFO, message, member=member(BOB)))
    await server.until(lambda: asked.message)
    answer = server.messages[asked.channel, asked.message]
    assert answer["content"].startswith("Picture 1\nstyle=ink color=blue shape=fish")
    assert "Picture 2" in answer["content"]
    assert answer["flags"] & PRIVATE


async def test_a_page_of_the_gallery_is_turned_by_its_buttons(app, server):
    for number in range(2):
        await server.interact(command(options={**WORDS, "count": 3, "seed": number}))
    await server.painted(2)
    first = await server.interact(command("gallery", {"show": "mine"}))
    await server.until(lambda: first.message)
    page = server.messages[first.channel, first.message]
    assert (len(page["attachments"]), page["content"].splitlines()[0]) == (4, "Page 1 of 2; pictures: 6.")
    older = await server.interact(press(page, "gallery"))
    await server.until(lambda: older.message)
    assert server.messages[older.channel, older.message]["content"].startswith("Page 2 of 2")


async def test_an_answer_without_buttons_has_no_view():
    assert view_of((), ()) is None


async def test_a_view_is_not_kept_in_memory():
    view = view_of((PICTURE,), buttons_of(PICTURE, translator("en")))
    assert view.is_finished()
    assert view.timeout is None


async def test_more_buttons_than_discord_takes_are_left_out():
    many = tuple(Button("gallery", "x" * 200, f"{n}" * 100) for n in range(40))
    pictures = tuple(replace(PICTURE, id=f"p{n}") for n in range(4))
    own = tuple(each for picture in pictures for each in buttons_of(picture, translator("en")))
    view = view_of(pictures, (*own, *many))
    assert len(view.children) <= 25
    assert all(len(each.custom_id) <= MOST_ID for each in view.children)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"custom_id": "other", "components": []}, None),
        ({"custom_id": "line", "components": []}, None),
        (
            {"custom_id": "line", "components": [{"components": [{"custom_id": "line", "value": "a"}]}]},
            ("paint", "a"),
        ),
        (
            {"custom_id": "line", "components": [{"component": {"custom_id": "line", "value": "b"}}]},
            ("paint", "b"),
        ),
        (
            {
                "custom_id": "line:p7",
                "components": [
                    {"component": {"custom_id": "change", "value": " bluer "}},
                    {"component": {"custom_id": "line", "value": "b"}},
                ],
            },
            ("change", "p7 bluer"),
        ),
    ],
)
def test_a_form_is_read(data, said):
    assert said_in_modal(data) == said


async def test_a_form_whose_picture_cannot_be_looked_up_is_refused_in_one_sentence(app, server, monkeypatch):
    message = await painted(server)

    async def failing(*_):
        raise StorageError("disk I/O error")

    monkeypatch.setattr(PictureStore, "picture", failing)
    await server.interact(press(message, "edit"))
    said = (await server.written(2))[-1]
    assert said["content"] == "I cannot look anything up just now. Please try again later."
    assert said["flags"] & PRIVATE

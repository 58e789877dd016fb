"""Facts about commands/picture.py: what can be asked of a finished picture."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.chat import UserError
from commands.picture import DELETE, FAVOURITE, INFO, SEND, SPOILER, STAYS
from tests.support.fake_services import RECORD, FakePictures, FakeServices, FakeSettings, ask

TWO = FakePictures((RECORD, replace(RECORD, id="p8", number=8)))
COMMANDS = [INFO, FAVOURITE, SEND, SPOILER, DELETE]


@pytest.fixture
def services():
    return FakeServices()


async def test_info_says_how_a_picture_was_made_to_who_asks_only(services):
    answer = await INFO.run(ask("info", "7"), services)
    assert answer.text.splitlines() == [
        "Picture 7",
        "style=ink color=blue shape=fish scene=portrait seed=7 size=256",
        "256 × 256 pixels, painted 2027-01-15 at 08:00 UTC; favourites: 2.",
    ]
    assert answer.private


async def test_info_names_the_works_that_a_backdrop_draws_on():
    drawn = FakePictures((replace(RECORD, sources=("beach-0dcd66c7d7.webp", "gone.webp")),))
    answer = await INFO.run(ask("info", "7"), FakeServices(pictures=drawn))
    assert answer.text.splitlines()[-1] == (
        "Its backdrop draws on landscape near quilleboeuf (Richard Parkes Bonington)."
    )


async def test_info_offers_what_can_be_done_next(services):
    answer = await INFO.run(ask("info", "7"), services)
    assert [(each.verb, each.words) for each in answer.buttons] == [
        (verb, "p7") for verb in ("reroll", "vary", "upscale", "favourite", "edit")
    ]


async def test_info_of_a_post_is_that_of_all_its_pictures():
    answer = await INFO.run(ask("info", "fake:post:1"), FakeServices(pictures=TWO))
    assert [line for line in answer.text.splitlines() if line.startswith("Picture")] == [
        *("Picture 7", "Picture 8"),
    ]
    assert answer.buttons == ()


@pytest.mark.parametrize(
    ("liked", "text"),
    [
        (False, "Picture 7 is a favourite of yours."),
        (True, "Picture 7 is no longer a favourite of yours."),
    ],
)
async def test_a_favourite_is_set_and_once_more_takes_it_back(services, liked, text):
    services.pictures = FakePictures((replace(RECORD, liked=liked),))
    answer = await FAVOURITE.run(ask("favourite", "7"), services)
    assert (answer.text, answer.private) == (text, True)
    assert services.tastes.reactions == [("fake:ann", "favourite", not liked, ("p7",))]


async def test_a_favourite_that_cannot_be_written_is_not_claimed(services):
    services.tastes.writes = False
    with pytest.raises(UserError, match="I cannot save that just now"):
        await FAVOURITE.run(ask("favourite", "7"), services)


async def test_send_gives_every_picture_of_a_post_to_who_asks_even_hidden_ones():
    hidden = FakePictures((RECORD, replace(RECORD, id="p8", number=8, hidden_by="fake:ann")))
    answer = await SEND.run(ask("send", "fake:post:1"), FakeServices(pictures=hidden))
    assert [(each.id, each.hidden) for each in answer.pictures] == [("p7", False), ("p8", False)]
    assert [line.partition(" ")[0] for line in answer.text.splitlines()] == ["7", "8"]
    assert answer.private
    assert answer.direct


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ({}, True),
        ({"person": "fake:mod", "is_moderator": True}, True),
        ({"person": "fake:bob"}, False),
        ({"person": "fake:mod", "is_admin": True, "server": "fake:other"}, False),
    ],
)
async def test_under_the_child_safe_lock_what_is_hidden_is_sent_to_its_owner_and_moderators_alone(who, may):
    hidden = FakePictures((replace(RECORD, hidden_by="fake:mod"),))
    services = FakeServices(pictures=hidden, settings=FakeSettings({"fake:studio": {"child_safe": "on"}}))
    if may:
        assert (await SEND.run(ask("send", "7", **who), services)).pictures
    else:
        with pytest.raises(UserError, match="What is hidden in that server stays so"):
            await SEND.run(ask("send", "7", **who), services)


@pytest.mark.parametrize(
    ("hidden", "on", "text"),
    [
        (("", ""), True, "Hidden, until somebody looks: 7, 8."),
        (("", "fake:ann"), True, "Hidden, until somebody looks: 7, 8."),
        (("fake:ann", "fake:ann"), False, "No longer hidden: 7, 8."),
    ],
)
async def test_spoiler_hides_every_picture_of_a_post_or_shows_them_again(hidden, on, text):
    one, two = hidden
    pictures = FakePictures((replace(RECORD, hidden_by=one), replace(RECORD, number=8, hidden_by=two)))
    answer = await SPOILER.run(ask("spoiler", "fake:post:1"), FakeServices(pictures=pictures))
    assert (answer.text, answer.private) == (text, True)
    assert pictures.hidden == [(7, on), (8, on)]


async def test_delete_takes_every_picture_of_a_post():
    services = FakeServices(pictures=TWO)
    answer = await DELETE.run(ask("delete", "fake:post:1"), services)
    assert (answer.text, answer.private) == ("Deleted: 7, 8.", True)
    assert services.pictures.deleted == [7, 8]
    assert [pictures for _, _, _, pictures in services.tastes.reactions] == [("p7",), ("p8",)]


@pytest.mark.parametrize(
    ("command", "done"), [(DELETE, "Deleted: 7."), (SPOILER, "Hidden, until somebody looks: 7.")]
)
async def test_who_changes_what_a_post_still_shows_is_told(command, done):
    services = FakeServices(pictures=FakePictures(shown=False))
    answer = await command.run(ask(command.name, "7"), services)
    assert answer.text == f"{done}\n{STAYS}"


async def test_that_a_moderator_deletes_says_nothing_of_their_taste(services):
    await DELETE.run(ask("delete", "7", person="fake:mod", is_moderator=True), services)
    assert (services.pictures.deleted, services.tastes.reactions) == ([7], [])


async def test_who_may_not_delete_is_told(services):
    services.pictures.failure = UserError(
        "Only the person who asked for it, or a moderator, may delete that."
    )
    with pytest.raises(UserError):
        await DELETE.run(ask("delete", "7"), services)
    assert services.tastes.reactions == []


@pytest.mark.parametrize(
    ("command", "words"),
    [(each, words) for each in COMMANDS for words in ("7 8", "the last one")]
    + [(each, "") for each in COMMANDS if each is not FAVOURITE],
)
async def test_one_picture_must_be_named(command, words, services):
    with pytest.raises(UserError, match=f"for example /{command.name} 7"):
        await command.run(ask(command.name, words), services)


async def test_that_a_picture_is_sent_or_hidden_by_its_owner_tells_of_their_taste(services):
    await SEND.run(ask("send", "7"), services)
    await SPOILER.run(ask("spoiler", "7"), services)
    await SPOILER.run(ask("spoiler", "7", person="fake:mod", is_moderator=True), services)
    assert services.tastes.reactions == [("fake:ann", verb, True, ("p7",)) for verb in ("send", "spoiler")]


async def test_without_a_number_the_last_picture_there_is_a_favourite(services):
    answer = await FAVOURITE.run(ask("favourite", ""), services)
    assert answer.text == "Picture 7 is a favourite of yours."

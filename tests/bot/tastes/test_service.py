"""Test how the log records what people do."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from bot.storage.database import change, rows
from commands.policy.content import EVERYTHING, ContentPolicy
from commands.services.tastes import Choice
from engine.conditions import Asked
from tests.support.fakes import FISH, ask
from tests.support.web_client import LINE

RED = replace(FISH, colors=("red", "blue"))
SEEN = ("verb", "person", "server", "picture", "own", "share", "said")


async def log(tasting, *columns):
    return [tuple(each[name] for name in columns) for each in await tasting.events()]


async def test_a_favourite_is_written_with_all_that_was_to_be_seen(tasting):
    picture = await tasting.favourite()
    assert await log(tasting, *SEEN) == [("favourite", "fake:ann", "fake:studio", picture, 1, 1.0, "")]
    [event] = await tasting.events()
    assert '"shape": "fish"' in event["conditions"]
    assert event["at"] == tasting.clock()


async def test_an_event_that_is_sent_twice_is_written_once(tasting):
    picture = await tasting.favourite()
    assert await tasting.react(picture)
    assert await log(tasting, "verb") == [("favourite",)]


async def test_a_favourite_taken_back_leaves_what_was_believed_before(tasting):
    await tasting.favourite(RED)
    before = tasting.export()["evidence"]
    picture = await tasting.favourite()
    await tasting.react(picture, on=False)
    assert await log(tasting, "verb", "weight") == [("favourite", 1), ("favourite", 1), ("unfavourite", -1)]
    assert tasting.export()["evidence"] == before


@pytest.mark.parametrize("verb", ["upscale", "vary", "blend", "reroll", "delete"])
async def test_what_is_done_with_a_picture_is_learned(tasting, verb):
    [picture] = await tasting.paint(FISH)
    assert await tasting.react(picture, verb)
    assert await log(tasting, "verb") == [(verb,)]
    assert tasting.export()["evidence"]["features"]


async def test_a_heart_on_a_post_is_shared_by_its_pictures(tasting):
    await tasting.paint(FISH, RED)
    assert await tasting.service.react(ask(person="fake:bob"), "favourite", True, ["picture-1", "picture-2"])
    assert await log(tasting, "picture", "share", "own") == [("picture-1", 0.5, 0), ("picture-2", 0.5, 0)]


async def test_a_reaction_to_what_is_no_picture_is_no_event(tasting):
    await tasting.react("nothing")
    assert await tasting.events() == []


async def test_a_posted_job_is_written_as_shown_to_its_owner_once(tasting):
    await tasting.paint(FISH, RED)
    for _ in range(2):
        await tasting.service.shown("job-1")
    assert await log(tasting, "verb", "person", "picture") == [
        ("shown", "fake:ann", "picture-1"),
        ("shown", "fake:ann", "picture-2"),
    ]
    await tasting.memory.catch_up()
    assert len(tasting.export()["history"]["waiting"]) == 2


async def test_what_was_asked_for_in_words_is_a_preference(tasting):
    await tasting.service.asked(ask("in ink"), ("style",), FISH)
    assert await log(tasting, *SEEN) == [("asked", "fake:ann", "fake:studio", "", 1, 1.0, "style")]
    await tasting.memory.catch_up()
    assert len(tasting.export()["evidence"]["features"]) == 1


async def test_a_request_that_leaves_everything_open_tells_nothing(tasting):
    await tasting.service.asked(ask(""), (), FISH)
    assert await tasting.events() == []


async def test_with_taste_off_nothing_is_written_and_favourites_stand_all_the_same(tasting):
    await tasting.turn(on=False)
    picture = await tasting.favourite()
    await tasting.service.shown("job-1")
    await tasting.service.asked(ask(), ("style",), FISH)
    await tasting.react(picture, "vary")
    assert await tasting.events() == []
    sql = "SELECT verb FROM reactions ORDER BY rowid"
    found = await tasting.storage.write(lambda database: rows(database, sql))
    assert [row["verb"] for row in found] == ["favourite"]


async def test_with_taste_on_again_it_is_learned_from_then_on(tasting):
    await tasting.turn(on=False)
    await tasting.favourite()
    await tasting.turn(on=True)
    await tasting.favourite(RED)
    assert await log(tasting, "picture") == [("picture-2",)]


async def test_a_memory_that_fails_keeps_nobody_from_being_served(tasting, caplog):
    def broken(database):
        change(database, "DROP TABLE taste_events")

    await tasting.paint(FISH)
    await tasting.storage.write(broken)
    await tasting.service.shown("job-1")
    await tasting.service.asked(ask(), ("style",), FISH)
    assert caplog.text.count("a taste event could not be stored") == 2
    assert not await tasting.react("picture-1")
    assert "a reaction was lost" in caplog.text


async def test_what_was_written_and_could_not_be_learned_is_learned_later(tasting, caplog):
    await tasting.storage.write(lambda database: change(database, "ALTER TABLE taste_beliefs RENAME TO away"))
    assert await tasting.favourite()
    assert "learned later" in caplog.text
    await tasting.storage.write(lambda database: change(database, "ALTER TABLE away RENAME TO taste_beliefs"))
    tasting.open()
    await tasting.memory.load()
    assert tasting.export()["evidence"]["features"]


async def test_a_request_its_pictures_and_what_is_done_with_them_are_in_the_log(ann, tmp_path):
    async with ann.events() as events:
        await ann.ask(LINE)
        shown = await anext(event async for event in events if event["type"] == "posted")
        [picture] = shown["pictures"]
        await ann.write("/like", {"picture": picture["id"], "on": True})
        await ann.ask("/vary 1 color=red")
        await anext(event async for event in events if event["type"] == "posted")
        await ann.ask("/delete 1")
    with closing(sqlite3.connect(tmp_path / "easel.db")) as database:
        told = database.execute("SELECT verb, said, picture <> '' FROM taste_events").fetchall()
    assert sorted(told) == [
        ("asked", "color", 0),
        ("asked", "style,color,shape", 0),
        ("delete", "", 1),
        ("favourite", "", 1),
        ("shown", "", 1),
        ("shown", "", 1),
        ("vary", "", 1),
    ]


async def test_an_event_of_a_platform_that_comes_twice_is_one_wish(ann, tmp_path):
    for _ in range(2):
        await ann.ask(LINE, key="the-same-key")
    with closing(sqlite3.connect(tmp_path / "easel.db")) as database:
        told = database.execute("SELECT COUNT(*) FROM taste_events WHERE verb = 'asked'").fetchone()
    assert told == (1,)


async def test_a_person_whose_taste_is_known_is_chosen_for_by_it_unless_it_is_off(tasting):
    for _ in range(3):
        await tasting.favourite(RED)
    slices = {(await tasting.service.choose(ask(""), Asked(), seed, EVERYTHING)).slices for seed in range(20)}
    assert slices == {("taste",), ("control",)}
    await tasting.turn(on=False)
    blind = await tasting.service.choose(ask(""), Asked(), 3, ContentPolicy(styles=("ink",)))
    assert (blind.slices, blind.pictures[0].main_style) == (("chance",), "ink")


async def test_who_chose_is_marked_where_something_was_left_open_and_a_taste_was_known(tasting):
    choice = Choice((FISH, RED), ("taste", "control"), ("style", "color"))
    await tasting.service.chosen("job-1", choice)
    await tasting.service.chosen("job-2", replace(choice, slices=("chance", "chance")))
    sql = "SELECT job, place, slice, opened FROM taste_choices"
    found = await tasting.storage.write(lambda database: rows(database, sql))
    assert [tuple(each.values()) for each in found] == [
        ("job-1", 0, "taste", "style,color"),
        ("job-1", 1, "control", "style,color"),
    ]


async def test_an_event_of_a_platform_that_comes_twice_is_chosen_for_once(ann, tmp_path):
    async with ann.events() as events:
        await ann.ask(LINE)
        shown = await anext(event async for event in events if event["type"] == "posted")
        await ann.write("/like", {"picture": shown["pictures"][0]["id"], "on": True})
    first, again = [await ann.ask("/paint surprise", key="the-same-key") for _ in range(2)]
    assert again["text"] == first["text"]
    assert again["job"] == first["job"]
    with closing(sqlite3.connect(tmp_path / "easel.db")) as database:
        marked = database.execute("SELECT job, opened FROM taste_choices").fetchall()
    assert marked == [(first["job"], "style,color,shape,scene")]

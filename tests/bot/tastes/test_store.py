"""Test that beliefs follow from the log, whatever happens in between."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from bot.storage.database import StorageError, change, rows
from bot.tastes import store
from bot.tastes.features import TasteFeatures
from bot.tastes.store import BATCH, SOON, TasteStore
from engine.vocabulary import load_vocabulary
from tests.support.fakes import FISH, ask

ANN, BOB, THERE = "fake:ann", "fake:bob", {"server": "fake:elsewhere"}
RED = replace(FISH, colors=("red",), style=(("oil", 1.0),))


async def lively(tasting):
    """Log events of every kind."""
    first = await tasting.favourite()
    second, third = await tasting.paint(RED, FISH)
    await tasting.service.shown("job-2")
    await tasting.react(third, "upscale", person=BOB)
    await tasting.react(second, "delete")
    tasting.clock.advance(3600)
    await tasting.favourite(RED, **THERE)
    await tasting.react(first, on=False)
    await tasting.react(third, person=BOB)


async def test_a_start_knows_what_the_last_run_knew(tasting):
    await lively(tasting)
    known = {person: tasting.export(person) for person in (ANN, BOB)}
    tasting.open()
    await tasting.memory.load()
    assert {person: tasting.export(person) for person in (ANN, BOB)} == known
    assert known[ANN]["evidence"]["features"]


async def test_a_rebuild_from_the_log_alone_gives_the_same(tasting):
    await lively(tasting)
    known = {person: tasting.export(person) for person in (ANN, BOB)}
    assert await tasting.memory.rebuild() == 2
    again = {person: tasting.export(person) for person in (ANN, BOB)}
    for person, before in known.items():
        assert again[person]["history"] == before["history"]
        assert again[person]["evidence"]["features"] == before["evidence"]["features"]
        assert again[person]["evidence"]["shift"] == pytest.approx(before["evidence"]["shift"])


async def test_favourites_of_before_there_were_beliefs_are_learned_at_the_first_start(tasting):
    await tasting.favourite()
    known = tasting.export()
    await tasting.storage.write(lambda database: change(database, "DELETE FROM taste_beliefs"))
    await tasting.storage.write(lambda database: change(database, "DELETE FROM settings"))
    tasting.open()
    await tasting.memory.load()
    assert tasting.export() == known


async def test_a_favourite_that_an_older_release_saw_taken_back_is_not_learned(tasting):
    picture = await tasting.favourite()
    await tasting.react(picture, on=False)
    sql = "UPDATE taste_events SET verb = 'favourite' WHERE verb = 'unfavourite'"
    assert await tasting.storage.write(lambda database: change(database, sql)) == 1
    await tasting.memory.rebuild()
    assert tasting.export()["evidence"]["features"] == []


async def test_a_long_log_is_folded_in_to_its_end(tasting):
    await tasting.favourite()
    copy = (
        "INSERT INTO taste_events (at, person, server, picture, verb, weight, conditions)"
        " SELECT at, person || id, server, picture, verb, weight, conditions FROM taste_events"
    )
    while len(await tasting.events()) <= 2 * BATCH:
        await tasting.storage.write(lambda database: change(database, copy))
    people = {each["person"] for each in await tasting.events()}
    assert await tasting.memory.rebuild() == len(people)


async def test_what_was_written_in_another_vocabularys_numbers_is_made_anew(tasting):
    await tasting.favourite()
    known = tasting.export()
    features = TasteFeatures(load_vocabulary())
    features.shapes = features.shapes[1:]
    other = TasteStore(tasting.storage, features)
    await other.load()
    sql = "UPDATE taste_beliefs SET state = '{}'"
    assert await tasting.storage.write(lambda database: change(database, sql)) == 1
    tasting.open()
    await tasting.memory.load()
    assert tasting.export() == known


async def test_what_another_release_wrote_in_another_way_is_made_anew(tasting, monkeypatch):
    await tasting.favourite()
    known = tasting.export()
    await tasting.storage.write(partial(change, sql="UPDATE taste_beliefs SET state = '{}'"))
    monkeypatch.setattr(store, "_VERSION", store._VERSION + 1)
    tasting.open()
    await tasting.memory.load()
    assert tasting.export() == known


@pytest.mark.parametrize("state", ["", "[]", "{}", '{"history": {}}'])
async def test_what_cannot_be_read_is_made_anew_and_said(tasting, caplog, state):
    await tasting.favourite()
    known = tasting.export()
    sql = "UPDATE taste_beliefs SET state = ?"
    await tasting.storage.write(lambda database: change(database, sql, state))
    tasting.open()
    await tasting.memory.load()
    assert tasting.export() == known
    assert "they are rebuilt from the log" in caplog.text


async def test_who_is_forgotten_is_in_no_table_and_in_no_belief(tasting):
    await tasting.favourite(person=BOB)
    await tasting.favourite()
    await tasting.memory.forget(ANN)
    for table in ("taste_events", "taste_beliefs"):
        found = await tasting.storage.write(partial(rows, sql=f"SELECT person FROM {table}"))  # noqa: S608
        assert {row["person"] for row in found} == {BOB}
    assert tasting.export()["evidence"]["features"] == []
    assert tasting.export(BOB)["evidence"]["features"]


async def test_what_comes_after_somebody_was_forgotten_is_learned(tasting):
    await tasting.favourite(person=BOB)
    await tasting.favourite()
    await tasting.memory.forget(ANN)
    await tasting.favourite(RED)
    assert tasting.export()["history"]["favourites"] == (RED.to_dict(),)
    tasting.open()
    await tasting.memory.load()
    assert tasting.export()["history"]["favourites"] == (RED.to_dict(),)


async def test_what_everybody_likes_is_summed_up_every_day(tasting):
    for number in range(5):
        await tasting.favourite(person=f"fake:{number}", **THERE)
    before = tasting.memory.learner.tastes.server("fake:new").mean.copy()
    days = iter([None])

    async def sleep(seconds):
        assert seconds == 86400
        if next(days, "over") == "over":
            raise StorageError("the test ends here")

    with pytest.raises(StorageError):
        await tasting.memory.run(sleep)
    assert (tasting.memory.learner.tastes.server("fake:new").mean != before).any()


async def test_what_was_noted_is_learned_soon_and_a_fault_is_made_good_by_the_next(tasting, caplog):
    pauses, ended = asyncio.Queue(), asyncio.Queue()

    async def sleep(seconds):
        pauses.put_nowait(seconds)
        await ended.get()

    keeping = asyncio.create_task(tasting.memory.keep_up(sleep))
    await tasting.storage.write(partial(change, sql="ALTER TABLE taste_beliefs RENAME TO away"))
    await tasting.service.asked(ask("in ink"), ("style",), FISH)
    assert await pauses.get() == SOON
    assert tasting.export()["evidence"]["features"] == []
    ended.put_nowait(None)
    await tasting.service.asked(ask("in ink"), ("style",), FISH)
    await pauses.get()
    assert "learned later" in caplog.text
    await tasting.storage.write(partial(change, sql="ALTER TABLE away RENAME TO taste_beliefs"))
    ended.put_nowait(None)
    await tasting.service.asked(ask("in ink"), ("style",), FISH)
    await pauses.get()
    assert len(tasting.export()["evidence"]["features"]) == 1
    keeping.cancel()
    await asyncio.wait([keeping])


async def test_a_portrait_tells_of_what_was_just_asked_for(tasting):
    await tasting.service.asked(ask("in ink"), ("style",), FISH)
    assert (await tasting.service.views.portrait(ask())).learned_from == 1
    assert tasting.export()["evidence"]["features"]

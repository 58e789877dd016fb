"""What is believed, as those see it whose it is."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.storage import change
from commands.tastes import CHANCE, CONTROL, TASTE, Choice, Rate
from tests.fakes import FISH, ask
from tests.tastings import FEATURES

RED = replace(FISH, style=(("oil", 1.0),), colors=("red",), shape="house", scene="landscape")
BOB = {"person": "fake:bob"}
HIDE = "UPDATE pictures SET hidden_by = 'fake:ann' WHERE id = ?"


@pytest.fixture
def views(tasting):
    return tasting.book.views


def names(likings, kind):
    return {each.name for each in likings if each.kind == kind}


async def test_a_portrait_tells_of_what_the_person_told(tasting, views):
    await tasting.favourite()
    await tasting.favourite(RED, **BOB)
    portrait = await views.portrait(ask())
    assert names(portrait.likings, "style") == {"ink"}
    assert names(portrait.likings, "category") == {"sea life"}
    assert portrait.told == 1
    assert all(each.times > 1 for each in portrait.likings)
    assert len(portrait.wheel) == 8


async def test_who_only_looked_on_has_told_nothing(tasting, views):
    await tasting.paint(FISH)
    await tasting.book.shown("job-1")
    portrait = await views.portrait(ask())
    assert (portrait.told, portrait.likings) == (0, ())


async def test_a_server_is_told_of_by_what_its_members_like(tasting, views):
    assert (await views.server(ask())).likings == ()
    for number in range(6):
        await tasting.favourite(RED, person=f"fake:{number}")
    portrait = await views.server(ask())
    assert "oil" in names(portrait.likings, "style")
    assert names(portrait.likings, "scene") == {"landscape"}
    assert portrait.told == 6
    assert (await views.server(ask(server="fake:elsewhere"))).likings == ()


async def test_of_two_people_a_server_tells_nothing_that_would_be_one_persons(tasting, views):
    for number in range(2):
        for _ in range(5):
            await tasting.favourite(RED, person=f"fake:{number}")
    assert (await views.server(ask())).likings == ()


async def test_why_tells_who_chose_what_is_believed_and_what_came_before(tasting, views):
    await tasting.favourite()
    await tasting.favourite(RED)
    tasting.clock.advance(60)
    [picture] = await tasting.paint(replace(FISH, scene="flock"))
    await tasting.book.chosen("job-3", Choice((FISH,), (TASTE,), ("style", "color")))
    tasting.clock.advance(60)
    await tasting.favourite()
    why = await views.why(ask(), "job-3", picture, replace(FISH, scene="flock"))
    assert (why.slice, why.opened) == (TASTE, ("style", "color"))
    assert why.evidence == (("favourite", 1),)
    assert names(why.likings, "style") == {"ink"}
    assert names(why.likings, "scene") == {"flock"}


async def test_a_picture_that_no_taste_chose_was_chosen_by_chance(tasting, views):
    picture = await tasting.favourite()
    why = await views.why(ask(), "job-1", picture, FISH)
    assert (why.slice, why.opened) == (CHANCE, ())


async def test_an_export_holds_everything_that_is_kept_and_nothing_of_others(tasting, views):
    await tasting.favourite()
    await tasting.favourite(RED, **BOB)
    exported = json.loads(json.dumps(await views.export(ask())))
    [event] = exported["events"]
    assert (event["verb"], event["conditions"]["shape"]) == ("favourite", "fish")
    assert exported["beliefs"]["fake:ann"]["diary"]["favourites"] == json.loads(json.dumps([FISH.to_dict()]))
    assert exported["features"]["scene"] == [FEATURES.groups["scene"].start, FEATURES.groups["scene"].stop]
    assert "bob" not in json.dumps(exported)


async def test_after_a_reset_nothing_is_left_and_what_is_done_anew_is_learnt(tasting, views):
    picture = await tasting.favourite()
    await tasting.react(picture, "upscale")
    await tasting.book.reset(ask())
    assert (await views.export(ask()))["events"] == []
    assert (await views.portrait(ask())).told == 0
    await tasting.react(picture, "upscale")
    assert (await views.portrait(ask())).told == 1


async def test_what_taste_is_worth_is_told_for_the_server_where_it_is_asked(tasting, views):
    await tasting.paint(FISH, FISH.with_seed(8))
    await tasting.book.chosen("job-1", Choice((FISH, FISH), (TASTE, CONTROL), ("style",)))
    assert (await views.lift(ask())).taste == Rate(1, 0)
    assert (await views.lift(ask(server="fake:elsewhere"))).taste == Rate(0, 0)


async def test_the_pictures_that_are_most_to_a_taste_are_named_of_those_a_person_has(tasting, views):
    for _ in range(3):
        await tasting.favourite()
    blue, red = await tasting.paint(FISH, RED)
    [other] = await tasting.paint(FISH, **BOB)
    nearest = (await views.portrait(ask())).nearest
    assert len(nearest) == 3
    assert not {red, other} & set(nearest)
    await tasting.react(other)
    await tasting.storage.run(lambda database: change(database, HIDE, blue))
    nearest = (await views.portrait(ask())).nearest
    assert other in nearest
    assert blue not in nearest

"""Test bot/tastes/report.py."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.storage.database import change
from bot.tastes import report
from bot.tastes.features import HUES
from bot.tastes.model import Belief
from bot.tastes.report import HUE_NAMES, learned_features, lift, likings_of, parts, rates, wheel
from commands.services.tastes import CHANCE, CONTROL, TASTE, Choice, Rate
from commands.text.tastes import CATEGORIES
from engine.color.palette import hue_distance, tone
from tests.support.fakes import FISH, ask
from tests.support.taste_fixtures import FEATURES, VOCABULARY

START = Belief(np.zeros(FEATURES.size), FEATURES.variance.copy())
ALL = range(FEATURES.size)


def at(group, place=0):
    return FEATURES.groups[group].start + place


@given(mean=st.floats(-2, 2), deviation=st.floats(0.01, 1))
def test_a_liking_is_the_odds_with_their_interval(mean, deviation):
    means = np.zeros(FEATURES.size)
    means[at("style")], means[at("style", 1)] = mean, -mean
    belief = Belief(means, np.full(FEATURES.size, deviation**2))
    [one] = likings_of(FEATURES, belief, {at("style")})
    assert (one.kind, one.name) == ("style", FEATURES.styles[0])
    assert one.times == pytest.approx(np.exp(mean))
    assert one.low < one.times < one.high
    assert one.high / one.times == pytest.approx(one.times / one.low)


def test_the_most_liked_comes_first():
    mean = np.zeros(FEATURES.size)
    mean[at("scene", 2)], mean[at("category", 1)] = 1, -1
    found = likings_of(FEATURES, Belief(mean, FEATURES.variance), ALL)
    assert (found[0].kind, found[-1].kind) == ("scene", "category")
    assert found[-1].name == FEATURES.categories[1]


@pytest.mark.parametrize("group", ["style", "hue", "category", "scene"])
def test_who_likes_all_of_a_kind_less_likes_the_same_of_it_most(group):
    mean = np.random.default_rng(1).normal(size=FEATURES.size)
    less = mean.copy()
    less[FEATURES.groups[group]] -= 2
    one, other = (
        {
            (each.kind, each.name): each.times
            for each in likings_of(FEATURES, Belief(many, START.variance), ALL)
        }
        for many in (mean, less)
    )
    assert one == pytest.approx(other)


def test_what_is_not_known_is_not_told():
    assert likings_of(FEATURES, START, ()) == ()
    assert learned_features(START, START) == set()


def test_a_belief_that_became_surer_has_learned():
    variance = FEATURES.variance.copy()
    variance[at("hue", 3)] /= 2
    assert learned_features(START, Belief(START.mean, variance)) == {at("hue", 3)}


def test_the_wheel_has_every_hue_with_its_angle():
    assert [hue for hue, _ in wheel(FEATURES, START)] == list(HUES)


@pytest.mark.parametrize(("hue", "name"), list(zip(HUES, HUE_NAMES, strict=True)))
def test_a_hue_is_called_by_a_color_that_has_it(hue, name):
    assert VOCABULARY.find("color", name) == name
    assert hue_distance(tone(name).hue, hue) < 20


def test_a_picture_has_one_style_one_hue_one_category_and_one_scene():
    found = [(each.kind, each.name) for each in parts(FEATURES, START, FISH)]
    assert sorted(found) == [
        ("category", "sea life"),
        ("color", "blue"),
        ("scene", "portrait"),
        ("style", "ink"),
    ]


def test_every_category_has_a_word_for_people():
    assert set(CATEGORIES) == set(FEATURES.categories)


RED = replace(FISH, style=(("oil", 1.0),), colors=("red",), shape="house", scene="landscape")
BOB = {"person": "fake:bob"}
HIDE = "UPDATE pictures SET hidden_by = 'fake:ann' WHERE id = ?"


@pytest.fixture
def views(tasting):
    return tasting.service.views


def names(likings, kind):
    return {each.name for each in likings if each.kind == kind}


async def test_a_portrait_tells_of_what_the_person_told(tasting, views):
    await tasting.favourite()
    await tasting.favourite(RED, **BOB)
    portrait = await views.portrait(ask())
    assert names(portrait.likings, "style") == {"ink"}
    assert names(portrait.likings, "category") == {"sea life"}
    assert portrait.learned_from == 1
    assert all(each.times > 1 for each in portrait.likings)
    assert len(portrait.wheel) == 8


async def test_who_only_looked_on_has_told_nothing(tasting, views):
    await tasting.paint(FISH)
    await tasting.service.shown("job-1")
    portrait = await views.portrait(ask())
    assert (portrait.learned_from, portrait.likings) == (0, ())


async def test_a_server_is_told_of_by_what_its_members_like(tasting, views):
    assert (await views.server(ask())).likings == ()
    for number in range(6):
        await tasting.favourite(RED, person=f"fake:{number}")
    portrait = await views.server(ask())
    assert "oil" in names(portrait.likings, "style")
    assert names(portrait.likings, "scene") == {"landscape"}
    assert portrait.learned_from == 6
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
    await tasting.service.chosen("job-3", Choice((FISH,), (TASTE,), ("style", "color")))
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
    assert exported["beliefs"]["fake:ann"]["history"]["favourites"] == json.loads(
        json.dumps([FISH.to_dict()])
    )
    assert exported["features"]["scene"] == [FEATURES.groups["scene"].start, FEATURES.groups["scene"].stop]
    assert "bob" not in json.dumps(exported)


async def test_after_a_reset_nothing_is_left_and_what_is_done_anew_is_learned(tasting, views):
    picture = await tasting.favourite()
    await tasting.react(picture, "upscale")
    await tasting.service.reset(ask())
    assert (await views.export(ask()))["events"] == []
    assert (await views.portrait(ask())).learned_from == 0
    await tasting.react(picture, "upscale")
    assert (await views.portrait(ask())).learned_from == 1


async def test_what_taste_is_worth_is_told_for_the_server_where_it_is_asked(tasting, views):
    await tasting.paint(FISH, FISH.with_seed(8))
    await tasting.service.chosen("job-1", Choice((FISH, FISH), (TASTE, CONTROL), ("style",)))
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
    await tasting.storage.write(lambda database: change(database, HIDE, blue))
    nearest = (await views.portrait(ask())).nearest
    assert other in nearest
    assert blue not in nearest


some = st.integers(1, 500).flatmap(lambda shown: st.builds(Rate, st.just(shown), st.integers(0, shown)))


@given(taste=some, control=some)
def test_the_quotient_lies_inside_its_interval_and_is_turned_round_with_its_sides(taste, control):
    found, turned = lift(taste, control), lift(control, taste)
    assert 0 < found.low < found.ratio < found.high
    assert turned.ratio == pytest.approx(1 / found.ratio)
    assert (turned.low, turned.high) == (pytest.approx(1 / found.high), pytest.approx(1 / found.low))


@given(control=some)
def test_more_favourites_of_the_same_pictures_are_a_greater_lift(control):
    few, many = (lift(Rate(100, liked), control).ratio for liked in (20, 40))
    assert many > few


def test_the_interval_of_95_percent_holds_the_truth_as_often():
    random = np.random.default_rng(1)
    held = 0
    for liked, other in zip(random.binomial(300, 0.4, 1000), random.binomial(100, 0.2, 1000), strict=True):
        found = lift(Rate(300, int(liked)), Rate(100, int(other)))
        held += found.low < 2 < found.high
    assert 0.93 < held / 1000 < 0.975


@pytest.mark.parametrize(("taste", "control"), [(0, 0), (0, 9), (9, 0)])
def test_with_nothing_to_compare_there_is_no_quotient(taste, control):
    found = lift(Rate(taste, 0), Rate(control, 0))
    assert (found.ratio, found.low, found.high) == (None, None, None)


async def test_rates_are_of_posted_pictures_and_of_who_asked_for_them(tasting):
    slices = (TASTE, TASTE, CONTROL, TASTE)
    pictures = await tasting.paint(*(FISH.with_seed(seed) for seed in range(4)))
    await tasting.service.chosen("job-1", Choice((FISH,) * 4, slices, ("style",)))
    await tasting.paint(FISH, server="fake:elsewhere")
    await tasting.service.chosen("job-5", Choice((FISH,), (CONTROL,), ("style",)))
    await tasting.react(pictures[0])
    await tasting.react(pictures[1], person="fake:bob")
    await tasting.react("picture-5", server="fake:elsewhere")
    await tasting.react(pictures[2], "upscale")
    found = await tasting.storage.write(lambda database: rates(database, "fake:studio"))
    assert found == (Rate(3, 1), Rate(1, 0))
    assert await tasting.storage.write(rates) == (Rate(3, 1), Rate(2, 1))
    await tasting.storage.write(lambda database: change(database, "UPDATE jobs SET state = 'failed'"))
    assert await tasting.storage.write(rates) == (Rate(0, 0), Rate(0, 0))


async def test_only_the_latest_pictures_are_looked_through(tasting, monkeypatch):
    monkeypatch.setattr(report, "MOST", 2)
    for job in range(1, 4):
        await tasting.paint(FISH)
        await tasting.service.chosen(f"job-{job}", Choice((FISH,), (TASTE,), ("style",)))
    for server in (None, "fake:studio"):
        found, _ = await tasting.storage.write(partial(rates, server=server))
        assert found.shown == 2


async def test_a_favourite_taken_back_counts_no_more(tasting):
    [picture] = await tasting.paint(FISH)
    await tasting.service.chosen("job-1", Choice((FISH,), (TASTE,), ("style",)))
    for on, count in ((True, 1), (False, 0)):
        await tasting.react(picture, on=on)
        assert (await tasting.storage.write(rates))[0] == Rate(1, count)

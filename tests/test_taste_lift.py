"""What taste is worth, and how sure that is."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import taste_lift
from bot.storage import change
from bot.taste_lift import lift, rates
from commands.tastes import CONTROL, TASTE, Choice, Rate
from tests.fakes import FISH

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
    await tasting.book.chosen("job-1", Choice((FISH,) * 4, slices, ("style",)))
    await tasting.paint(FISH, server="fake:elsewhere")
    await tasting.book.chosen("job-5", Choice((FISH,), (CONTROL,), ("style",)))
    await tasting.react(pictures[0])
    await tasting.react(pictures[1], person="fake:bob")
    await tasting.react("picture-5", server="fake:elsewhere")
    await tasting.react(pictures[2], "upscale")
    found = await tasting.storage.run(lambda database: rates(database, "fake:studio"))
    assert found == (Rate(3, 1), Rate(1, 0))
    assert await tasting.storage.run(rates) == (Rate(3, 1), Rate(2, 1))
    await tasting.storage.run(lambda database: change(database, "UPDATE jobs SET state = 'failed'"))
    assert await tasting.storage.run(rates) == (Rate(0, 0), Rate(0, 0))


async def test_only_the_latest_pictures_are_looked_through(tasting, monkeypatch):
    monkeypatch.setattr(taste_lift, "MOST", 2)
    for job in range(1, 4):
        await tasting.paint(FISH)
        await tasting.book.chosen(f"job-{job}", Choice((FISH,), (TASTE,), ("style",)))
    for server in (None, "fake:studio"):
        found, _ = await tasting.storage.run(partial(rates, server=server))
        assert found.shown == 2


async def test_a_favourite_taken_back_counts_no_more(tasting):
    [picture] = await tasting.paint(FISH)
    await tasting.book.chosen("job-1", Choice((FISH,), (TASTE,), ("style",)))
    for on, count in ((True, 1), (False, 0)):
        await tasting.react(picture, on=on)
        assert (await tasting.storage.run(rates))[0] == Rate(1, count)

"""Test the order of jobs and their waits, in a real database."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from dataclasses import replace

import pytest

from bot.jobs import schedule
from bot.jobs.queue import JobQueue
from bot.jobs.schedule import FIXED, Wait, line_up
from bot.quotas.check import OverQuota
from bot.quotas.rules import Defaults, write_limits
from bot.storage.database import StorageError, change
from bot.storage.states import QUEUED
from commands.services.quotas import PERSON, Limit, RuleSubject
from tests.support.fakes import FISH, NOON, ask

FREE = Defaults(Limit(None, None), Limit(None, None))
MEGAPIXELS = 256 * 256 / 1e6 + FIXED
"""Megapixels of one picture of a fish."""


@pytest.fixture
def queue(storage, clock):
    numbers = itertools.count(1)
    return JobQueue(storage, FREE, clock, lambda: f"job-{next(numbers)}")


@pytest.fixture
def accept(queue):
    """Queue a job of somebody."""
    keys = itertools.count(1)

    async def accepted(person="ann", pictures=(FISH,), workers=1):
        said = ask(key=f"event-{next(keys)}", person=f"fake:{person}")
        return await queue.accept(said, "fish", pictures, workers)

    return accepted


@pytest.fixture
def painted(storage):
    """Store a finished picture with the seconds that it took."""
    places = itertools.count(0)

    async def painted(job, seconds, conditions=FISH):
        place, made = next(places), json.dumps(conditions.to_dict())
        size = (conditions.width, conditions.height)
        sql = (
            "INSERT INTO pictures (id, job, place, conditions, media_type, width, height, made_at, number,"
            " seconds) VALUES (?, ?, ?, ?, 'image/png', ?, ?, 0, ?, ?)"
        )
        values = (f"p{place}", job, place, made, *size, place + 1, seconds)
        await storage.write(lambda database: change(database, sql, *values))

    return painted


async def seen(storage, workers=1):
    return await storage.write(lambda database: line_up(database, workers))


async def test_who_has_enough_under_way_is_told_when_one_of_it_is_done(storage, queue, accept, painted):
    for person in ("bob", "ann", "ann"):
        await accept(person)
    whose = RuleSubject(PERSON, "fake:ann")
    await storage.write(lambda database: write_limits(database, "fake:studio", whose, {"concurrent": 2}, ()))
    with pytest.raises(OverQuota, match=r"2 requests at a time .*; ask again when one is done"):
        await accept("ann")
    await queue.take(("fake",))
    await painted("job-1", 10.0)
    await queue.fail("job-1")
    with pytest.raises(OverQuota, match="one of them is probably done in 10 s"):
        await accept("ann")


async def test_an_empty_queue_has_nobody_in_it(storage):
    assert await seen(storage) == ()


async def test_before_anything_was_painted_no_time_is_told(storage, accept):
    await accept()
    assert await seen(storage) == (Wait("job-1", 0, None),)


async def test_whoever_was_served_longest_ago_is_next(storage, queue, accept):
    for person in ("ann", "ann", "bob", "ann", "cat"):
        await accept(person)
    await queue.take(("fake",))
    found = await seen(storage)
    assert [(each.job, each.ahead) for each in found] == [
        ("job-1", 0),
        ("job-3", 1),
        ("job-5", 2),
        ("job-2", 3),
        ("job-4", 4),
    ]


async def test_a_wait_is_what_stands_before_and_ones_own_by_the_pace_of_the_last_pictures(
    storage, queue, accept, painted
):
    await painted((await accept()).job, 2.0)
    await queue.take(("fake",))
    await accept("bob", (FISH, FISH.with_seed(8)))
    await accept("cat")
    one, two, three = (each.seconds for each in await seen(storage))
    assert (one, two, three) == pytest.approx((0.0, 4.0, 6.0))


async def test_several_workers_share_what_stands_before_and_one_paints_ones_own(storage, accept, painted):
    await painted((await accept("ann", (FISH,) * 5)).job, 2.0)
    await accept("bob", (FISH,) * 2)
    found = await seen(storage, workers=4)
    assert [each.seconds for each in found] == pytest.approx([8.0, 2.0 + 4.0])


async def test_larger_pictures_take_longer(storage, accept, painted):
    await painted((await accept()).job, 1.0)
    large = replace(FISH, size=1024)
    await accept("bob", (large,))
    assert (await seen(storage))[-1].seconds == pytest.approx((1024 * 1024 / 1e6 + FIXED) / MEGAPIXELS)


async def test_only_the_latest_pictures_count(storage, accept, painted, monkeypatch):
    monkeypatch.setattr(schedule, "RECENT", 2)
    job = (await accept("ann", (FISH,) * 4)).job
    for seconds in (100.0, 1.0, 3.0):
        await painted(job, seconds)
    assert (await seen(storage))[0].seconds == pytest.approx(2.0)


async def test_a_picture_of_before_times_were_measured_is_left_out(storage, accept, painted):
    await painted((await accept()).job, None)
    await accept("bob")
    assert {each.seconds for each in await seen(storage)} == {None}


@pytest.mark.parametrize(("seconds", "due"), [(1.0, None), (4.0, NOON + 4.0)])
async def test_of_a_short_wait_no_time_is_said(queue, accept, painted, seconds, due):
    await painted((await accept()).job, seconds)
    assert (await accept("bob")).due == (None if due is None else pytest.approx(due))


async def test_a_job_that_waits_no_more_has_nobody_ahead(queue, accept):
    first = await accept()
    await queue.cancel(ask(), first.job)
    again = await queue.accept(ask(key="event-1"), "fish", (FISH,))
    assert (again.job, again.ahead, again.due, again.fresh) == (first.job, 0, None, False)


@pytest.mark.parametrize("seed", range(12))
async def test_the_line_is_as_jobs_are_taken_whoever_asks_where(storage, queue, seed):
    chance = random.Random(seed)  # noqa: S311
    for number in range(25):
        person, server = f"fake:{chance.randrange(5)}", f"fake:{chance.randrange(3)}"
        await queue.accept(ask(key=f"event-{number}", person=person, server=server), "fish", (FISH,))
        if chance.random() < 0.3:
            await queue.mark_painted((await queue.take(("fake",))).job)
    line = [each.job for each in await seen(storage)]
    taken = []
    while job := await queue.take(("fake",)):
        taken.append(job.job)
    assert line == taken


async def test_all_who_ask_at_once_are_told_from_one_look_at_the_line(queue, monkeypatch):
    looks = 0

    def counted(database, workers):
        nonlocal looks
        looks += 1
        return line_up(database, workers)

    monkeypatch.setattr("bot.jobs.queue.line_up", counted)
    asks = [ask(key=f"event-{number}", person=f"fake:{number}") for number in range(20)]
    found = await asyncio.gather(*(queue.accept(each, "fish", (FISH,)) for each in asks))
    assert [each.ahead for each in found] == list(range(20))
    assert looks <= 2


async def test_a_job_is_accepted_though_its_place_cannot_be_read(storage, queue, monkeypatch):
    def failing(database, workers):
        raise StorageError("no")

    monkeypatch.setattr("bot.jobs.queue.line_up", failing)
    found = await queue.accept(ask(), "fish", (FISH,))
    assert (found.ahead, found.due, found.fresh) == (0, None, True)
    assert await queue.state(found.job) == QUEUED
